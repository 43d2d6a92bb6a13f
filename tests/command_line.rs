//! The real binary: its files, exit statuses, messages, and interrupted runs.

#[path = "common/program.rs"]
mod program;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use program::{fail, run, seedling, succeed, text};
use serde_json::Value;

/// Small enough that a whole run takes seconds in the dev profile.
const SMALL: &str = r#"
preset = "4-M-6"
rounds = 1
confirm = false
families = ["split", "prune", "prune-mean", "widen", "deepen"]
[data]
classes = [0, 1, 2]
train = 100
validation = 40
held-out = 60
[training]
epochs = 4
batch = 32
[learning]
steps = 6
batch = 50
[strategy]
kind = "worth"
lambda-parameters = 0.0
[budget]
max-candidates = 3
"#;

struct Folder(tempfile::TempDir);

impl Folder {
    /// With the small configuration in it, changed by adding `more` (top-level settings).
    fn new(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("small.toml"), format!("{more}\n{SMALL}")).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// Grows into `out` with more options; standard output.
    fn grow(&self, out: &str, more: &[&str]) -> String {
        let (config, out) = (self.path("small.toml"), self.path(out));
        succeed(&[&["grow", "--config", &config, "--out", &out], more].concat())
    }
}

/// Every file of a run with its bytes; `run.json` without what may differ between two runs: times.
fn files(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut bytes = std::fs::read(&path).unwrap();
        match name.as_str() {
            "session.safetensors" => continue,
            "run.json" => {
                let mut json: Value = serde_json::from_slice(&bytes).unwrap();
                drop_seconds(&mut json);
                bytes = json.to_string().into_bytes();
            }
            _ => {}
        }
        files.insert(name, bytes);
    }
    files
}

fn drop_seconds(json: &mut Value) {
    match json {
        Value::Object(map) => {
            map.remove("seconds");
            map.values_mut().for_each(drop_seconds);
        }
        Value::Array(list) => list.iter_mut().for_each(drop_seconds),
        _ => {}
    }
}

fn json(path: &str) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn keys(json: &Value) -> Vec<&str> {
    json.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_files_have_the_documented_contents() {
    let folder = Folder::new("");
    let report = folder.grow("run", &[]);
    let file = |name: &str| folder.path(&format!("run/{name}"));
    let names: Vec<String> = files(&folder.path("run")).into_keys().collect();
    let expected = [
        "candidates.csv",
        "held-out.txt",
        "morphisms-01.safetensors",
        "network.safetensors",
        "round-01.safetensors",
        "run.json",
    ];
    assert_eq!(names, expected);

    let run = json(&file("run.json"));
    let all =
        ["config", "curve", "dataset", "engine", "final", "rounds", "schema", "seed", "seedling", "warnings"];
    assert_eq!(keys(&run), all);
    assert_eq!((&run["schema"], &run["seed"]), (&Value::from(1), &Value::from(7)));
    let moments: Vec<&str> =
        run["curve"].as_array().unwrap().iter().map(|point| point["moment"].as_str().unwrap()).collect();
    assert_eq!(moments, ["seed", "trained", "grown", "trained"]);
    assert_eq!(run["curve"][3]["quality"], run["final"]);
    assert_eq!(run["warnings"], serde_json::json!([]));
    assert_eq!(run["engine"], serde_json::json!({ "name": "candle", "adapter": null }));
    assert_eq!(run["config"]["budget"]["max-candidates"], 3);
    let dataset = &run["dataset"];
    assert_eq!(keys(dataset), ["classes", "held_out", "name", "sha256", "source", "train", "validation"]);
    assert_eq!(dataset["classes"], serde_json::json!([0, 1, 2]));
    assert_eq!(
        [&dataset["train"], &dataset["validation"], &dataset["held_out"]].map(|n| n.as_u64().unwrap()),
        [100, 40, 60]
    );
    let rounds = run["rounds"].as_array().unwrap();
    assert_eq!(rounds.len(), 1);
    let round = &rounds[0];
    assert_eq!(
        keys(round),
        ["after", "agreement", "before", "chosen", "estimator", "joint", "round", "steps"]
    );
    for quality in [&round["before"], &round["after"], &run["final"]] {
        assert_eq!(keys(quality), ["flops", "held_out", "parameters", "train"]);
        for part in ["train", "held_out"] {
            assert!(quality[part]["loss"].as_f64().unwrap() > 0.0);
            assert!((0.0..=1.0).contains(&quality[part]["accuracy"].as_f64().unwrap()));
        }
    }
    let agreement = &round["agreement"];
    assert_eq!(keys(agreement), ["deepen", "prune", "prune-mean", "split", "widen"]);
    assert_eq!(keys(&agreement["split"]), ["n", "pearson", "slope", "spearman"]);
    assert_eq!(agreement["split"]["n"], 10);
    assert_eq!(keys(&round["steps"]), ["estimate", "grow", "learn", "measure", "train"]);
    for step in round["steps"].as_object().unwrap().values() {
        assert!(step["seconds"].as_f64().unwrap() > 0.0 && step["flops"].as_u64().unwrap() > 0);
    }

    let csv = std::fs::read_to_string(file("candidates.csv")).unwrap();
    let mut lines = csv.lines();
    assert_eq!(
        lines.next().unwrap(),
        "round,id,family,layer,channel,params_delta,flops_delta,scale,estimated,first_order,rank1,\
         gauss_newton,sampled,linearised,actual,chosen"
    );
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let channels = ["split", "prune", "prune-mean"].map(|family| {
        rows.iter().filter(|row| row[2] == family).map(|row| row[4]).collect::<Vec<_>>().join(" ")
    });
    assert_eq!(channels, ["0 1 2 3 0 1 2 3 4 5"; 3]);
    let mut chosen = Vec::new();
    for row in &rows {
        assert_eq!((row.len(), row[0]), (16, "1"));
        let id = match row[4] {
            "" => format!("{}:{}", row[2], row[3]),
            channel => format!("{}:{}:{channel}", row[2], row[3]),
        };
        assert_eq!(row[1], id);
        // The run's estimator is "sampled".
        assert_eq!(row[8], row[12]);
        for number in &row[7..15] {
            assert!(number.parse::<f64>().unwrap().is_finite());
        }
        assert!(["1", "0.75", "0.5", "0.35", "0.25", "0.1", "0"].contains(&row[7]), "{row:?}");
        if row[7] == "0" {
            assert!(row[8..15].iter().all(|number| *number == "0"), "{row:?}");
        }
        if row[15] == "1" {
            chosen.push(Value::from(row[1]));
        } else {
            assert_eq!(row[15], "0");
        }
    }
    assert_eq!(round["chosen"], Value::from(chosen.clone()));
    assert!((1..=3).contains(&chosen.len()));
    let shifted: i64 =
        rows.iter().filter(|row| row[15] == "1").map(|row| row[5].parse::<i64>().unwrap()).sum();
    let parameters = |quality: &Value| quality["parameters"].as_i64().unwrap();
    if chosen.len() == 1 {
        assert_eq!(parameters(&round["after"]) - parameters(&round["before"]), shifted);
    }

    let network = tensors(&file("round-01.safetensors"));
    let expected = [
        ("conv1.bias", vec![4]),
        ("conv1.weight", vec![4, 3, 3, 3]),
        ("conv2.bias", vec![6]),
        ("conv2.weight", vec![6, 4, 3, 3]),
        ("head.bias", vec![3]),
        ("head.weight", vec![3, 6]),
    ];
    assert_eq!(network.0, expected.map(|(name, shape)| (name.to_owned(), shape)).into());
    let mut metadata: Vec<&str> = network.1.keys().map(String::as_str).collect();
    metadata.sort_unstable();
    assert_eq!(metadata, ["architecture", "normalization", "seedling", "sha256"]);
    assert_eq!(Value::from(network.1["sha256"].clone()), dataset["sha256"]);
    let (grown, _) = tensors(&file("network.safetensors"));
    let elements: usize = grown.values().map(|shape| shape.iter().product::<usize>()).sum();
    assert_eq!(elements as i64, parameters(&run["final"]));

    let (phi, metadata) = tensors(&file("morphisms-01.safetensors"));
    assert_eq!(metadata["round"], "1");
    assert_eq!(phi["split:conv2:5.phi1"], [4, 3, 3]);
    assert!(phi.contains_key("split:conv2:5.phi2_bias"));
    assert!(!phi.keys().any(|name| name.starts_with("prune:")));

    let held_out = std::fs::read_to_string(file("held-out.txt")).unwrap();
    let indices: std::collections::BTreeSet<u32> =
        held_out.lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!((indices.len(), held_out.lines().count()), (60, 60));
    assert!(indices.iter().all(|index| *index < 10_000));

    for part in ["Round 1 of 1", "held out", "parameters", "estimated", "actual", "Pearson", "Result"] {
        assert!(report.contains(part), "{part} is not in the report:\n{report}");
    }
    assert!(chosen.iter().all(|id| report.contains(id.as_str().unwrap())));
    assert!(report.lines().all(|line| line.chars().count() <= 110), "{report}");
}

/// Names with shapes, and the header's metadata.
fn tensors(path: &str) -> (BTreeMap<String, Vec<usize>>, std::collections::HashMap<String, String>) {
    let bytes = std::fs::read(path).unwrap();
    let (_, header) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let shapes = file.tensors().into_iter().map(|(name, view)| (name, view.shape().to_vec()));
    (shapes.collect(), header.metadata().clone().unwrap())
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_does_not() {
    let folder = Folder::new("measure = \"chosen\"");
    folder.grow("first", &["--quiet"]);
    folder.grow("second", &[]);
    folder.grow("third", &["--seed", "8"]);
    let [first, second, third] = ["first", "second", "third"].map(|name| files(&folder.path(name)));
    assert_eq!(first, second);
    assert_ne!(first["candidates.csv"], third["candidates.csv"]);
    assert_ne!(first["round-01.safetensors"], third["round-01.safetensors"]);
    let run = json(&folder.path("first/run.json"));
    assert!(run["rounds"][0]["agreement"].as_object().unwrap().values().all(Value::is_null));
    let csv = std::fs::read_to_string(folder.path("first/candidates.csv")).unwrap();
    for row in csv.lines().skip(1) {
        assert_eq!(row.ends_with(",,0"), !row.ends_with(",1"), "{row}");
    }
}

#[test]
fn progress_goes_to_standard_error_and_quiet_turns_it_off() {
    let folder = Folder::new("");
    let config = folder.path("small.toml");
    // A graphics driver may print to standard error when adapters are enumerated.
    let options = ["grow", "--config", &config, "--rounds", "0", "--engine", "candle"];
    let loud = run(&options);
    let lines = text(&loud.stderr);
    assert!(lines.contains("seed") && lines.contains("final train") && lines.contains("done in"), "{lines}");
    let quiet = run(&[&options[..], &["--quiet"]].concat());
    assert_eq!(text(&quiet.stderr), "");
    assert!(text(&quiet.stdout).contains("Result") && text(&loud.stdout).contains("Result"));
}

#[test]
fn a_saved_network_is_a_seed_by_its_layers_or_with_its_weights() {
    let folder = Folder::new("");
    folder.grow("first", &[]);
    let (first, config) = (folder.path("first"), folder.path("small.toml"));
    let grown = json(&folder.path("first/run.json"));
    let start = |out: &str, more: &[&str]| {
        let out = folder.path(out);
        let options = ["grow", "--config", &config, "--rounds", "0", "--out", &out, "--network"];
        succeed(&[&options[..], more].concat());
        json(&format!("{out}/run.json"))["curve"][0]["quality"].clone()
    };
    // With the weights, the new seed is what the first run ended as; without, only as large.
    let inherited = start("inherited", &[&first, "--inherit"]);
    assert_eq!(inherited, grown["final"]);
    let file = format!("{first}/network.safetensors");
    let fresh = start("fresh", &[&file]);
    assert_eq!(fresh["parameters"], grown["final"]["parameters"]);
    assert_ne!(fresh["held_out"], grown["final"]["held_out"]);
    let options = ["grow", "--config", &config, "--network", &first];
    let message = fail(&[&options[..], &["--inherit", "--classes", "0,1"]].concat(), 2);
    assert!(message.contains("3 classes") && message.contains("expected 2"), "{message}");
    let message = fail(&["grow", "--config", &config, "--network", &folder.path("none")], 1);
    assert!(message.contains("none"), "{message}");
    let message = fail(&[&options[..], &["--preset", "tiny"]].concat(), 2);
    assert!(message.contains("--preset"), "{message}");
}

#[test]
fn every_event_is_a_line_of_json_and_the_last_is_the_result() {
    let folder = Folder::new("");
    let printed = folder.grow("out", &["--json", "--quiet"]);
    let lines: Vec<Value> = printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!((events[0], lines[0]["schema"].as_u64()), ("start", Some(1)));
    assert_eq!(lines[0]["config"]["preset"], "4-M-6");
    let done: Vec<&str> = lines
        .iter()
        .filter(|line| line["event"] == "stage-done")
        .map(|line| line["stage"].as_str().unwrap())
        .collect();
    assert_eq!(done, ["seed", "train", "propose", "learn", "estimate", "measure", "choose", "grow", "train"]);
    assert_eq!(events.iter().filter(|event| **event == "round").count(), 1);
    let last = lines.last().unwrap();
    assert_eq!(last["event"], "result");
    assert_eq!(last["run"], json(&folder.path("out/run.json")));
}

#[test]
fn a_closed_pipe_does_not_stop_the_run() {
    let folder = Folder::new("");
    let (config, out) = (folder.path("small.toml"), folder.path("run"));
    let mut child = seedling(&["grow", "--config", &config, "--out", &out])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    drop(child.stderr.take());
    assert!(child.wait().unwrap().success());
    assert!(Path::new(&folder.path("run/network.safetensors")).exists());
}

#[test]
fn the_gpu_engine_grows_as_the_processor_does() {
    let folder = Folder::new("");
    folder.grow("processor", &["--engine", "candle"]);
    folder.grow("gpu", &["--engine", "webgpu"]);
    let run = |name: &str| -> Value {
        serde_json::from_slice(&std::fs::read(folder.path(&format!("{name}/run.json"))).unwrap()).unwrap()
    };
    let (processor, gpu) = (run("processor"), run("gpu"));
    assert_eq!(gpu["engine"]["name"], "webgpu");
    assert!(gpu["engine"]["adapter"].is_string());
    let loss = |run: &Value| run["rounds"][0]["before"]["held_out"]["loss"].as_f64().unwrap();
    // Rounding differs, and a dozen training steps let it grow; a wrong kernel is far outside.
    let (expected, found) = (loss(&processor), loss(&gpu));
    assert!((found - expected).abs() < 1e-3 * expected, "{found} instead of {expected}");
    let message = fail(&["grow", "--resume", &folder.path("gpu"), "--rounds", "2", "--engine", "candle"], 2);
    assert!(message.contains("webgpu") && message.contains("candle"), "{message}");
}

#[test]
fn bad_usage_says_what_was_found_and_expected() {
    let folder = Folder::new("sed = 3");
    let config = folder.path("small.toml");
    for (options, parts) in [
        (vec!["grow", "--estimator", "best"], vec!["\"best\"", "gauss-newton"]),
        (vec!["grow", "--learner", "best"], vec!["\"best\"", "firefly"]),
        (vec!["grow", "--learner", "tiny"], vec!["learning.learner", "\"split\"", "widen"]),
        (vec!["compare", "--out", "x"], vec!["--configs"]),
        (vec!["figures", "--out", "x", "--only", "7"], vec!["--only", "7", "2, 3, 4, 5"]),
        (vec!["figures", "--out", "x", "--seeds", "1,1"], vec!["--seeds", "1 twice"]),
        (vec!["grow", "--families", "split,spilt"], vec!["\"spilt\"", "prune-mean"]),
        (vec!["grow", "--families", "split,split"], vec!["families", "twice"]),
        (vec!["grow", "--preset", "huge"], vec!["\"huge\"", "vgg-seed"]),
        (vec!["grow", "--engine", "cuda"], vec!["\"cuda\"", "webgpu"]),
        (vec!["grow", "--measure", "some"], vec!["\"some\"", "chosen"]),
        (vec!["grow", "--classes", "0,12"], vec!["classes", "12", "9 truck"]),
        (vec!["grow", "--classes", "cat,dgo"], vec!["classes", "\"dgo\"", "5 dog"]),
        (vec!["grow", "--set", "data.classes=cat"], vec!["classes", "at least two"]),
        (vec!["grow", "--train", "1000000"], vec!["train", "1000000"]),
        (vec!["grow", "--config", &config], vec!["small.toml", "sed", "seed"]),
        (vec!["grow", "--rounds", "-1"], vec!["-1"]),
        (vec!["grow", "--resume", "x", "--out", "y"], vec!["--resume", "--out"]),
        (vec!["dance"], vec!["dance"]),
    ] {
        let message = fail(&options, 2);
        assert!(parts.iter().all(|part| message.contains(part)), "{options:?}: {message}");
    }
}

#[test]
fn failures_have_status_one_and_name_the_thing() {
    let folder = Folder::new("");
    let (config, absent) = (folder.path("small.toml"), folder.path("absent"));
    assert!(fail(&["grow", "--resume", &absent], 1).contains("session.safetensors"));
    assert!(fail(&["grow", "--data", &absent], 1).contains("absent"));
    assert!(fail(&["grow", "--config", &absent], 2).contains("absent"));

    let out = folder.path("run");
    folder.grow("run", &["--rounds", "0"]);
    let before = files(&out);
    let message = fail(&["grow", "--config", &config, "--out", &out], 1);
    assert!(message.contains("already holds a run") && message.contains("--resume"), "{message}");
    assert!(succeed(&["grow", "--resume", &out]).contains("finished"));
    assert!(fail(&["grow", "--resume", &out, "--rounds", "100"], 2).contains("rounds"));
    assert_eq!(files(&out), before);
}

#[test]
fn divergence_keeps_the_run_and_says_what_to_try() {
    let folder = Folder::new("");
    let wild =
        SMALL.replace("[learning]", "[training.optimizer]\nlearning-rate = 1e30\nclip = 0.0\n[learning]");
    std::fs::write(folder.path("wild.toml"), wild).unwrap();
    let out = folder.path("run");
    let message = fail(&["grow", "--config", &folder.path("wild.toml"), "--out", &out], 1);
    assert!(message.contains("diverged") && message.contains("learning rate"), "{message}");
    assert!(Path::new(&folder.path("run/session.safetensors")).exists());
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_screen_the_error_names_the_command_to_use() {
    let output = seedling(&[]).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    assert!(message.contains("cannot open a window") && message.contains("seedling grow"), "{message}");
}

#[test]
fn info_shows_engine_and_data() {
    let info = succeed(&["info"]);
    for part in ["candle", "adapter", "limits", "threads", "cifar10", "airplane", "1,600", "1,000", "sha256"]
    {
        assert!(info.contains(part), "{part}: {info}");
    }
    assert!(info.contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn an_extended_run_equals_a_longer_one() {
    let folder = Folder::new("");
    folder.grow("long", &["--rounds", "1", "--quiet"]);
    folder.grow("short", &["--rounds", "0", "--quiet"]);
    succeed(&["grow", "--resume", &folder.path("short"), "--rounds", "1", "--quiet"]);
    assert_eq!(files(&folder.path("short")), files(&folder.path("long")));
}

/// Interrupted by a real Ctrl-C at several moments, then resumed until it ends.
#[cfg(unix)]
#[test]
fn an_interrupted_and_resumed_run_equals_an_uninterrupted_one() {
    use std::io::{BufRead, BufReader};
    use std::os::unix::process::ExitStatusExt;

    let folder = Folder::new("");
    folder.grow("whole", &[]);
    let (config, out) = (folder.path("small.toml"), folder.path("broken"));
    let mut interrupted = 0;
    for attempt in 0.. {
        assert!(attempt < 30, "the run does not come to its end");
        let options: &[&str] = match attempt {
            0 => &["grow", "--config", &config, "--out", &out],
            _ => &["grow", "--resume", &out],
        };
        let mut child = seedling(options).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        // After the first stage of each attempt: by then the handler is installed and something is done.
        let first = lines.next();
        if first.is_some() {
            let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
            assert!(killed.success());
        }
        let rest: Vec<String> = lines.map(Result::unwrap).collect();
        let status = child.wait().unwrap();
        assert_eq!(status.signal(), None);
        match status.code() {
            Some(0) => break,
            Some(130) => {
                interrupted += 1;
                let last = rest.last().unwrap();
                assert!(last.contains("seedling grow --resume") && last.contains("broken"), "{rest:?}");
            }
            code => panic!("status {code:?}: {first:?} {rest:?}"),
        }
    }
    assert!(interrupted >= 2, "interrupted {interrupted} times");
    assert_eq!(files(&out), files(&folder.path("whole")));
}

#[cfg(unix)]
#[test]
fn ctrl_c_without_a_folder_says_that_nothing_was_saved() {
    use std::io::{BufRead, BufReader};

    let folder = Folder::new("");
    let config = folder.path("small.toml");
    let long = SMALL.replace("epochs = 4", "epochs = 4000");
    std::fs::write(&config, long).unwrap();
    let mut child = seedling(&["grow", "--config", &config])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let last = lines.map(Result::unwrap).last().unwrap();
    assert!(last.contains("nothing was saved") && last.contains("--out"), "{last}");
    assert_eq!(child.wait().unwrap().code(), Some(130));
}
