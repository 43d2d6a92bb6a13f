use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value as Json;

use super::*;
use crate::engine::Schedule;
use crate::search::Strategy;
use crate::search::trials::Kind;

/// Every choice that brings settings of its own.
fn configurations() -> Vec<Config> {
    let mut all = vec![Config::default()];
    for kind in ["worth", "gain-per-parameter", "gain-per-flop", "top-k", "joint"] {
        let mut config = Config::default();
        config.set("strategy.kind", kind).unwrap();
        all.push(config);
    }
    for kind in ["cosine", "constant", "step"] {
        let mut config = Config::default();
        config.set("training.optimizer.schedule.kind", kind).unwrap();
        all.push(config);
    }
    for kind in Kind::ALL {
        let mut config = Config::default();
        config.set("search.kind", kind.name()).unwrap();
        // Where there is none it is left out.
        config.search.trials = Some(9);
        all.push(config);
    }
    all
}

/// Dotted names of all fields of a configuration as it is written.
fn fields(prefix: &str, value: &Json, names: &mut BTreeSet<String>) {
    match value {
        Json::Object(fields_of) => {
            for (name, value) in fields_of {
                fields(
                    &if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") },
                    value,
                    names,
                );
            }
        }
        _ => {
            names.insert(prefix.to_owned());
        }
    }
}

#[test]
fn every_field_of_a_configuration_is_in_the_table_and_nothing_else_is() {
    let mut written = BTreeSet::new();
    for config in configurations() {
        fields("", &serde_json::to_value(config).unwrap(), &mut written);
    }
    let known: BTreeSet<String> = Setting::all().map(|setting| setting.name.to_owned()).collect();
    assert_eq!(written, known);
    assert_eq!(known.len(), Setting::all().count(), "no name twice");
}

#[test]
fn every_setting_reads_back_what_it_was_set_to() {
    for (name, text) in [
        ("preset", "8-M-16"),
        ("seed", "18446744073709551615"),
        ("data.dir", "some/folder"),
        ("data.classes", "3,5"),
        ("data.labels", "coarse"),
        ("data.train", "80"),
        ("data.validation", "20"),
        ("data.held-out", "60"),
        ("rounds", "4"),
        ("families", "split,deepen"),
        ("layers", "conv1,conv3"),
        ("learning.learner", "random"),
        ("learning.estimator", "rank1"),
        ("measure", "chosen"),
        ("instrument.estimates", "false"),
        ("instrument.train-scores", "false"),
        ("instrument.while-training", "2"),
        ("instrument.in-the-end", "3"),
        ("instrument.in-the-end-again", "true"),
        ("instrument.literature", "true"),
        ("instrument.beyond-training", "true"),
        ("strategy.beyond-training", "true"),
        ("strategy.kind", "top-k"),
        ("strategy.k", "9"),
        ("strategy.kind", "worth"),
        ("strategy.lambda-parameters", "0.25"),
        ("strategy.lambda-flops", "0.5"),
        ("confirm", "false"),
        ("budget.max-candidates", "2"),
        ("budget.max-parameters", "1000"),
        ("budget.max-flops", "2000"),
        ("growth.new-rate", "2.5"),
        ("growth.memory", "rescaled"),
        ("training.epochs", "2"),
        ("training.batch", "16"),
        ("training.average", "0.99"),
        ("training.augment", "false"),
        ("training.optimizer.learning-rate", "0.125"),
        ("training.optimizer.rule", "adamw"),
        ("training.optimizer.momentum", "0.5"),
        ("training.optimizer.nesterov", "false"),
        ("training.optimizer.beta2", "0.75"),
        ("training.optimizer.weight-decay", "0.0625"),
        ("training.optimizer.clip", "0"),
        ("training.optimizer.schedule.floor", "0.25"),
        ("training.optimizer.schedule.kind", "step"),
        ("training.optimizer.schedule.every", "0.25"),
        ("training.optimizer.schedule.factor", "0.5"),
        ("training.distil-steps", "0"),
        ("training.total-flops", "1000000"),
        ("learning.steps", "4"),
        ("learning.batch", "40"),
        ("learning.learning-rate", "0.001"),
        ("learning.together", "true"),
        ("search.kind", "evolution"),
        ("search.trials", "12"),
        ("search.share", "0.5"),
        ("search.short-epochs", "2"),
        ("search.phi", "learned"),
        ("search.predict", "false"),
        ("search.control", "false"),
        ("search.learning-steps", "5"),
        ("search.learning-batch", "50"),
        ("search.changes", "7"),
        ("search.from-scratch", "true"),
        ("search.neighbours", "9"),
        ("search.population", "12"),
        ("search.sample", "6"),
        ("search.proposals", "30"),
        ("search.trained", "3"),
        ("search.window", "12"),
        ("search.threshold", "0.25"),
        ("search.patience", "5"),
        ("search.test", "interval"),
        ("search.confidence", "2.5"),
    ] {
        let mut config = Config::default();
        if let Some((other, values)) = Setting::named(name).unwrap().needs {
            config.set(other, values[values.len() - 1]).unwrap();
        }
        let before = config.clone();
        config.set(name, text).unwrap();
        assert_eq!(config.get(name).unwrap().as_deref(), Some(text), "{name}");
        assert_ne!(config, before, "{name}");
        // Where it is in the table is where it is in the file.
        let written = serde_json::to_value(&config).unwrap();
        let place = name.split('.').fold(&written, |value, part| &value[part]);
        let found = match place {
            Json::Array(parts) => parts.iter().map(plain).collect::<Vec<_>>().join(","),
            other => plain(other),
        };
        match text.parse::<f64>() {
            Ok(number) => assert_eq!(found.parse::<f64>().unwrap(), number, "{name}"),
            Err(_) => assert_eq!(found, text, "{name}"),
        }
        config.set(name, &before.get(name).unwrap().unwrap()).unwrap();
        assert_eq!(config.get(name).unwrap(), before.get(name).unwrap(), "{name}");
    }
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[test]
fn what_is_left_out_is_none() {
    for setting in Setting::all() {
        let none = matches!(setting.value, Value::Limit { .. })
            || ["data.dir", "data.classes", "layers", "network"].contains(&setting.name);
        let mut config = Config::default();
        config.set("strategy.kind", "joint").unwrap();
        config.set("search.kind", "evolution").unwrap();
        if setting.applies(&config) {
            assert_eq!(
                setting.set(&mut config, NONE).is_ok(),
                none || setting.name == "measure",
                "{}",
                setting.name
            );
        }
    }
}

#[test]
fn a_bad_value_names_what_was_found_and_expected() {
    for setting in Setting::all() {
        for mut config in configurations() {
            if !setting.applies(&config) {
                continue;
            }
            let before = config.clone();
            let bad = match setting.value {
                // Any text is a list of layers or classes, a folder or a file, that may be there.
                Value::Text { .. }
                    if ["layers", "data.classes", "data.dir", "network"].contains(&setting.name) =>
                {
                    continue;
                }
                Value::Text { .. } | Value::Choice { .. } | Value::Flag { .. } => "nonsense",
                Value::Whole { .. } | Value::Limit { .. } => "2.5",
                Value::Number { .. } => "-1",
            };
            let message = setting.set(&mut config, bad).unwrap_err().to_string();
            for part in [setting.name, &format!("found \"{bad}\""), &setting.expected()] {
                assert!(message.contains(part), "{message}: {part}");
            }
            assert_eq!(config, before, "{}", setting.name);
        }
    }
}

#[test]
fn an_unknown_name_is_answered_with_its_neighbours() {
    for (asked, expected) in [
        ("training.epoch", "training.epochs"),
        ("epochs", "training.epochs"),
        ("learning-rate", "learning.learning-rate"),
        ("strategy.lambda-flop", "strategy.lambda-flops"),
        ("held-out", "data.held-out"),
    ] {
        let message = Config::default().set(asked, "2").unwrap_err().to_string();
        assert!(message.contains(asked) && message.contains(expected), "{message}");
    }
    let message = Config::default().assign("seed").unwrap_err().to_string();
    assert!(message.contains("\"seed\"") && message.contains("NAME=VALUE"), "{message}");
}

#[test]
fn a_setting_of_another_choice_is_refused() {
    let mut config = Config::default();
    let message = config.set("strategy.k", "3").unwrap_err().to_string();
    for part in ["strategy.k", "strategy.kind is joint", "strategy.kind is top-k"] {
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(config.get("strategy.k").unwrap(), None);
}

#[test]
fn a_choice_made_again_keeps_its_numbers() {
    let mut config = Config { strategy: Strategy::TopK { k: 7 }, ..Config::default() };
    config.set("strategy.kind", "top-k").unwrap();
    assert_eq!(config.strategy, Strategy::TopK { k: 7 });
    config.training.optimizer.schedule = Schedule::Cosine { floor: 0.5 };
    config.set("training.optimizer.schedule.kind", "cosine").unwrap();
    assert_eq!(config.training.optimizer.schedule, Schedule::Cosine { floor: 0.5 });
}

#[test]
fn everything_is_said_of_every_setting() {
    for setting in Setting::all() {
        assert!(!setting.label.is_empty() && !setting.why.is_empty(), "{}", setting.name);
        assert!(!setting.expected().is_empty(), "{}", setting.name);
        if let Some((other, values)) = setting.needs {
            let Value::Choice { names, .. } = &Setting::named(other).unwrap().value else {
                panic!("{} needs {other}, which is no choice", setting.name)
            };
            let names = names();
            assert!(
                values.iter().all(|value| names.iter().any(|(name, _)| name == value)),
                "{}",
                setting.name
            );
        }
    }
}

#[test]
fn the_page_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/settings.md");
    let kept = std::fs::read_to_string(path).unwrap();
    assert!(kept == settings_page(), "docs/settings.md: run `cargo run --example settings`");
}
