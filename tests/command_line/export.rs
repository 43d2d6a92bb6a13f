//! What `export` writes, and what it refuses.

use super::*;

/// The files below a folder.
fn below(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        match path.is_dir() {
            true => names.extend(below(&path).into_iter().map(|inner| format!("{name}/{inner}"))),
            false => names.push(name),
        }
    }
    names.sort();
    names
}

#[test]
fn every_door_of_a_run_opens() {
    let folder = Folder::new("");
    let (run, out, live) = (folder.path("run"), folder.path("out"), folder.path("live"));
    folder.grow("run", &["--tensorboard", &live]);
    let all = ["export", &run, "--out", &out, "--onnx", "--torch", "--hub", "--tensorboard", "--parquet"];
    let printed = succeed(&all);
    let names = below(Path::new(&out));
    let (events, files): (Vec<&String>, Vec<&String>) =
        names.iter().partition(|name| name.contains("tfevents"));
    let own = ["model.onnx", "model.py", "model.safetensors"].map(str::to_owned);
    let mut expected: Vec<String> = own.iter().map(|name| format!("hub/{name}")).collect();
    expected.extend(["hub/README.md", "hub/config.json"].map(str::to_owned));
    expected.extend(own);
    expected.push("candidates.parquet".into());
    expected.sort();
    assert_eq!(files, expected.iter().collect::<Vec<_>>());
    assert!(files.iter().all(|name| printed.contains(name.as_str())), "{printed}");
    assert_eq!(events.len(), 2, "{events:?}");
    let size = |folder: &str, name: &str| {
        std::fs::read_dir(format!("{folder}/{name}"))
            .unwrap()
            .map(|entry| entry.unwrap().metadata().unwrap().len())
            .sum::<u64>()
    };
    for name in ["by-step", "by-cost"] {
        assert_eq!(size(&live, name), size(&format!("{out}/tensorboard"), name), "{name}");
    }
    // Again, in the same place: the same network, and no second set of events.
    let onnx = std::fs::read(format!("{out}/model.onnx")).unwrap();
    succeed(&all);
    assert_eq!(std::fs::read(format!("{out}/model.onnx")).unwrap(), onnx);
    assert_eq!(below(Path::new(&out)).len(), names.len());
    // A run must not write over another one's events.
    let message = fail(&["grow", "--config", &folder.path("small.toml"), "--tensorboard", &live], 2);
    assert!(message.contains("--tensorboard") && message.contains("another folder"), "{message}");
}

#[test]
fn a_network_of_any_moment_is_taken_out_and_comes_in_again() {
    let folder = Folder::new("");
    folder.grow("run", &[]);
    let (run, config) = (folder.path("run"), folder.path("small.toml"));
    let record = json(&folder.path("run/run.json"));
    let near =
        |found: &Value, expected: &Value| (found.as_f64().unwrap() - expected.as_f64().unwrap()).abs() < 1e-6;
    let round = &record["rounds"][0];
    for (name, options, quality) in [
        ("final", &[][..], &record["final"]),
        ("before", &["--round", "1"], &round["before"]),
        ("after", &["--round", "1", "--after"], &round["after"]),
    ] {
        let (out, again) = (folder.path(name), folder.path(&format!("{name}-again")));
        succeed(&[&["export", &run, "--onnx", "--out", &out], options].concat());
        let onnx = format!("{out}/model.onnx");
        let options = ["grow", "--config", &config, "--rounds", "0", "--set", "training.epochs=1"];
        // Fewer images have another mean: the network's own counts.
        let inherit = ["--train", "90", "--network", &onnx, "--inherit", "--out", &again];
        succeed(&[&options[..], &inherit].concat());
        let found = &json(&format!("{again}/run.json"))["curve"][0]["quality"];
        assert_eq!(found["parameters"], quality["parameters"], "{name}");
        assert!(near(&found["held_out"]["loss"], &quality["held_out"]["loss"]), "{name}: {found} {quality}");
    }
}

#[test]
fn an_inherited_normalisation_survives_resuming() {
    let folder = Folder::new("");
    folder.grow("run", &[]);
    let (config, run) = (folder.path("small.toml"), folder.path("run"));
    // Fewer images have another mean than the one that the weights are used to.
    let start = |out: &str, rounds: &str| {
        let options = ["grow", "--config", &config, "--train", "90", "--network", &run, "--inherit"];
        succeed(&[&options[..], &["--rounds", rounds, "--out", out]].concat());
    };
    let (whole, resumed) = (folder.path("whole"), folder.path("resumed"));
    start(&whole, "1");
    start(&resumed, "0");
    succeed(&["grow", "--resume", &resumed, "--rounds", "1"]);
    let table = |out: &str| std::fs::read_to_string(format!("{out}/candidates.csv")).unwrap();
    assert_eq!(table(&resumed), table(&whole));
}

#[test]
fn losses_are_listed_by_step_and_cost() {
    let folder = Folder::new("");
    folder.grow("run", &[]);
    let text = std::fs::read_to_string(folder.path("run/losses.csv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next().unwrap(), "step,flops,loss,round");
    let rows: Vec<Vec<f64>> =
        lines.map(|line| line.split(',').map(|number| number.parse().unwrap()).collect()).collect();
    // Two trainings of 4 epochs of 3 whole batches.
    assert_eq!(rows.len(), 24);
    assert!(rows.iter().enumerate().all(|(index, row)| row[0] == index as f64 + 1.0));
    assert!(rows.windows(2).all(|pair| pair[0][1] < pair[1][1]));
    let run = json(&folder.path("run/run.json"));
    let moments = run["curve"].as_array().unwrap().iter();
    let costs: Vec<f64> = moments
        .filter(|point| point["moment"] == "trained")
        .map(|point| point["cost"].as_f64().unwrap())
        .collect();
    assert_eq!(costs, [rows[11][1], rows[23][1]]);
    assert_eq!((rows[11][3], rows[12][3]), (1.0, 2.0));
}

#[test]
fn what_cannot_be_exported_says_why() {
    let folder = Folder::new("");
    folder.grow("run", &[]);
    let (run, out) = (folder.path("run"), folder.path("out"));
    for (options, status, parts) in [
        (&["export", &run, "--out", &out][..], 2, ["nothing to write", "--onnx"]),
        (&["export", &run, "--out", &out, "--onnx", "--round", "2"], 2, ["--round: found 2", ": 1"]),
        (&["export", &run, "--out", &out, "--onnx", "--after"], 2, ["--round", "required"]),
        (&["export", &out, "--out", &out, "--onnx"], 1, ["found no run", "seedling grow --out"]),
    ] {
        let message = fail(options, status);
        assert!(parts.iter().all(|part| message.contains(part)), "{message}");
    }
    let onnx = folder.path("broken.onnx");
    std::fs::write(&onnx, b"\x08\x08\x3a\x05abc").unwrap();
    let message = fail(&["grow", "--network", &onnx], 1);
    assert!(message.contains("broken.onnx") && message.contains("a whole ONNX file"), "{message}");
}
