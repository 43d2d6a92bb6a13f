//! The real binary: its files, exit statuses, messages, and interrupted runs.

#[path = "../common/program.rs"]
mod program;

mod bench;
#[cfg(target_os = "linux")]
mod data;
mod draw;
mod export;
mod failures;
mod files;
mod interrupted;
mod languages;
mod lesson;
mod serve;

use std::collections::{BTreeMap, BTreeSet};
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
fn info_shows_engine_and_data() {
    let info = succeed(&["info"]);
    for part in ["candle", "adapter", "limits", "threads", "cifar10", "airplane", "1,600", "1,000", "sha256"]
    {
        assert!(info.contains(part), "{part}: {info}");
    }
    assert!(info.contains(env!("CARGO_PKG_VERSION")));
}

/// The texts of the catalogue that stand in one line, by their names.
fn words(language: &str) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/words").join(language);
    let parts = std::fs::read_dir(folder).unwrap();
    let parts = parts.map(|part| std::fs::read_to_string(part.unwrap().path()).unwrap());
    let file = parts.collect::<Vec<_>>().join("\n");
    file.lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, text)| (name.into(), text.into()))
        .collect()
}
