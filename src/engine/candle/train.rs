//! Training and scoring.

use candle_core::{DType, Result, Tensor, WithDType};

use super::optimizer::{self, Pace};
use super::plan::Plan;
use super::real::{Numbers, tensor, tensor_as, with_real};
use super::tape::{self, Mode, backward, forward};
use crate::data::{Data, Images};
use crate::engine::{Batches, EngineError, Score, TrainReport, TrainRequest, Watch};
use crate::estimate::{log_sum_exp, softmax};
use crate::network::{AsType, Model, OptimizerState, Tensors};
use crate::turn;

/// Most numbers of the widest node in one piece of a part: about 32 MB of f32; in a page, which reacts only between
/// two pieces, an eighth of that.
pub const PIECE_NUMBERS: usize = if cfg!(target_arch = "wasm32") { 1 << 20 } else { 8 << 20 };

/// Examples of a piece of a part, when `sets` versions of each are in memory.
pub fn piece_examples(plan: &Plan, sets: usize) -> usize {
    (PIECE_NUMBERS / (plan.widest() * sets)).clamp(1, 256)
}

/// A batch of images as a tensor `[n, 3, 32, 32]`.
pub fn images(data: &Data, part: &Images, indices: &[usize], dtype: DType) -> Result<Tensor> {
    let pixels = part.gather(indices, &data.normalization, None);
    tensor_as(pixels, (indices.len(), 3, 32, 32), dtype)
}

/// Rows of a matrix as f64.
pub fn rows(matrix: &Tensor) -> Result<Vec<Vec<f64>>> {
    matrix.as_type(DType::F64)?.to_vec2::<f64>()
}

/// Mean loss of a batch with smoothed labels, and its gradient with respect to the logits o: with
/// q = (1 − ε)·onehot(y) + ε/classes it is log Σ exp o − q·o, and the gradient p − q (Szegedy et al., arXiv 1512.00567).
fn loss_gradient(logits: &Tensor, labels: &[u8], smoothing: f64) -> Result<(f64, Tensor)> {
    let mut loss = 0.0;
    let mut gradient = Vec::with_capacity(logits.elem_count());
    let share = 1.0 / labels.len() as f64;
    for (row, label) in rows(logits)?.iter().zip(labels) {
        let others = smoothing / row.len() as f64;
        let mean = others * row.iter().sum::<f64>();
        loss += log_sum_exp(row) - (1.0 - smoothing) * row[usize::from(*label)] - mean;
        let start = gradient.len();
        gradient.extend(softmax(row).iter().map(|p| (p - others) * share));
        gradient[start + usize::from(*label)] -= (1.0 - smoothing) * share;
    }
    let gradient = tensor(gradient, logits.dims())?.as_type(logits.dtype())?;
    Ok((loss * share, gradient))
}

/// Mean KL(q ‖ p) of a batch in nats, where q is the softmax of a teacher's logits, and its gradient with respect to the
/// logits: p − q.
fn imitation_gradient(logits: &Tensor, taught: &Tensor) -> Result<(f64, Tensor)> {
    let mut loss = 0.0;
    let mut gradient = Vec::with_capacity(logits.elem_count());
    let share = 1.0 / logits.dim(0)? as f64;
    for (row, taught) in rows(logits)?.iter().zip(rows(taught)?) {
        let (own, its) = (log_sum_exp(row), log_sum_exp(&taught));
        let targets = softmax(&taught);
        for (((logit, taught), p), q) in row.iter().zip(&taught).zip(softmax(row)).zip(targets) {
            loss += q * ((taught - its) - (logit - own));
            gradient.push((p - q) * share);
        }
    }
    let gradient = tensor(gradient, logits.dims())?.as_type(logits.dtype())?;
    Ok((loss * share, gradient))
}

/// A network whose answers another learns.
pub struct Teacher<'a> {
    /// Its layers.
    pub plan: &'a Plan,
    /// Its parameters.
    pub parameters: &'a Tensors,
}

/// Takes the steps of `request` towards the labels, or towards a teacher's answers, on a copy of the model, which is
/// returned if no step diverged.
pub async fn train(
    plan: &Plan,
    model: &Model,
    teacher: Option<&Teacher<'_>>,
    data: &Data,
    request: &TrainRequest,
    watch: &dyn Watch,
) -> std::result::Result<(Model, TrainReport), EngineError> {
    let mut model = model.clone();
    let mut report = TrainReport::default();
    let part = &data.train;
    let dtype = dtype_of(&model.network.tensors);
    let mut batches = Batches::new(request.seed, request.phase, part.len(), request.batch);
    if request.average > 0.0 {
        model.begin_average();
    }
    for step in request.steps.clone() {
        if watch.cancelled() {
            return Err(EngineError::Cancelled);
        }
        let batch = batches.at(step);
        let augmentation = request.augment.then_some(&batch.augmentation);
        let pixels = part.gather(batch.indices, &data.normalization, augmentation);
        let images = tensor_as(pixels, (batch.indices.len(), 3, 32, 32), dtype)?;
        let labels: Vec<u8> = batch.indices.iter().map(|index| part.labels[*index]).collect();
        let target = match teacher {
            None => Target::Labels(&labels),
            Some(Teacher { plan, parameters }) => {
                Target::Logits(forward(plan, parameters, images.clone(), Mode::Evaluation)?.logits()?)
            }
        };
        let loss = train_step(plan, &mut model, images, &target, request, step)?;
        if let Some(average) = model.optimizer.slots.get_mut(OptimizerState::AVERAGE) {
            optimizer::average(average, &model.network.tensors, request.average_share(step))?;
        }
        report.losses.push(loss as f32);
        watch.progress(
            step + 1 - request.steps.start,
            request.steps.end - request.steps.start,
            Some(loss as f32),
        );
        turn::yield_now().await;
    }
    if request.ends_phase() {
        model.end_phase();
    }
    Ok((model, report))
}

/// The answers wanted for a batch.
enum Target<'a> {
    Labels(&'a [u8]),
    Logits(Tensor),
}

/// One step on one batch; returns the loss before it.
fn train_step(
    plan: &Plan,
    model: &mut Model,
    images: Tensor,
    target: &Target<'_>,
    request: &TrainRequest,
    step: u64,
) -> std::result::Result<f64, EngineError> {
    let diverged = |what: &str| EngineError::Diverged { stage: "training", step, what: what.to_owned() };
    let parameters = &mut model.network.tensors;
    let values = forward(plan, parameters, images, Mode::Training)?;
    let (loss, gradient) = match target {
        Target::Labels(labels) => loss_gradient(&values.logits()?, labels, request.label_smoothing)?,
        Target::Logits(taught) => imitation_gradient(&values.logits()?, taught)?,
    };
    if !loss.is_finite() {
        return Err(diverged("the loss"));
    }
    let gradients = backward(plan, parameters, &values, &gradient, true)?.gradients;
    let norm = optimizer::norm(&gradients)?;
    if !norm.is_finite() {
        return Err(diverged("the gradient"));
    }
    let config = &request.optimizer;
    let factor = if config.clip > 0.0 && norm > config.clip { config.clip / norm } else { 1.0 };
    let pace = Pace { factor, rate: request.learning_rate(step), new_rate: request.new_rate };
    optimizer::step(config, parameters, &mut model.optimizer, &gradients, pace)?;
    update_running_statistics(plan, parameters, &values)?;
    Ok(loss)
}

/// Moves the running statistics towards the batch's; the variance is the unbiased one, as in PyTorch.
fn update_running_statistics(plan: &Plan, parameters: &mut Tensors, values: &tape::Values) -> Result<()> {
    for (node, momentum, statistics) in values.norm_statistics(plan) {
        let examples = values.at(0)?.dim(0)?;
        let count = (examples * plan.shapes[node].positions()) as f64;
        let unbiased = count / (count - 1.0).max(1.0);
        for (suffix, row, factor) in [("running_mean", 0, 1.0), ("running_var", 1, unbiased)] {
            let name = format!("{}.{suffix}", plan.name(node));
            let Some(old) = parameters.get(&name) else { continue };
            let new = ((old * (1.0 - momentum))? + (statistics.get(row)? * (momentum * factor))?)?;
            parameters.insert(name, new);
        }
    }
    Ok(())
}

/// Mean loss and accuracy over a part, in evaluation mode.
pub async fn evaluate(
    plan: &Plan,
    parameters: &Tensors,
    data: &Data,
    part: &Images,
    watch: &dyn Watch,
) -> std::result::Result<Score, EngineError> {
    let (mut loss, mut right) = (0.0, 0usize);
    let all: Vec<usize> = (0..part.labels.len()).collect();
    for indices in all.chunks(piece_examples(plan, 1)) {
        if watch.cancelled() {
            return Err(EngineError::Cancelled);
        }
        let images = images(data, part, indices, dtype_of(parameters))?;
        let logits = forward(plan, parameters, images, Mode::Evaluation)?.logits()?;
        for (row, index) in rows(&logits)?.iter().zip(indices) {
            let label = usize::from(part.labels[*index]);
            loss += log_sum_exp(row) - row[label];
            right += usize::from(row.iter().all(|logit| *logit <= row[label]));
        }
        turn::yield_now().await;
    }
    let count = all.len() as f64;
    Ok(Score { loss: loss / count, accuracy: right as f64 / count })
}

/// The number type of a network's tensors.
pub fn dtype_of(parameters: &Tensors) -> DType {
    parameters.values().next().map_or(DType::F32, Tensor::dtype)
}

/// Whether every parameter is a finite number.
pub fn all_finite(parameters: &Tensors) -> Result<bool> {
    for tensor in parameters.values() {
        let finite =
            with_real!(tensor, T => Numbers::<T>::of(tensor)?.iter().all(|x| x.to_f64().is_finite()));
        if !finite {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    #[test]
    fn smoothed_labels_have_the_loss_of_their_definition_and_its_gradient() {
        let numbers: Vec<f64> =
            Stream::new(6, "logits", 0).normals(12, 2.0).into_iter().map(f64::from).collect();
        let labels = [2u8, 0, 3];
        let at = |numbers: &[f64], smoothing: f64| {
            loss_gradient(&tensor(numbers.to_vec(), (3, 4)).unwrap(), &labels, smoothing).unwrap()
        };
        for smoothing in [0.0, 0.1, 1.0] {
            let mut wanted = 0.0;
            for (row, label) in numbers.chunks(4).zip(labels) {
                let cross = |class: usize| log_sum_exp(row) - row[class];
                let uniform = (0..4).map(cross).sum::<f64>() / 4.0;
                wanted += ((1.0 - smoothing) * cross(usize::from(label)) + smoothing * uniform) / 3.0;
            }
            let (loss, gradient) = at(&numbers, smoothing);
            assert!((loss - wanted).abs() < 1e-12, "{loss} {wanted}");
            let gradient: Vec<f64> = gradient.flatten_all().unwrap().to_vec1().unwrap();
            for index in 0..numbers.len() {
                let [up, down] = [1e-5, -1e-5].map(|shift| {
                    let mut moved = numbers.clone();
                    moved[index] += shift;
                    at(&moved, smoothing).0
                });
                assert!(((up - down) / 2e-5 - gradient[index]).abs() < 1e-9, "{index}");
            }
        }
    }

    #[test]
    fn imitating_has_the_gradient_that_central_differences_find() {
        let numbers = |purpose: &str| -> Vec<f64> {
            Stream::new(5, purpose, 0).normals(12, 2.0).into_iter().map(f64::from).collect()
        };
        let (logits, taught) = (numbers("logits"), tensor(numbers("taught"), (3, 4)).unwrap());
        let at =
            |logits: &[f64]| imitation_gradient(&tensor(logits.to_vec(), (3, 4)).unwrap(), &taught).unwrap();
        let gradient: Vec<f64> = at(&logits).1.flatten_all().unwrap().to_vec1().unwrap();
        for index in 0..logits.len() {
            let [up, down] = [1e-5, -1e-5].map(|shift| {
                let mut moved = logits.clone();
                moved[index] += shift;
                at(&moved).0
            });
            assert!(((up - down) / 2e-5 - gradient[index]).abs() < 1e-9, "{index}");
        }
        let (loss, gradient) = imitation_gradient(&taught, &taught).unwrap();
        assert!(loss.abs() < 1e-15, "nothing to learn from itself: {loss}");
        assert_eq!(gradient.abs().unwrap().max_all().unwrap().to_scalar::<f64>().unwrap(), 0.0);
    }
}
