//! The engine behind a line computes exactly what it computes here.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_channel::{Receiver, Sender};
use pollster::block_on;

use super::*;
use crate::data::{Class, DataConfig, load};
use crate::engine::candle::CandleEngine;
use crate::engine::tests::Heard;
use crate::engine::{OptimizerConfig, Phase};
use crate::estimate::Estimator;
use crate::morphism::{Family, propose};
use crate::network::{Network, preset};

/// A line to an engine on a thread of its own.
struct Threaded {
    calls: Sender<Vec<u8>>,
    answers: Receiver<Vec<u8>>,
}

impl Line for Threaded {
    fn say(&self, message: Vec<u8>) {
        self.calls.try_send(message).expect("the line is open");
    }

    fn heard(&self) -> &Receiver<Vec<u8>> {
        &self.answers
    }
}

fn threaded() -> Box<dyn Line> {
    let (calls, received) = async_channel::unbounded();
    let (answered, answers) = async_channel::unbounded::<Vec<u8>>();
    std::thread::spawn(move || {
        let answer = |bytes| answered.try_send(bytes).expect("somebody listens");
        block_on(serve(Box::new(CandleEngine::new()), received, answer));
    });
    Box::new(Threaded { calls, answers })
}

fn remote() -> RemoteEngine {
    RemoteEngine::new(CandleEngine::new().info(), Box::new(|| Ok(threaded()))).expect("it opens")
}

fn data() -> Arc<Data> {
    let classes = Some(Class::numbers(&[0, 3, 8]));
    let config = DataConfig {
        train: Some(40),
        validation: Some(20),
        held_out: Some(30),
        classes,
        ..Default::default()
    };
    Arc::new(load(&config, 7).expect("the embedded data loads"))
}

fn model() -> Model {
    let architecture = preset("4-M-6", 3).expect("layers");
    Model::new(Network::initialise(architecture, 5).expect("it initialises"))
}

fn train(steps: std::ops::Range<u64>) -> TrainRequest {
    let optimizer = OptimizerConfig { learning_rate: 0.02, ..Default::default() };
    TrainRequest { steps, optimizer, average: 0.5, ..TrainRequest::whole(7, Phase::Train(1), 500, 10) }
}

fn bits(tensors: &Tensors) -> Vec<(String, Vec<u32>)> {
    let flat = |tensor: &candle_core::Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
    let bits = |tensor| flat(tensor).into_iter().map(f32::to_bits).collect();
    tensors.iter().map(|(name, tensor)| (name.clone(), bits(tensor))).collect()
}

/// What a run asks of an engine, one after the other, as text that two engines can be compared by.
fn everything(engine: &mut dyn Engine) -> Vec<String> {
    block_on(engine.set_data(data())).unwrap();
    block_on(engine.load(&model())).unwrap();
    let report = block_on(engine.train(&train(0..6), &Unwatched)).unwrap();
    let trained = block_on(engine.read_back()).unwrap();
    let families = [Family::Split, Family::Prune, Family::Widen];
    let learn = LearnRequest {
        learner: Learner::Estimate,
        seed: 7,
        round: 1,
        candidates: propose(&trained.network.architecture, &families).unwrap(),
        estimator: Estimator::Sampled,
        together: false,
        steps: 3,
        batch: 20,
        learning_rate: 0.005,
    };
    let morphisms = block_on(engine.learn(&learn, &Unwatched)).unwrap().morphisms;
    let request = EstimateRequest {
        seed: 7,
        round: 1,
        morphisms: &morphisms,
        scales: vec![vec![1.0, 0.5]; morphisms.len()],
        part: Part::Validation,
        estimators: Estimator::ALL.to_vec(),
    };
    let estimates = block_on(engine.estimate(&request, &Unwatched)).unwrap();
    let joint = block_on(engine.joint(&morphisms, Part::Validation, &Unwatched)).unwrap();
    let gains = block_on(engine.measure(&morphisms, Part::HeldOut, &Unwatched)).unwrap();
    let distilled = block_on(engine.distil(&train(0..3), &model(), &Unwatched)).unwrap();
    let phis: Vec<_> = morphisms.iter().map(|morphism| bits(&morphism.phi)).collect();
    let slots: Vec<_> = trained.optimizer.slots.values().map(bits).collect();
    vec![
        format!("{:?} {:?}", report.losses, distilled.losses),
        format!("{:?} {} {slots:?}", bits(&trained.network.tensors), trained.optimizer.steps),
        format!("{phis:?}"),
        format!("{estimates:?}"),
        format!("{joint:?}"),
        format!("{gains:?}"),
        format!("{:?}", block_on(engine.evaluate(Part::HeldOut, &Unwatched)).unwrap()),
        format!("{:?}", bits(&block_on(engine.activations(Part::HeldOut, 3)).unwrap())),
    ]
}

#[test]
fn results_through_a_line_are_the_same_to_the_bit() {
    let here = everything(&mut CandleEngine::new());
    let there = everything(&mut remote());
    for (here, there) in here.iter().zip(&there) {
        assert_eq!(here, there);
    }
    assert!(here[5].contains("0.") && here.len() == there.len());
}

#[test]
fn faults_come_back_as_what_they_are() {
    let mut engine = remote();
    let error = block_on(engine.evaluate(Part::Train, &Unwatched)).unwrap_err();
    let expected = block_on(CandleEngine::new().evaluate(Part::Train, &Unwatched)).unwrap_err();
    assert_eq!(error.to_string(), expected.to_string());
    block_on(engine.set_data(data())).unwrap();
    block_on(engine.load(&model())).unwrap();
    let mut request = train(0..30);
    request.optimizer.learning_rate = 1e30;
    let error = block_on(engine.train(&request, &Unwatched)).unwrap_err();
    assert!(matches!(error, EngineError::Diverged { stage: "training", .. }), "{error}");
}

/// Cancels after some progress.
struct Impatient(Cell<u64>);

impl Watch for Impatient {
    fn progress(&self, done: u64, _total: u64, _loss: Option<f32>) {
        self.0.set(done);
    }

    fn cancelled(&self) -> bool {
        self.0.get() >= 2
    }
}

#[test]
fn what_is_cancelled_ends_and_the_line_goes_on() {
    let mut engine = remote();
    block_on(engine.set_data(data())).unwrap();
    block_on(engine.load(&model())).unwrap();
    let watch = Impatient(Cell::new(0));
    let error = block_on(engine.train(&train(0..500), &watch)).unwrap_err();
    assert!(matches!(error, EngineError::Cancelled), "{error}");
    assert!(watch.0.get() < 400, "it stopped only after {} steps", watch.0.get());
    let steps = block_on(engine.read_back()).unwrap().optimizer.steps;
    assert_eq!(steps, 0, "the model is as it was before the call");
    block_on(engine.train(&train(0..2), &Unwatched)).unwrap();
}

fn learning(model: &Model, steps: u64) -> LearnRequest {
    LearnRequest {
        learner: Learner::Estimate,
        seed: 7,
        round: 1,
        candidates: propose(&model.network.architecture, &[Family::Split, Family::PruneMean]).unwrap(),
        estimator: Estimator::Sampled,
        together: false,
        steps,
        batch: 20,
        learning_rate: 0.005,
    }
}

#[test]
fn learning_that_is_cancelled_goes_on_behind_the_line() {
    let mut engine = remote();
    block_on(engine.set_data(data())).unwrap();
    let model = model();
    block_on(engine.load(&model)).unwrap();
    let request = learning(&model, 200);
    let expected = block_on(engine.learn(&request, &Unwatched)).unwrap().morphisms;
    let mut partly = None;
    let error = block_on(engine.learn_from(&mut partly, &request, &Impatient(Cell::new(0)))).unwrap_err();
    assert!(matches!(error, EngineError::Cancelled), "{error}");
    let steps = partly.as_ref().map_or(0, |partly| partly.steps);
    assert!((2..200).contains(&steps), "{steps} steps are kept");
    let found = block_on(engine.learn_from(&mut partly, &request, &Unwatched)).unwrap().morphisms;
    assert!(partly.is_none());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(bits(&found.phi), bits(&expected.phi), "{}", expected.candidate.id());
    }
}

#[test]
fn what_is_foreseen_while_learning_comes_through_a_line_where_it_is_listened_to() {
    let model = model();
    let request = learning(&model, 11);
    let told = |engine: &mut dyn Engine, listens: bool| {
        block_on(engine.set_data(data())).unwrap();
        block_on(engine.load(&model)).unwrap();
        let heard = Heard::new(listens);
        block_on(engine.learn(&request, &heard)).unwrap();
        heard.told.into_inner()
    };
    let here = told(&mut CandleEngine::new(), true);
    assert_eq!((here.len(), here[0].len()), (3, request.candidates.len()));
    assert_eq!(told(&mut remote(), true), here);
    assert_eq!(told(&mut remote(), false), Vec::<Vec<f64>>::new());
}

/// A line that says nothing, and breaks at once.
struct Broken(Receiver<Vec<u8>>);

impl Line for Broken {
    fn say(&self, _message: Vec<u8>) {}

    fn heard(&self) -> &Receiver<Vec<u8>> {
        &self.0
    }
}

#[test]
fn an_engine_that_stops_is_lost_and_can_be_started_again() {
    let opened = AtomicUsize::new(0);
    let open: Open = Box::new(move || match opened.fetch_add(1, Ordering::Relaxed) {
        0 => Ok(Box::new(Broken(async_channel::unbounded().1))),
        _ => Ok(threaded()),
    });
    let mut engine = RemoteEngine::new(CandleEngine::new().info(), open).unwrap();
    let error = block_on(engine.set_data(data())).unwrap_err();
    assert!(error.is_lost() && error.to_string().contains("has stopped"), "{error}");
    block_on(engine.restart()).unwrap();
    block_on(engine.set_data(data())).unwrap();
}

#[test]
fn garbled_messages_are_refused() {
    let good = Parcel::bare(Call::Evaluate(Part::HeldOut)).pack().unwrap();
    for bytes in [&good[..0], &good[..5], &good[..good.len() - 1], &[255u8; 40][..]] {
        let error = Parcel::<Call>::unpack(bytes).unwrap_err().to_string();
        assert!(error.contains("message"), "{error}");
    }
    let mut other = good.clone();
    other[9] ^= 1;
    assert!(Parcel::<Call>::unpack(&other).is_err());
}

#[test]
fn messages_of_any_kind_are_survived() {
    let model = model();
    let candidates = propose(&model.network.architecture, &[Family::Split]).unwrap();
    let mut here = CandleEngine::new();
    block_on(here.set_data(data())).unwrap();
    block_on(here.load(&model)).unwrap();
    let request = LearnRequest {
        seed: 7,
        round: 1,
        candidates,
        learner: Learner::Random,
        estimator: Estimator::Sampled,
        together: false,
        steps: 1,
        batch: 8,
        learning_rate: 0.1,
    };
    let morphisms = block_on(here.learn(&request, &Unwatched)).unwrap().morphisms;
    let table = block_on(here.joint(&morphisms[..2], Part::Validation, &Unwatched)).unwrap();
    let (head, tensors) = wire::from_model(&model);
    let (heads, phis) = wire::from_morphisms(&morphisms);
    let partly = PartlyLearned::beginning(morphisms.clone()).unwrap();
    let (steps, begun) = wire::from_partly(Some(&partly));
    let calls = [
        wire::from_data(&data()),
        Parcel::with(Call::Load(head), tensors),
        Parcel::with(Call::Learn { request: request.clone(), steps, foreseen: true }, begun.clone()),
        Parcel::with(Call::Measure { morphisms: heads, part: Part::HeldOut }, phis),
    ];
    let calls = calls.map(|call| call.pack().unwrap());
    crate::mutation_tests::survive("calls", &calls, |input| match Parcel::<Call>::unpack(input) {
        Ok(Parcel { head: Call::SetData(head), pixels, .. }) => drop(wire::to_data(head, pixels)),
        Ok(Parcel { head: Call::Load(head), tensors, .. }) => drop(wire::to_model(head, &tensors)),
        Ok(Parcel { head: Call::Learn { request, steps, .. }, tensors, .. }) => {
            if let Some(partly) = wire::to_partly(steps, &request, &tensors) {
                let _ = partly.check(&model.network.architecture, &request);
            }
        }
        Ok(Parcel { head: Call::Measure { morphisms, .. }, tensors, .. }) => {
            drop(wire::to_morphisms(morphisms, &tensors));
        }
        Ok(_) | Err(_) => {}
    });
    let (head, tensors) = wire::from_model(&model);
    let (heads, phis) = wire::from_morphisms(&morphisms);
    let learned = Answer::Learned { morphisms: heads, scores: vec![None; morphisms.len()] };
    let answers = [
        Parcel::with(Answer::Model(head), tensors),
        Parcel::with(learned, phis),
        Parcel::with(Answer::PartlyLearned { steps }, begun),
        wire::from_table(table).unwrap(),
    ];
    let answers = answers.map(|answer| answer.pack().unwrap());
    crate::mutation_tests::survive("answers", &answers, |input| match Parcel::<Answer>::unpack(input) {
        Ok(Parcel { head: Answer::Model(head), tensors, .. }) => drop(wire::to_model(head, &tensors)),
        Ok(Parcel { head: Answer::PartlyLearned { steps }, tensors, .. }) => {
            if let Some(partly) = wire::to_partly(steps, &request, &tensors) {
                let _ = partly.check(&model.network.architecture, &request);
            }
        }
        Ok(Parcel { head: Answer::Joint { classes, labels }, tensors, .. }) => {
            drop(wire::to_table(classes, labels, &tensors));
        }
        Ok(_) | Err(_) => {}
    });
}
