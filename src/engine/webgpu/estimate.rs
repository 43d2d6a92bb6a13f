//! Estimating every candidate from one sweep of cotangents. The device makes responses; the formulas, of a few numbers
//! an example, are evaluated in f64 on the host.

use super::changes::Scene;
use super::commands::Commands;
use super::groups::Groups;
use super::record::{Recording, Span};
use super::sweep::{Desk, Stage, diverged, piece_examples, pull_back, see};
use super::{GpuError, read};
use crate::engine::{Draws, EngineError, EstimateRequest, Estimates, JointTable, Part, Watch, label_draws};
use crate::estimate::{Bank, Local};
use crate::morphism::Morphism;

/// Where a recorded piece leaves its results.
struct Results {
    logits: Span,
    responses: Vec<ResponseSlot>,
}

/// Responses of one group at one scale.
struct ResponseSlot {
    group: usize,
    scale: usize,
    span: Span,
}

/// Responses of one group at one scale, as numbers `[set][example][member]`.
type Answer = (usize, usize, Vec<f32>);

/// Records a piece of `images` examples. `scales` has, for each group, lists of one scale a member.
fn record(
    stage: &Stage<'_>,
    desk: &Desk,
    groups: &Groups,
    scales: &[Vec<Vec<f32>>],
    images: usize,
    bank: Bank,
) -> Result<(Recording, Results), GpuError> {
    let seen = stage.seen();
    let sets = bank.size(seen.graph.classes());
    let mut recording = stage.context.recording();
    let [control, zeros] = [&desk.control, &desk.zeros].map(Span::from);
    let values = see(&mut recording, seen, desk, [images, 0])?;
    let keep: Vec<usize> = groups.all.iter().map(|group| group.target()).collect();
    let gradients = pull_back(&mut recording, seen, desk, &values, (bank, 0), &keep)?;
    let scene = Scene { graph: seen.graph, parameters: seen.parameters, values: &values, zeros: &zeros };
    let mut responses = Vec::new();
    for (index, group) in groups.all.iter().enumerate() {
        let probe = recording.probe(&scene, groups, group)?;
        let Some(cotangents) = gradients.at(group.target()) else { continue };
        for (position, scales) in scales[index].iter().enumerate() {
            let slice = recording.constant(scales, "scales");
            let change = recording.change(&scene, groups, group, &probe, (&slice, scales[0]))?;
            let count = sets * images * group.members.len();
            let answer = recording.scratch(count, "responses");
            recording.respond(&scene, group, sets, [&change, cotangents, &answer])?;
            recording.release(change);
            responses.push(ResponseSlot { group: index, scale: position, span: answer });
        }
        recording.end(probe);
    }
    recording.tick(&control)?;
    let logits = values.at(seen.graph.last())?.clone();
    Ok((recording, Results { logits, responses }))
}

/// Runs all pieces of the stage's part, handing each one's logits and responses to `take`.
async fn sweep(
    stage: &mut Stage<'_>,
    groups: &Groups,
    scales: &[Vec<Vec<f32>>],
    bank: Bank,
    draws: &[f64],
    watch: &dyn Watch,
    mut take: impl FnMut(&[usize], &[f32], &[Answer]),
) -> Result<(), EngineError> {
    let examples = stage.part.labels.len();
    let classes = stage.graph.classes();
    let sets = bank.size(classes);
    // An example's responses do not depend on the others of its piece, so that pieces can be as the device likes them.
    let fast = (stage.context.most / (stage.graph.heaviest(0) * sets as u64)).max(1) as usize;
    let size = piece_examples(stage.graph, sets).min(fast).min(examples.max(1));
    let desk = Desk::new(stage, 1, size).await?;
    let all: Vec<usize> = (0..examples).collect();
    let mut recorded: Option<(usize, Results, Commands)> = None;
    for (indices, draws) in all.chunks(size).zip(draws.chunks(size)) {
        if watch.cancelled() {
            return Err(EngineError::Cancelled);
        }
        let images = indices.len();
        if recorded.as_ref().is_none_or(|(known, ..)| *known != images) {
            drop(recorded.take());
            let (recording, results) = record(stage, &desk, groups, scales, images, bank)?;
            recorded = Some((images, results, stage.context.realise(recording).await?));
        }
        let Some((_, results, commands)) = &recorded else { continue };
        desk.schedule(stage, indices, draws);
        stage.pace.run_through(&stage.context.gpu, commands, 1).await?;
        let gpu = &stage.context.gpu;
        let logits: Vec<f32> = read(gpu, &commands.slice(&results.logits)?, images * classes).await?;
        let mut answers = Vec::with_capacity(results.responses.len());
        for slot in &results.responses {
            let count = sets * images * groups.all[slot.group].members.len();
            let slice = commands.slice(&slot.span)?;
            answers.push((slot.group, slot.scale, read(gpu, &slice, count).await?));
        }
        take(indices, &logits, &answers);
        watch.progress((indices[images - 1] + 1) as u64, examples as u64, None);
    }
    Ok(())
}

fn local(logits: &[f32], label: u8, draw: f64) -> Local {
    Local::new(logits.iter().map(|logit| f64::from(*logit)).collect(), usize::from(label), draw)
}

/// Mean estimated gains of the request's morphisms.
pub async fn estimate(
    stage: &mut Stage<'_>,
    request: &EstimateRequest<'_>,
    watch: &dyn Watch,
) -> Result<Estimates, EngineError> {
    if request.scales.len() != request.morphisms.len() {
        return Err(EngineError::Request {
            what: "scales".into(),
            found: format!("{} lists", request.scales.len()),
            expected: format!("one for each of {} morphisms", request.morphisms.len()),
        });
    }
    let groups = Groups::new(stage.context, stage.graph, request.morphisms).await?;
    let bank = Bank::serving(&request.estimators);
    let classes = stage.graph.classes();
    let sets = bank.size(classes);
    let labels = stage.part.labels.clone();
    let examples = labels.len();
    let mut gains: Estimates =
        request.scales.iter().map(|scales| vec![vec![0.0; request.estimators.len()]; scales.len()]).collect();
    let scales: Vec<Vec<Vec<f32>>> = groups
        .all
        .iter()
        .map(|group| {
            let of = |member: &usize| &request.scales[*member];
            let most = group.members.iter().map(|member| of(member).len()).max().unwrap_or(0);
            let at = |index: usize| {
                let scale = |member| of(member).get(index).copied().unwrap_or(0.0);
                group.members.iter().map(scale).collect()
            };
            (0..most).map(at).collect()
        })
        .collect();
    let draws = label_draws(request.seed, request.round, Draws::Estimate(request.part), examples);
    let mut row = vec![0.0; sets];
    sweep(stage, &groups, &scales, bank, &draws, watch, |indices, logits, answers| {
        let locals: Vec<Local> = indices
            .iter()
            .zip(logits.chunks(classes))
            .map(|(index, logits)| local(logits, labels[*index], draws[*index]))
            .collect();
        for (group, scale, numbers) in answers {
            let members = &groups.all[*group].members;
            for (position, member) in members.iter().enumerate() {
                let Some(sums) = gains[*member].get_mut(*scale) else { continue };
                for (example, local) in locals.iter().enumerate() {
                    for (set, response) in row.iter_mut().enumerate() {
                        let at = (set * locals.len() + example) * members.len() + position;
                        *response = f64::from(numbers[at]);
                    }
                    for (sum, estimator) in sums.iter_mut().zip(&request.estimators) {
                        *sum -= estimator.predict(bank, &row, local) / examples as f64;
                    }
                }
            }
        }
    })
    .await?;
    for (morphism, gains) in request.morphisms.iter().zip(&gains) {
        if !gains.iter().flatten().all(|gain| gain.is_finite()) {
            let what = format!("the estimate of {}", morphism.candidate.id());
            return Err(diverged("estimating", 0, what));
        }
    }
    Ok(gains)
}

/// Losses and first-order changes of each example, for joint choice.
pub async fn joint(stage: &mut Stage<'_>, morphisms: &[Morphism]) -> Result<JointTable, EngineError> {
    let groups = Groups::new(stage.context, stage.graph, morphisms).await?;
    let mut table = JointTable { losses: Vec::new(), first_order: vec![Vec::new(); morphisms.len()] };
    let scales: Vec<Vec<Vec<f32>>> = groups
        .all
        .iter()
        .map(|group| vec![group.members.iter().map(|member| morphisms[*member].scale).collect()])
        .collect();
    let labels = stage.part.labels.clone();
    let classes = stage.graph.classes();
    // No label is drawn for the residual alone.
    let draws = label_draws(0, 0, Draws::Estimate(Part::Validation), labels.len());
    let nobody = crate::engine::Unwatched;
    sweep(stage, &groups, &scales, Bank::Residual, &draws, &nobody, |indices, logits, answers| {
        let each = indices.iter().zip(logits.chunks(classes));
        table.losses.extend(each.map(|(index, logits)| local(logits, labels[*index], 0.0).loss as f32));
        for (group, _, numbers) in answers {
            let members = &groups.all[*group].members;
            for (position, member) in members.iter().enumerate() {
                let own = numbers.iter().skip(position).step_by(members.len());
                table.first_order[*member].extend(own);
            }
        }
    })
    .await?;
    Ok(table)
}
