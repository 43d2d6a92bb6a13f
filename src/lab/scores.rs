//! Other numbers that may foresee what a change is worth in the end, to be compared with its estimates: its place in the
//! joint solution, what methods of the literature say of it, and a random number that nothing can be foreseen by.

use super::config::{Config, Learning};
use super::cost::Spent;
use super::error::LabError;
use super::events::{Observer, Relay, notice};
use super::record::Scores;
use super::state::State;
use super::under_way;
use crate::data::Data;
use crate::engine::{Engine, EngineError, Learner};
use crate::morphism::{Candidate, morph};
use crate::random::Stream;
use crate::search::{Bounds, FREE, Joint, OUT, Offer};
use crate::words::say;

/// Learners whose scores are asked for.
const LITERATURE: [Learner; 4] = [Learner::Steepest, Learner::Firefly, Learner::Gradmax, Learner::Tiny];

/// Scores the candidates at the positions `followed`; what that cost.
pub async fn score(
    config: &Config,
    data: &Data,
    state: &mut State,
    followed: &[usize],
    engine: &mut dyn Engine,
    observer: &dyn Observer,
) -> Result<Spent, LabError> {
    let offers = under_way::offers(config.seed, state)?;
    let (shares, worths) = in_the_joint_solution(config, state, &offers);
    let mut scores: Vec<Scores> = followed
        .iter()
        .map(|&index| Scores {
            joint_share: shares.get(index).copied(),
            joint_worth: worths.get(index).copied(),
            control: control(config.seed, state.round, &offers[index].id),
            ..Scores::default()
        })
        .collect();
    let mut flops = 0;
    for learner in LITERATURE {
        let asked = asked(learner, &offers, followed);
        if !config.instrument.literature || !engine.offers(learner) || asked.is_empty() {
            continue;
        }
        let learning = Learning { learner, together: false, ..config.learning.clone() };
        let candidates = asked.iter().map(|&index| offers[index].candidate.clone()).collect();
        let request = learning.request(config.seed, state.round, candidates);
        let learned = match engine.learn(&request, &Relay::new(observer)).await {
            Ok(learned) => learned,
            Err(EngineError::Diverged { .. }) => {
                notice(observer, || say!("lab-learner-diverges", learner = learner.name()));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        flops += under_way::ledger(state)?.learn(&learned.morphisms, &learning, data.train.len() as u64)?;
        for (index, score) in asked.into_iter().zip(learned.scores) {
            if let Some(place) = followed.iter().position(|other| *other == index)
                && let Some(slot) = scores[place].of(learner)
            {
                *slot = score.filter(|score| score.is_finite());
            }
        }
    }
    let record = under_way::record(state)?;
    for (&index, scores) in followed.iter().zip(scores) {
        record.candidates[index].scores = Some(scores);
    }
    Ok(Spent::instrument(flops))
}

/// Each candidate's share where all share freely at their prices, whatever fits together, and by how much the loss would
/// rise without it; nothing where the joint choice was not made.
fn in_the_joint_solution(config: &Config, state: &State, offers: &[Offer]) -> (Vec<f64>, Vec<f64>) {
    let Some(table) = &state.table else { return Default::default() };
    let takes_part = |offer: &Offer| offer.scale > 0.0 && !morph(offer.candidate.family).stands_alone();
    let bounds: Vec<Bounds> = offers.iter().map(|offer| if takes_part(offer) { FREE } else { OUT }).collect();
    let penalties: Vec<f64> = offers.iter().map(|offer| config.strategy.penalty(&offer.cost)).collect();
    let joint = Joint::new(table);
    let shares = joint.solve(&penalties, &bounds, &vec![0.0; offers.len()]);
    let worths = joint.worths(&shares);
    (shares, worths)
}

/// What a learner is asked about: those followed that it serves; Firefly switches on all changes of a layer together, so it
/// is asked about all beside them too.
fn asked(learner: Learner, offers: &[Offer], followed: &[usize]) -> Vec<usize> {
    let families = learner.families();
    let group = |candidate: &Candidate| (candidate.family, candidate.layer().to_owned());
    let serves = |index: &usize| families.contains(&offers[*index].candidate.family);
    let wanted: Vec<usize> = followed.iter().copied().filter(serves).collect();
    if learner != Learner::Firefly {
        return wanted;
    }
    let groups: Vec<_> = wanted.iter().map(|&index| group(&offers[index].candidate)).collect();
    (0..offers.len()).filter(|&index| groups.contains(&group(&offers[index].candidate))).collect()
}

fn control(seed: u64, round: u64, id: &str) -> f64 {
    Stream::new(seed, &format!("control of {id}"), round).uniform()
}
