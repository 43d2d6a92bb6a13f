//! An engine that computes nothing but plays by the contract: its answers depend on what a real one's depend
//! on, so the lab's logic can be tested in milliseconds.

use std::cell::RefCell;
use std::sync::Arc;

use candle_core::{Device, Tensor};

use crate::data::Data;
use crate::engine::{
    Engine, EngineError, EngineInfo, EstimateRequest, Estimates, JointTable, LearnRequest, Learned, Learner,
    Part, PartlyLearned, Pending, Score, TrainReport, TrainRequest, Watch,
};
use crate::estimate::Estimator;
use crate::morphism::{Family, Morphism, phi_shapes};
use crate::network::{Model, OptimizerState, Tensors, is_trained};
use crate::random::Stream;

/// The engine; the calls it got, in order.
#[derive(Default)]
pub struct FakeEngine {
    pub calls: RefCell<Vec<String>>,
    pub diverge_at: Option<u64>,
    /// Whether the next learning panics.
    pub panics: bool,
    /// A training step at which the device is lost, and how many times.
    pub lose_at: Option<(u64, u32)>,
    /// Whether the logits alone tell the loss: without it they are all 0.
    judges: bool,
    /// Losses on the validation part, in the order they are asked for, in place of made-up ones.
    pub validation_losses: std::collections::VecDeque<f64>,
    data: Option<Arc<Data>>,
    model: Option<Model>,
}

/// An answer without waiting.
fn ready<'a, T: 'a>(result: Result<T, EngineError>) -> Pending<'a, T> {
    Box::pin(std::future::ready(result))
}

impl FakeEngine {
    /// One whose first learning panics.
    pub fn panicking() -> Self {
        Self { panics: true, ..Self::default() }
    }

    /// One whose logits tell the losses that it makes up.
    pub fn judging() -> Self {
        Self { judges: true, ..Self::default() }
    }

    fn note(&self, call: impl Into<String>) {
        self.calls.borrow_mut().push(call.into());
    }

    fn model(&self) -> &Model {
        self.model.as_ref().expect("a model is loaded before it is used")
    }

    /// A number that depends on every weight.
    fn fingerprint(&self) -> f64 {
        let sum = |tensor: &Tensor| {
            let values = tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
            values.iter().enumerate().map(|(i, v)| f64::from(*v) * ((i % 7) as f64 + 1.0)).sum::<f64>()
        };
        self.model().network.tensors.values().map(sum).sum()
    }

    /// The loss that it makes up for a part.
    fn loss(&mut self, part: Part) -> f64 {
        if part == Part::Validation
            && let Some(loss) = self.validation_losses.pop_front()
        {
            return loss;
        }
        1.0 + self.fingerprint().sin().abs() + f64::from(u8::from(part == Part::HeldOut)) * 0.1
    }

    /// Logits of two classes whose loss is the one made up; that of single images lies around it.
    fn judged(&mut self, part: Part) -> JointTable {
        const IMAGES: usize = 30;
        let loss = self.loss(part);
        let mut stream = Stream::new((loss * 1e9) as u64, "fake images", 0);
        // ln(1 + exp(−o)) = loss, turned around.
        let logit = |loss: f64| -loss.exp_m1().ln() as f32;
        let spread: Vec<f64> = (0..IMAGES / 2).map(|_| 0.2 * stream.uniform() * loss).collect();
        let losses = spread.iter().flat_map(|apart| [loss + apart, loss - apart]);
        let logits = losses.flat_map(|loss| [logit(loss), 0.0]).collect();
        JointTable { classes: 2, labels: vec![0; IMAGES], logits, changes: Vec::new() }
    }

    /// What a morphism gains at scale 1; its best scale is 1 if this is positive.
    fn strength(&self, morphism: &Morphism) -> f64 {
        Stream::new(1, &morphism.candidate.id(), 0).normal() * 1e-3
    }

    fn gain(&self, morphism: &Morphism, scale: f64) -> f64 {
        self.strength(morphism) * scale * (2.0 - scale)
    }
}

impl Engine for FakeEngine {
    fn info(&self) -> EngineInfo {
        EngineInfo { name: "fake".into(), adapter: None }
    }

    fn restart(&mut self) -> Pending<'_, ()> {
        self.note("restart");
        (self.data, self.model) = (None, None);
        ready(Ok(()))
    }

    fn set_data(&mut self, data: Arc<Data>) -> Pending<'_, ()> {
        self.note("set_data");
        self.data = Some(data);
        ready(Ok(()))
    }

    fn load<'a>(&'a mut self, model: &'a Model) -> Pending<'a, ()> {
        self.note("load");
        self.model = Some(model.clone());
        ready(Ok(()))
    }

    fn read_back(&mut self) -> Pending<'_, Model> {
        ready(Ok(self.model().clone()))
    }

    fn train<'a>(&'a mut self, request: &'a TrainRequest, watch: &'a dyn Watch) -> Pending<'a, TrainReport> {
        self.note(format!("train {} {:?} of {}", request.phase.number(), request.steps, request.phase_steps));
        let mut model = self.model().clone();
        let mut losses = Vec::new();
        if request.average > 0.0 {
            model.begin_average();
        }
        let inherited = model.optimizer.slots.get(OptimizerState::INHERITED).cloned().unwrap_or_default();
        for step in request.steps.clone() {
            if self.diverge_at == Some(step) {
                return ready(Err(EngineError::Diverged {
                    stage: "training",
                    step,
                    what: "the loss".into(),
                }));
            }
            if let Some((at, times)) = &mut self.lose_at
                && *at == step
                && *times > 0
            {
                *times -= 1;
                return ready(Err(EngineError::Lost("the graphics device was lost: pulled out".into())));
            }
            if watch.cancelled() {
                return ready(Err(EngineError::Cancelled));
            }
            let index = request.phase.number() * 1_000_000 + step;
            let factor = 1.0 + 0.01 * Stream::new(request.seed, "fake", index).normal();
            let slots = model.optimizer.slots.entry("momentum".into()).or_default();
            for (name, tensor) in model.network.tensors.iter_mut().filter(|(name, _)| is_trained(name)) {
                let before = slots.get(name).cloned().unwrap_or_else(|| tensor.zeros_like().unwrap());
                let momentum = ((before * 0.9).unwrap() + (&*tensor * (factor - 1.0)).unwrap()).unwrap();
                let pace = match inherited.get(name) {
                    Some(marks) => marks.affine(1.0 - request.new_rate, request.new_rate).unwrap(),
                    None => tensor.ones_like().unwrap(),
                };
                *tensor = (&*tensor + (&momentum * pace).unwrap()).unwrap();
                slots.insert(name.clone(), momentum);
            }
            if let Some(average) = model.optimizer.slots.get_mut(OptimizerState::AVERAGE) {
                for (name, old) in average {
                    let change = (&model.network.tensors[name] - &*old).unwrap();
                    *old = (&*old + (change * request.average_share(step)).unwrap()).unwrap();
                }
            }
            model.optimizer.steps += 1;
            losses.push(factor as f32);
            watch.progress(step - request.steps.start + 1, request.steps.end - request.steps.start, None);
        }
        if request.ends_phase() {
            model.end_phase();
        }
        self.model = Some(model);
        ready(Ok(TrainReport { losses }))
    }

    fn distil<'a>(
        &'a mut self,
        request: &'a TrainRequest,
        teacher: &'a Model,
        _watch: &'a dyn Watch,
    ) -> Pending<'a, TrainReport> {
        self.note(format!(
            "distil {:?} from {} nodes",
            request.steps,
            teacher.network.architecture.nodes.len()
        ));
        ready(Ok(TrainReport { losses: request.steps.clone().map(|step| 0.5 / (step + 1) as f32).collect() }))
    }

    fn evaluate<'a>(&'a mut self, part: Part, watch: &'a dyn Watch) -> Pending<'a, Score> {
        if watch.cancelled() {
            return ready(Err(EngineError::Cancelled));
        }
        let loss = self.loss(part);
        ready(Ok(Score { loss, accuracy: 0.5 / loss }))
    }

    fn offers(&self, learner: Learner) -> bool {
        learner != Learner::Direct
    }

    /// Cancelled, it stands one step farther.
    fn learn_from<'a>(
        &'a mut self,
        partly: &'a mut Option<PartlyLearned>,
        request: &'a LearnRequest,
        watch: &'a dyn Watch,
    ) -> Pending<'a, Learned> {
        let steps = partly.as_ref().map_or(0, |partly| partly.steps);
        let from = if steps > 0 { format!(" from {steps}") } else { String::new() };
        self.note(format!("learn {} {}{from}", request.round, request.estimator));
        assert!(!std::mem::take(&mut self.panics), "learning was told to panic");
        let architecture = &self.model().network.architecture;
        let learn = |candidate: &crate::morphism::Candidate| {
            let mut phi = Tensors::new();
            for (name, shape) in phi_shapes(architecture, candidate).unwrap() {
                let purpose = format!("fake {} {name}", candidate.id());
                let count = shape.iter().product();
                let values = Stream::new(request.seed, &purpose, request.round).normals(count, 0.01);
                phi.insert(name.to_string(), Tensor::from_vec(values, shape, &Device::Cpu).unwrap());
            }
            Morphism { candidate: candidate.clone(), phi, scale: 1.0 }
        };
        let morphisms: Vec<Morphism> = request.candidates.iter().map(learn).collect();
        if watch.cancelled() {
            let beginning = PartlyLearned::beginning(morphisms).unwrap();
            *partly = Some(PartlyLearned { steps: steps + 1, ..beginning });
            return ready(Err(EngineError::Cancelled));
        }
        ready(Ok(Learned::unscored(morphisms)))
    }

    fn estimate<'a>(
        &'a mut self,
        request: &'a EstimateRequest<'a>,
        _watch: &'a dyn Watch,
    ) -> Pending<'a, Estimates> {
        self.note(format!("estimate {:?} {}", request.part, request.morphisms.len()));
        let bias = |estimator: &Estimator| 1.0 + 0.01 * *estimator as usize as f64;
        let rows = request.morphisms.iter().zip(&request.scales).map(|(morphism, scales)| {
            let at = |scale: &f32| {
                let gain = self.gain(morphism, f64::from(*scale));
                request.estimators.iter().map(|estimator| gain * bias(estimator)).collect()
            };
            scales.iter().map(at).collect()
        });
        ready(Ok(rows.collect()))
    }

    fn joint<'a>(
        &'a mut self,
        morphisms: &'a [Morphism],
        part: Part,
        _watch: &'a dyn Watch,
    ) -> Pending<'a, JointTable> {
        self.note(format!("joint {part:?} {}", morphisms.len()));
        if morphisms.is_empty() && self.judges {
            return ready(Ok(self.judged(part)));
        }
        // Two classes; every example's right logit rises by what the morphism gains.
        let change = |morphism: &Morphism| [self.strength(morphism) as f32 * 20.0, 0.0].repeat(3);
        let changes = morphisms.iter().map(change).collect();
        ready(Ok(JointTable { classes: 2, labels: vec![0; 3], logits: vec![0.0; 6], changes }))
    }

    fn measure<'a>(
        &'a mut self,
        morphisms: &'a [Morphism],
        part: Part,
        _watch: &'a dyn Watch,
    ) -> Pending<'a, Vec<f64>> {
        self.note(format!("measure {part:?} {}", morphisms.len()));
        let actual = |morphism: &Morphism| {
            let slack = if morphism.candidate.family == Family::Split { 1.0 } else { 1.1 };
            self.gain(morphism, f64::from(morphism.scale)) * slack
        };
        ready(Ok(morphisms.iter().map(actual).collect()))
    }

    fn activations(&mut self, _part: Part, _index: usize) -> Pending<'_, Tensors> {
        ready(Ok(Tensors::new()))
    }
}
