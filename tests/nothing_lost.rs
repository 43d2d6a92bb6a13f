//! Nothing is lost: signals, two writers of one folder, full and read-only disks, folders that moved.
#![cfg(unix)]

#[path = "common/program.rs"]
mod program;

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use program::{fail, seedling, succeed, text};
use serde_json::Value;

/// Trains for minutes if nobody ends it.
const LONG: &str =
    "preset = \"8-M-8\"\nrounds = 1\n[data]\ntrain = 300\nheld-out = 100\n[training]\nepochs = 2000\n";
/// Learns for minutes.
const LEARNING: &str =
    "rounds = 1\n[data]\ntrain = 1600\n[training]\nepochs = 1\n[learning]\nsteps = 3000\nbatch = 500\n";

/// Starts `grow` with these settings into `out`; and waits for a line of progress that contains `until`.
fn started(folder: &Path, settings: &str, until: &str) -> Child {
    let config = folder.join("run.toml");
    fs::write(&config, settings).unwrap();
    let out = folder.join("out");
    let arguments = ["grow", "--engine", "candle", "--config", config.to_str().unwrap(), "--out"];
    let mut command = seedling(&arguments);
    let mut child = command.arg(out).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.as_mut().unwrap()).lines();
    let found = lines.map_while(Result::ok).any(|line| line.contains(until));
    assert!(found, "the program ended before it said \"{until}\"");
    child
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// What it said, its status, and how long it took to end.
fn ended(mut child: Child) -> (String, Option<i32>, Duration) {
    let since = Instant::now();
    let mut said = String::new();
    for line in BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok) {
        said.push_str(&line);
        said.push('\n');
    }
    (said, child.wait().unwrap().code(), since.elapsed())
}

/// The records of a run's session.
fn session(run: &Path) -> Value {
    let bytes = fs::read(run.join("session.safetensors")).unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header: Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    serde_json::from_str(header["__metadata__"]["session"].as_str().unwrap()).unwrap()
}

#[test]
fn every_polite_signal_saves_the_training_so_far() {
    for name in ["INT", "TERM", "HUP"] {
        let folder = tempfile::tempdir().unwrap();
        let child = started(folder.path(), LONG, "seed");
        std::thread::sleep(Duration::from_secs(3));
        signal(&child, name);
        let (said, status, _) = ended(child);
        assert_eq!(status, Some(130), "{name}: {said}");
        assert!(said.contains("Stopping") && said.contains("--resume"), "{name}: {said}");
        assert!(session(&folder.path().join("out"))["step"].as_u64() > Some(0), "{name}: {said}");
    }
}

#[test]
fn learning_gives_up_soon_and_goes_on_from_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = started(folder.path(), LEARNING, "propose");
    let out = folder.path().join("out");
    let mut before = 0;
    for _ in 0..2 {
        std::thread::sleep(Duration::from_secs(3));
        signal(&child, "TERM");
        let (said, status, took) = ended(child);
        assert_eq!(status, Some(130), "{said}");
        assert!(said.contains("in round 1, learning step") && said.contains("everything is saved"), "{said}");
        // A step of all candidates takes a part of a second; other programs may run beside this one.
        assert!(took < Duration::from_secs(10), "{took:?}");
        let partly = session(&out)["partly"].as_u64();
        assert!(partly > Some(before), "{partly:?} steps of learning after {before}");
        before = partly.unwrap();
        let resume = ["grow", "--resume", out.to_str().unwrap()];
        child = seedling(&resume).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_folder_has_one_writer_and_a_killed_one_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = started(folder.path(), LONG, "seed");
    let out = folder.path().join("out");
    let resume = ["grow", "--quiet", "--resume", out.to_str().unwrap()];
    let message = fail(&resume, 1);
    let holder = format!("process {}", child.id());
    assert!(message.contains("is being written by") && message.contains(&holder), "{message}");
    child.kill().unwrap();
    child.wait().unwrap();
    fs::write(out.join("session.safetensors.part"), "half").unwrap();
    let mut next = seedling(&resume).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(3));
    assert!(next.try_wait().unwrap().is_none(), "the next writer was refused");
    signal(&next, "TERM");
    assert_eq!(ended(next).1, Some(130));
    assert!(!out.join("session.safetensors.part").exists());
}

#[test]
fn results_that_cannot_be_written_are_a_failure() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = seedling(&["info", "--engine", "candle"]).stdout(full).output().unwrap();
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("standard output: cannot write the results"), "{message}");
}

#[test]
fn a_folder_that_cannot_be_written_is_refused_before_anything_is_computed() {
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).unwrap();
    // The superuser may write anywhere but to the system's own read-only folders.
    let closed = if fs::write(closed.join("try"), "").is_ok() { Path::new("/proc") } else { &closed };
    let since = Instant::now();
    let message = fail(&["grow", "--engine", "candle", "--out", closed.to_str().unwrap()], 1);
    assert!(message.contains(closed.to_str().unwrap()), "{message}");
    assert!(message.contains("cannot write"), "{message}");
    assert!(since.elapsed() < Duration::from_secs(20));
}

/// Small files in the official layout, with images of the first `classes` classes.
fn images(folder: &Path, classes: u8) {
    fs::create_dir_all(folder).unwrap();
    let record = |class: u8, shade: u8| [vec![class], vec![shade; 3072]].concat();
    for file in 1..=5 {
        let records: Vec<u8> = (0..40).flat_map(|image| record(image % classes, image * 5 + file)).collect();
        fs::write(folder.join(format!("data_batch_{file}.bin")), records).unwrap();
    }
    let records: Vec<u8> = (0..20).flat_map(|image| record(image % classes, image * 9)).collect();
    fs::write(folder.join("test_batch.bin"), records).unwrap();
}

#[test]
fn images_are_found_beside_the_settings_in_the_home_folder_and_after_a_move() {
    let folder = tempfile::tempdir().unwrap();
    let lesson = folder.path().join("lesson");
    images(&lesson.join("images"), 2);
    let settings = "preset = \"2-M-2\"\nrounds = 0\n[data]\ndir = \"images\"\nclasses = [0, 1]\n[training]\nepochs = 1\n";
    fs::write(lesson.join("run.toml"), settings).unwrap();
    // Relative to the settings, not to where the program was started.
    let out = lesson.join("out");
    let config = lesson.join("run.toml");
    let options = ["grow", "--quiet", "--engine", "candle"];
    succeed(
        &[&options[..], &["--config", config.to_str().unwrap(), "--out", out.to_str().unwrap()]].concat(),
    );
    let run: Value = serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap();
    assert_eq!(run["config"]["data"]["dir"], lesson.join("images").to_str().unwrap());
    // Moved together, the run finds its images again; without them it says where it looked.
    let moved = folder.path().join("moved");
    fs::rename(&lesson, &moved).unwrap();
    let out = moved.join("out");
    let resume = |rounds| [&options[..], &["--rounds", rounds, "--resume", out.to_str().unwrap()]].concat();
    fs::rename(moved.join("images"), folder.path().join("away")).unwrap();
    let message = fail(&resume("1"), 1);
    assert!(message.contains("lesson/images nor at") && message.contains("moved/images;"), "{message}");
    fs::rename(folder.path().join("away"), moved.join("images")).unwrap();
    succeed(&resume("1"));
    // `~`, as shells leave it behind an equals sign.
    let home = folder.path().join("home");
    images(&home.join("cifar"), 10);
    let output =
        seedling(&["info", "--engine", "candle", "--data=~/cifar"]).env("HOME", &home).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    symlink(home.join("cifar"), folder.path().join("link")).unwrap();
    succeed(&["info", "--engine", "candle", "--data", folder.path().join("link").to_str().unwrap()]);
}

#[test]
fn what_changed_the_request_is_in_the_report_and_the_file_even_when_quiet() {
    let folder = tempfile::tempdir().unwrap();
    let lesson = folder.path().join("images");
    images(&lesson, 2);
    let out = folder.path().join("out");
    let report = succeed(&[
        "grow",
        "--quiet",
        "--engine",
        "candle",
        "--preset",
        "2-M-2",
        "--rounds",
        "0",
        "--classes",
        "Airplane,automobile",
        "--data",
        lesson.to_str().unwrap(),
        "--train",
        "200",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert!(report.contains("Note     200 of the 200 training images were asked for"), "{report}");
    let run: Value = serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap();
    assert!(run["warnings"][0].as_str().unwrap().starts_with("200 of the 200"), "{run}");
    // Classes are saved by their numbers.
    assert_eq!(run["config"]["data"]["classes"], serde_json::json!([0, 1]));
}

#[test]
fn libraries_do_not_speak_in_our_name_on_a_machine_without_a_screen() {
    let mut command = seedling(&["info", "--engine", "candle"]);
    for name in ["XDG_RUNTIME_DIR", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DISPLAY"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    assert!(output.status.success());
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn families_without_any_place_are_refused_before_they_cost_and_some_are_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let options =
        ["grow", "--quiet", "--engine", "candle", "--preset", "2-M-2", "--out", out.to_str().unwrap()];
    let message = fail(&[&options[..], &["--families", "remove-skip"]].concat(), 2);
    assert!(message.contains("families") && message.contains("at least one that has: split"), "{message}");
    assert!(!out.exists());
    let small =
        ["--set", "training.epochs=1", "--train", "20", "--held-out", "10", "--set", "learning.steps=1"];
    let some = ["--families", "remove-skip,split", "--rounds", "1"];
    let report = succeed(&[&options[..], &small, &some].concat());
    assert!(report.contains("Note     The seed network has no place for remove-skip"), "{report}");
    let run: Value = serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap();
    let warnings: Vec<&str> = run["warnings"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for part in ["no place for remove-skip", "only 5 validation images"] {
        assert!(warnings.iter().any(|warning| warning.contains(part)), "{part}: {warnings:?}");
    }
}

#[test]
fn growth_that_ruins_the_network_is_said_at_once_in_the_report_and_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    // The first-order estimate promises more the farther a change goes, and nothing confirms it.
    let settings = [
        "training.epochs=4",
        "confirm=false",
        "strategy.kind=top-k",
        "learning.learning-rate=0.3",
        "learning.steps=20",
        "measure=none",
        "rounds=1",
    ];
    let options = "grow --quiet --engine candle --preset 8-M-8 --families split --estimator first-order --train 200 \
                   --held-out 50 --out";
    let mut arguments: Vec<&str> = options.split_whitespace().chain([out.to_str().unwrap()]).collect();
    settings.iter().for_each(|setting| arguments.extend(["--set", setting]));
    let report = succeed(&arguments);
    let run: Value = serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap();
    let (before, after) = (&run["rounds"][0]["before"], &run["rounds"][0]["after"]);
    assert!(before["held_out"]["loss"].as_f64() < after["held_out"]["loss"].as_f64(), "{run}");
    assert!(run["warnings"][0].as_str().unwrap().starts_with("Round 1 made the network no better"), "{run}");
    assert!(report.contains("Warning: Round 1 made the network no better than guessing"), "{report}");
}
