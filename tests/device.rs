//! Stress for the WebGPU engine's device: its loss in the middle of a run, growth a thousand times over. Any adapter
//! will do, software ones too; without one these tests fail.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::Duration;

use pollster::block_on;
use seedling::data::{Class, Data, DataConfig, load};
use seedling::engine::race::step_time;
use seedling::engine::webgpu::{AdapterChoice, Gpu, WebGpuEngine};
use seedling::engine::{Engine, LearnRequest, Learner, Part, Phase, TrainRequest, Unwatched};
use seedling::estimate::Estimator;
use seedling::lab::{Command, Config, Event, Lab, Learning, Observer, Output, Stage, Training};
use seedling::morphism::{Family, apply, propose};
use seedling::network::{Model, Network, preset};
use seedling::random::Stream;

fn small() -> DataConfig {
    DataConfig {
        train: Some(60),
        validation: Some(30),
        held_out: Some(50),
        classes: Some(Class::numbers(&[0, 3, 5, 8])),
        ..Default::default()
    }
}

fn data() -> Arc<Data> {
    Arc::new(load(&small(), 7).expect("the embedded data loads"))
}

fn engine() -> WebGpuEngine {
    block_on(WebGpuEngine::open(&AdapterChoice::Any)).expect("a graphics adapter")
}

/// Destroys the device once, at a given one of the moments that progress is told at.
struct Vandal {
    gpu: Gpu,
    at: Option<u64>,
    moments: Cell<u64>,
    notices: RefCell<Vec<String>>,
}

impl Observer for Vandal {
    fn event(&self, event: Event) {
        match event {
            Event::Progress { .. } => {
                self.moments.set(self.moments.get() + 1);
                if self.at == Some(self.moments.get()) {
                    self.gpu.device.destroy();
                }
            }
            Event::Notice(text) if text.contains("lost") => self.notices.borrow_mut().push(text),
            _ => {}
        }
    }
}

/// A whole run.
struct Finished {
    /// The final network's file, and the candidates'.
    files: [Vec<u8>; 2],
    /// How often progress was told.
    moments: u64,
    /// What was said of a lost device.
    notices: Vec<String>,
}

/// Makes a run whose device is destroyed at a moment.
fn finish(data: &Arc<Data>, at: Option<u64>) -> Finished {
    let mut config = Config { preset: "3-M-4".into(), rounds: 1, data: small(), ..Config::default() };
    config.training = Training { epochs: 5, batch: 13, ..config.training };
    config.learning = Learning { steps: 3, batch: 16, ..config.learning };
    let mut engine = engine();
    let gpu = engine.gpu().clone();
    let vandal = Vandal { gpu, at, moments: Cell::new(0), notices: RefCell::default() };
    let mut lab = Lab::new(config, data.clone()).unwrap();
    while !lab.is_done() {
        block_on(lab.execute(&mut engine, Command::Step, &vandal)).unwrap();
    }
    let files = tempfile::tempdir().unwrap();
    let output = Output::create(files.path(), engine.info()).unwrap();
    output.begin(&lab).unwrap();
    output.stage_done(&lab, Stage::Train, 2).unwrap();
    let read = |name: &str| std::fs::read(files.path().join(name)).unwrap();
    Finished {
        files: [read("network.safetensors"), read("candidates.csv")],
        moments: vandal.moments.get(),
        notices: vandal.notices.into_inner(),
    }
}

/// `SEEDLING_LOSSES` says how often the device is destroyed, `SEEDLING_LOSSES_FROM` the number of the first;
/// scripts/campaign does it many times.
#[test]
fn a_device_destroyed_at_any_moment_is_rebuilt_and_the_run_ends_the_same() {
    let number = |variable: &str, usual| match std::env::var(variable) {
        Ok(text) => text.parse().unwrap_or_else(|error| panic!("{variable}: {error}")),
        Err(_) => usual,
    };
    let data = data();
    let undisturbed = finish(&data, None);
    assert_eq!(undisturbed.notices, Vec::<String>::new());
    let first = number("SEEDLING_LOSSES_FROM", 0);
    for loss in first..first + number("SEEDLING_LOSSES", 3) {
        let at = 1 + Stream::new(1, "lost devices", loss).below(undisturbed.moments as usize) as u64;
        let found = finish(&data, Some(at));
        let when = format!("loss {loss}, at moment {at} of {}", undisturbed.moments);
        // Nothing is left to compute after the last moments, so that no one need find the device gone.
        let said = found.notices.len();
        assert!(said == 1 || said == 0 && at + 3 > undisturbed.moments, "{when}: {:?}", found.notices);
        assert!(found.files == undisturbed.files, "{when}: the files differ");
    }
}

/// Every family's candidates of a small network, grown one at a time.
fn grown(engine: &mut WebGpuEngine, base: &Model) -> Vec<Model> {
    let candidates = propose(&base.network.architecture, &Family::ALL).expect("places to grow");
    let request = LearnRequest {
        learner: Learner::default(),
        seed: 7,
        round: 1,
        candidates,
        estimator: Estimator::Sampled,
        together: false,
        steps: 1,
        batch: 8,
        learning_rate: 0.01,
    };
    let morphisms = block_on(engine.learn(&request, &Unwatched)).expect("learning goes on").morphisms;
    (0..morphisms.len()).map(|at| apply(base, &morphisms[at..=at]).expect("it fits")).collect()
}

#[test]
fn a_thousand_growths_and_undos_leave_the_memory_where_it_began() {
    let config = DataConfig { train: Some(16), validation: Some(4), held_out: Some(4), ..small() };
    let mut engine = engine();
    block_on(engine.set_data(Arc::new(load(&config, 7).unwrap()))).unwrap();
    let architecture = preset("2-M-3", 4).unwrap();
    let base = Model::new(Network::initialise(architecture, 7).unwrap());
    block_on(engine.load(&base)).unwrap();
    let grown = grown(&mut engine, &base);
    let request = TrainRequest::whole(7, Phase::Train(0), 1, 8);
    let round = |engine: &mut WebGpuEngine, step: usize| {
        block_on(engine.load(&grown[step % grown.len()])).unwrap();
        if step.is_multiple_of(10) {
            block_on(engine.train(&request, &Unwatched)).unwrap();
        }
        block_on(engine.evaluate(Part::HeldOut, &Unwatched)).unwrap();
        block_on(engine.load(&base)).unwrap();
    };
    // Once through all of them, so that all pipelines are built and the arena has its final size.
    (0..grown.len()).for_each(|step| round(&mut engine, step));
    let memory = |engine: &WebGpuEngine| {
        let driver = engine.gpu().device.generate_allocator_report().map(|report| report.allocations.len());
        (engine.memory_in_use(), engine.memory_reserved(), driver)
    };
    let before = memory(&engine);
    (0..1000).for_each(|step| round(&mut engine, step));
    assert_eq!(memory(&engine), before);
}

#[test]
fn an_engine_that_raced_takes_other_data_once_it_is_cleared() {
    let mut engine = engine();
    block_on(step_time(&mut engine, Duration::ZERO)).unwrap();
    assert!(block_on(engine.set_data(data())).is_err(), "the race's network has two classes");
    engine.clear();
    assert_eq!(engine.memory_in_use(), 0);
    block_on(engine.set_data(data())).unwrap();
}
