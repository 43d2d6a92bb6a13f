//! Estimating every candidate from one sweep of cotangents.

use candle_core::{DType, Tensor};

use super::families::{Scene, group, responses};
use super::observe::{lowest_target, observe_with};
use super::plan::Plan;
use super::train::piece_examples;
use crate::data::{Data, Images};
use crate::engine::{Draws, EngineError, EstimateRequest, Estimates, JointTable, Part, Watch, label_draws};
use crate::estimate::Bank;
use crate::morphism::Morphism;
use crate::network::{AsType, Tensors};
use crate::turn;

/// Mean estimated gains of the request's morphisms.
pub async fn estimate(
    plan: &Plan,
    parameters: &Tensors,
    data: &Data,
    part: &Images,
    request: &EstimateRequest<'_>,
    watch: &dyn Watch,
) -> Result<Estimates, EngineError> {
    request.check()?;
    let groups = group(plan, request.morphisms)?;
    let until = lowest_target(&groups);
    let bank = Bank::serving(&request.estimators);
    let sets = bank.size(plan.architecture.classes()?);
    let examples = part.labels.len();
    let mut gains: Estimates =
        request.scales.iter().map(|scales| vec![vec![0.0; request.estimators.len()]; scales.len()]).collect();
    let all: Vec<usize> = (0..examples).collect();
    let draws = label_draws(request.seed, request.round, Draws::Estimate(request.part), examples);
    let piece = piece_examples(plan, sets);
    for (indices, draws) in all.chunks(piece).zip(draws.chunks(piece)) {
        let observed = observe_with(plan, parameters, data, part, indices, draws, (bank, until))?;
        let scene = Scene { plan, parameters, values: &observed.values };
        for grouped in &groups {
            let probe = grouped.group.probe(&scene)?;
            let layout = grouped.group.layout();
            let most = grouped.members.iter().map(|member| request.scales[*member].len()).max().unwrap_or(0);
            for index in 0..most {
                if watch.cancelled() {
                    return Err(EngineError::Cancelled);
                }
                let scale = |member: &usize| request.scales[*member].get(index).copied().unwrap_or(0.0);
                let scales: Vec<f32> = grouped.members.iter().map(scale).collect();
                let changes = probe.changes(&scales)?;
                let responses = member_rows(&responses(&scene, &layout, &observed.cotangents, &changes)?)?;
                for (member, rows) in grouped.members.iter().zip(&responses) {
                    let Some(sums) = gains[*member].get_mut(index) else { continue };
                    for (row, local) in rows.iter().zip(&observed.locals) {
                        for (sum, estimator) in sums.iter_mut().zip(&request.estimators) {
                            *sum -= estimator.predict(bank, row, local) / examples as f64;
                        }
                    }
                }
                turn::yield_now().await;
            }
        }
        watch.progress((indices[indices.len() - 1] + 1) as u64, examples as u64, None);
    }
    for (morphism, gains) in request.morphisms.iter().zip(&gains) {
        if !gains.iter().flatten().all(|gain| gain.is_finite()) {
            let what = format!("the estimate of {}", morphism.candidate.id());
            return Err(EngineError::Diverged { stage: "estimating", step: 0, what });
        }
    }
    Ok(gains)
}

/// Responses `[sets, examples, members]` as `[member][example][set]`.
fn member_rows(responses: &Tensor) -> candle_core::Result<Vec<Vec<Vec<f64>>>> {
    responses.permute((2, 1, 0))?.as_type(DType::F64)?.to_vec3::<f64>()
}

/// The logits of each example and what each morphism adds to them, for the joint choice.
pub async fn joint(
    plan: &Plan,
    parameters: &Tensors,
    data: &Data,
    part: &Images,
    morphisms: &[Morphism],
    watch: &dyn Watch,
) -> Result<JointTable, EngineError> {
    let groups = group(plan, morphisms)?;
    let until = lowest_target(&groups);
    let classes = plan.architecture.classes()?;
    let mut table = JointTable::empty(classes, part.labels.clone(), morphisms.len());
    let all: Vec<usize> = (0..part.labels.len()).collect();
    // No label is drawn for the logits themselves.
    let draws = label_draws(0, 0, Draws::Estimate(Part::Validation), all.len());
    let piece = piece_examples(plan, classes);
    for (indices, draws) in all.chunks(piece).zip(draws.chunks(piece)) {
        if watch.cancelled() {
            return Err(EngineError::Cancelled);
        }
        let observed = observe_with(plan, parameters, data, part, indices, draws, (Bank::Logits, until))?;
        let scene = Scene { plan, parameters, values: &observed.values };
        table
            .logits
            .extend(observed.locals.iter().flat_map(|local| &local.logits).map(|logit| *logit as f32));
        for grouped in &groups {
            let scales: Vec<f32> = grouped.members.iter().map(|member| morphisms[*member].scale).collect();
            let probe = grouped.group.probe(&scene)?;
            let changes = probe.changes(&scales)?;
            let responses = responses(&scene, &grouped.group.layout(), &observed.cotangents, &changes)?;
            for (member, rows) in grouped.members.iter().zip(member_rows(&responses)?) {
                table.changes[*member].extend(rows.iter().flatten().map(|change| *change as f32));
            }
            turn::yield_now().await;
        }
    }
    Ok(table)
}
