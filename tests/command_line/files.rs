//! What a run writes: its files, and its lines on standard output and error.

use super::*;

#[test]
fn the_files_have_the_documented_contents() {
    let folder = Folder::new("");
    let report = folder.grow("run", &[]);
    let file = |name: &str| folder.path(&format!("run/{name}"));
    let names: Vec<String> = files(&folder.path("run")).into_keys().collect();
    let expected = [
        "candidates.csv",
        "held-out.txt",
        "losses.csv",
        "morphisms-01.safetensors",
        "network.safetensors",
        "round-01.safetensors",
        "run.json",
    ];
    assert_eq!(names, expected);

    let run = json(&file("run.json"));
    let all = [
        "config",
        "curve",
        "dataset",
        "engine",
        "final",
        "processor",
        "rounds",
        "schema",
        "seed",
        "seedling",
        "warnings",
    ];
    assert_eq!(keys(&run), all);
    assert!(
        [128, 256, 512].contains(&run["processor"]["vector_bits"].as_u64().unwrap()),
        "{}",
        run["processor"]
    );
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
