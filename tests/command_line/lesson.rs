//! `seedling lesson`.

use std::path::Path;

use seedling::lab::{Recording, Session, Stage};

use super::Folder;
use super::program::{fail, succeed};

#[test]
fn the_lessons_that_come_with_the_program_are_listed_and_sound() {
    let listed = succeed(&["lesson", "list"]);
    for name in ["first", "promises", "growth", "choosers"] {
        let lines = listed.lines().filter(|line| line.starts_with(&format!("{name} "))).count();
        assert_eq!(lines, 1, "{name} in {listed}");
        let file = format!("{}/assets/lessons/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        let said = succeed(&["lesson", "check", &file]);
        assert!(said.contains(" steps, ") && said.contains(&file), "{said}");
    }
}

#[test]
fn a_wrong_lesson_is_bad_usage_and_a_missing_file_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let first = format!("{}/assets/lessons/first.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&first).unwrap();
    std::fs::write(path("mine.toml"), text.replace("ask = \"vote\"", "ask = \"voet\"")).unwrap();
    let message = fail(&["lesson", "check", &path("mine.toml")], 2);
    for part in ["mine.toml: step 4 \"vote\": field \"ask\"", "\"voet\"", "expected one of read"] {
        assert!(message.contains(part), "{message}");
    }
    // One after another, so that all are named.
    let message = fail(&["lesson", "check", &first, &path("mine.toml"), &path("mine.toml")], 2);
    assert_eq!(message.matches("voet").count(), 2, "{message}");
    assert!(message.contains("2 of 3 lessons are wrong"), "{message}");
    fail(&["lesson", "check", &path("gone.toml")], 1);
    fail(&["lesson", "check"], 2);
}

#[test]
fn a_run_is_recorded_with_every_moment_in_one_small_file() {
    let folder = Folder::new("");
    let file = folder.path("run.seedling");
    folder.grow("out", &["--record", &file]);
    let bytes = std::fs::read(&file).unwrap();
    assert!(bytes.len() < 100_000, "{} bytes", bytes.len());
    let recording = Recording::from_bytes(&bytes, Path::new(&file)).unwrap();
    let stages: Vec<(Stage, u64)> = recording.states.iter().map(|state| (state.stage, state.round)).collect();
    assert_eq!(stages[0], (Stage::Seed, 1));
    assert_eq!(stages[6..], [(Stage::Choose, 1), (Stage::Grow, 1), (Stage::Train, 2), (Stage::Done, 2)]);
    let session = Session::load(Path::new(&folder.path("out"))).unwrap();
    assert_eq!(recording.states[9].rounds, session.state.rounds);
    let message = fail(&["grow", "--resume", &folder.path("out"), "--record", &file], 2);
    assert!(message.contains("--record") && message.contains("--resume"), "{message}");
}
