//! The contract, fulfilled on the CPU.

use std::sync::Arc;

use candle_core::DType;

use super::estimate;
use super::learners;
use super::measure;
use super::plan::Plan;
use super::tape::{Mode, forward};
use super::train::{self, Teacher};
use crate::data::{Data, Images};
use crate::engine::{
    Engine, EngineError, EngineInfo, EstimateRequest, Estimates, JointTable, LearnRequest, Learned, Learner,
    Part, PartlyLearned, Pending, Score, TrainReport, TrainRequest, Watch,
};
use crate::morphism::Morphism;
use crate::network::{AsType, Model, Tensors};

/// The Candle engine.
#[derive(Default)]
pub struct CandleEngine {
    data: Option<Arc<Data>>,
    loaded: Option<Loaded>,
}

struct Loaded {
    model: Model,
    plan: Plan,
}

impl CandleEngine {
    /// An engine without a model and without data.
    pub fn new() -> Self {
        Self::default()
    }

    fn data(&self) -> Result<&Data, EngineError> {
        self.data.as_deref().ok_or_else(|| missing("data"))
    }

    fn loaded(&self) -> Result<&Loaded, EngineError> {
        self.loaded.as_ref().ok_or_else(|| missing("a model"))
    }

    fn part(&self, part: Part) -> Result<&Images, EngineError> {
        let data = self.data()?;
        Ok(match part {
            Part::Train => &data.train,
            Part::Validation => &data.validation,
            Part::HeldOut => &data.held_out,
        })
    }

    /// Trains towards the labels, or towards what a teacher answers.
    async fn train_towards(
        &mut self,
        teacher: Option<Teacher<'_>>,
        request: &TrainRequest,
        watch: &dyn Watch,
    ) -> Result<TrainReport, EngineError> {
        positive("batch", request.batch as u64)?;
        let Loaded { model, plan } = self.loaded()?;
        let data = self.data()?;
        if let Some(teacher) = &teacher {
            let (found, expected) = (teacher.plan.architecture.classes()?, data.classes.len());
            if found != expected {
                return Err(unequal_classes("classes of the teacher", found, expected));
            }
        }
        let (model, report) = train::train(plan, model, teacher.as_ref(), data, request, watch).await?;
        if !train::all_finite(&model.network.tensors)? {
            let what = "a parameter".to_owned();
            return Err(EngineError::Diverged { stage: "training", step: request.steps.end, what });
        }
        if let Some(loaded) = &mut self.loaded {
            loaded.model = model;
        }
        Ok(report)
    }

    fn check_classes(&self) -> Result<(), EngineError> {
        let (Ok(data), Ok(loaded)) = (self.data(), self.loaded()) else { return Ok(()) };
        let classes = loaded.plan.architecture.classes()?;
        if classes == data.classes.len() {
            return Ok(());
        }
        Err(unequal_classes("classes of the network", classes, data.classes.len()))
    }
}

fn unequal_classes(what: &str, found: usize, expected: usize) -> EngineError {
    let expected = format!("{expected}, as in the data");
    EngineError::Request { what: what.into(), found: found.to_string(), expected }
}

fn missing(what: &str) -> EngineError {
    EngineError::Request { what: "the engine".into(), found: "nothing loaded".into(), expected: what.into() }
}

fn positive(what: &str, value: u64) -> Result<(), EngineError> {
    match value {
        0 => {
            Err(EngineError::Request { what: what.into(), found: "0".into(), expected: "at least 1".into() })
        }
        _ => Ok(()),
    }
}

impl Engine for CandleEngine {
    fn info(&self) -> EngineInfo {
        EngineInfo { name: "candle".into(), adapter: None }
    }

    fn set_data(&mut self, data: Arc<Data>) -> Pending<'_, ()> {
        Box::pin(async move {
            self.data = Some(data);
            self.check_classes()
        })
    }

    fn load<'a>(&'a mut self, model: &'a Model) -> Pending<'a, ()> {
        Box::pin(async move {
            model.network.check()?;
            if !train::all_finite(&model.network.tensors)? {
                let what = "a parameter".to_owned();
                return Err(EngineError::Diverged { stage: "loading", step: 0, what });
            }
            let plan = Plan::new(&model.network.architecture)?;
            self.loaded = Some(Loaded { model: model.clone(), plan });
            self.check_classes()
        })
    }

    fn read_back(&mut self) -> Pending<'_, Model> {
        Box::pin(async move { Ok(self.loaded()?.model.clone()) })
    }

    fn train<'a>(&'a mut self, request: &'a TrainRequest, watch: &'a dyn Watch) -> Pending<'a, TrainReport> {
        Box::pin(self.train_towards(None, request, watch))
    }

    fn distil<'a>(
        &'a mut self,
        request: &'a TrainRequest,
        teacher: &'a Model,
        watch: &'a dyn Watch,
    ) -> Pending<'a, TrainReport> {
        Box::pin(async move {
            teacher.network.check()?;
            let plan = Plan::new(&teacher.network.architecture)?;
            let teacher = Teacher { plan: &plan, parameters: &teacher.network.tensors };
            self.train_towards(Some(teacher), request, watch).await
        })
    }

    fn evaluate<'a>(&'a mut self, part: Part, watch: &'a dyn Watch) -> Pending<'a, Score> {
        Box::pin(async move {
            let Loaded { model, plan } = self.loaded()?;
            let score =
                train::evaluate(plan, &model.network.tensors, self.data()?, self.part(part)?, watch).await?;
            if !score.loss.is_finite() {
                let what = "the loss".to_owned();
                return Err(EngineError::Diverged { stage: "evaluating", step: 0, what });
            }
            Ok(score)
        })
    }

    fn offers(&self, _learner: Learner) -> bool {
        true
    }

    fn learn_from<'a>(
        &'a mut self,
        partly: &'a mut Option<PartlyLearned>,
        request: &'a LearnRequest,
        watch: &'a dyn Watch,
    ) -> Pending<'a, Learned> {
        Box::pin(async move {
            positive("learning batch", request.batch as u64)?;
            let Loaded { model, plan } = self.loaded()?;
            let task = learners::Task { plan, network: &model.network, data: self.data()?, request, watch };
            learners::learn(&task, partly).await
        })
    }

    fn estimate<'a>(
        &'a mut self,
        request: &'a EstimateRequest<'a>,
        watch: &'a dyn Watch,
    ) -> Pending<'a, Estimates> {
        Box::pin(async move {
            let Loaded { model, plan } = self.loaded()?;
            let part = self.part(request.part)?;
            estimate::estimate(plan, &model.network.tensors, self.data()?, part, request, watch).await
        })
    }

    fn joint<'a>(
        &'a mut self,
        morphisms: &'a [Morphism],
        part: Part,
        watch: &'a dyn Watch,
    ) -> Pending<'a, JointTable> {
        Box::pin(async move {
            let Loaded { model, plan } = self.loaded()?;
            let part = self.part(part)?;
            estimate::joint(plan, &model.network.tensors, self.data()?, part, morphisms, watch).await
        })
    }

    fn measure<'a>(
        &'a mut self,
        morphisms: &'a [Morphism],
        part: Part,
        watch: &'a dyn Watch,
    ) -> Pending<'a, Vec<f64>> {
        Box::pin(async move {
            let Loaded { model, plan } = self.loaded()?;
            let part = self.part(part)?;
            measure::measure(plan, &model.network.tensors, self.data()?, part, morphisms, watch).await
        })
    }

    fn activations(&mut self, part: Part, index: usize) -> Pending<'_, Tensors> {
        Box::pin(async move {
            let images = self.part(part)?;
            if index >= images.labels.len() {
                return Err(EngineError::Request {
                    what: "example".into(),
                    found: index.to_string(),
                    expected: format!("below {}", images.labels.len()),
                });
            }
            let model = &self.loaded()?.model;
            let plan = Plan::unfused(&model.network.architecture)?;
            let parameters = &model.network.tensors;
            let image = train::images(self.data()?, images, &[index], train::dtype_of(parameters))?;
            let values = forward(&plan, parameters, image, Mode::Evaluation)?;
            let mut activations = Tensors::new();
            for node in 0..plan.shapes.len() {
                let value = values.at(node)?.squeeze(0)?.as_type(DType::F32)?;
                activations.insert(plan.name(node).to_owned(), value);
            }
            Ok(activations)
        })
    }
}
