//! Training and scoring.

use candle_core::{DType, Result, Tensor, WithDType};

use super::fused::Fused;
use super::optimizer::{self, Pace};
use super::plan::Plan;
use super::real::{Numbers, tensor, tensor_as, with_real};
use super::tape::{Mode, backward, forward};
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
    mean_of_rows(logits, |example, row| answer(row, labels[example], smoothing))
}

/// Loss of one example's logits, which become the gradient.
fn answer(logits: &mut [f64], label: u8, smoothing: f64) -> f64 {
    let label = usize::from(label);
    let others = smoothing / logits.len() as f64;
    let mean = others * logits.iter().sum::<f64>();
    let loss = log_sum_exp(logits) - (1.0 - smoothing) * logits[label] - mean;
    let shares = softmax(logits);
    logits.iter_mut().zip(shares).for_each(|(logit, p)| *logit = p - others);
    logits[label] -= 1.0 - smoothing;
    loss
}

/// The mean of a loss over a batch, and its gradient with respect to the logits. `answer` gets an example's position and its
/// logits, which become the gradient of the loss that it returns.
fn mean_of_rows(logits: &Tensor, answer: impl Fn(usize, &mut [f64]) -> f64) -> Result<(f64, Tensor)> {
    let mut rows = rows(logits)?;
    let share = 1.0 / rows.len() as f64;
    let losses = rows.iter_mut().enumerate().map(|(example, row)| answer(example, row)).sum::<f64>();
    let gradient = rows.iter().flatten().map(|gradient| gradient * share).collect();
    Ok((losses * share, tensor::<f64>(gradient, logits.dims())?.as_type(logits.dtype())?))
}

/// Mean KL(q ‖ p) of a batch in nats, where q is the softmax of a teacher's logits, and its gradient with respect to the
/// logits: p − q.
fn imitation_gradient(logits: &Tensor, taught: &Tensor) -> Result<(f64, Tensor)> {
    let taught = rows(taught)?;
    mean_of_rows(logits, |example, row| imitate(row, &taught[example]))
}

/// The same for one example's logits, which become the gradient.
fn imitate(logits: &mut [f64], taught: &[f64]) -> f64 {
    let (own, its) = (log_sum_exp(logits), log_sum_exp(taught));
    let mut loss = 0.0;
    let shares = softmax(logits).into_iter().zip(softmax(taught));
    for ((logit, taught), (p, q)) in logits.iter_mut().zip(taught).zip(shares) {
        loss += q * ((taught - its) - (*logit - own));
        *logit = p - q;
    }
    loss
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
    let mut fused = fused_for(plan, dtype, batches.at(request.steps.start).indices.len());
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
        let loss = train_step(plan, fused.as_mut(), &mut model, images, &target, request, step)?;
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

/// What takes the steps, if not the tape. In a page that does, whose convolutions have a form of their own.
fn fused_for(plan: &Plan, dtype: DType, batch: usize) -> Option<Fused<'_>> {
    if cfg!(target_arch = "wasm32") || dtype != DType::F32 { None } else { Fused::new(plan, batch) }
}

/// Mean loss of a batch, the gradients of the parameters, and what the norms' running statistics move towards.
fn gradients(
    plan: &Plan,
    fused: Option<&mut Fused<'_>>,
    parameters: &Tensors,
    images: Tensor,
    target: &Target<'_>,
    smoothing: f64,
) -> Result<(f64, Tensors, Vec<NormBatch>)> {
    // The condition keeps what a page never calls out of its program.
    if let Some(fused) = fused
        && !cfg!(target_arch = "wasm32")
    {
        let share = 1.0 / images.dim(0)? as f64;
        let taught = match target {
            Target::Labels(_) => Vec::new(),
            Target::Logits(taught) => rows(taught)?,
        };
        let found = fused.step(parameters, &Numbers::<f32>::of(&images)?, &|example, logits| {
            let loss = match target {
                Target::Labels(labels) => answer(logits, labels[example], smoothing),
                Target::Logits(_) => imitate(logits, &taught[example]),
            };
            logits.iter_mut().for_each(|gradient| *gradient *= share);
            loss
        })?;
        return Ok((found.losses * share, found.gradients, found.statistics));
    }
    let values = forward(plan, parameters, images, Mode::Training)?;
    let (loss, gradient) = match target {
        Target::Labels(labels) => loss_gradient(&values.logits()?, labels, smoothing)?,
        Target::Logits(taught) => imitation_gradient(&values.logits()?, taught)?,
    };
    if !loss.is_finite() {
        return Ok((loss, Tensors::new(), Vec::new()));
    }
    let gradients = backward(plan, parameters, &values, &gradient, true)?.gradients;
    let statistics =
        values.norm_statistics(plan).map(|(node, momentum, batch)| (node, momentum, batch.clone()));
    Ok((loss, gradients, statistics.collect()))
}

/// A norm's node and momentum, and its batch's mean and variance, `[2, channels]`.
type NormBatch = (usize, f64, Tensor);

/// One step on one batch; returns the loss before it.
fn train_step(
    plan: &Plan,
    fused: Option<&mut Fused<'_>>,
    model: &mut Model,
    images: Tensor,
    target: &Target<'_>,
    request: &TrainRequest,
    step: u64,
) -> std::result::Result<f64, EngineError> {
    let diverged = |what: &str| EngineError::Diverged { stage: "training", step, what: what.to_owned() };
    let parameters = &mut model.network.tensors;
    let examples = images.dim(0)?;
    let (loss, gradients, statistics) =
        gradients(plan, fused, parameters, images, target, request.label_smoothing)?;
    if !loss.is_finite() {
        return Err(diverged("the loss"));
    }
    let norm = optimizer::norm(&gradients)?;
    if !norm.is_finite() {
        return Err(diverged("the gradient"));
    }
    let config = &request.optimizer;
    let factor = if config.clip > 0.0 && norm > config.clip { config.clip / norm } else { 1.0 };
    let pace = Pace { factor, rate: request.learning_rate(step), new_rate: request.new_rate };
    optimizer::step(config, parameters, &mut model.optimizer, &gradients, pace)?;
    update_running_statistics(plan, parameters, examples, &statistics)?;
    Ok(loss)
}

/// Moves the running statistics towards the batch's; the variance is the unbiased one, as in PyTorch.
fn update_running_statistics(
    plan: &Plan,
    parameters: &mut Tensors,
    examples: usize,
    statistics: &[NormBatch],
) -> Result<()> {
    for (node, momentum, statistics) in statistics {
        let count = (examples * plan.shapes[*node].positions()) as f64;
        let unbiased = count / (count - 1.0).max(1.0);
        for (suffix, row, factor) in [("running_mean", 0, 1.0), ("running_var", 1, unbiased)] {
            let name = format!("{}.{suffix}", plan.name(*node));
            let Some(old) = parameters.get(&name) else { continue };
            let new = ((old * (1.0 - momentum))? + (statistics.get(row)? * (*momentum * factor))?)?;
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
