//! `estimate`: φ by Adam on the mean loss that the chosen estimator predicts, in our reconstruction of Lawton, Galstyan
//! and Ver Steeg, "Learning Morphisms with Gauss-Newton Approximation for Growing Networks" (arXiv 2411.05855).
//!
//! One forward pass and one set of backward passes a batch serve every candidate of every layer: the predicted loss
//! depends on a change Δz only through its inner products with the cotangents (the *responses*), so its slope is
//! Σ ∂(prediction)/∂(response) · cotangent.
//!
//! Together, the prediction is of the sum of all changes, whose response is the sum of the responses: φ then divide the
//! work between them instead of repairing the same errors each alone.

use candle_core::{DType, Result, Tensor};

use super::super::families::{Group, Scene, responses, responses_gradient};
use super::super::observe::Observation;
use super::super::real::tensor;
use crate::estimate::{Estimator, Local};
use crate::network::AsType;

/// The slope of the predicted mean loss of `batch` examples with respect to the members' changes. The
/// members' predicted
/// gains are added to `foreseen`, where they are asked for.
pub fn slope(
    estimator: Estimator,
    scene: &Scene,
    group: &dyn Group,
    changes: &Tensor,
    observed: &Observation,
    batch: usize,
    foreseen: Option<&mut Vec<f64>>,
) -> Result<Tensor> {
    let layout = group.layout();
    let responses = responses(scene, &layout, &observed.cotangents, changes)?;
    if let Some(gains) = foreseen {
        foresee(estimator, &responses, &observed.locals, batch, gains)?;
    }
    let derivatives = derivatives(estimator, &responses, &observed.locals, batch)?;
    responses_gradient(&layout, &observed.cotangents, &derivatives)
}

/// Adds each member's predicted gain, from its responses `[sets, examples, members]`.
pub fn foresee(
    estimator: Estimator,
    responses: &Tensor,
    locals: &[Local],
    batch: usize,
    gains: &mut Vec<f64>,
) -> Result<()> {
    let (sets, examples, members) = responses.dims3()?;
    let numbers = responses.to_dtype(DType::F64)?.flatten_all()?.to_vec1::<f64>()?;
    gains.resize(members, 0.0);
    let mut at = vec![0.0; sets];
    for (example, local) in locals.iter().enumerate() {
        for (member, gain) in gains.iter_mut().enumerate() {
            for (set, at) in at.iter_mut().enumerate() {
                *at = numbers[(set * examples + example) * members + member];
            }
            *gain -= estimator.predict(estimator.bank(), &at, local) / batch as f64;
        }
    }
    Ok(())
}

/// The slope of the predicted mean loss with all changes made at once, with respect to the group's. `derivatives` are
/// [`of_the_sum`]'s: the loss depends on each change through the sum of all responses, so that all changes share them.
pub fn slope_together(
    group: &dyn Group,
    derivatives: &Tensor,
    observed: &Observation,
    members: usize,
) -> Result<Tensor> {
    let (sets, examples, _) = derivatives.dims3()?;
    let derivatives = derivatives.broadcast_as((sets, examples, members))?.contiguous()?;
    responses_gradient(&group.layout(), &observed.cotangents, &derivatives)
}

/// Derivatives of the predicted mean loss with respect to the sum of all responses, `[sets, examples, 1]`, from what each
/// group answers, `[sets, examples, members]`.
pub fn of_the_sum(
    estimator: Estimator,
    responses: &[Tensor],
    observed: &Observation,
    batch: usize,
) -> Result<Tensor> {
    let mut sum = responses[0].sum_keepdim(2)?;
    for more in &responses[1..] {
        sum = (sum + more.sum_keepdim(2)?)?;
    }
    derivatives(estimator, &sum, &observed.locals, batch)
}

/// Derivatives of the mean predicted change with respect to the responses, `[sets, examples, members]`.
fn derivatives(estimator: Estimator, responses: &Tensor, locals: &[Local], batch: usize) -> Result<Tensor> {
    let (sets, examples, members) = responses.dims3()?;
    let numbers = responses.as_type(DType::F64)?.flatten_all()?.to_vec1::<f64>()?;
    let bank = estimator.bank();
    let mut derivatives = vec![0.0; numbers.len()];
    let (mut at, mut by) = (vec![0.0; sets], vec![0.0; sets]);
    for (example, local) in locals.iter().enumerate() {
        for member in 0..members {
            let index = |set: usize| (set * examples + example) * members + member;
            for (set, at) in at.iter_mut().enumerate() {
                *at = numbers[index(set)];
            }
            estimator.differentiate(bank, &at, local, &mut by);
            for (set, by) in by.iter().enumerate() {
                derivatives[index(set)] = by / batch as f64;
            }
        }
    }
    tensor(derivatives, (sets, examples, members))?.as_type(responses.dtype())
}
