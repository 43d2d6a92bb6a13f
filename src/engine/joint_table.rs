//! What the joint choice is made from.

use candle_core::{Device, Tensor};

use super::EngineError;
use crate::network::Tensors;

/// What the joint choice needs: a part's logits, and what each morphism adds to them in the linearised network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JointTable {
    /// Classes K.
    pub classes: usize,
    /// Label of each example.
    pub labels: Vec<u8>,
    /// Logits o, `[example][class]`.
    pub logits: Vec<f32>,
    /// For each morphism, at its own scale, d = J Δz, `[example][class]`.
    pub changes: Vec<Vec<f32>>,
}

impl JointTable {
    /// For morphisms on examples of these labels, without numbers yet.
    pub fn empty(classes: usize, labels: Vec<u8>, morphisms: usize) -> Self {
        Self { classes, labels, logits: Vec::new(), changes: vec![Vec::new(); morphisms] }
    }

    /// Whether every number is finite, and there are as many as examples and classes ask for.
    pub fn is_sound(&self) -> bool {
        let count = self.labels.len() * self.classes;
        let sound = |row: &Vec<f32>| row.len() == count && row.iter().all(|number| number.is_finite());
        self.labels.iter().all(|label| usize::from(*label) < self.classes)
            && sound(&self.logits)
            && self.changes.iter().all(sound)
    }

    /// Its numbers as tensors `logits` and `changes`, to be saved or sent; labels and classes go beside them.
    pub fn to_tensors(&self) -> Result<Tensors, EngineError> {
        let tensor = |name: &str, rows: &[Vec<f32>]| {
            let shape = (rows.len(), self.labels.len(), self.classes);
            Ok::<_, EngineError>((name.to_owned(), Tensor::from_vec(rows.concat(), shape, &Device::Cpu)?))
        };
        let logits = std::slice::from_ref(&self.logits);
        Ok(Tensors::from([tensor("logits", logits)?, tensor("changes", &self.changes)?]))
    }

    /// From what [`Self::to_tensors`] gave; nothing where the tensors do not fit.
    pub fn from_tensors(classes: usize, labels: Vec<u8>, tensors: &Tensors) -> Option<Self> {
        let rows = |name: &str| {
            let tensor = tensors.get(name)?;
            let (_, examples, of) = tensor.dims3().ok()?;
            let fits = (examples, of) == (labels.len(), classes);
            fits.then(|| tensor.flatten(1, 2).ok()?.to_vec2::<f32>().ok())?
        };
        let (logits, changes) = (rows("logits")?.pop()?, rows("changes")?);
        Some(Self { classes, labels, logits, changes })
    }
}
