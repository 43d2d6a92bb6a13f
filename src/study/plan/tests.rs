use super::*;

fn plan(text: &str) -> Result<Plan, String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("fixed.toml"), "rounds = 0\n[data]\ntrain = 60\n").unwrap();
    let path = folder.path().join("study.toml");
    std::fs::write(&path, text).unwrap();
    Plan::read(&path).map_err(|error| error.to_string())
}

fn names(plan: &Plan) -> Vec<String> {
    plan.configurations.iter().map(|configuration| configuration.name.clone()).collect()
}

#[test]
fn tables_multiply_and_their_lists_go_together() {
    let text = r#"
        seeds = [4, 5]
        cost = 2e12
        [base]
        rounds = 3
        training.epochs = 7
        [[vary]]
        "learning.steps" = [20, 60]
        "learning.batch" = [100, 300]
        [[vary]]
        name = ["few", "many"]
        "data.train" = [100, 200]
    "#;
    // The same images for all: what varies in [data] is refused below.
    let message = plan(text).unwrap_err();
    assert!(message.contains("other [data] in"), "{message}");
    let plan = plan(&text.replace("data.train", "training.batch")).unwrap();
    let expected = [
        "batch=100-steps=20-few",
        "batch=100-steps=20-many",
        "batch=300-steps=60-few",
        "batch=300-steps=60-many",
    ];
    assert_eq!(names(&plan), expected);
    assert_eq!((plan.cost, plan.runs().len()), (Some(2_000_000_000_000), 8));
    let last = &plan.configurations[3].settings;
    assert_eq!((last.rounds, last.training.epochs, last.training.batch), (3, 7, 200));
    assert_eq!((last.learning.steps, last.learning.batch), (60, 300));
    let run = &plan.runs()[7];
    assert_eq!((run.id().as_str(), run.config.seed), ("batch=300-steps=60-many-5", 5));
}

#[test]
fn configurations_stand_on_the_base_or_on_a_file() {
    let text = r#"
        seeds = [1]
        [base]
        rounds = 2
        data.train = 60
        [[configuration]]
        name = "grown"
        learning.estimator = "rank1"
        [[configuration]]
        file = "fixed.toml"
        "training.epochs" = 3
        [[configuration]]
        name = "top"
        strategy = { kind = "top-k", k = 2 }
    "#;
    let plan = plan(text).unwrap();
    assert_eq!(names(&plan), ["grown", "fixed", "top"]);
    let settings: Vec<&Config> = plan.configurations.iter().map(|one| &one.settings).collect();
    assert_eq!((settings[0].rounds, settings[1].rounds, settings[1].training.epochs), (2, 0, 3));
    assert_eq!(settings[0].learning.estimator.name(), "rank1");
    assert_eq!(settings[2].strategy, crate::search::Strategy::TopK { k: 2 });
}

#[test]
fn configurations_of_one_name_may_have_seeds_of_their_own() {
    let text = r#"
        seeds = [1, 2]
        until = "measured"
        [[configuration]]
        name = "twin"
        seeds = [1]
        preset = "8-M-8"
        [[configuration]]
        name = "twin"
        seeds = [2, 3]
        preset = "9-M-8"
        [[configuration]]
        name = "ours"
    "#;
    let plan = plan(text).unwrap();
    assert_eq!(plan.until, Until::Measured);
    let runs: Vec<String> =
        plan.runs().iter().map(|run| format!("{} {}", run.id(), run.config.preset)).collect();
    assert_eq!(runs, ["twin-1 8-M-8", "twin-2 9-M-8", "twin-3 9-M-8", "ours-1 tiny", "ours-2 tiny"]);
    let folder = tempfile::tempdir().unwrap();
    plan.settle(folder.path()).unwrap();
    assert_eq!(Plan::of(folder.path()).unwrap(), plan);
}

#[test]
fn a_configuration_may_start_from_the_layers_of_an_earlier_one() {
    let text = r#"
        seeds = [1, 2]
        cost = 1e12
        [[configuration]]
        name = "grown"
        [[configuration]]
        name = "twin"
        layers-of = "grown"
        rounds = 0
    "#;
    let read = plan(text).unwrap();
    let after: Vec<Option<String>> = read.runs().iter().map(Planned::after).collect();
    assert_eq!(after, [None, None, Some("grown-1".into()), Some("grown-2".into())]);
    let folder = tempfile::tempdir().unwrap();
    read.settle(folder.path()).unwrap();
    assert_eq!(Plan::of(folder.path()).unwrap(), read);
    let other = "the name of an earlier configuration with the same seeds";
    for (from, to, parts) in [
        (
            "cost = 1e12",
            "",
            ["cost: found none, where twin starts from the layers of grown", "must end before"],
        ),
        ("layers-of = \"grown\"", "layers-of = \"twin\"", ["\"twin\" in twin", other]),
        ("layers-of = \"grown\"", "layers-of = \"gone\"", ["\"gone\" in twin", other]),
        ("layers-of = \"grown\"", "layers-of = 3", ["configuration: layers-of: found 3", "a text"]),
        ("rounds = 0", "seeds = [3]", ["no run with seed 3", other]),
        ("rounds = 0", "network = \"x.onnx\"", ["and a saved network in twin", "one of them"]),
    ] {
        let message = plan(&text.replace(from, to)).unwrap_err();
        assert!(parts.iter().all(|part| message.contains(part)), "{to}: {message}");
    }
}

#[test]
fn a_settled_plan_is_the_same_and_another_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan("seeds = [1, 2]\n[base]\nrounds = 0\n").unwrap();
    plan.settle(folder.path()).unwrap();
    plan.settle(folder.path()).unwrap();
    assert_eq!(Plan::of(folder.path()).unwrap(), plan);
    let other = Plan { seeds: vec![1], ..plan };
    let message = other.settle(folder.path()).unwrap_err().to_string();
    assert!(
        message.contains("study.toml is the plan of another study: seeds: found [1,2], expected [1]"),
        "{message}"
    );
    let mut other = Plan { seeds: vec![1, 2], ..other };
    other.configurations[0].settings.training.epochs = 9;
    let message = other.settle(folder.path()).unwrap_err().to_string();
    assert!(message.contains("configuration \"run\": training.epochs: found 20, expected 9"), "{message}");
    other.configurations[0].name = "other".into();
    let message = other.settle(folder.path()).unwrap_err().to_string();
    assert!(message.contains("names of configurations: found run, expected other"), "{message}");
}

#[test]
fn bad_plans_are_refused_by_name() {
    for (text, parts) in [
        ("seed = [1]", ["unknown field `seed`", "seeds"]),
        ("seeds = []", ["seeds: found none", "at least one"]),
        ("seeds = [1, 1]", ["1 twice", "each once"]),
        ("seeds = [1]\ncost = 0", ["cost: found 0", "above 0"]),
        ("seeds = [1]\n[base]\ntraining.epoch = 3", ["configuration \"run\"", "unknown field `epoch`"]),
        ("seeds = [1]\n[base]\ntraining.epochs = 0", ["configuration \"run\"", "found 0"]),
        (
            "seeds = [1]\n[base]\nrounds = 1\n[[vary]]\n\"rounds.x\" = [1]",
            ["rounds.x", "settings under rounds"],
        ),
        ("seeds = [1]\n[[vary]]\nrounds = 1", ["vary: rounds", "a list of values"]),
        ("seeds = [1]\n[[vary]]\ntraining.epochs = [1]", ["vary: training", "one dotted name in quotes"]),
        ("seeds = [1]\n[[vary]]\nrounds = [1]\n\"training.epochs\" = [1, 2]", ["2 values", "expected 1"]),
        ("seeds = [1]\n[[configuration]]\nname = \"a/b\"", ["\"a/b\"", "letters, digits"]),
        (
            "seeds = [1]\n[[configuration]]\nname = \"a\"\n[[configuration]]\nname = \"A\"",
            ["\"A\" twice", "differ"],
        ),
        ("seeds = [1]\n[[configuration]]\nfile = \"none.toml\"", ["none.toml", "cannot open"]),
        (
            "seeds = [1]\n[[configuration]]\nname = \"a\"\nseeds = [1]\n[[configuration]]\nname = \"a\"",
            ["\"a\" twice", "seeds of their own that differ"],
        ),
        (
            "seeds = [1]\n[[configuration]]\nname = \"a\"\nseeds = [2]\n[[configuration]]\nname = \"a\"\nseeds = [3, 2]",
            ["\"a\" twice", "seeds of their own that differ"],
        ),
        ("seeds = [1]\n[[configuration]]\nseeds = \"x\"", ["configuration: seeds", "whole numbers"]),
        ("seeds = [1]\nuntil = \"grown\"", ["unknown variant `grown`", "measured"]),
        ("seeds = [1]\nuntil = \"measured\"\ncost = 1e9", ["cost: found 1000000000", "until"]),
        ("seeds = [1]\nuntil = \"measured\"\n[base]\nrounds = 0", ["measures nothing", "rounds from 1"]),
    ] {
        let message = plan(text).unwrap_err();
        assert!(parts.iter().all(|part| message.contains(part)), "{text}: {message}");
        assert!(message.contains("study.toml"), "{message}");
    }
}
