use pollster::block_on;

use super::*;
use crate::data;
use crate::lab::fake::FakeEngine;
use crate::lab::{Command, Unobserved};

fn lab(measure: Measure) -> (Lab, FakeEngine) {
    let mut config = Config { preset: "2-M-2".into(), rounds: 2, measure, ..Config::default() };
    (config.data.train, config.data.held_out) = (Some(20), Some(20));
    config.training.epochs = 1;
    let images = Arc::new(data::load(&config.data, config.seed).unwrap());
    (Lab::new(config, images).unwrap(), FakeEngine::default())
}

fn finish(lab: &mut Lab, engine: &mut FakeEngine) {
    while !lab.is_done() {
        block_on(lab.execute(engine, Command::Step, &Unobserved)).unwrap();
    }
}

/// All that a state's session would say, with its tensors.
fn content(state: &State, lab: &Lab) -> (Vec<(String, Vec<f32>)>, String) {
    let engine = EngineInfo { name: "fake".into(), adapter: None };
    let (tensors, header) = written(state, lab.config(), None, "", &engine).unwrap();
    let values = |tensor: &candle_core::Tensor| tensor.flatten_all().unwrap().to_vec1().unwrap();
    (tensors.iter().map(|(name, tensor)| (name.clone(), values(tensor))).collect(), header)
}

#[test]
fn every_moment_of_a_run_comes_back() {
    for measure in [Measure::All, Measure::Chosen] {
        let (mut lab, mut engine) = lab(measure);
        finish(&mut lab, &mut engine);
        let bytes = Recording::of(&lab, &engine_info()).to_bytes().unwrap();
        let recording = Recording::from_bytes(&bytes, Path::new("r.seedling")).unwrap();
        let originals = lab.history().states();
        let stages = |states: &[State]| -> Vec<(Stage, u64)> {
            states.iter().map(|state| (state.stage, state.round)).collect()
        };
        assert_eq!(stages(&recording.states), stages(originals), "{measure}");
        for (state, original) in recording.states.iter().zip(originals) {
            // What is gone on from and what is shown, but for costs and scales that nobody sees between two stages.
            let exact = matches!(state.stage, Stage::Grow | Stage::Done | Stage::Seed)
                || measure == Measure::Chosen
                || state.stage == Stage::Train && state.round > 1;
            if exact {
                assert_eq!(content(state, &lab), content(original, &lab), "{} {}", state.stage, state.round);
            }
            let shown = |state: &State| {
                let Some(round) = state.rounds.last() else { return Vec::new() };
                let candidates = round.candidates.iter();
                candidates.map(|one| (one.id(), one.estimates.clone(), one.actual, one.chosen)).collect()
            };
            assert_eq!(shown(state), shown(original), "{} {}", state.stage, state.round);
            let model = |state: &State| content(&State { rounds: Vec::new(), ..bare(state) }, &lab).0;
            assert_eq!(model(state), model(original), "{} {}", state.stage, state.round);
        }
    }
}

fn engine_info() -> EngineInfo {
    EngineInfo { name: "fake".into(), adapter: None }
}

#[test]
fn a_recorded_run_goes_on_from_any_moment_as_it_went_on() {
    let (mut lab, mut engine) = lab(Measure::All);
    finish(&mut lab, &mut engine);
    let recording = Recording::of(&lab, &engine_info());
    let bytes = recording.to_bytes().unwrap();
    for before in [(Stage::Measure, 1), (Stage::Choose, 1), (Stage::Train, 2), (Stage::Learn, 2)] {
        let recording = Recording::from_bytes(&bytes, Path::new("r.seedling")).unwrap();
        let mut again = recording.open(lab.data().clone(), before).unwrap();
        assert_eq!((again.state().stage, again.state().round), before);
        finish(&mut again, &mut FakeEngine::default());
        assert_eq!(again.state().last(2), lab.state().last(2), "{before:?}");
        assert_eq!(again.state().rounds[0].chosen(), lab.state().rounds[0].chosen());
    }
}

#[test]
fn what_is_no_recording_is_refused_by_what_is_wrong() {
    let (mut lab, mut engine) = lab(Measure::All);
    finish(&mut lab, &mut engine);
    let recording = Recording::of(&lab, &engine_info());
    let path = Path::new("r.seedling");
    for bytes in [&b"no gzip"[..], &[]] {
        let message = Recording::from_bytes(bytes, path).unwrap_err().to_string();
        assert!(message.contains("r.seedling") && message.contains("a recorded run"), "{message}");
    }
    let mut empty = GzEncoder::new(Vec::new(), Compression::fast());
    empty.write_all(&tensors_to_bytes(&Tensors::new(), &BTreeMap::new()).unwrap()).unwrap();
    let message = Recording::from_bytes(&empty.finish().unwrap(), path).unwrap_err().to_string();
    assert!(message.contains("found none"), "{message}");
    let other = Recording { sha256: "other".into(), ..recording };
    let message = other.open(lab.data().clone(), (Stage::Done, 3)).map(|_| ()).unwrap_err().to_string();
    assert!(message.contains("expected other"), "{message}");
}
