//! `compare` and `figures` as the real binary runs them, and runs by other learners.

#[path = "common/program.rs"]
mod program;

use std::path::Path;

use program::{fail, succeed};

/// Small enough that a run takes a second or two in the dev profile.
const SMALL: &str = r#"
preset = "3-M-4"
rounds = 1
measure = "none"
families = ["split", "widen"]
[data]
classes = [0, 1, 2]
train = 80
validation = 30
held-out = 40
[training]
epochs = 3
batch = 20
[learning]
steps = 4
batch = 40
[strategy]
kind = "worth"
lambda-parameters = 0.0
[budget]
max-candidates = 2
"#;

/// The lines of a CSV, after its heading is checked.
fn csv(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let text = std::fs::read_to_string(path).unwrap();
    let mut rows = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<String>>());
    (rows.next().unwrap(), rows.collect())
}

#[test]
fn configurations_are_compared_at_equal_cost() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("grown.toml"), SMALL).unwrap();
    let fixed = SMALL.replace("rounds = 1", "rounds = 0").replace("3-M-4", "4-M-5");
    std::fs::write(path("fixed.toml"), &fixed).unwrap();
    std::fs::write(path("other.toml"), fixed.replace("train = 80", "train = 60")).unwrap();
    let (grown, fixed, out) = (path("grown.toml"), path("fixed.toml"), path("out"));
    let options = ["compare", "--engine", "candle", "--seeds", "4,5", "--configs", &grown, &fixed, "--out"];
    let report = succeed(&[&options[..], &[&out]].concat());
    for part in ["grown", "fixed", "accuracy, held out", "±", "total FLOPs", "2 seeds"] {
        assert!(report.contains(part), "{part} is not in the report:\n{report}");
    }
    let (heading, rows) = csv(&Path::new(&out).join("summary.csv"));
    assert_eq!(heading, ["config", "seed", "accuracy", "loss", "parameters", "flops", "cost"]);
    let names: Vec<String> = rows.iter().map(|row| format!("{} {}", row[0], row[1])).collect();
    assert_eq!(names, ["grown 4", "grown 5", "fixed 4", "fixed 5"]);
    let number = |row: &[String], column: usize| row[column].parse::<f64>().unwrap();
    let largest = rows.iter().map(|row| number(row, 6)).fold(0.0, f64::max);
    for row in &rows {
        // A training step of 20 images costs less than 60 forward passes; none may spend more than all.
        assert!(number(row, 6) > largest - 60.0 * number(row, 5), "{row:?} {largest}");
        assert!((0.0..=1.0).contains(&number(row, 2)) && number(row, 3) > 0.0);
    }
    let (heading, points) = csv(&Path::new(&out).join("curves.csv"));
    assert_eq!(heading, ["config", "seed", "round", "moment", "cost", "loss", "accuracy", "parameters"]);
    let moments: Vec<&str> =
        points.iter().filter(|row| row[..2] == ["grown", "4"]).map(|row| row[3].as_str()).collect();
    assert_eq!(moments, ["seed", "trained", "grown", "trained"]);
    let last = points.iter().rfind(|row| row[..2] == ["grown", "4"]).unwrap();
    assert_eq!((&last[4], &last[5]), (&rows[0][6], &rows[0][3]));
    assert!(std::fs::read_to_string(Path::new(&out).join("curves.svg")).unwrap().contains("<svg"));

    // The same again, to the bit, at a cost that is given.
    let again = path("again");
    succeed(&[&options[..], &[&again, "--quiet", "--cost", &format!("{largest}")]].concat());
    assert_eq!(csv(&Path::new(&out).join("curves.csv")), csv(&Path::new(&again).join("curves.csv")));
    let message = fail(&[&options[..], &[&path("x"), "--cost", "1000"]].concat(), 2);
    assert!(
        message.contains("cost") && message.contains("found 1000") && message.contains("at least"),
        "{message}"
    );
    // Once more into the same folder: every run is there, so nothing is computed.
    let since = std::time::Instant::now();
    assert_eq!(succeed(&[&options[..], &[&out]].concat()), report);
    assert!(since.elapsed() < std::time::Duration::from_secs(5), "{:?}", since.elapsed());
    let message = fail(&["compare", "--seeds", "4", "--configs", &grown, "--out", &out], 2);
    assert!(message.contains("study.toml is the plan of another study"), "{message}");
    let message = fail(&["compare", "--configs", &grown, &path("other.toml"), "--out", &path("y")], 2);
    assert!(message.contains("other [data] in other") && message.contains("that of grown"), "{message}");
}

#[test]
fn a_run_by_another_learner_says_so_and_is_resumed_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("small.toml"), SMALL).unwrap();
    let config = path("small.toml");
    for learner in ["firefly", "random"] {
        let out = path(learner);
        succeed(&["grow", "--config", &config, "--learner", learner, "--out", &out]);
        let run = std::fs::read(Path::new(&out).join("run.json")).unwrap();
        let run: serde_json::Value = serde_json::from_slice(&run).unwrap();
        assert_eq!(run["config"]["learning"]["learner"], learner);
        let steps = &run["rounds"][0]["steps"];
        let keys: Vec<&str> = steps.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["estimate", "grow", "learn", "measure", "train"]);
        assert_eq!(steps["learn"]["flops"].as_u64().unwrap() > 0, learner == "firefly");
    }
    let message = fail(&["grow", "--resume", &path("random"), "--learner", "firefly"], 2);
    assert!(message.contains("--learner") && message.contains("--resume"), "{message}");
}

#[test]
fn a_figure_comes_with_its_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let options = ["figures", "--quick", "--only", "2", "--engine", "candle", "--quiet", "--out", out];
    let report = succeed(&options);
    assert!(report.contains("Figure 2") && report.contains("400 training images"), "{report}");
    let (heading, rows) = csv(&folder.path().join("figure-2.csv"));
    assert_eq!(
        heading,
        ["layer", "channel", "split_estimated", "split_actual", "prune_estimated", "prune_actual"]
    );
    assert_eq!(rows.len(), 8 + 8 + 16 + 16 + 16);
    assert!(rows.iter().flat_map(|row| &row[2..]).all(|number| number.parse::<f64>().unwrap().is_finite()));
    let picture = std::fs::read_to_string(folder.path().join("figure-2.svg")).unwrap();
    assert!(picture.contains("conv5") && picture.contains("seed 1"));
    // Once more: drawn from its run, which is left alone.
    let run = folder.path().join("figure-2/runs/tiny-1/session.safetensors");
    let written = || std::fs::metadata(&run).unwrap().modified().unwrap();
    let before = written();
    assert_eq!(succeed(&options), report);
    assert_eq!(
        (written(), std::fs::read_to_string(folder.path().join("figure-2.svg")).unwrap()),
        (before, picture)
    );
    // Other settings are another study, and a figure without its runs is not written over.
    let message = fail(&[&options[..], &["--seeds", "2"]].concat(), 2);
    assert!(message.contains("study.toml is the plan of another study"), "{message}");
    std::fs::remove_dir_all(folder.path().join("figure-2")).unwrap();
    let message = fail(&options, 2);
    assert!(message.contains("--out") && message.contains("figure-2.csv"), "{message}");
}

/// What a run of a study is compared by: its records without seconds.
fn candidates(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("candidates.csv")).unwrap()
}

#[test]
fn runs_that_train_alike_share_their_training_and_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let base = SMALL.replace("measure = \"none\"", "measure = \"all\"");
    let (head, tables) = base.split_at(base.find("[data]").unwrap());
    let tables = tables.replace("[data]", "[base.data]").replace("[training]", "[base.training]");
    let tables = tables.replace("[learning]", "[base.learning]").replace("[strategy]", "[base.strategy]");
    let tables = tables.replace("[budget]", "[base.budget]");
    let vary = "[[vary]]\n\"learning.estimator\" = [\"sampled\", \"gauss-newton\", \"rank1\"]\n";
    std::fs::write(
        path("s.toml"),
        format!("seeds = [4]\nuntil = \"measured\"\n[base]\n{head}{tables}{vary}"),
    )
    .unwrap();
    let listed = succeed(&["study", "plan", &path("s.toml")]);
    assert!(
        listed.contains("3 runs") && listed.contains("gains of its first round are measured"),
        "{listed}"
    );
    succeed(&["study", "run", &path("s.toml"), "--out", &path("shared"), "--jobs", "1", "--quiet"]);
    let run =
        |out: &str, estimator: &str| Path::new(&path(out)).join(format!("runs/estimator={estimator}-4"));
    let seconds = |estimator: &str| {
        let run = std::fs::read(run("shared", estimator).join("run.json")).unwrap();
        let run: serde_json::Value = serde_json::from_slice(&run).unwrap();
        run["rounds"][0]["steps"]["train"]["seconds"].as_f64().unwrap()
    };
    assert!(seconds("sampled") > 0.0 && seconds("sampled") == seconds("rank1"), "trained once");
    for estimator in ["sampled", "gauss-newton", "rank1"] {
        let id = format!("estimator={estimator}-4");
        let alone = path(&format!("alone {estimator}"));
        succeed(&["study", "run", &path("s.toml"), "--out", &alone, "--only", &id]);
        let (shared, alone) = (run("shared", estimator), Path::new(&alone).join("runs").join(&id));
        assert_eq!(candidates(&shared), candidates(&alone), "{estimator}");
        for name in ["round-01.safetensors", "morphisms-01.safetensors", "held-out.txt"] {
            assert!(
                std::fs::read(shared.join(name)).unwrap() == std::fs::read(alone.join(name)).unwrap(),
                "{name}"
            );
        }
    }
    // It is an ordinary run: it can grow and end.
    let report = succeed(&["grow", "--quiet", "--resume", run("shared", "rank1").to_str().unwrap()]);
    assert!(report.contains("Result"), "{report}");
    let collected = succeed(&["study", "collect", &path("shared")]);
    assert!(!collected.contains("missing"), "{collected}");
}
