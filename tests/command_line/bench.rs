//! This machine's figures: the file's fields, the numbers in it, and what is refused.

use super::*;

/// Demands that every number in `json` is finite and positive, but for counts that may be none.
fn check_numbers(name: &str, json: &Value) {
    match json {
        Value::Object(map) => map.iter().for_each(|(name, value)| check_numbers(name, value)),
        Value::Array(list) => list.iter().for_each(|value| check_numbers(name, value)),
        Value::Number(number) => {
            // JSON has no infinite numbers: they would be null.
            let may_be_none = ["seen", "longer_than_50_milliseconds", "longest_milliseconds"].contains(&name);
            let number = number.as_f64().unwrap();
            assert!(number > 0.0 || (may_be_none && number == 0.0), "{name}: {number}");
        }
        Value::Null => {
            assert!(["no_device", "processor", "processor_milliseconds"].contains(&name), "{name}")
        }
        _ => {}
    }
}

fn list<'a>(json: &'a Value, name: &str) -> &'a Vec<Value> {
    json[name].as_array().unwrap()
}

#[test]
fn bench_measures_adapter_and_processor_and_writes_what_it_shows() {
    let folder = Folder::new("");
    let out = folder.path("figures.json");
    let shown = succeed(&["bench", "--smallest", "--out", &out]);
    let found = json(&out);
    assert_eq!(found["schema"], 1);
    assert_eq!(found["seedling"], env!("CARGO_PKG_VERSION"));
    assert_eq!(list(&found, "failures").len(), 0, "{found}");
    check_numbers("", &found);
    assert_eq!(keys(&found["machine"]), ["architecture", "cores", "processor", "system"]);
    for field in ["name", "backend", "kind"] {
        let text = found["device"][field].as_str().unwrap();
        assert!(!text.is_empty() && shown.contains(text), "{field}: {shown}");
    }
    assert_eq!(found["device"]["limits_in_use"]["workgroup_invocations"], 256);
    // One shape: five rungs and the kernel in use in three sizes, and its gradients in three.
    let convolutions = list(&found, "convolutions");
    for field in ["gflop_per_second", "milliseconds", "share_of_matrix_product", "clock"] {
        assert!(convolutions.iter().all(|kernel| !kernel[field].is_null()), "{field}");
    }
    assert_eq!(convolutions[0]["shape"]["channels"], 4);
    let versions: Vec<&str> = convolutions.iter().map(|kernel| kernel["version"].as_str().unwrap()).collect();
    let rungs = ["conv_v1", "conv_v2", "conv_v3", "conv_v4", "conv_v5"];
    let sizes = ["direct-1", "direct-2", "direct-4"].repeat(3);
    assert_eq!(versions, [&rungs[..], &sizes].concat());
    // What the engine takes: one size for each pass.
    assert_eq!(convolutions.iter().filter(|kernel| kernel["in_use"] == true).count(), 3);
    assert_eq!(list(&found, "matrix_products").len(), 1);
    // One network and one batch on both engines, and its three stages.
    let steps = list(&found, "training_steps");
    let engines: Vec<&str> = steps.iter().map(|step| step["engine"].as_str().unwrap()).collect();
    assert_eq!(engines, ["webgpu", "candle"]);
    for step in steps {
        let number = |name: &str| step[name].as_f64().unwrap();
        let rate = number("flops") / (number("milliseconds") / 1e3) / 1e9;
        assert!((number("gflop_per_second") / rate - 1.0).abs() < 1e-9, "{step}");
    }
    // Every dispatch of a step, from the batch that is gathered to the clock that moves on.
    let kernels = list(&found, "step_kernels");
    let names: Vec<&str> = kernels.iter().map(|kernel| kernel["kernel"].as_str().unwrap()).collect();
    assert_eq!((names[0], names[names.len() - 1]), ("gather", "tick"));
    assert!(names.contains(&"convolve_3") && names.contains(&"weight_sum"), "{names:?}");
    assert!(kernels.iter().all(|kernel| kernel["milliseconds"].as_f64().unwrap() > 0.0));
    let stages: Vec<&str> =
        list(&found, "candidates").iter().map(|cost| cost["stage"].as_str().unwrap()).collect();
    assert_eq!(stages, ["learn", "estimate", "measure"].repeat(2));
    for part in ["conv_v5", "dw direct-1", "4-M-6", "Longest submission", &out] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn bench_of_the_processor_says_that_no_adapter_was_measured() {
    let folder = Folder::new("");
    let out = folder.path("figures.json");
    let shown = succeed(&["bench", "--smallest", "--engine", "candle", "--quiet", "--out", &out]);
    let found = json(&out);
    assert!(found["device"].is_null() && found["submissions"].is_null());
    assert!(found["no_device"].as_str().unwrap().contains("processor"), "{found}");
    assert_eq!(list(&found, "convolutions").len(), 0);
    assert_eq!(list(&found, "training_steps").len(), 1);
    assert!(shown.contains("none measured") && !shown.contains("Convolutions"), "{shown}");
}

#[test]
#[cfg(target_os = "linux")]
fn bench_without_an_adapter_says_so_and_measures_the_processor() {
    let folder = Folder::new("");
    let out = folder.path("figures.json");
    let without = |engine: &str| {
        let mut command = seedling(&["bench", "--smallest", "--engine", engine, "--out", &out]);
        // Where the system looks for drivers of Vulkan, and for those of OpenGL.
        for variable in ["VK_DRIVER_FILES", "VK_ICD_FILENAMES", "__EGL_VENDOR_LIBRARY_FILENAMES"] {
            command.env(variable, "/nowhere");
        }
        command.output().unwrap()
    };
    let output = without("webgpu");
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("no graphics adapter") && message.contains("--engine candle"), "{message}");
    assert!(!Path::new(&out).exists());
    let output = without("auto");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("none measured: no graphics adapter"));
    let found = json(&out);
    assert!(found["no_device"].as_str().unwrap().contains("no graphics adapter"), "{found}");
    assert_eq!(list(&found, "training_steps")[0]["engine"], "candle");
}

#[test]
fn bench_refuses_bad_options_before_it_measures() {
    let folder = Folder::new("");
    let (absent, taken) = (folder.path("absent/figures.json"), folder.path("."));
    for (options, parts) in [
        (vec!["--engine", "cuda"], vec!["\"cuda\"", "webgpu"]),
        (vec!["--out", &absent], vec!["--out", "found no folder", "absent"]),
        (vec!["--out", &taken], vec!["--out", "found the folder"]),
        (vec!["--quick", "--smallest"], vec!["--quick", "--smallest"]),
        (vec!["--rounds", "3"], vec!["--rounds"]),
    ] {
        let message = fail(&[&["bench"], &options[..]].concat(), 2);
        assert!(parts.iter().all(|part| message.contains(part)), "{options:?}: {message}");
        assert!(!message.contains("training steps"), "{options:?}: {message}");
    }
}
