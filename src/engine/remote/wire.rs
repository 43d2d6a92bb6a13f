//! What an engine and its user say to each other when they share no memory: a text for the structure, tensors in the
//! safetensors format, pixels as they are.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::data::{Data, Images, Normalization};
use crate::engine::{
    EngineError, Estimates, JointTable, LearnRequest, Part, PartlyLearned, Score, TrainReport, TrainRequest,
};
use crate::estimate::Estimator;
use crate::morphism::{Candidate, Morphism};
use crate::names;
use crate::network::{Architecture, Model, Tensors, prefixed, tensors_from_bytes, tensors_to_bytes, under};

/// A message: its structure, and what is too large for text.
#[derive(Debug)]
pub struct Parcel<T> {
    /// The structure.
    pub head: T,
    /// The tensors, f32.
    pub tensors: Tensors,
    /// Pixels.
    pub pixels: Vec<u8>,
}

/// A call of an engine's method; tensors and pixels follow in the same message.
#[derive(Debug, Serialize, Deserialize)]
pub enum Call {
    /// Take the data.
    SetData(DataHead),
    /// Take the model.
    Load(ModelHead),
    /// Give the model.
    ReadBack,
    /// Train.
    Train(TrainRequest),
    /// Train towards the answers of the model that comes with it.
    Distil { request: TrainRequest, teacher: ModelHead },
    /// Score.
    Evaluate(Part),
    /// Learn φ, from where it stands after so many steps if it was begun; its numbers come beside it. `foreseen` says
    /// whether [`Answer::Foreseen`] is listened to.
    Learn { request: LearnRequest, steps: Option<u64>, foreseen: bool },
    /// Estimate.
    Estimate(EstimateHead),
    /// The table for joint choice.
    Joint { morphisms: Vec<MorphismHead>, part: Part },
    /// Measure.
    Measure { morphisms: Vec<MorphismHead>, part: Part },
    /// Every node's output.
    Activations { part: Part, index: usize },
    /// Abort the call under way; this itself has no answer.
    Cancel,
}

/// An engine's answer to a call, or a sign of life before it.
#[derive(Debug, Serialize, Deserialize)]
pub enum Answer {
    /// The call is still under way; a chance to cancel it.
    Alive,
    /// The call is still under way: so much of it is done.
    Progress { done: u64, total: u64, loss: Option<f32> },
    /// Learning is still under way: what is foreseen of each candidate.
    Foreseen(Vec<f64>),
    /// Done, without a result.
    Done,
    /// The model.
    Model(ModelHead),
    /// What training did.
    Trained(TrainReport),
    /// The score.
    Scored(Score),
    /// Learned morphisms, and their learner's scores.
    Learned { morphisms: Vec<MorphismHead>, scores: Vec<Option<f64>> },
    /// Learning was cancelled, and can go on after so many steps; the numbers come beside them.
    PartlyLearned { steps: Option<u64> },
    /// Estimates.
    Estimated(Estimates),
    /// The table for the joint choice; its numbers come beside it.
    Joint { classes: usize, labels: Vec<u8> },
    /// Actual gains.
    Measured(Vec<f64>),
    /// The outputs, as tensors.
    Activations,
    /// The call failed.
    Failed(Fault),
}

/// Data without its pixels, which follow in the order of the parts.
#[derive(Debug, Serialize, Deserialize)]
pub struct DataHead {
    name: String,
    source: String,
    classes: Vec<u8>,
    class_names: Vec<String>,
    /// Labels and indices of each part.
    parts: [(Vec<u8>, Vec<u32>); 3],
    normalization: Normalization,
    sha256: String,
    notices: Vec<String>,
}

/// A model without its tensors.
#[derive(Debug, Serialize, Deserialize)]
pub struct ModelHead {
    architecture: Architecture,
    steps: u64,
    slots: Vec<String>,
}

/// A morphism without φ.
#[derive(Debug, Serialize, Deserialize)]
pub struct MorphismHead {
    candidate: Candidate,
    scale: f32,
}

/// An [`EstimateRequest`](crate::engine::EstimateRequest) without φ.
#[derive(Debug, Serialize, Deserialize)]
pub struct EstimateHead {
    /// The run's seed.
    pub seed: u64,
    /// The growth round.
    pub round: u64,
    /// What to estimate.
    pub morphisms: Vec<MorphismHead>,
    /// At which scales.
    pub scales: Vec<Vec<f32>>,
    /// On which examples.
    pub part: Part,
    /// By which formulas.
    #[serde(with = "names::list")]
    pub estimators: Vec<Estimator>,
}

/// An [`EngineError`] in a message.
#[derive(Debug, Serialize, Deserialize)]
pub enum Fault {
    /// [`EngineError::Diverged`].
    Diverged { stage: String, step: u64, what: String },
    /// [`EngineError::Cancelled`].
    Cancelled,
    /// [`EngineError::Request`].
    Request { what: String, found: String, expected: String },
    /// Any other error, as a text.
    Other(String),
}

/// Computations that can diverge.
const STAGES: [&str; 5] = ["training", "learning", "estimating", "measuring", "evaluating"];

impl Fault {
    /// Of an error.
    pub fn of(error: EngineError) -> Self {
        match error {
            EngineError::Diverged { stage, step, what } => {
                Self::Diverged { stage: stage.to_owned(), step, what }
            }
            EngineError::Cancelled => Self::Cancelled,
            EngineError::Request { what, found, expected } => Self::Request { what, found, expected },
            other => Self::Other(other.to_string()),
        }
    }

    /// The error.
    pub fn error(self) -> EngineError {
        match self {
            Self::Diverged { stage, step, what } => {
                let known = STAGES.into_iter().find(|known| *known == stage);
                EngineError::Diverged { stage: known.unwrap_or("loading"), step, what }
            }
            Self::Cancelled => EngineError::Cancelled,
            Self::Request { what, found, expected } => EngineError::Request { what, found, expected },
            Self::Other(words) => EngineError::Background(words),
        }
    }
}

/// The error for a message that this version does not understand.
fn garbled(what: &str) -> EngineError {
    EngineError::Request {
        what: "a message between engine and program".into(),
        found: what.to_owned(),
        expected: "one of this version".into(),
    }
}

impl<T> Parcel<T> {
    /// Of a structure alone.
    pub fn bare(head: T) -> Self {
        Self { head, tensors: Tensors::new(), pixels: Vec::new() }
    }

    /// Of a structure and tensors.
    pub fn with(head: T, tensors: Tensors) -> Self {
        Self { head, tensors, pixels: Vec::new() }
    }
}

impl<T: Serialize> Parcel<T> {
    /// As bytes: the lengths of the two parts that follow (each a little-endian u32), the structure as JSON, the
    /// tensors, the pixels.
    pub fn pack(&self) -> Result<Vec<u8>, EngineError> {
        let head = serde_json::to_vec(&self.head).map_err(|error| garbled(&error.to_string()))?;
        let tensors = tensors_to_bytes(&self.tensors, &BTreeMap::new())?;
        let lengths = [head.len(), tensors.len()].map(|length| (length as u32).to_le_bytes());
        Ok([lengths.concat(), head, tensors, self.pixels.clone()].concat())
    }
}

impl<T: DeserializeOwned> Parcel<T> {
    /// From what [`Self::pack`] gave.
    pub fn unpack(bytes: &[u8]) -> Result<Self, EngineError> {
        let short = || garbled(&format!("{} bytes", bytes.len()));
        let length = |at: usize| -> Option<usize> {
            Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize)
        };
        let (head, tensors) = (length(0).ok_or_else(short)?, length(4).ok_or_else(short)?);
        let rest = &bytes[8..];
        let (head, rest) = rest.split_at_checked(head).ok_or_else(short)?;
        let (tensors, pixels) = rest.split_at_checked(tensors).ok_or_else(short)?;
        let head = serde_json::from_slice(head).map_err(|error| garbled(&error.to_string()))?;
        let (tensors, _) = tensors_from_bytes(tensors, Path::new("a message"))?;
        Ok(Self { head, tensors, pixels: pixels.to_vec() })
    }
}

/// Data as a message.
pub fn from_data(data: &Data) -> Parcel<Call> {
    let parts = [&data.train, &data.validation, &data.held_out];
    let head = DataHead {
        name: data.name.clone(),
        source: data.source.clone(),
        classes: data.classes.clone(),
        class_names: data.class_names.clone(),
        parts: parts.map(|part| (part.labels.clone(), part.indices.clone())),
        normalization: data.normalization.clone(),
        sha256: data.sha256.clone(),
        notices: data.notices.clone(),
    };
    let pixels = parts.map(|part| part.pixels.as_slice()).concat();
    Parcel { head: Call::SetData(head), tensors: Tensors::new(), pixels }
}

/// Data from a message.
pub fn to_data(head: DataHead, mut pixels: Vec<u8>) -> Result<Data, EngineError> {
    let mut part = |(labels, indices): (Vec<u8>, Vec<u32>)| {
        let wanted = labels.len() * crate::data::PIXELS;
        if pixels.len() < wanted {
            return Err(garbled(&format!("{} bytes of pixels for {wanted}", pixels.len())));
        }
        let rest = pixels.split_off(wanted);
        Ok(Arc::new(Images { pixels: std::mem::replace(&mut pixels, rest), labels, indices }))
    };
    let [train, validation, held_out] = head.parts;
    Ok(Data {
        train: part(train)?,
        validation: part(validation)?,
        held_out: part(held_out)?,
        name: head.name,
        source: head.source,
        classes: head.classes,
        class_names: head.class_names,
        normalization: head.normalization,
        sha256: head.sha256,
        notices: head.notices,
    })
}

/// A model as structure and tensors.
pub fn from_model(model: &Model) -> (ModelHead, Tensors) {
    let head = ModelHead {
        architecture: model.network.architecture.clone(),
        steps: model.optimizer.steps,
        slots: model.optimizer.slots.keys().cloned().collect(),
    };
    (head, model.to_tensors())
}

/// A model from structure and tensors.
pub fn to_model(head: ModelHead, tensors: &Tensors) -> Result<Model, EngineError> {
    Ok(Model::from_tensors(head.architecture, head.steps, head.slots, tensors)?)
}

/// Morphisms as structure and tensors.
pub fn from_morphisms(morphisms: &[Morphism]) -> (Vec<MorphismHead>, Tensors) {
    let head =
        |morphism: &Morphism| MorphismHead { candidate: morphism.candidate.clone(), scale: morphism.scale };
    let phis = morphisms.iter().enumerate();
    let tensors = phis.flat_map(|(index, morphism)| prefixed(&index.to_string(), &morphism.phi)).collect();
    (morphisms.iter().map(head).collect(), tensors)
}

/// Morphisms from structure and tensors.
pub fn to_morphisms(heads: Vec<MorphismHead>, tensors: &Tensors) -> Vec<Morphism> {
    let phi = |index: usize| under(&index.to_string(), tensors);
    let heads = heads.into_iter().enumerate();
    heads
        .map(|(index, head)| Morphism { candidate: head.candidate, phi: phi(index), scale: head.scale })
        .collect()
}

/// Learning that was cancelled, if it was begun, as the steps taken and tensors; its candidates are the request's.
pub fn from_partly(partly: Option<&PartlyLearned>) -> (Option<u64>, Tensors) {
    partly.map(|partly| (Some(partly.steps), partly.to_tensors())).unwrap_or_default()
}

/// Learning that was cancelled from what [`from_partly`] gave.
pub fn to_partly(steps: Option<u64>, request: &LearnRequest, tensors: &Tensors) -> Option<PartlyLearned> {
    Some(PartlyLearned::from_tensors(steps?, &request.candidates, tensors))
}

/// The table for the joint choice as an answer.
pub fn from_table(table: JointTable) -> Result<Parcel<Answer>, EngineError> {
    let tensors = table.to_tensors()?;
    Ok(Parcel::with(Answer::Joint { classes: table.classes, labels: table.labels }, tensors))
}

/// The table from an answer.
pub fn to_table(classes: usize, labels: Vec<u8>, tensors: &Tensors) -> Result<JointTable, EngineError> {
    JointTable::from_tensors(classes, labels, tensors).ok_or_else(|| garbled("a table of another size"))
}
