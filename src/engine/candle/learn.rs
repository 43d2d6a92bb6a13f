//! Learning φ: one forward pass, one sweep of cotangents, one Adam step for every candidate of every layer.

use candle_core::{DType, Tensor};

use super::families::{Grouped, Scene, group, responses, responses_gradient};
use super::optimizer::{self, Adam};
use super::plan::Plan;
use super::real::tensor;
use super::tape::{Cotangents, Mode, Values, backward, forward};
use super::train::{dtype_of, images, piece_examples, rows};
use crate::data::{Data, Images, epoch_order};
use crate::engine::{Draws, EngineError, LearnRequest, Watch, label_draws, steps_per_epoch};
use crate::estimate::{Bank, Local};
use crate::morphism::{Family, Morphism, Site, initial_phi};
use crate::network::{Network, Tensors};
use crate::turn;

/// Examples seen by the network: their values, what it says of each, and the cotangents of a bank.
pub struct Seen {
    /// Values at the nodes.
    pub values: Values,
    /// What the network says of each example.
    pub locals: Vec<Local>,
    /// The bank, pulled back to the nodes.
    pub cotangents: Cotangents,
}

/// Runs the network on examples of a part and pulls a bank of cotangents back through it. `draws` are the
/// uniform numbers for the sampled labels.
pub fn see(
    plan: &Plan,
    parameters: &Tensors,
    data: &Data,
    part: &Images,
    indices: &[usize],
    draws: &[f64],
    bank: Bank,
) -> candle_core::Result<Seen> {
    let dtype = dtype_of(parameters);
    let values = forward(plan, parameters, images(data, part, indices, dtype)?, Mode::Evaluation)?;
    let logits = values.logits()?;
    let locals: Vec<Local> = rows(&logits)?
        .into_iter()
        .zip(indices)
        .zip(draws)
        .map(|((logits, index), draw)| Local::new(logits, usize::from(part.labels[*index]), *draw))
        .collect();
    let classes = logits.dim(1)?;
    let mut numbers: Vec<f64> = Vec::with_capacity(bank.size(classes) * logits.elem_count());
    let by_example: Vec<Vec<f64>> = locals.iter().map(|local| local.cotangents(bank)).collect();
    for set in 0..bank.size(classes) {
        numbers.extend(by_example.iter().flat_map(|sets| &sets[set * classes..][..classes]));
    }
    let cotangents = tensor(numbers, (bank.size(classes) * indices.len(), classes))?.to_dtype(dtype)?;
    let cotangents = backward(plan, parameters, &values, &cotangents, false)?;
    Ok(Seen { values, locals, cotangents })
}

/// Adam's memory for the φ of one group.
struct Memory {
    m: Vec<Tensor>,
    v: Vec<Tensor>,
}

/// Learns φ for the request's candidates.
pub async fn learn(
    plan: &Plan,
    network: &Network,
    data: &Data,
    request: &LearnRequest,
    watch: &dyn Watch,
) -> Result<Vec<Morphism>, EngineError> {
    let parameters = &network.tensors;
    let mut morphisms = request
        .candidates
        .iter()
        .map(|candidate| {
            let mut phi = initial_phi(network, candidate, request.seed, request.round)?;
            for tensor in phi.values_mut() {
                *tensor = tensor.to_dtype(dtype_of(parameters))?;
            }
            Ok(Morphism { candidate: candidate.clone(), phi, scale: 1.0 })
        })
        .collect::<Result<Vec<Morphism>, EngineError>>()?;
    fold_means(plan, parameters, data, &mut morphisms).await?;
    let mut groups = group(plan, &morphisms)?;
    groups.retain(|grouped| !grouped.group.phi().is_empty());
    let mut memories = Vec::new();
    for grouped in &groups {
        let zeros =
            grouped.group.phi().iter().map(Tensor::zeros_like).collect::<candle_core::Result<Vec<_>>>()?;
        memories.push(Memory { m: zeros.clone(), v: zeros });
    }
    if groups.is_empty() {
        return Ok(morphisms);
    }
    let part = &data.train;
    let epoch_steps = steps_per_epoch(part.labels.len(), request.batch);
    let mut order: (u64, Vec<usize>) = (u64::MAX, Vec::new());
    for step in 0..request.steps {
        let epoch = step / epoch_steps;
        if order.0 != epoch {
            // Phases of learning must not share an order with phases of training.
            let phase = LEARNING_PHASES + request.round;
            order = (epoch, epoch_order(request.seed, phase, epoch, part.labels.len()));
        }
        let start = (step % epoch_steps) as usize * request.batch;
        let batch = &order.1[start..(start + request.batch).min(order.1.len())];
        let gradients = gradients(plan, parameters, data, &groups, batch, request, step, watch).await?;
        let adam = Adam { rate: request.learning_rate, beta1: 0.9, beta2: 0.999, decay: 0.0 };
        for ((grouped, memory), gradients) in groups.iter_mut().zip(&mut memories).zip(gradients) {
            let named: Tensors =
                gradients.iter().enumerate().map(|(index, g)| (index.to_string(), g.clone())).collect();
            if !optimizer::norm(&named)?.is_finite() {
                let id = morphisms[grouped.members[0]].candidate.id();
                let what = format!("the gradient of φ of the group of {id}");
                return Err(EngineError::Diverged { stage: "learning", step, what });
            }
            let mut phi = grouped.group.phi();
            for (index, gradient) in gradients.iter().enumerate() {
                let (m, v) = (&mut memory.m[index], &mut memory.v[index]);
                (phi[index], *m, *v) = adam.step(&phi[index], m, v, gradient, 1.0, step + 1)?;
            }
            grouped.group.set_phi(phi);
        }
        watch.progress(step + 1, request.steps, None);
        turn::give().await;
    }
    for grouped in &groups {
        for (member, position) in grouped.members.iter().enumerate() {
            morphisms[*position].phi = grouped.group.member_phi(member)?;
        }
    }
    Ok(morphisms)
}

/// Numbers of the phases whose orders learning uses.
const LEARNING_PHASES: u64 = 1 << 32;

/// Gradients of every group's φ: of the mean predicted change of the batch, each member's own.
#[allow(clippy::too_many_arguments)] // one caller, and a struct of borrowed parts would say no more
async fn gradients(
    plan: &Plan,
    parameters: &Tensors,
    data: &Data,
    groups: &[Grouped],
    batch: &[usize],
    request: &LearnRequest,
    step: u64,
    watch: &dyn Watch,
) -> Result<Vec<Vec<Tensor>>, EngineError> {
    let bank = request.estimator.bank();
    let sets = bank.size(plan.architecture.classes()?);
    let draws = label_draws(request.seed, request.round, Draws::Learning(step), batch.len());
    let piece = piece_examples(plan, sets);
    let mut sums: Vec<Vec<Tensor>> = vec![Vec::new(); groups.len()];
    for (indices, draws) in batch.chunks(piece).zip(draws.chunks(piece)) {
        let seen = see(plan, parameters, data, &data.train, indices, draws, bank)?;
        let scene = Scene { plan, parameters, values: &seen.values };
        for (grouped, sums) in groups.iter().zip(&mut sums) {
            // Here, because a whole step can take a good part of a second.
            if watch.cancelled() {
                return Err(EngineError::Cancelled);
            }
            let group = &grouped.group;
            let layout = group.layout();
            let probe = group.probe(&scene)?;
            let scales = vec![1.0; grouped.members.len()];
            let changes = group.changes(&scene, probe.as_ref(), &scales)?;
            let responses = responses(&scene, &layout, &seen.cotangents, &changes)?;
            let derivatives = derivatives(&responses, &seen.locals, request, batch.len())?;
            let d_changes = responses_gradient(&layout, &seen.cotangents, &derivatives)?;
            let gradients = group.phi_gradients(&scene, probe.as_ref(), &d_changes)?;
            if sums.is_empty() {
                *sums = gradients;
            } else {
                for (sum, gradient) in sums.iter_mut().zip(gradients) {
                    *sum = (&*sum + gradient)?;
                }
            }
            turn::give().await;
        }
    }
    Ok(sums)
}

/// Derivatives of the mean predicted change with respect to the responses, `[sets, examples, members]`.
fn derivatives(
    responses: &Tensor,
    locals: &[Local],
    request: &LearnRequest,
    batch: usize,
) -> candle_core::Result<Tensor> {
    let (sets, examples, members) = responses.dims3()?;
    let numbers = responses.to_dtype(DType::F64)?.flatten_all()?.to_vec1::<f64>()?;
    let bank = request.estimator.bank();
    let mut derivatives = vec![0.0; numbers.len()];
    let (mut at, mut by) = (vec![0.0; sets], vec![0.0; sets]);
    for (example, local) in locals.iter().enumerate() {
        for member in 0..members {
            let index = |set: usize| (set * examples + example) * members + member;
            for (set, at) in at.iter_mut().enumerate() {
                *at = numbers[index(set)];
            }
            request.estimator.differentiate(bank, &at, local, &mut by);
            for (set, by) in by.iter().enumerate() {
                derivatives[index(set)] = by / batch as f64;
            }
        }
    }
    tensor(derivatives, (sets, examples, members))?.to_dtype(responses.dtype())
}

/// Sets the means of the candidates that fold one: each channel's mean at its site over the training part.
async fn fold_means(
    plan: &Plan,
    parameters: &Tensors,
    data: &Data,
    morphisms: &mut [Morphism],
) -> Result<(), EngineError> {
    if morphisms.iter().all(|morphism| morphism.candidate.family != Family::PruneMean) {
        return Ok(());
    }
    let sites = Site::all(&plan.architecture)?;
    let mut sums: Vec<Vec<f64>> = vec![Vec::new(); sites.len()];
    let part = &data.train;
    let all: Vec<usize> = (0..part.labels.len()).collect();
    for indices in all.chunks(piece_examples(plan, 1)) {
        let images = images(data, part, indices, dtype_of(parameters))?;
        let values = forward(plan, parameters, images, Mode::Evaluation)?;
        for (site, sums) in sites.iter().zip(&mut sums) {
            let z = values.at(plan.index(&site.z)?)?.to_dtype(DType::F64)?;
            let means = z.mean((2, 3))?.sum(0)?.to_vec1::<f64>()?;
            sums.resize(means.len(), 0.0);
            sums.iter_mut().zip(means).for_each(|(sum, mean)| *sum += mean);
        }
        turn::give().await;
    }
    for morphism in morphisms.iter_mut().filter(|m| m.candidate.family == Family::PruneMean) {
        let place = sites.iter().position(|site| site.layer == morphism.candidate.layer);
        if let (Some(site), Some(channel)) = (place, morphism.candidate.channel) {
            let mean = sums[site][channel] / all.len() as f64;
            morphism.phi.insert("mean".into(), tensor(vec![mean], 1)?.to_dtype(dtype_of(parameters))?);
        }
    }
    Ok(())
}
