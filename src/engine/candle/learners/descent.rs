//! Adam on every candidate's φ at once, each on a loss of its own: what `estimate`, `firefly` and `direct` share.
//! They differ in one thing: the slope of that loss with respect to the changes that the candidates make.

use candle_core::Tensor;

use super::super::families::{Group, Grouped, Scene, group, responses};
use super::super::observe::{Observation, lowest_target, observe, observe_with};
use super::super::optimizer::{self, Adam};
use super::super::train::piece_examples;
use super::{Task, direct, estimate, firefly};
use crate::engine::{Batches, Draws, EngineError, Learner, PartlyLearned, Phase, label_draws};
use crate::morphism::Morphism;
use crate::network::Tensors;
use crate::turn;

/// Steps from one report of what is foreseen to the next.
const FORESEEN: u64 = 5;

/// Goes on learning from where `partly` stands; afterwards it stands at the end, or where it was cancelled.
pub async fn descend(task: &Task<'_>, partly: &mut PartlyLearned) -> Result<(), EngineError> {
    let Task { request, .. } = *task;
    let learning = |morphisms: &[Morphism]| {
        let mut groups = group(task.plan, morphisms)?;
        groups.retain(|grouped| !grouped.group.phi().is_empty());
        Ok::<_, EngineError>(groups)
    };
    let mut groups = learning(&partly.morphisms)?;
    // Adam's memory lies in groups as φ does.
    let mut means = learning(&partly.with_memory(&partly.means))?;
    let mut mean_squares = learning(&partly.with_memory(&partly.mean_squares))?;
    let part = &task.data.train;
    let mut batches = Batches::new(request.seed, Phase::Learn(request.round), part.len(), request.batch);
    let (mut step, mut outcome) = (partly.steps, Ok(()));
    while step < request.steps {
        let wanted = step.is_multiple_of(FORESEEN) && task.watch.wants_foreseen();
        let mut foreseen = wanted.then(|| vec![Vec::new(); groups.len()]);
        let batch = batches.at(step).indices;
        let gradients = match gradients(task, &groups, batch, step, foreseen.as_deref_mut()).await {
            Ok(gradients) => gradients,
            Err(EngineError::Cancelled) => {
                outcome = Err(EngineError::Cancelled);
                break;
            }
            Err(error) => return Err(error),
        };
        if let Some(foreseen) = foreseen {
            let mut gains = vec![0.0; partly.morphisms.len()];
            for (grouped, own) in groups.iter().zip(foreseen) {
                grouped.members.iter().zip(own).for_each(|(position, gain)| gains[*position] = gain);
            }
            task.watch.foreseen(&gains);
        }
        let adam = Adam { rate: request.learning_rate, beta1: 0.9, beta2: 0.999, decay: 0.0 };
        let memories = means.iter_mut().zip(&mut mean_squares);
        for ((grouped, (means, mean_squares)), gradients) in groups.iter_mut().zip(memories).zip(gradients) {
            let named: Tensors =
                gradients.iter().enumerate().map(|(index, g)| (index.to_string(), g.clone())).collect();
            if !optimizer::norm(&named)?.is_finite() {
                let id = partly.morphisms[grouped.members[0]].candidate.id();
                let what = format!("the gradient of φ of the group of {id}");
                return Err(EngineError::Diverged { stage: "learning", step, what });
            }
            let [mut phi, mut m, mut v] = [&*grouped, means, mean_squares].map(|grouped| grouped.group.phi());
            for (index, gradient) in gradients.iter().enumerate() {
                (phi[index], m[index], v[index]) =
                    adam.step(&phi[index], &m[index], &v[index], gradient, 1.0, step + 1)?;
            }
            grouped.group.set_phi(phi);
            means.group.set_phi(m);
            mean_squares.group.set_phi(v);
        }
        step += 1;
        task.watch.progress(step, request.steps, None);
        turn::yield_now().await;
    }
    partly.steps = step;
    for ((grouped, means), mean_squares) in groups.iter().zip(&means).zip(&mean_squares) {
        for (member, &position) in grouped.members.iter().enumerate() {
            partly.morphisms[position].phi = grouped.group.member_phi(member)?;
            partly.means[position] = means.group.member_phi(member)?;
            partly.mean_squares[position] = mean_squares.group.member_phi(member)?;
        }
    }
    outcome
}

/// Gradients of every group's φ: of the mean loss of the batch, each member's own, or if the request says so that of all
/// changes together. `step` names the sampled labels. Where it is asked for and the learner estimates,
/// `foreseen` gets each
/// group's predicted gains.
pub async fn gradients(
    task: &Task<'_>,
    groups: &[Grouped],
    batch: &[usize],
    step: u64,
    mut foreseen: Option<&mut [Vec<f64>]>,
) -> Result<Vec<Vec<Tensor>>, EngineError> {
    let Task { plan, network, data, request, watch } = *task;
    let bank = request.estimator.bank();
    let sets = match request.learner {
        Learner::Estimate => bank.size(plan.architecture.classes()?),
        _ => 1,
    };
    let draws = label_draws(request.seed, request.round, Draws::Learning(step), batch.len());
    let piece = piece_examples(plan, sets);
    let until = lowest_target(groups);
    let mut sums: Vec<Vec<Tensor>> = vec![Vec::new(); groups.len()];
    for (indices, draws) in batch.chunks(piece).zip(draws.chunks(piece)) {
        let parameters = &network.tensors;
        let observed = match request.learner {
            Learner::Estimate => {
                observe_with(plan, parameters, data, &data.train, indices, draws, (bank, until))?
            }
            _ => observe(plan, parameters, data, &data.train, indices, draws)?,
        };
        let scene = Scene { plan, parameters, values: &observed.values };
        let (mut probes, mut answers) = (Vec::new(), Vec::new());
        if request.together && request.learner == Learner::Estimate {
            for grouped in groups {
                let probe = grouped.group.probe(&scene)?;
                let changes = probe.changes(&vec![1.0; grouped.members.len()])?;
                answers.push(responses(&scene, &grouped.group.layout(), &observed.cotangents, &changes)?);
                probes.push(probe);
                turn::yield_now().await;
            }
        }
        let common = match answers.is_empty() {
            true => None,
            false => Some(estimate::of_the_sum(request.estimator, &answers, &observed, batch.len())?),
        };
        let mut probes = probes.into_iter();
        if let Some(foreseen) = foreseen.as_deref_mut() {
            for (answers, gains) in answers.iter().zip(foreseen) {
                estimate::foresee(request.estimator, answers, &observed.locals, batch.len(), gains)?;
            }
        }
        for (index, (grouped, sums)) in groups.iter().zip(&mut sums).enumerate() {
            // Checked for each group, because a whole step can take most of a second.
            if watch.cancelled() {
                return Err(EngineError::Cancelled);
            }
            let group = grouped.group.as_ref();
            let members = grouped.members.len();
            let (probe, slope) = match (&common, probes.next()) {
                (Some(derivatives), Some(probe)) => {
                    (probe, estimate::slope_together(group, derivatives, &observed, members)?)
                }
                _ => {
                    let probe = group.probe(&scene)?;
                    let changes = probe.changes(&vec![1.0; members])?;
                    let gains = foreseen.as_deref_mut().map(|foreseen| &mut foreseen[index]);
                    let slope = slope(task, &scene, group, &changes, &observed, batch.len(), gains)?;
                    (probe, slope)
                }
            };
            let gradients = probe.phi_gradients(&slope)?;
            if sums.is_empty() {
                *sums = gradients;
            } else {
                for (sum, gradient) in sums.iter_mut().zip(gradients) {
                    *sum = (&*sum + gradient)?;
                }
            }
            turn::yield_now().await;
        }
    }
    Ok(sums)
}

/// The slope of the members' mean losses over `batch` examples with respect to their changes, in the changes' shape.
fn slope(
    task: &Task<'_>,
    scene: &Scene,
    group: &dyn Group,
    changes: &Tensor,
    observed: &Observation,
    batch: usize,
    foreseen: Option<&mut Vec<f64>>,
) -> candle_core::Result<Tensor> {
    match task.request.learner {
        Learner::Firefly => firefly::slope(scene, group, changes, &observed.locals, batch),
        Learner::Direct => direct::slope(scene, group, changes, &observed.locals, batch),
        _ => estimate::slope(task.request.estimator, scene, group, changes, observed, batch, foreseen),
    }
}
