//! Every call that changes the disk, made to fail once: the message is clear, what was saved before is still there, and
//! the run goes on from it to the very files of an undisturbed one. `SEEDLING_FAULTS=all` tries every call with every
//! error; otherwise a part of them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use pollster::block_on;
use serde_json::Value;

use super::fake::FakeEngine;
use super::{Config, KeptLab, Lab, LabError, Output, Session, Unobserved, holds_a_run};
use crate::data::{Data, load};
use crate::engine::Engine;
use crate::files::{self, faults};

/// The system's errors: no space, an error of the device, a file system that became read-only, no file handle left.
const ERRORS: [(i32, &str); 4] = [(28, "ENOSPC"), (5, "EIO"), (30, "EROFS"), (24, "EMFILE")];
/// Of the calls, the share that is tried where not all are: a prime, so that every kind of call comes.
const EVERY: u64 = 23;

/// Takes the run in `folder` from wherever it is to its end.
fn drive(folder: &Path, config: &Config, data: &Arc<Data>) -> Result<(), LabError> {
    let mut engine = FakeEngine::default();
    let mut kept = if holds_a_run(folder) {
        let session = Session::load(folder)?;
        let output = Output::open(folder, engine.info())?;
        KeptLab::new(Lab::at(session.config, data.clone(), session.state), Some(output))
    } else {
        let lab = Lab::new(config.clone(), data.clone())?;
        let output = Output::create(folder, engine.info())?;
        output.begin(&lab)?;
        KeptLab::new(lab, Some(output))
    };
    while !kept.lab.is_done() {
        block_on(kept.step(&mut engine, &Unobserved))?;
    }
    Ok(())
}

/// The files of a folder, with the seconds that work took cut out.
fn content(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let names = files::files_in(folder).unwrap().into_iter();
    names
        .filter(|name| name != "session.safetensors")
        .map(|name| {
            let mut bytes = files::read(&folder.join(&name)).unwrap();
            if name == "run.json" {
                let mut value: Value = serde_json::from_slice(&bytes).unwrap();
                untimed(&mut value);
                bytes = value.to_string().into_bytes();
            }
            (name, bytes)
        })
        .collect()
}

fn untimed(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("seconds");
            fields.values_mut().for_each(untimed);
        }
        Value::Array(values) => values.iter_mut().for_each(untimed),
        _ => {}
    }
}

#[test]
fn no_failing_call_loses_a_run() {
    let mut config = Config { preset: "2-M-2".into(), rounds: 1, ..Config::default() };
    (config.data.train, config.data.held_out) = (Some(20), Some(10));
    config.training.epochs = 1;
    let data = Arc::new(load(&config.data, config.seed).unwrap());
    let straight = tempfile::tempdir().unwrap();
    let run = straight.path().join("run");
    faults::order(None);
    drive(&run, &config, &data).unwrap();
    let (calls, expected) = (faults::calls(), content(&run));
    assert!(calls > 80, "{calls}");
    let all = std::env::var("SEEDLING_FAULTS").is_ok_and(|asked| asked == "all");
    let mut tried = 0;
    for (number, (error, name)) in ERRORS.into_iter().enumerate() {
        for call in 0..calls {
            if !all && !(call + number as u64).is_multiple_of(EVERY) {
                continue;
            }
            tried += 1;
            let case = format!("{name} at call {call}");
            let folder = tempfile::tempdir().unwrap();
            let run = folder.path().join("run");
            faults::order(Some((call, error)));
            let outcome = drive(&run, &config, &data);
            faults::order(None);
            if let Err(error) = outcome {
                let message = error.to_string();
                let expected = std::io::Error::from_raw_os_error(ERRORS[number].0).to_string();
                assert!(message.contains(&run.display().to_string()), "{case}: {message}");
                assert!(message.contains(": cannot ") && message.contains(&expected), "{case}: {message}");
            }
            let left: Vec<String> =
                if files::is_folder(&run) { files::files_in(&run).unwrap() } else { Vec::new() };
            assert!(!left.iter().any(|name| name.ends_with(".part")), "{case}: {left:?}");
            drive(&run, &config, &data).unwrap_or_else(|error| panic!("{case}, then: {error}"));
            assert!(content(&run) == expected, "{case}: other files");
        }
    }
    println!("{tried} failures of {calls} calls");
}
