//! The joint choice as a stage: one table of all candidates, shares by the convex problem, a factor by trying.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::config::Config;
use super::cost::Spent;
use super::error::LabError;
use super::events::{Event, Observer, Silent, notice};
use super::ledger::Ledger;
use super::making::made;
use super::record::{CandidateRecord, JointRecord};
use super::state::{Stage, State};
use super::under_way;
use crate::data::Data;
use crate::engine::{Engine, EngineError, JointTable, Part};
use crate::format::signed_decimal;
use crate::morphism::{self, Candidate, Morphism};
use crate::network::{Cost, Model};
use crate::search::{self, Joint, Offer, Promise, is_whole};
use crate::words::say;

/// Parts of the shares that are tried on the grown network, the largest first; after them, not to grow at all.
const FACTORS: [f64; 5] = [1.0, 0.7, 0.5, 0.35, 0.25];

/// Chooses by [`search::together`] on the validation part, then goes only so far along the choice as really lowers the
/// validation loss: if no factor does, nothing grows. What it cost. Beside `own`, what the existing weights' own step adds
/// to the logits, only that counts which comes beyond it.
pub async fn choose(
    config: &Config,
    data: &Data,
    state: &mut State,
    own: Option<&[f32]>,
    engine: &mut dyn Engine,
    observer: &dyn Observer,
) -> Result<Spent, LabError> {
    let morphisms = state.morphisms.clone();
    let offers = under_way::offers(config.seed, state)?;
    if offers.is_empty() {
        under_way::mark(state, &[])?;
        return Ok(Spent::default());
    }
    let (model, round) = (state.model.clone(), state.round);
    let table = joint_table(engine, &morphisms, Part::Validation, round, observer).await?;
    let mut spent = Spent::method(under_way::ledger(state)?.joint(&morphisms, data.validation.len() as u64)?);
    let joint = Joint::new(&table);
    let penalties: Vec<f64> = offers.iter().map(|offer| config.strategy.penalty(&offer.cost)).collect();
    let mut grown = |positions: &[usize]| -> Result<Cost, LabError> {
        let chosen: Vec<Candidate> = positions.iter().map(|&index| offers[index].candidate.clone()).collect();
        Ok(morphism::rewrite_architecture(&model.network.architecture, &chosen)?.cost()?)
    };
    let competing = own.map_or(Joint::new(&table), |own| Joint::beyond(&table, own));
    let chosen = search::together(&competing, &offers, &penalties, &config.budget, &mut grown)?;
    // What comes at once is promised without the own step, which is not made.
    let chosen = chosen.times(&joint, &offers, 1.0);

    let mut trials = Trials {
        config,
        round,
        model: &model,
        morphisms: &morphisms,
        offers: &offers,
        engine,
        observer,
        flops: 0,
    };
    let mut best = None;
    if !chosen.made().is_empty() {
        trials.flops += under_way::ledger(state)?.evaluate(data.validation.len() as u64);
        let before = trials.engine.evaluate(Part::Validation, &Silent(observer)).await?.loss;
        best = trials.best(&joint, &chosen, before, data).await?;
        // Perhaps only what cannot be scaled did the harm.
        let learned: Vec<usize> =
            chosen.made().into_iter().filter(|position| !is_whole(&offers[*position])).collect();
        if best.is_none() && !learned.is_empty() && learned.len() < chosen.made().len() {
            let rest = search::promise(&joint, &offers, &learned);
            best = trials.best(&joint, &rest, before, data).await?;
        }
        trials.engine.load(&model).await?;
    }
    spent += Spent::method(trials.flops);
    let (promise, came, factor) = match best {
        Some(best) => best,
        None => (search::promise(&joint, &offers, &[]), 0.0, 0.0),
    };
    let mut record = JointRecord::of(&promise);
    (record.came, record.factor) = (Some(came), Some(factor));
    if config.instrument.estimates && !promise.made().is_empty() {
        let asked: Vec<Morphism> = promise.made().iter().map(|&index| morphisms[index].clone()).collect();
        let held_out = joint_table(engine, &asked, Part::HeldOut, round, observer).await?;
        let shares: Vec<f64> = promise.made().iter().map(|&index| promise.shares[index]).collect();
        record.promised_held_out = Some(Joint::new(&held_out).gain(&shares));
        spent += Spent::instrument(under_way::ledger(state)?.joint(&asked, data.held_out.len() as u64)?);
    }
    notice(observer, || sentence(&record, promise.made().len(), chosen.made().len()));
    keep(state, &promise, record)?;
    state.table = Some(Arc::new(table));
    Ok(spent)
}

/// What each candidate adds to the chosen: of one that is chosen, what would be lost without it.
pub fn adds(seed: u64, state: &mut State) -> Result<BTreeMap<usize, f64>, LabError> {
    let offers = under_way::offers(seed, state)?;
    let Some(table) = state.table.clone() else { return Ok(BTreeMap::new()) };
    let share =
        |candidate: &CandidateRecord| if candidate.chosen { candidate.share.unwrap_or(1.0) } else { 0.0 };
    let shares: Vec<f64> = under_way::record(state)?.candidates.iter().map(share).collect();
    let whole: Vec<bool> = offers.iter().map(is_whole).collect();
    let joint = Joint::new(&table);
    let both = joint.worths(&shares).into_iter().zip(joint.additions(&shares, &whole));
    Ok(both.map(|(worth, addition)| worth + addition).enumerate().collect())
}

/// The engine's table, if it is one.
pub async fn joint_table(
    engine: &mut dyn Engine,
    morphisms: &[Morphism],
    part: Part,
    round: u64,
    observer: &dyn Observer,
) -> Result<JointTable, LabError> {
    let table = engine.joint(morphisms, part, &Silent(observer)).await?;
    under_way::expect(Stage::Choose, table.changes.len(), morphisms.len())?;
    match table.is_sound() {
        true => Ok(table),
        false => Err(LabError::NotFinite {
            stage: Stage::Choose.name(),
            round,
            id: "the joint estimate".into(),
            found: f64::NAN,
        }),
    }
}

/// A promise as made, what it brought, and the factor.
type Made = (Promise, f64, f64);

struct Trials<'a> {
    config: &'a Config,
    round: u64,
    model: &'a Model,
    morphisms: &'a [Morphism],
    offers: &'a [Offer],
    engine: &'a mut dyn Engine,
    observer: &'a dyn Observer,
    flops: u64,
}

impl Trials<'_> {
    /// The factor whose grown network has the lowest validation loss, if that is below `before`. Smaller factors
    /// are tried as long as each is better than the one before, or none has helped yet.
    async fn best(
        &mut self,
        joint: &Joint<'_>,
        chosen: &Promise,
        before: f64,
        data: &Data,
    ) -> Result<Option<Made>, LabError> {
        let scaled = chosen.made().iter().any(|position| !is_whole(&self.offers[*position]));
        let factors = if scaled { &FACTORS[..] } else { &FACTORS[..1] };
        let mut best: Option<Made> = None;
        for (tried, factor) in factors.iter().enumerate() {
            if self.observer.cancelled() {
                return Err(EngineError::Cancelled.into());
            }
            let promise = chosen.times(joint, self.offers, *factor);
            let came = before - self.loss(&promise, data).await?;
            self.observer.event(Event::Progress {
                done: tried as u64 + 1,
                total: factors.len() as u64,
                loss: Some((before - came) as f32),
            });
            if came > best.as_ref().map_or(0.0, |(_, came, _)| *came) {
                best = Some((promise, came, *factor));
            } else if best.is_some() {
                break;
            }
        }
        Ok(best)
    }

    /// The validation loss of the network grown by a promise; infinite where it diverges.
    async fn loss(&mut self, promise: &Promise, data: &Data) -> Result<f64, LabError> {
        let network = &self.model.network;
        let share = |index: usize| {
            made(self.config, self.round, network, &self.morphisms[index], promise.shares[index])
        };
        let grown = promise.made().into_iter().map(share).collect::<Result<Vec<_>, _>>()?;
        let trial = morphism::apply(self.model, &grown)?;
        self.engine.load(&trial).await?;
        self.flops += Ledger::new(&trial.network.architecture)?.evaluate(data.validation.len() as u64);
        match self.engine.evaluate(Part::Validation, &Silent(self.observer)).await {
            Ok(score) => Ok(score.loss),
            Err(EngineError::Diverged { .. }) => Ok(f64::INFINITY),
            Err(error) => Err(error.into()),
        }
    }
}

/// The loss on the validation part before growth, where a table knows it.
pub fn loss_before(state: &State) -> Option<f64> {
    let table = state.table.as_ref()?;
    let joint = Joint::new(table);
    Some(joint.loss(&vec![0.0; joint.candidates()]))
}

/// What a choice by hand brought on the validation part, once the engine holds the grown network; what asking cost.
pub async fn ask_what_came(
    data: &Data,
    state: &mut State,
    before: Option<f64>,
    engine: &mut dyn Engine,
    observer: &dyn Observer,
) -> Result<Spent, LabError> {
    let (Some(before), Some(JointRecord { came: None, .. })) = (before, under_way::record(state)?.joint)
    else {
        return Ok(Spent::default());
    };
    let after = engine.evaluate(Part::Validation, &Silent(observer)).await?.loss;
    if let Some(joint) = &mut under_way::record(state)?.joint {
        joint.came = Some(before - after);
    }
    Ok(Spent::instrument(under_way::ledger(state)?.evaluate(data.validation.len() as u64)))
}

/// What the candidates with these ids would bring together, by the joint estimate; nothing where there is no table,
/// or where one of them is unknown. Quick enough to be asked at every tick.
pub fn promise(seed: u64, state: &State, ids: &[String]) -> Result<Option<Promise>, LabError> {
    let Some(table) = &state.table else { return Ok(None) };
    let offers = under_way::offers(seed, &mut state.clone())?;
    let position = |id: &String| offers.iter().position(|offer| offer.id == *id);
    let positions: Option<Vec<usize>> = ids.iter().map(position).collect();
    Ok(positions.map(|positions| search::promise(&Joint::new(table), &offers, &positions)))
}

/// Marks what a promise makes, with its shares.
pub fn keep(state: &mut State, promise: &Promise, joint: JointRecord) -> Result<(), LabError> {
    under_way::mark(state, &promise.made())?;
    let record = under_way::record(state)?;
    for (candidate, share) in record.candidates.iter_mut().zip(&promise.shares) {
        candidate.share = candidate.chosen.then_some(*share);
    }
    record.joint = Some(joint);
    Ok(())
}

fn sentence(record: &JointRecord, made: usize, wanted: usize) -> String {
    let came = record.came.unwrap_or(0.0);
    match (made, wanted) {
        (0, 0) => say!("lab-joint-none").into(),
        (0, _) => say!("lab-joint-no-length", wanted = wanted),
        _ => say!(
            "lab-joint",
            made = made,
            sum = signed_decimal(record.sum_of_single, 4),
            promised = signed_decimal(record.promised, 4),
            came = signed_decimal(came, 4)
        ),
    }
}
