use clap::CommandFactory;

use super::*;
use crate::search::Strategy;

fn grow(arguments: &[&str]) -> Result<GrowArguments, String> {
    let all = ["seedling", "grow"].iter().chain(arguments);
    match Arguments::try_parse_from(all).map_err(|error| error.to_string())?.command {
        Some(Subcommand::Grow(arguments)) => Ok(*arguments),
        _ => Err("not grow".into()),
    }
}

#[test]
fn options_go_before_the_file_and_the_file_before_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.toml");
    std::fs::write(&path, "seed = 3\nrounds = 5\n[data]\ntrain = 10\nheld-out = 20\n").unwrap();
    let path = path.to_str().unwrap();
    let options = ["--config", path, "--rounds", "4", "--held-out", "30", "--families", "prune,split"];
    let config = grow(&options).unwrap().settings().unwrap();
    assert_eq!((config.seed, config.rounds, config.preset.as_str()), (3, 4, "tiny"));
    assert_eq!((config.data.train, config.data.held_out), (Some(10), Some(30)));
    assert_eq!(config.families, [Family::Prune, Family::Split]);
}

#[test]
fn any_setting_goes_before_the_file_and_behind_its_own_option() {
    let options = [
        "--set",
        "training.epochs=2",
        "--set",
        "seed=4",
        "--set",
        "strategy.kind=top-k",
        "--set",
        "strategy.k=3",
    ];
    let config = grow(&[&options[..], &["--seed", "5"]].concat()).unwrap().settings().unwrap();
    assert_eq!((config.training.epochs, config.seed), (2, 5));
    assert_eq!(config.strategy, Strategy::TopK { k: 3 });
    for (text, parts) in [
        ("training.epoch=2", ["training.epoch", "training.epochs"]),
        ("training.epochs=many", ["\"many\"", "a whole number from 1"]),
        ("training.epochs", ["\"training.epochs\"", "NAME=VALUE"]),
    ] {
        let message = grow(&["--set", text]).unwrap().settings().unwrap_err().to_string();
        assert!(parts.iter().all(|part| message.contains(part)), "{message}");
    }
}

#[test]
fn the_help_says_what_the_table_of_settings_says() {
    let help = Arguments::command().find_subcommand_mut("grow").unwrap().render_long_help().to_string();
    for (option, name) in [
        ("--preset", "preset"),
        ("--classes", "data.classes"),
        ("--train", "data.train"),
        ("--held-out", "data.held-out"),
        ("--seed", "seed"),
        ("--rounds", "rounds"),
        ("--learner", "learning.learner"),
        ("--estimator", "learning.estimator"),
        ("--families", "families"),
        ("--measure", "measure"),
    ] {
        let setting = Setting::named(name).unwrap();
        let start = help.find(&format!("{option} <")).unwrap_or_else(|| panic!("{option} in {help}"));
        let words = help[start..].split_whitespace().collect::<Vec<_>>().join(" ");
        let end = words[2..].find(" --").map_or(words.len(), |end| end + 2);
        let said = &words[..end];
        assert!(said.contains(setting.why) && said.contains(&setting.expected()), "{said}");
    }
}

#[test]
fn bad_values_name_what_was_found_and_expected() {
    for (options, parts) in [
        (["--estimator", "best"], ["\"best\"", "gauss-newton"]),
        (["--families", "spilt"], ["\"spilt\"", "split-symmetric"]),
        (["--engine", "cuda"], ["\"cuda\"", "webgpu"]),
        (["--measure", "some"], ["\"some\"", "chosen"]),
        (["--train", "many"], ["many", "--train"]),
    ] {
        let message = grow(&options).map(|_| ()).unwrap_err();
        assert!(parts.iter().all(|part| message.contains(part)), "{message}");
    }
    let message = grow(&["--resume", "a", "--seed", "3"]).map(|_| ()).unwrap_err();
    assert!(message.contains("--seed") && message.contains("--resume"), "{message}");
}
