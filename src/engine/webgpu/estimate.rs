//! Estimating every candidate from one sweep of cotangents. The device makes responses; the formulas, of a few numbers
//! an example, are evaluated in f64 on the host.

use super::GpuError;
use super::families::{Groups, Scene};
use super::record::Recording;
use super::sweep::{Piece, Setup, SweepBuffers, diverged, forward_pass, piece_examples, pull_back};
use crate::engine::{Draws, EngineError, EstimateRequest, Estimates, JointTable, Part, Watch, label_draws};
use crate::estimate::{Bank, Local};
use crate::morphism::Morphism;

/// The group and the scale, by their numbers, of each list of responses.
type Slots = Vec<(usize, usize)>;

/// Responses of one group at one scale, as numbers `[set][example][member]`.
type Answer = (usize, usize, Vec<f32>);

/// Records a piece of `images` examples. `scales` has for each group a list of trials, each with one scale a member.
fn record(
    setup: &Setup<'_>,
    stride: usize,
    groups: &Groups,
    scales: &[Vec<Vec<f32>>],
    images: usize,
    bank: Bank,
) -> Result<(Recording, Piece<Slots>), GpuError> {
    let subject = setup.subject();
    let sets = bank.size(subject.graph.classes());
    let mut recording = setup.context.recording();
    let shared = SweepBuffers::new(&mut recording, setup.graph, 1, stride);
    let values = forward_pass(&mut recording, subject, &shared, [images, 0])?;
    let keep: Vec<usize> = groups.all.iter().map(|group| group.reach.target()).collect();
    let gradients = match keep.is_empty() {
        true => None,
        false => Some(pull_back(&mut recording, subject, &shared, &values, (bank, 0), &keep)?),
    };
    let scene =
        Scene { graph: subject.graph, parameters: subject.parameters, values: &values, zeros: &shared.zeros };
    let mut wanted = vec![(values.at(subject.graph.last())?.clone(), images * subject.graph.classes())];
    let mut slots = Slots::new();
    for (index, group) in groups.all.iter().enumerate() {
        let probe = groups.probe(&mut recording, &scene, group)?;
        let Some(cotangents) = gradients.as_ref().and_then(|found| found.at(group.reach.target())) else {
            continue;
        };
        for (position, scales) in scales[index].iter().enumerate() {
            let change = probe.change(&mut recording, scales)?;
            let count = sets * images * group.members.len();
            let answer = recording.scratch(count, "responses");
            recording.respond(&scene, group, sets, [&change, cotangents, &answer])?;
            recording.release(change);
            wanted.push((answer, count));
            slots.push((index, position));
        }
        recording.end(probe);
    }
    recording.tick(&shared.control)?;
    Ok((recording, Piece { shared, wanted, about: slots }))
}

/// Runs all pieces of the setup's part, handing each one's logits and responses to `take`.
async fn sweep(
    setup: &mut Setup<'_>,
    groups: &Groups,
    scales: &[Vec<Vec<f32>>],
    bank: Bank,
    draws: &[f64],
    watch: &dyn Watch,
    mut take: impl FnMut(&[usize], &[f32], &[Answer]),
) -> Result<(), EngineError> {
    let examples = setup.part.labels.len();
    let sets = bank.size(setup.graph.classes());
    // An example's responses do not depend on the others of its piece, so that pieces can be as the device likes them.
    let fast = (setup.context.most / (setup.graph.heaviest(0) * sets as u64)).max(1) as usize;
    let size = piece_examples(setup.graph, sets).min(fast).min(examples.max(1));
    let record = |setup: &Setup<'_>, images| record(setup, size, groups, scales, images, bank);
    let take = |slots: &Slots, indices: &[usize], numbers: Vec<Vec<f32>>| {
        let mut numbers = numbers.into_iter();
        let logits = numbers.next().unwrap_or_default();
        let answers: Vec<Answer> =
            slots.iter().zip(numbers).map(|((group, scale), own)| (*group, *scale, own)).collect();
        take(indices, &logits, &answers);
        watch.progress((indices[indices.len() - 1] + 1) as u64, examples as u64, None);
    };
    setup.in_pieces(size, draws, watch, record, take).await
}

fn local(logits: &[f32], label: u8, draw: f64) -> Local {
    Local::new(logits.iter().map(|logit| f64::from(*logit)).collect(), usize::from(label), draw)
}

/// Mean estimated gains of the request's morphisms.
pub async fn estimate(
    setup: &mut Setup<'_>,
    request: &EstimateRequest<'_>,
    watch: &dyn Watch,
) -> Result<Estimates, EngineError> {
    request.check()?;
    let groups = Groups::new(setup.context, setup.graph, request.morphisms).await?;
    let bank = Bank::serving(&request.estimators);
    let classes = setup.graph.classes();
    let sets = bank.size(classes);
    let labels = setup.part.labels.clone();
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
    sweep(setup, &groups, &scales, bank, &draws, watch, |indices, logits, answers| {
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

/// The logits of each example and what each morphism adds to them, for the joint choice.
pub async fn joint(
    setup: &mut Setup<'_>,
    morphisms: &[Morphism],
    watch: &dyn Watch,
) -> Result<JointTable, EngineError> {
    let groups = Groups::new(setup.context, setup.graph, morphisms).await?;
    let classes = setup.graph.classes();
    let mut table = JointTable::empty(classes, setup.part.labels.clone(), morphisms.len());
    let scales: Vec<Vec<Vec<f32>>> = groups
        .all
        .iter()
        .map(|group| vec![group.members.iter().map(|member| morphisms[*member].scale).collect()])
        .collect();
    // No label is drawn for the logits themselves.
    let draws = label_draws(0, 0, Draws::Estimate(Part::Validation), table.labels.len());
    sweep(setup, &groups, &scales, Bank::Logits, &draws, watch, |indices, logits, answers| {
        table.logits.extend(logits);
        for (group, _, numbers) in answers {
            let members = &groups.all[*group].members;
            for (position, member) in members.iter().enumerate() {
                for example in 0..indices.len() {
                    let at = |set| (set * indices.len() + example) * members.len() + position;
                    table.changes[*member].extend((0..classes).map(|set| numbers[at(set)]));
                }
            }
        }
    })
    .await?;
    Ok(table)
}
