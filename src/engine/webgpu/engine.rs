//! The contract, fulfilled on a graphics device.

use std::sync::Arc;

use candle_core::{Device, Tensor};

use super::adapter::AdapterChoice;
use super::commands::{Commands, Context};
use super::families::sites;
use super::graph::Graph;
use super::pace::{Count, Pace};
use super::parameters::Parameters;
use super::resident::Resident;
use super::session::{TrainSetup, first_step, train};
use super::sweep::{Setup, SweepBuffers, forward_pass};
use super::{Gpu, GpuError, estimate, learn, measure, score};
use crate::data::Data;
use crate::engine::{
    Engine, EngineError, EngineInfo, EstimateRequest, Estimates, JointTable, LearnRequest, Learned, Learner,
    Part, PartlyLearned, Pending, Score, TrainReport, TrainRequest, Watch,
};
use crate::morphism::Morphism;
use crate::network::{Model, Network, Tensors};

/// The WebGPU engine: one device, one data set, one model.
pub struct WebGpuEngine {
    context: Context,
    pace: Pace,
    data: Option<Loaded>,
    model: Option<Held>,
}

struct Loaded {
    data: Arc<Data>,
    /// The training, the validation and the held-out part.
    parts: Vec<Resident>,
}

struct Held {
    /// The graph and the tensors as loaded; the device's are newer.
    network: Network,
    graph: Graph,
    parameters: Parameters,
}

impl WebGpuEngine {
    /// Opens a device.
    pub async fn open(choice: &AdapterChoice) -> Result<Self, GpuError> {
        Self::on(Gpu::open(choice).await?)
    }

    /// On a device that is open.
    pub fn on(gpu: Gpu) -> Result<Self, GpuError> {
        Ok(Self { context: Context::new(gpu), pace: Pace::default(), data: None, model: None })
    }

    /// The device.
    pub fn gpu(&self) -> &Gpu {
        &self.context.gpu
    }

    /// The longest that one submission took, see [`Pace::slowest`].
    pub fn slowest(&self) -> std::time::Duration {
        self.pace.slowest()
    }

    /// How many submissions there were, and how many of them lasted too long.
    pub fn submissions(&self) -> Count {
        self.pace.count()
    }

    /// The longest first use of a kernel, see [`Pace::slowest_warming`].
    pub fn slowest_warming(&self) -> std::time::Duration {
        self.pace.slowest_warming()
    }

    /// Forgets data and model; the device and what was compiled for it stay.
    pub fn clear(&mut self) {
        (self.data, self.model) = (None, None);
    }

    /// Device memory in use, in bytes.
    pub fn memory_in_use(&self) -> u64 {
        self.context.arena.in_use()
    }

    /// Device memory held, in bytes: what is in use and what is kept to be used again.
    pub fn memory_reserved(&self) -> u64 {
        self.context.arena.reserved()
    }

    fn ready(&self) -> Result<(&Held, &Loaded), EngineError> {
        let held = self.model.as_ref().ok_or_else(|| missing("a model"))?;
        Ok((held, self.data.as_ref().ok_or_else(|| missing("data"))?))
    }

    /// The layers with the morphisms' sites open.
    fn open_graph(&self, morphisms: &[Morphism]) -> Result<Graph, EngineError> {
        let (held, _) = self.ready()?;
        let sites = sites(&held.graph, morphisms)?;
        Ok(Graph::open(&held.network.architecture, &sites)?)
    }

    fn setup<'a>(&'a mut self, graph: &'a Graph, part: Part) -> Result<Setup<'a>, EngineError> {
        let held = self.model.as_ref().ok_or_else(|| missing("a model"))?;
        let loaded = self.data.as_ref().ok_or_else(|| missing("data"))?;
        self.context.most = self.pace.most();
        Ok(Setup {
            context: &mut self.context,
            pace: &mut self.pace,
            graph,
            parameters: &held.parameters,
            part: loaded.part(part),
            normalization: &loaded.data.normalization,
        })
    }

    /// A model on the device.
    async fn held(&self, model: &Model) -> Result<Held, EngineError> {
        model.network.check()?;
        let graph = Graph::new(&model.network.architecture, true)?;
        let parameters = Parameters::new(&self.context, model).await?;
        Ok(Held { network: model.network.clone(), graph, parameters })
    }

    /// The first training step of `request` as a list that is ready to run on [`Self::gpu`], to measure its kernels
    /// one by one. Running it trains the model, and running parts of it spoils the model.
    pub async fn first_step(&mut self, request: &TrainRequest) -> Result<Commands, EngineError> {
        first_step(&mut self.training(None)?, request).await
    }

    /// Trains towards the labels, or towards what a teacher answers.
    async fn train_towards(
        &mut self,
        teacher: Option<&Held>,
        request: &TrainRequest,
        watch: &dyn Watch,
    ) -> Result<TrainReport, EngineError> {
        if request.batch == 0 {
            return Err(zero("batch"));
        }
        self.check_classes("classes of the teacher", teacher)?;
        train(&mut self.training(teacher)?, request, watch).await
    }

    fn training<'a>(&'a mut self, teacher: Option<&'a Held>) -> Result<TrainSetup<'a>, EngineError> {
        let loaded = self.data.as_ref().ok_or_else(|| missing("data"))?;
        let held = self.model.as_mut().ok_or_else(|| missing("a model"))?;
        self.context.most = self.pace.most();
        Ok(TrainSetup {
            context: &mut self.context,
            pace: &mut self.pace,
            graph: &held.graph,
            parameters: &mut held.parameters,
            teacher: teacher.map(|teacher| (&teacher.graph, &teacher.parameters)),
            part: loaded.part(Part::Train),
            normalization: &loaded.data.normalization,
        })
    }

    fn check_classes(&self, what: &str, held: Option<&Held>) -> Result<(), EngineError> {
        let (Some(data), Some(held)) = (&self.data, held) else { return Ok(()) };
        let (found, expected) = (held.graph.classes(), data.data.classes.len());
        if found == expected {
            return Ok(());
        }
        Err(EngineError::Request {
            what: what.into(),
            found: found.to_string(),
            expected: format!("{expected}, as in the data"),
        })
    }
}

impl Loaded {
    fn part(&self, part: Part) -> &Resident {
        match part {
            Part::Train => &self.parts[0],
            Part::Validation => &self.parts[1],
            Part::HeldOut => &self.parts[2],
        }
    }
}

fn missing(what: &str) -> EngineError {
    EngineError::Request { what: "the engine".into(), found: "nothing loaded".into(), expected: what.into() }
}

fn zero(what: &str) -> EngineError {
    EngineError::Request { what: what.into(), found: "0".into(), expected: "at least 1".into() }
}

impl Engine for WebGpuEngine {
    fn info(&self) -> EngineInfo {
        EngineInfo { name: "webgpu".into(), adapter: Some(self.context.gpu.report.to_string()) }
    }

    fn restart(&mut self) -> Pending<'_, ()> {
        Box::pin(async move {
            // The same adapter: another one would round differently.
            let report = self.context.gpu.report.clone();
            let mut gpu = Gpu::open(&AdapterChoice::Named(report.name.clone())).await?;
            gpu.report = report;
            *self = Self::on(gpu)?;
            Ok(())
        })
    }

    fn set_data(&mut self, data: Arc<Data>) -> Pending<'_, ()> {
        Box::pin(async move {
            // The old data's memory can serve the new.
            self.data = None;
            let context = &self.context;
            let mut parts = Vec::new();
            for images in [&data.train, &data.validation, &data.held_out] {
                parts.push(Resident::new(context, images).await?);
            }
            self.data = Some(Loaded { data, parts });
            self.check_classes("classes of the network", self.model.as_ref())
        })
    }

    fn load<'a>(&'a mut self, model: &'a Model) -> Pending<'a, ()> {
        Box::pin(async move {
            self.model = Some(self.held(model).await?);
            self.context.gpu.check()?;
            self.check_classes("classes of the network", self.model.as_ref())
        })
    }

    fn read_back(&mut self) -> Pending<'_, Model> {
        Box::pin(async move {
            let held = self.model.as_ref().ok_or_else(|| missing("a model"))?;
            held.parameters.model(&self.context, &held.network).await
        })
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
            let teacher = self.held(teacher).await?;
            self.train_towards(Some(&teacher), request, watch).await
        })
    }

    fn evaluate<'a>(&'a mut self, part: Part, watch: &'a dyn Watch) -> Pending<'a, Score> {
        Box::pin(async move {
            let loaded = self.data.as_ref().ok_or_else(|| missing("data"))?;
            let held = self.model.as_ref().ok_or_else(|| missing("a model"))?;
            self.context.most = self.pace.most();
            let (context, pace) = (&mut self.context, &mut self.pace);
            let (graph, parameters) = (&held.graph, &held.parameters);
            let normalization = &loaded.data.normalization;
            let score =
                score::evaluate(context, pace, graph, parameters, loaded.part(part), normalization, watch)
                    .await?;
            match score.loss.is_finite() {
                true => Ok(score),
                false => {
                    let what = "the loss".to_owned();
                    Err(EngineError::Diverged { stage: "evaluating", step: 0, what })
                }
            }
        })
    }

    fn offers(&self, learner: Learner) -> bool {
        matches!(learner, Learner::Estimate | Learner::Random)
    }

    fn learn_from<'a>(
        &'a mut self,
        partly: &'a mut Option<PartlyLearned>,
        request: &'a LearnRequest,
        watch: &'a dyn Watch,
    ) -> Pending<'a, Learned> {
        Box::pin(async move {
            if !self.offers(request.learner) {
                return Err(EngineError::Request {
                    what: "learner".into(),
                    found: request.learner.to_string(),
                    expected: "estimate or random; the engine candle has every learner".into(),
                });
            }
            if request.batch == 0 {
                return Err(zero("learning batch"));
            }
            let candidates: Vec<Morphism> = request
                .candidates
                .iter()
                .map(|candidate| Morphism {
                    candidate: candidate.clone(),
                    phi: Default::default(),
                    scale: 1.0,
                })
                .collect();
            let (held, _) = self.ready()?;
            let network = Network {
                architecture: held.network.architecture.clone(),
                tensors: held.parameters.tensors(&self.context).await?,
            };
            let graph = self.open_graph(&candidates)?;
            let mut setup = self.setup(&graph, Part::Train)?;
            Ok(Learned::unscored(learn::learn(&mut setup, &network, partly, request, watch).await?))
        })
    }

    fn estimate<'a>(
        &'a mut self,
        request: &'a EstimateRequest<'a>,
        watch: &'a dyn Watch,
    ) -> Pending<'a, Estimates> {
        Box::pin(async move {
            let graph = self.open_graph(request.morphisms)?;
            estimate::estimate(&mut self.setup(&graph, request.part)?, request, watch).await
        })
    }

    fn joint<'a>(
        &'a mut self,
        morphisms: &'a [Morphism],
        part: Part,
        watch: &'a dyn Watch,
    ) -> Pending<'a, JointTable> {
        Box::pin(async move {
            let graph = self.open_graph(morphisms)?;
            estimate::joint(&mut self.setup(&graph, part)?, morphisms, watch).await
        })
    }

    fn measure<'a>(
        &'a mut self,
        morphisms: &'a [Morphism],
        part: Part,
        watch: &'a dyn Watch,
    ) -> Pending<'a, Vec<f64>> {
        Box::pin(async move {
            let graph = self.open_graph(morphisms)?;
            measure::measure(&mut self.setup(&graph, part)?, morphisms, watch).await
        })
    }

    fn activations(&mut self, part: Part, index: usize) -> Pending<'_, Tensors> {
        Box::pin(async move {
            let graph = self.open_graph(&[])?;
            let mut setup = self.setup(&graph, part)?;
            let count = setup.part.labels.len();
            if index >= count {
                return Err(EngineError::Request {
                    what: "example".into(),
                    found: index.to_string(),
                    expected: format!("below {count}"),
                });
            }
            activations(&mut setup, index).await
        })
    }
}

/// Every node's output for one example.
async fn activations(setup: &mut Setup<'_>, index: usize) -> Result<Tensors, EngineError> {
    let subject = setup.subject();
    let mut recording = setup.context.recording();
    let shared = SweepBuffers::new(&mut recording, subject.graph, 1, 1);
    let values = forward_pass(&mut recording, subject, &shared, [1, 0])?;
    let commands = setup.context.realise(recording).await?;
    shared.schedule(setup, &commands, &[index], &[0.0])?;
    let mut wanted = Vec::new();
    for (node, shape) in subject.graph.shapes.iter().enumerate() {
        wanted.push((values.at(node)?, shape.elements()));
    }
    let answers = setup.answers::<f32>(&commands, 1, &wanted).await?;
    let mut found = Tensors::new();
    for ((node, shape), numbers) in subject.graph.shapes.iter().enumerate().zip(answers) {
        let dims = (shape.channels, shape.height, shape.width);
        let tensor = Tensor::from_vec(numbers, dims, &Device::Cpu)?;
        found.insert(subject.graph.name(node).to_owned(), tensor);
    }
    Ok(found)
}
