//! Exit statuses and messages.

use super::*;

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
