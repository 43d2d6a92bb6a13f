//! Reports, progress and messages in the languages of the screen; files stay as they are.

use super::*;

/// Long enough that it stands nowhere by chance.
const LONG: usize = 12;

/// The longest stretch of a text into which nothing is put.
fn stretch(text: &str) -> &str {
    let stretches = text.split('{').map(|part| part.rsplit_once('}').map_or(part, |(_, behind)| behind));
    stretches.map(str::trim).max_by_key(|part| part.chars().count()).unwrap_or_default()
}

/// What a command prints, without the breaks of its lines.
fn said(options: &[&str]) -> String {
    let output = run(options);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let both = text(&output.stdout) + &text(&output.stderr);
    both.split([' ', '\n']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Holds what `command` prints in each language against the catalogue: what is there in English is there translated.
/// The names of the texts found.
fn in_all_languages(command: impl Fn(&str) -> String) -> BTreeSet<String> {
    let english = words("en");
    let all =
        [include_str!("../../assets/words/en/report.ftl"), include_str!("../../assets/words/en/lab.ftl")]
            .concat();
    let report = command("en");
    let mut found = BTreeSet::new();
    for (name, text) in english
        .iter()
        .filter(|(name, _)| ["report-", "lab-", "reason-", "end-"].iter().any(|part| name.starts_with(part)))
    {
        let stretch = stretch(text);
        // What is part of another text may be there because of that one.
        let own = all.matches(stretch).count() == 1;
        if own && stretch.chars().count() >= LONG && report.contains(stretch) {
            found.insert(name.clone());
        }
    }
    for language in ["de", "fr", "es"] {
        let (own, report) = (words(language), command(language));
        // The names of stages leave room for what is said of them.
        let done = stretch(&own["report-done-in"]).split(' ').next().unwrap();
        let run_together = report.split(' ').find(|word| word.ends_with(done) && *word != done);
        assert_eq!(run_together, None, "{language}");
        for name in &found {
            let (here, there) = (stretch(&own[name]), stretch(&english[name]));
            assert!(report.contains(here), "{language}: {name}, \"{here}\", is not in\n{report}");
            assert!(
                here == there || !report.contains(there),
                "{language}: {name} stayed English in\n{report}"
            );
        }
    }
    found
}

#[test]
fn a_report_is_in_the_language_asked_for_and_files_are_not() {
    let folder = Folder::new("");
    let config = folder.path("small.toml");
    let settings = ["strategy.kind=joint", "instrument.in-the-end=1", "instrument.beyond-training=true"];
    let grown = |language: &str| {
        let out = folder.path(language);
        let mut options = vec!["grow", "--engine", "candle", "--config", &config, "--out", &out];
        options.extend(settings.iter().flat_map(|setting| ["--set", setting]));
        options.extend(["--language", language]);
        said(&options)
    };
    let found = in_all_languages(grown);
    assert!(found.len() >= 25, "{found:?}");
    for language in ["de", "fr", "es"] {
        for file in ["candidates.csv", "losses.csv", "network.safetensors"] {
            let read = |language: &str| std::fs::read(folder.path(&format!("{language}/{file}"))).unwrap();
            assert!(read("en") == read(language), "{language}: {file}");
        }
        let warnings =
            |language: &str| json(&folder.path(&format!("{language}/run.json")))["warnings"].clone();
        assert_eq!(warnings(language), warnings("en"));
    }
    // What programs read is English, whatever is asked for.
    let out = folder.path("json");
    let options =
        ["grow", "--engine", "candle", "--config", &config, "--rounds", "0", "--json", "--language", "de"];
    let events = said(&[&options[..], &["--out", &out]].concat());
    assert!(events.contains("final train") && !events.contains("fertig"), "{events}");
}

#[test]
fn the_report_of_a_search_is_in_the_language_asked_for_and_its_files_are_not() {
    let folder = Folder::new("");
    let config = folder.path("small.toml");
    let searched = |language: &str| {
        let out = folder.path(language);
        let options =
            ["grow", "--engine", "candle", "--config", &config, "--out", &out, "--set", "search.kind=random"];
        said(&[&options[..], &["--set", "search.trials=4", "--language", language]].concat())
    };
    let ends = [
        ("en", "4 trials were asked for."),
        ("de", "Verlangt waren 4 Versuche."),
        ("fr", "4 essais étaient demandés."),
        ("es", "Se pidieron 4 ensayos."),
    ];
    let found = in_all_languages(|language| {
        let said = searched(language);
        let (_, end) = ends.iter().find(|(known, _)| *known == language).unwrap();
        assert!(said.contains(end), "{said}");
        said
    });
    assert!(found.len() >= 14, "{found:?}");
    assert!(found.contains("reason-seed"), "{found:?}");
    for language in ["de", "fr", "es"] {
        for file in ["trials.csv", "tree.svg"] {
            let read = |language: &str| std::fs::read(folder.path(&format!("{language}/{file}"))).unwrap();
            assert!(read("en") == read(language), "{language}: {file}");
        }
    }
}
