//! The texts, from the catalogues in `assets/words`: a folder for each language, a file for each part of the screen, in
//! the syntax of [Fluent](https://projectfluent.org).

use std::collections::HashMap;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::language::{Language, chosen};

/// The parts of the catalogue, each with its texts in the order of [`Language::ALL`].
macro_rules! parts {
    ($($part:literal),* $(,)?) => {
        &[$(($part, [
            include_str!(concat!("../../assets/words/en/", $part, ".ftl")),
            include_str!(concat!("../../assets/words/de/", $part, ".ftl")),
            include_str!(concat!("../../assets/words/fr/", $part, ".ftl")),
            include_str!(concat!("../../assets/words/es/", $part, ".ftl")),
        ])),*]
    };
}

type Part = (&'static str, [&'static str; Language::ALL.len()]);
const PARTS: &[Part] = parts![
    "cloud", "commands", "curves", "guide", "lab", "lessons", "library", "network", "pictures", "setup",
    "told"
];

/// Those of the commands, which the page has not.
const COMMANDS: &[Part] = if cfg!(target_arch = "wasm32") { &[] } else { parts!["report"] };

/// All texts in one language.
struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    /// Those that nothing is put into, ready to be shown.
    ready: HashMap<String, &'static str>,
}

impl Catalogue {
    /// That of a language: read when it is first asked for, and kept.
    fn of(language: Language) -> &'static Self {
        static ALL: [OnceLock<Catalogue>; Language::ALL.len()] = [const { OnceLock::new() }; 4];
        ALL[language as usize].get_or_init(|| Self::read(language))
    }

    fn read(language: Language) -> Self {
        let tag = language.name().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Marks around what is put in would be for texts of both writing directions.
        bundle.set_use_isolating(false);
        let mut names = Vec::new();
        for (_, texts) in PARTS.iter().chain(COMMANDS) {
            // What is wrong in a file is left out; the tests find it.
            let resource = match FluentResource::try_new(texts[language as usize].to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            names.extend(names_of(texts[language as usize]).map(str::to_owned));
            bundle.add_resource(resource).unwrap_or_default();
        }
        let mut catalogue = Self { bundle, ready: HashMap::new() };
        for name in names {
            if let Some(text) = catalogue.format(&name, None) {
                let text: &'static str = Box::leak(text.into_boxed_str());
                catalogue.ready.insert(name, text);
            }
        }
        catalogue
    }

    /// The text of this name; none if there is no such text, or a value is missing.
    fn format(&self, name: &str, values: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(name)?.value()?;
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, values, &mut errors).into_owned();
        errors.is_empty().then_some(text)
    }
}

/// The names of the messages of a file: a message begins at the margin.
fn names_of(text: &str) -> impl Iterator<Item = &str> {
    let named = text.lines().filter_map(|line| line.split_once(" ="));
    named.map(|(name, _)| name).filter(|name| name.starts_with(|letter: char| letter.is_ascii_lowercase()))
}

/// The text of this name in the language chosen; in English where that has none, and the name where that has none either.
pub fn text(name: &'static str) -> &'static str {
    let found = [chosen(), Language::English]
        .into_iter()
        .find_map(|language| Catalogue::of(language).ready.get(name));
    found.copied().unwrap_or(name)
}

/// The same with values put in.
pub fn with<const N: usize>(name: &'static str, values: [(&'static str, FluentValue<'_>); N]) -> String {
    let values: FluentArgs<'_> = values.into_iter().collect();
    let languages = [chosen(), Language::English].into_iter();
    let mut found = languages.filter_map(|language| Catalogue::of(language).format(name, Some(&values)));
    found.next().unwrap_or_else(|| name.to_owned())
}

/// What a table of the program says in English, in the language chosen. `name` is its name in `library.ftl`, which may be
/// written as the table has it: `setting-training.epochs`, `unit-images per step`.
pub fn term(english: &'static str, name: &str) -> &'static str {
    match chosen() {
        Language::English => english,
        language => Catalogue::of(language).ready.get(&plain(name)).copied().unwrap_or(english),
    }
}

/// A name as messages are called: small letters, figures and dashes.
fn plain(name: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    name.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use super::super::in_language;
    use super::*;
    use crate::lab::Stage;
    use crate::lab::settings::{Section, Setting, Value};
    use crate::morphism::Family;
    use crate::network::PRESETS;

    /// The part that `web/words.js` reads: the program has no need of it.
    const PAGE: &[Part] = parts!["page"];

    /// The part whose English stands in the program's tables.
    const LIBRARY: &str = "library";

    /// The messages of a part in a language, each with the names of the values that are put into it.
    fn messages(texts: &str) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut messages = BTreeMap::new();
        let mut current = None;
        for line in texts.lines() {
            if let Some(name) = names_of(line).next() {
                current = Some(name);
                assert!(messages.insert(name, BTreeSet::new()).is_none(), "{name} is there twice");
            }
            let values = line.split("{ $").skip(1).filter_map(|rest| rest.split([' ', '}']).next());
            if let Some(values_of) = current.and_then(|name| messages.get_mut(name)) {
                values_of.extend(values);
            }
        }
        messages
    }

    /// Every `say!` in the sources: the name, and the names of the values given.
    fn said() -> BTreeMap<String, BTreeSet<String>> {
        let mut said: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.file_name().is_some_and(|name| name != "catalogue.rs") {
                    let source = std::fs::read_to_string(&path).unwrap();
                    for call in source.split("say!(").skip(1) {
                        let (name, values) = parts_of(call);
                        let known = said.entry(name.clone()).or_insert_with(|| values.clone());
                        assert_eq!(*known, values, "{name} is said with other values in {}", path.display());
                    }
                }
            }
        }
        said
    }

    /// The name and the names of the values of a call, from behind its bracket.
    fn parts_of(call: &str) -> (String, BTreeSet<String>) {
        let (mut depth, mut quoted, mut arguments, mut previous) = (0, false, vec![String::new()], ' ');
        for letter in call.chars() {
            match letter {
                '"' if previous != '\\' => quoted = !quoted,
                '(' | '[' | '{' if !quoted => depth += 1,
                ')' if !quoted && depth == 0 => break,
                ')' | ']' | '}' if !quoted => depth -= 1,
                ',' if !quoted && depth == 0 => arguments.push(String::new()),
                _ => {}
            }
            if letter != ',' || quoted || depth > 0 {
                arguments.last_mut().unwrap().push(letter);
            }
            previous = letter;
        }
        let name = arguments[0].trim().trim_matches('"').to_owned();
        let values = arguments[1..].iter().filter_map(|argument| argument.split_once(" = "));
        (name, values.map(|(value, _)| value.trim().to_owned()).collect())
    }

    #[test]
    fn every_language_says_everything_with_the_same_values() {
        let mut all = BTreeSet::new();
        for (part, texts) in PARTS.iter().chain(COMMANDS).chain(PAGE) {
            // The English of the library stands in its tables: there the others are held against each other.
            let first = usize::from(*part == LIBRARY);
            let expected = messages(texts[first]);
            for (name, values) in &expected {
                assert!(all.insert(*name), "{name} is in two parts");
                // Values of another name would make the text fail where it is shown.
                for (language, text) in Language::ALL.into_iter().zip(texts).skip(first + 1) {
                    let found = messages(text);
                    let found =
                        found.get(name).unwrap_or_else(|| panic!("{language}/{part}.ftl: {name} is missing"));
                    assert_eq!(found, values, "{language}/{part}.ftl: {name}");
                }
            }
            for (language, text) in Language::ALL.into_iter().zip(texts).skip(first) {
                let parsed = FluentResource::try_new((*text).to_owned());
                assert!(
                    parsed.is_ok(),
                    "{language}/{part}.ftl: {:?}",
                    parsed.err().map(|(_, errors)| errors)
                );
                let names = messages(text);
                let beyond = names.keys().find(|name| !expected.contains_key(*name));
                assert_eq!(beyond, None, "{language}/{part}.ftl has what the first one has not");
                let empty =
                    text.lines().find(|line| line.trim_end().ends_with(" =") && names_of(line).count() > 0);
                let followed = |line: &str| text.contains(&format!("{line}\n    "));
                assert!(empty.is_none_or(followed), "{language}/{part}.ftl: {empty:?} says nothing");
            }
        }
    }

    #[test]
    fn what_is_said_is_in_the_catalogue_and_the_rest_is_not() {
        let said = said();
        let mut unused = BTreeSet::new();
        let parts = || PARTS.iter().chain(COMMANDS);
        for (_, texts) in parts() {
            for (name, values) in messages(texts[0]) {
                match said.get(name) {
                    None => drop(unused.insert(name)),
                    Some(given) => {
                        let given: BTreeSet<&str> = given.iter().map(String::as_str).collect();
                        assert_eq!(given, values, "{name}: given, and put into the text");
                    }
                }
            }
        }
        let known: BTreeSet<&str> = parts().flat_map(|(_, texts)| names_of(texts[0])).collect();
        let unknown: Vec<&String> = said.keys().filter(|name| !known.contains(name.as_str())).collect();
        assert!(unknown.is_empty(), "not in the catalogue: {unknown:?}");
        assert!(unused.is_empty(), "said nowhere: {unused:?}");
    }

    #[test]
    fn the_pages_words_are_read_line_by_line_and_all_shown() {
        let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("web");
        let source = |file: &str| std::fs::read_to_string(web.join(file)).unwrap();
        let sources = ["index.html", "page.js", "storage.js"].map(source).concat();
        // Names stand between quotation marks, and between these where web/build puts the English text.
        let shown: BTreeSet<&str> =
            sources.split(['"', '@', '\n']).filter(|part| part.starts_with("around-")).collect();
        let (_, texts) = PAGE[0];
        for (language, text) in Language::ALL.into_iter().zip(texts) {
            let lines = text.lines().filter(|line| !line.starts_with('#'));
            let names: BTreeSet<&str> = lines.map(|line| line.split_once(" = ").expect(line).0).collect();
            assert_eq!(names, shown, "{language}");
        }
    }

    /// The names of all texts that the program's tables have.
    fn terms() -> BTreeSet<String> {
        let mut all = Section::ALL.map(|section| format!("section-{section:?}")).to_vec();
        for setting in Setting::all() {
            all.extend(["", "-about"].map(|end| format!("setting-{}{end}", setting.name)));
            if !setting.unit.is_empty() {
                all.push(format!("unit-{}", setting.unit));
            }
            // Estimators are called as in files wherever they are shown.
            if let Value::Choice { names, .. } = &setting.value
                && setting.name != "learning.estimator"
            {
                all.extend(names().into_iter().map(|(name, _)| format!("choice-{}-{name}", setting.name)));
            }
        }
        all.extend(PRESETS.map(|(name, _)| format!("preset-{name}")));
        all.extend(
            Family::ALL.into_iter().flat_map(|family| ["family", "verb"].map(|of| format!("{of}-{family}"))),
        );
        all.extend(Stage::ALL.map(|stage| format!("stage-{stage}")));
        all.push("licence".into());
        all.iter().map(|name| plain(name)).collect()
    }

    #[test]
    fn every_text_of_the_tables_is_in_the_other_languages_and_nothing_else() {
        let (_, texts) = PARTS.iter().find(|(part, _)| *part == LIBRARY).unwrap();
        assert_eq!(names_of(texts[0]).next(), None, "English stands in the tables");
        let expected = terms();
        for (language, text) in Language::ALL.into_iter().zip(texts).skip(1) {
            let found: BTreeSet<String> = names_of(text).map(str::to_owned).collect();
            let differing: Vec<&String> = found.symmetric_difference(&expected).collect();
            assert!(differing.is_empty(), "{language}: {differing:?}");
        }
        let epochs = || term("Epochs per round", "setting-training.epochs");
        assert_eq!(epochs(), "Epochs per round");
        in_language(Language::German, || {
            assert_eq!(epochs(), "Epochen je Runde");
            assert_eq!(term("nothing such", "no-such-term"), "nothing such");
        });
    }

    #[test]
    fn a_text_is_in_the_language_chosen() {
        let words = Language::ALL.map(|language| in_language(language, || text("ending-question")));
        let expected = [
            "Was it worth it?",
            "Hat es sich gelohnt?",
            "Cela en valait-il la peine\u{a0}?",
            "¿Valió la pena?",
        ];
        assert_eq!(words, expected);
        assert_eq!(text("no-such-text"), "no-such-text");
        assert_eq!(with("no-such-text", []), "no-such-text");
    }
}
