//! Learning φ, one file for each learner.

mod descent;
mod direct;
mod estimate;
mod firefly;
mod gates;
mod gradmax;
mod linear;
mod moments;
mod steepest;
#[cfg(test)]
mod tests;
mod tiny;

use candle_core::{DType, Tensor};

use super::plan::Plan;
use super::real::tensor;
use super::tape::{Mode, forward};
use super::train::{dtype_of, images, piece_examples};
use crate::data::Data;
use crate::engine::{
    ChannelMeans, EngineError, LearnRequest, Learned, Learner, PartlyLearned, Phase, Watch, epoch_order,
    first_phi,
};
use crate::morphism::{Morphism, Phi, morph};
use crate::network::Network;
use crate::turn;

/// What a learner works on.
pub struct Task<'a> {
    /// The network's steps.
    pub plan: &'a Plan,
    /// The network, whose weights stay as they are.
    pub network: &'a Network,
    /// The images; φ is made from the training part alone.
    pub data: &'a Data,
    /// What is asked for.
    pub request: &'a LearnRequest,
    /// Observes progress, and can cancel.
    pub watch: &'a dyn Watch,
}

/// Makes φ for the request's candidates, by its learner, from where it stands if it was begun.
pub async fn learn(task: &Task<'_>, partly: &mut Option<PartlyLearned>) -> Result<Learned, EngineError> {
    let request = task.request;
    for candidate in &request.candidates {
        if !request.learner.serves(candidate.family) {
            let families: Vec<&str> = request.learner.families().iter().map(|family| family.name()).collect();
            return Err(EngineError::Request {
                what: format!("learner {} for {}", request.learner, candidate.id()),
                found: candidate.family.to_string(),
                expected: families.join(" or "),
            });
        }
    }
    let beginning = match partly {
        Some(partly) => {
            partly.check(&task.plan.architecture, request)?;
            partly.clone()
        }
        None => PartlyLearned::beginning(first_morphisms(task).await?)?,
    };
    let mut learned = Learned::unscored(beginning.morphisms.clone());
    if !learned.morphisms.iter().any(|morphism| morph(morphism.candidate.family).is_learned()) {
        return Ok(learned);
    }
    let Learned { morphisms, scores } = &mut learned;
    match request.learner {
        Learner::Random => {}
        Learner::Estimate | Learner::Direct | Learner::Firefly => {
            // Where it stands at the end, too: scoring can still be cancelled.
            let standing = partly.insert(beginning);
            descent::descend(task, standing).await?;
            morphisms.clone_from(&standing.morphisms);
            if request.learner == Learner::Firefly {
                *scores = gates::scores(task, morphisms).await?;
            }
        }
        Learner::Steepest => *scores = steepest::learn(task, morphisms).await?,
        Learner::Gradmax => *scores = gradmax::learn(task, morphisms).await?,
        Learner::Tiny => *scores = tiny::learn(task, morphisms).await?,
    }
    *partly = None;
    Ok(learned)
}

/// The candidates with their first φ.
async fn first_morphisms(task: &Task<'_>) -> Result<Vec<Morphism>, EngineError> {
    let Task { network, request, .. } = *task;
    let mut morphisms = Vec::with_capacity(request.candidates.len());
    for candidate in &request.candidates {
        let mut phi = first_phi(network, candidate, request)?;
        for tensor in phi.values_mut() {
            *tensor = tensor.to_dtype(dtype_of(&network.tensors))?;
        }
        morphisms.push(Morphism { candidate: candidate.clone(), phi, scale: 1.0 });
    }
    fold_means(task, &mut morphisms).await?;
    Ok(morphisms)
}

impl Task<'_> {
    /// The examples of a learner that sees each once: as many as the steps of the others see, in the same order.
    fn examples(&self) -> Vec<usize> {
        let count = self.data.train.labels.len();
        let most = self.request.steps.saturating_mul(self.request.batch as u64);
        let mut order = epoch_order(self.request.seed, Phase::Learn(self.request.round), 0, count);
        order.truncate(usize::try_from(most).unwrap_or(usize::MAX).max(1));
        order
    }

    /// Reports how far a pass over the examples is, and yields to the page.
    async fn passed(&self, done: usize, total: usize) -> Result<(), EngineError> {
        self.watch.progress(done as u64, total as u64, None);
        turn::yield_now().await;
        match self.watch.cancelled() {
            true => Err(EngineError::Cancelled),
            false => Ok(()),
        }
    }

    /// Puts numbers into φ's tensor `name`, which keeps its shape.
    fn put(&self, phi: &mut Phi, name: &str, numbers: Vec<f64>) -> Result<(), EngineError> {
        let Some(before) = phi.get(name) else {
            return Err(EngineError::Request {
                what: "φ".into(),
                found: "nothing".into(),
                expected: format!("a tensor {name}"),
            });
        };
        if !numbers.iter().all(|number| number.is_finite()) {
            return Err(EngineError::Diverged { stage: "learning", step: 0, what: format!("φ's {name}") });
        }
        let tensor = tensor(numbers, before.dims())?.to_dtype(before.dtype())?;
        phi.insert(name.to_owned(), tensor);
        Ok(())
    }
}

/// The numbers of a tensor, as f64.
fn numbers(tensor: &Tensor) -> candle_core::Result<Vec<f64>> {
    tensor.to_dtype(DType::F64)?.flatten_all()?.to_vec1::<f64>()
}

/// Sets the means of the candidates that fold one.
async fn fold_means(task: &Task<'_>, morphisms: &mut [Morphism]) -> Result<(), EngineError> {
    let Task { plan, network, data, watch, .. } = *task;
    let Some(mut sums) = ChannelMeans::wanted(&plan.architecture, morphisms)? else { return Ok(()) };
    let parameters = &network.tensors;
    let all: Vec<usize> = (0..data.train.len()).collect();
    for indices in all.chunks(piece_examples(plan, 1)) {
        if watch.cancelled() {
            return Err(EngineError::Cancelled);
        }
        let images = images(data, &data.train, indices, dtype_of(parameters))?;
        let values = forward(plan, parameters, images, Mode::Evaluation)?;
        for (place, node) in sums.nodes().to_vec().into_iter().enumerate() {
            let z = values.at(node)?.to_dtype(DType::F64)?;
            sums.add(place, z.mean((2, 3))?.sum(0)?.to_vec1::<f64>()?);
        }
        sums.count(indices.len());
        turn::yield_now().await;
    }
    sums.store(morphisms, dtype_of(parameters))
}
