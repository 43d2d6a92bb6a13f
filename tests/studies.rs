//! Studies by the real binary: killed and resumed, held by another process, edited by hand, and very large.
#![cfg(unix)]

#[path = "common/program.rs"]
mod program;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};

use program::{fail, seedling, succeed, text};
use serde_json::Value;

/// Two configurations with three seeds; a run takes a second or two in the dev profile.
const STUDY: &str = r#"
seeds = [1, 2, 3]
[base]
preset = "3-M-4"
rounds = 1
families = ["split", "widen"]
data = { classes = [0, 1, 2], train = 80, validation = 30, held-out = 40 }
training = { epochs = 30, batch = 20 }
learning = { steps = 6, batch = 40 }
[[configuration]]
name = "grown"
[[configuration]]
name = "fixed"
rounds = 0
preset = "4-M-5"
"#;

struct Study(tempfile::TempDir);

impl Study {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("plan.toml"), text).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// The arguments that run it into `out`.
    fn run(&self, out: &str) -> Vec<String> {
        let (plan, out) = (self.path("plan.toml"), self.path(out));
        ["study", "run", &plan, "--out", &out, "--jobs", "2"].map(str::to_owned).to_vec()
    }
}

fn all(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

/// Every file under a folder but sessions and locks; `run.json` without seconds.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(&inside).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if name == "session.safetensors" || name.starts_with('.') {
                continue;
            }
            let mut bytes = fs::read(&path).unwrap();
            if name == "run.json" {
                let mut json: Value = serde_json::from_slice(&bytes).unwrap();
                drop_seconds(&mut json);
                bytes = json.to_string().into_bytes();
            }
            found.insert(path.strip_prefix(folder).unwrap().to_owned(), bytes);
        }
    }
    found
}

fn drop_seconds(json: &mut Value) {
    match json {
        Value::Object(fields) => {
            fields.remove("seconds");
            fields.values_mut().for_each(drop_seconds);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_seconds),
        _ => {}
    }
}

/// When the networks of finished runs were written.
fn finished(out: &Path) -> BTreeMap<PathBuf, SystemTime> {
    let Ok(runs) = fs::read_dir(out.join("runs")) else { return BTreeMap::new() };
    let done = |run: &Path| {
        let text = fs::read(run.join("study.json")).ok()?;
        let standing: Value = serde_json::from_slice(&text).unwrap();
        standing["done"].as_bool()?.then_some(())?;
        fs::metadata(run.join("network.safetensors")).ok()?.modified().ok()
    };
    runs.filter_map(|run| run.ok().map(|run| run.path()))
        .filter_map(|run| Some((run.clone(), done(&run)?)))
        .collect()
}

/// The shapes of a saved network's tensors, and all of its bytes.
fn saved(network: &Path) -> (Vec<String>, Vec<u8>) {
    let bytes = fs::read(network).unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header: Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    let tensors = header.as_object().unwrap().iter().filter(|(name, _)| *name != "__metadata__");
    let shapes = tensors.map(|(name, tensor)| format!("{name} {}", tensor["shape"])).collect();
    (shapes, bytes)
}

#[test]
fn a_twin_waits_for_the_run_whose_layers_it_starts_from() {
    let plan = STUDY.replace("seeds = [1, 2, 3]", "seeds = [1, 2]\ncost = 3e9");
    let twin = plan.replace("preset = \"4-M-5\"", "layers-of = \"grown\"").replace("\"fixed\"", "\"twin\"");
    let study = Study::new(&twin);
    let (plan, out) = (study.path("plan.toml"), study.path("out"));
    let early = fail(&["study", "run", &plan, "--out", &out, "--only", "twin-1"], 1);
    assert!(early.contains("twin-1 starts from the layers of grown-1, which is not done"), "{early}");
    // More runs at a time than may begin at once.
    let mut run = study.run("out");
    *run.last_mut().unwrap() = "4".into();
    succeed(&all(&run));
    let runs = Path::new(&out).join("runs");
    let network = |run: &str| saved(&runs.join(run).join("network.safetensors"));
    for seed in [1, 2] {
        let (grown, twin) = (network(&format!("grown-{seed}")), network(&format!("twin-{seed}")));
        assert_eq!(grown.0, twin.0);
        assert_ne!(grown.1, twin.1);
    }
    assert_ne!(network("grown-1").0, saved(&runs.join("grown-1/round-01.safetensors")).0);
}

#[test]
fn every_study_that_is_kept_here_can_be_planned() {
    let studies: Vec<PathBuf> = fs::read_dir("studies").unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!studies.is_empty());
    for study in studies {
        let planned = succeed(&["study", "plan", study.to_str().unwrap()]);
        assert!(planned.contains(" runs ("), "{}: {planned}", study.display());
    }
}

/// CIFAR-100's images are not among those kept here: made-up ones in the official layout show that its study runs.
#[test]
fn the_study_of_cifar_100_runs_on_its_official_layout() {
    let home = tempfile::tempdir().unwrap();
    for (name, first, count) in [("train.bin", 0, 400), ("test.bin", 900, 100)] {
        let record = |number: usize| {
            let labels = [number % 20, number % 100];
            labels.into_iter().chain((0..3072).map(move |pixel| number * 7 + pixel)).map(|value| value as u8)
        };
        let records: Vec<u8> = (first..first + count).flat_map(record).collect();
        fs::write(home.path().join(name), records).unwrap();
    }
    let images = format!("data.dir={}", home.path().display());
    let out = home.path().join("out").display().to_string();
    let small = ["data.validation=100", "preset=3-M-4", "learning.steps=2", "training.batch=50"];
    let mut arguments =
        vec!["study", "run", "studies/cifar100.toml", "--cost", "1e11", "--out", &out, "--quiet"];
    for setting in small.into_iter().chain([images.as_str()]) {
        arguments.extend(["--set", setting]);
    }
    for run in ["joint-1", "scratch-1"] {
        succeed(&[&arguments[..], &["--only", run]].concat());
        let file = home.path().join("out/runs").join(run).join("run.json");
        let record: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        assert_eq!(record["dataset"]["classes"].as_array().unwrap().len(), 100, "the fine classes");
    }
    let runs = home.path().join("out/runs");
    let layers = |run: &str| saved(&runs.join(run).join("network.safetensors")).0;
    assert_eq!(layers("joint-1"), layers("scratch-1"));
}

#[test]
fn a_study_killed_again_and_again_ends_like_an_undisturbed_one() {
    let kills: u64 = std::env::var("SEEDLING_KILLS").map_or(6, |kills| kills.parse().unwrap());
    let study = Study::new(STUDY);
    let since = Instant::now();
    succeed(&all(&study.run("whole")));
    let whole = since.elapsed();
    let broken = study.run("broken");
    let out = PathBuf::from(study.path("broken"));
    let mut killed = 0;
    for kill in 0..kills {
        let mut program =
            seedling(&all(&broken)).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        // At moments spread so that about one study's time passes until the last one.
        let share = 0.3 + (kill * 7919 % 1000) as f64 / 1000.0;
        let until = Instant::now() + whole.mul_f64(share / kills as f64);
        let mut status = None;
        while status.is_none() && Instant::now() < until {
            status = program.try_wait().unwrap();
            std::thread::sleep(Duration::from_millis(10));
        }
        let before = finished(&out);
        killed += u64::from(status.is_none());
        let _ = program.kill();
        program.wait().unwrap();
        // What was finished is never made again.
        let output = seedling(&["study", "collect", out.to_str().unwrap()]).output().unwrap();
        assert!(output.status.success() || !out.join("study.toml").exists(), "{}", text(&output.stderr));
        let after = finished(&out);
        assert!(before.iter().all(|(run, written)| after.get(run) == Some(written)), "kill {kill}");
    }
    assert!(killed > kills / 2, "only {killed} of {kills} were killed in time");
    let before = finished(&out);
    succeed(&all(&broken));
    let after = finished(&out);
    assert_eq!(after.len(), 6);
    assert!(before.iter().all(|(run, written)| after[run] == *written));
    for folder in ["whole", "broken"] {
        succeed(&["study", "collect", &study.path(folder)]);
    }
    let (whole, broken) = (files(Path::new(&study.path("whole"))), files(&out));
    assert_eq!(whole.keys().collect::<Vec<_>>(), broken.keys().collect::<Vec<_>>());
    for (path, bytes) in &whole {
        assert!(broken[path] == *bytes, "{} differs", path.display());
    }
}

#[test]
fn runs_are_planned_done_one_by_one_and_collected() {
    let study = Study::new(STUDY);
    let (plan, out) = (study.path("plan.toml"), study.path("out"));
    let listed = succeed(&["study", "plan", &plan]);
    assert!(listed.contains("6 runs (2 configurations, 3 seeds each), in two stages"), "{listed}");
    assert!(listed.contains("grown-1") && listed.contains("fixed-3"), "{listed}");
    let listed: Value = serde_json::from_str(&succeed(&["study", "plan", &plan, "--json"])).unwrap();
    assert_eq!((listed["runs"].as_array().unwrap().len(), &listed["cost"]), (6, &Value::Null));
    assert_eq!(listed["runs"][3]["id"], "fixed-1");
    let one = ["study", "run", &plan, "--out", &out, "--only", "fixed-2"];
    let output = seedling(&one).output().unwrap();
    assert!(output.status.success() && text(&output.stderr).contains("fixed-2 is grown"), "{output:?}");
    let collected = succeed(&["study", "collect", &out]);
    assert!(collected.contains("No run of 6 is finished yet"), "{collected}");
    assert!(
        collected.contains("fixed-2 (grown)") && collected.contains("grown-1 (not begun)"),
        "{collected}"
    );
    let message = fail(&["study", "run", &plan, "--out", &out, "--only", "fixed-9"], 2);
    assert!(message.contains("\"fixed-9\"") && message.contains("grown-1"), "{message}");
    succeed(&all(&study.run("out")));
    let collected = succeed(&["study", "collect", &out, "--sort", "parameters", "--filter", "fix"]);
    assert!(collected.contains("fixed") && collected.contains("against grown"), "{collected}");
    assert!(!collected.contains("missing"), "{collected}");
    // A run is an ordinary run folder.
    let run = format!("{out}/runs/grown-1");
    let report = succeed(&["grow", "--quiet", "--resume", &run]);
    assert!(report.contains("finished"), "{report}");
}

#[test]
fn what_does_not_belong_to_the_plan_is_named_and_left_alone() {
    let study = Study::new(STUDY);
    let (plan, out) = (study.path("plan.toml"), study.path("out"));
    succeed(&["study", "run", &plan, "--out", &out, "--only", "fixed-1"]);
    // Another study into the same folder.
    fs::write(&plan, STUDY.replace("epochs = 30", "epochs = 31")).unwrap();
    let message = fail(&all(&study.run("out")), 2);
    assert!(message.contains("study.toml is the plan of another study"), "{message}");
    // A run's folder in the place of another's.
    fs::write(&plan, STUDY).unwrap();
    let runs = Path::new(&out).join("runs");
    fs::rename(runs.join("fixed-1"), runs.join("fixed-2")).unwrap();
    let message = fail(&["study", "run", &plan, "--out", &out, "--only", "fixed-2", "--grow-only"], 1);
    assert!(message.contains("fixed-2: setting seed: found 1, expected 2"), "{message}");
    // A run's records edited by hand, or cut off.
    fs::rename(runs.join("fixed-2"), runs.join("fixed-1")).unwrap();
    succeed(&all(&study.run("out")));
    let records = runs.join("fixed-1/run.json");
    let text = fs::read_to_string(&records).unwrap();
    fs::write(&records, text.replace("\"epochs\": 30", "\"epochs\": 31")).unwrap();
    let message = fail(&["study", "collect", &out], 1);
    assert!(message.contains("fixed-1: setting training.epochs: found 31, expected 30"), "{message}");
    fs::write(&records, &text[..text.len() / 2]).unwrap();
    let message = fail(&["study", "collect", &out], 1);
    assert!(message.contains("fixed-1: run.json: found EOF"), "{message}");
    fs::write(&records, text).unwrap();
    succeed(&["study", "collect", &out]);
    // A standing that is none.
    fs::write(runs.join("fixed-2/study.json"), "{").unwrap();
    let message = fail(&["study", "collect", &out], 1);
    assert!(message.contains("fixed-2: study.json"), "{message}");
}

#[test]
fn a_bad_plan_is_refused_before_anything_is_made() {
    for (bad, parts) in [
        (STUDY.replace("rounds = 1", "rouds = 1"), ["plan.toml", "unknown field `rouds`", "`rounds`"]),
        (
            STUDY.replace("\"fixed\"", "\"grown\""),
            ["plan.toml: name", "\"grown\" twice", "names that differ"],
        ),
        (
            STUDY.replace("[1, 2, 3]", "[1, 2, 1]"),
            ["plan.toml: seeds", "found 1 twice", "expected each once"],
        ),
    ] {
        let study = Study::new(&bad);
        let message = fail(&all(&study.run("out")), 2);
        assert!(parts.iter().all(|part| message.contains(part)), "{message}");
        assert!(!Path::new(&study.path("out")).exists(), "{bad}");
    }
}

#[test]
fn options_change_every_run_of_a_plan() {
    let study = Study::new(STUDY);
    let (plan, out) = (study.path("plan.toml"), study.path("out"));
    let with = ["--cost", "3e9", "--set", "training.epochs=2"];
    let run = ["study", "run", &plan, "--out", &out, "--only", "fixed-1"];
    succeed(&[&run[..], &with[..]].concat());
    let settled = fs::read_to_string(study.path("out/study.toml")).unwrap();
    assert!(settled.contains("cost = 3000000000"), "{settled}");
    assert_eq!(settled.matches("epochs = 2\n").count(), settled.matches("[[configuration]]").count());
    // Without them it is another study.
    let message = fail(&run, 2);
    assert!(message.contains("study.toml is the plan of another study"), "{message}");
    let listed = succeed(&[&["study", "plan", &plan], &with[..]].concat());
    assert!(listed.contains("3.00 GFLOP"), "{listed}");
    let message = fail(&["study", "plan", &plan, "--set", "training.epoch=2"], 2);
    assert!(message.contains("training.epoch") && message.contains("training.epochs"), "{message}");
    for cost in ["0", "much", "NaN"] {
        let message = fail(&["study", "plan", &plan, "--cost", cost], 2);
        assert!(message.contains("operations above 0, as 2e12"), "{message}");
    }
}

/// No file may grow beyond a size here: the system then answers as a full disk does, with an error of every write.
#[test]
fn what_a_full_disk_stops_goes_on_once_there_is_room() {
    let study = Study::new(STUDY);
    let arguments = study.run("full");
    let quoted: Vec<String> = arguments.iter().map(|argument| format!("'{argument}'")).collect();
    let program = env!("CARGO_BIN_EXE_seedling");
    let script = format!("trap '' XFSZ; ulimit -f 16; exec '{program}' {}", quoted.join(" "));
    let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("session.safetensors: cannot write: File too large"), "{message}");
    assert!(message.contains("the others are kept, and the same command goes on"), "{message}");
    succeed(&all(&arguments));
    succeed(&all(&study.run("whole")));
    let [full, whole] = ["full", "whole"].map(|folder| files(Path::new(&study.path(folder))));
    assert_eq!(full.keys().collect::<Vec<_>>(), whole.keys().collect::<Vec<_>>());
    assert!(full == whole, "the results differ");
}

#[test]
fn a_second_program_on_a_study_is_told_who_the_first_is() {
    let study = Study::new(&STUDY.replace("epochs = 30", "epochs = 3000"));
    let arguments = study.run("out");
    let mut first = seedling(&all(&arguments)).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let plan = Path::new(&study.path("out")).join("runs/grown-1/session.safetensors");
    let since = Instant::now();
    while !plan.exists() && since.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(50));
    }
    let message = fail(&all(&arguments), 1);
    assert!(message.contains(&format!("process {}", first.id())), "{message}");
    let asked = std::process::Command::new("kill").args(["-TERM", &first.id().to_string()]).status().unwrap();
    assert!(asked.success());
    assert_eq!(first.wait().unwrap().code(), Some(130));
}

#[test]
fn ten_thousand_runs_are_planned_and_collected_within_a_minute() {
    let study = Study::new("");
    let steps: Vec<String> = (1..=1000).map(|steps| steps.to_string()).collect();
    let text = format!(
        "seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\ncost = 1e9\n[[vary]]\n\"learning.steps\" = [{}]\n",
        steps.join(", ")
    );
    let plan = study.path("plan.toml");
    fs::write(&plan, text).unwrap();
    let since = Instant::now();
    let listed = succeed(&["study", "plan", &plan]);
    assert!(listed.contains("10000 runs (1000 configurations, 10 seeds each)"));
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    // A run of a round, as files; one is missing.
    let out = PathBuf::from(study.path("out"));
    let score = |loss: f64| serde_json::json!({"loss": loss, "accuracy": 0.5 - loss / 10.0});
    for steps in 1..=1000u32 {
        for seed in 1..=10u32 {
            let folder = out.join(format!("runs/steps={steps}-{seed}"));
            fs::create_dir_all(&folder).unwrap();
            let loss = 2.0 - f64::from(steps) / 1000.0 + f64::from(seed) / 100.0;
            let point = |moment: &str, cost: u64| {
                let quality = serde_json::json!({
                    "parameters": 100 + steps, "flops": 1000, "train": score(loss), "held_out": score(loss)
                });
                serde_json::json!({"round": 1, "moment": moment, "cost": cost, "quality": quality})
            };
            let curve = [
                point("seed", 1),
                point("trained", 500_000_000),
                point("grown", 600_000_000),
                point("trained", 999_999_999),
            ];
            let run = serde_json::json!({"dataset": {"train": 80}, "curve": curve, "rounds": []});
            fs::write(folder.join("run.json"), run.to_string()).unwrap();
            fs::write(folder.join("study.json"), "{\"least\":1,\"usual\":1,\"done\":true}").unwrap();
        }
    }
    fs::remove_dir_all(out.join("runs/steps=500-3")).unwrap();
    // Settled by any command that runs; here by hand, as the plan is.
    fs::write(out.join("study.toml"), fs::read(&plan).unwrap()).unwrap();
    let since = Instant::now();
    let collected = succeed(&["study", "collect", out.to_str().unwrap(), "--sort", "loss", "--most", "3"]);
    assert!(since.elapsed() < Duration::from_secs(60), "{:?}", since.elapsed());
    assert!(collected.contains("1 runs are missing: steps=500-3 (not begun)"), "{collected}");
    let lines: Vec<&str> = collected.lines().collect();
    assert!(lines[1].contains("steps=1000") && lines[2].contains("steps=999"), "{collected}");
    assert!(collected.contains("and 997 more"), "{collected}");
}
