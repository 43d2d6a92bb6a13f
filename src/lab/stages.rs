//! The stages between training and training: each turns a state into the next.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::beyond;
use super::config::{Config, Measure};
use super::cost::{Spent, StepCost};
use super::error::LabError;
use super::events::{Event, Observer, Relay, Silent, notice};
use super::joint;
use super::ledger::Ledger;
use super::making::{grown, made};
use super::record::{CandidateRecord, JointRecord};
use super::state::{Stage, State};
use super::under_way::{expect, finite, ledger, mark, offers, record};
use super::warnings;
use super::why::reasons;
use crate::data::Data;
use crate::engine::{Engine, EngineError, EstimateRequest, Part, Phase, TrainRequest};
use crate::estimate::{ByEstimator, Estimator, SCALES};
use crate::morphism::{self, Candidate, Morphism};
use crate::network::{Cost, Model};
use crate::search::{self, Picker, Strategy};
use crate::words::say;

/// Trials to confirm choices, at most, for each candidate that may be chosen.
const TRIALS: usize = 4;

/// Where a stage's cost is added up, for those that the files name.
pub fn step_cost(state: &mut State, stage: Stage) -> Option<&mut StepCost> {
    let steps = &mut record(state).ok()?.steps;
    match stage {
        Stage::Train => Some(&mut steps.train),
        Stage::Learn => Some(&mut steps.learn),
        Stage::Estimate => Some(&mut steps.estimate),
        Stage::Measure => Some(&mut steps.measure),
        Stage::Propose => Some(&mut steps.propose),
        Stage::Choose => Some(&mut steps.choose),
        Stage::Grow => Some(&mut steps.grow),
        Stage::Seed | Stage::Ask | Stage::Assess | Stage::Adopt | Stage::Done => None,
    }
}

/// Lists the candidates with their costs.
pub fn propose(config: &Config, state: &mut State, observer: &dyn Observer) -> Result<Spent, LabError> {
    let model = state.model.clone();
    let architecture = &model.network.architecture;
    let mut records = Vec::new();
    for candidate in warnings::candidates(config, architecture)? {
        let cost = morphism::added_cost(architecture, &candidate)?;
        records.push(CandidateRecord::new(&candidate, &cost));
    }
    if records.is_empty() {
        notice(observer, || say!("lab-no-place").into());
    }
    record(state)?.candidates = records;
    Ok(Spent::default())
}

/// Chooses each scale on the validation part, then estimates on the held-out part by every estimator, if the
/// instrument is to show that.
///
/// What has no φ keeps scale 1. A scale of 0 means φ = 0: every estimate is then 0 and is not computed.
pub async fn estimate(
    config: &Config,
    data: &Data,
    state: &mut State,
    engine: &mut dyn Engine,
    observer: &dyn Observer,
) -> Result<Spent, LabError> {
    let mut morphisms = state.morphisms.to_vec();
    if morphisms.is_empty() {
        return Ok(Spent::default());
    }
    let (spent, validation) = match config.strategy.asks_gains() {
        true => {
            let (flops, gains) = backtrack(config, data, state, &mut morphisms, engine, observer).await?;
            (flops, gains.into_iter().map(Some).collect())
        }
        false => (0, vec![None; morphisms.len()]),
    };
    let mut spent = Spent::method(spent);

    let estimates = match config.instrument.estimates {
        true => {
            let (flops, estimates) =
                held_out_estimates(config, data, state, &morphisms, engine, observer).await?;
            spent += Spent::instrument(flops);
            estimates.into_iter().map(Some).collect()
        }
        false => vec![None; morphisms.len()],
    };
    let numbers = validation.into_iter().zip(estimates);
    for ((record, morphism), (validation, estimates)) in
        record(state)?.candidates.iter_mut().zip(&morphisms).zip(numbers)
    {
        record.scale = Some(morphism.scale);
        record.validation = validation;
        record.estimates = estimates;
    }
    state.morphisms = Arc::new(morphisms);
    Ok(spent)
}

/// Gives each morphism the scale of its largest gain on the validation part; what that costs, and the gains.
async fn backtrack(
    config: &Config,
    data: &Data,
    state: &State,
    morphisms: &mut [Morphism],
    engine: &mut dyn Engine,
    observer: &dyn Observer,
) -> Result<(u64, Vec<f64>), LabError> {
    let estimator = config.learning.estimator;
    let scales: Vec<Vec<f32>> = morphisms
        .iter()
        .map(|morphism| if is_learned(morphism) { SCALES.to_vec() } else { vec![1.0] })
        .collect();
    let backtracking = EstimateRequest {
        seed: config.seed,
        round: state.round,
        morphisms,
        scales: scales.clone(),
        part: Part::Validation,
        estimators: vec![estimator],
    };
    let gains = engine.estimate(&backtracking, &Relay::new(observer)).await?;
    expect(Stage::Estimate, gains.len(), morphisms.len())?;
    let examples = data.validation.len() as u64;
    let flops = ledger(state)?.estimate(morphisms, &scales, &[estimator], examples)?;
    let mut validation = Vec::with_capacity(morphisms.len());
    for ((morphism, scales), gains) in morphisms.iter_mut().zip(&scales).zip(&gains) {
        expect(Stage::Estimate, gains.len(), scales.len())?;
        let mut best: Option<(f32, f64)> = None;
        for (&scale, gains) in scales.iter().zip(gains) {
            expect(Stage::Estimate, gains.len(), 1)?;
            let gain = if scale == 0.0 { 0.0 } else { gains[0] };
            finite(Stage::Estimate, state.round, morphism, gain)?;
            if best.is_none_or(|(_, largest)| gain > largest) {
                best = Some((scale, gain));
            }
        }
        let (scale, gain) = best.unwrap_or((0.0, 0.0));
        morphism.scale = scale;
        validation.push(gain);
    }
    Ok((flops, validation))
}

/// Estimates on the held-out part by every estimator, at each morphism's scale; what they cost.
async fn held_out_estimates(
    config: &Config,
    data: &Data,
    state: &State,
    morphisms: &[Morphism],
    engine: &mut dyn Engine,
    observer: &dyn Observer,
) -> Result<(u64, Vec<ByEstimator>), LabError> {
    let worthwhile: Vec<usize> = (0..morphisms.len()).filter(|&index| morphisms[index].scale > 0.0).collect();
    let asked: Vec<Morphism> = worthwhile.iter().map(|&index| morphisms[index].clone()).collect();
    let mut estimates = vec![ByEstimator::all(0.0); morphisms.len()];
    if asked.is_empty() {
        return Ok((0, estimates));
    }
    let scales: Vec<Vec<f32>> = asked.iter().map(|morphism| vec![morphism.scale]).collect();
    let examples = data.held_out.len() as u64;
    let flops = ledger(state)?.estimate(&asked, &scales, &Estimator::ALL, examples)?;
    let request = EstimateRequest {
        seed: config.seed,
        round: state.round,
        morphisms: &asked,
        scales,
        part: Part::HeldOut,
        estimators: Estimator::ALL.to_vec(),
    };
    let gains = engine.estimate(&request, &Relay::new(observer)).await?;
    expect(Stage::Estimate, gains.len(), asked.len())?;
    for (&index, gains) in worthwhile.iter().zip(&gains) {
        let row = gains.first().map_or(&[][..], Vec::as_slice);
        expect(Stage::Estimate, row.len(), Estimator::COUNT)?;
        for gain in row {
            finite(Stage::Estimate, state.round, &morphisms[index], *gain)?;
        }
        estimates[index] = Estimator::ALL.into_iter().zip(row.iter().copied()).collect();
    }
    Ok((flops, estimates))
}

/// Measures actual gains on the held-out part: all, or those of the chosen.
pub async fn measure(
    config: &Config,
    data: &Data,
    state: &mut State,
    engine: &mut dyn Engine,
    observer: &dyn Observer,
) -> Result<Spent, LabError> {
    let candidates = &record(state)?.candidates;
    let wanted: Vec<usize> = (0..candidates.len())
        .filter(|&index| config.measure == Measure::All || candidates[index].chosen)
        .collect();
    measure_those(data, state, &wanted, engine, observer).await
}

/// Measures those of the candidates at the positions `wanted` that have not been yet.
pub async fn measure_those(
    data: &Data,
    state: &mut State,
    wanted: &[usize],
    engine: &mut dyn Engine,
    observer: &dyn Observer,
) -> Result<Spent, LabError> {
    let morphisms = state.morphisms.clone();
    let candidates = &record(state)?.candidates;
    let unknown = |index: &usize| *index < morphisms.len() && candidates[*index].actual.is_none();
    let wanted: Vec<usize> = wanted.iter().copied().filter(unknown).collect();
    let mut actual = vec![0.0; morphisms.len()];
    let moving: Vec<usize> = wanted.iter().copied().filter(|&index| morphisms[index].scale > 0.0).collect();
    let asked: Vec<Morphism> = moving.iter().map(|&index| morphisms[index].clone()).collect();
    let mut flops = 0;
    if !asked.is_empty() {
        let gains = engine.measure(&asked, Part::HeldOut, &Relay::new(observer)).await?;
        expect(Stage::Measure, gains.len(), asked.len())?;
        for (&index, gain) in moving.iter().zip(&gains) {
            finite(Stage::Measure, state.round, &morphisms[index], *gain)?;
            actual[index] = *gain;
        }
        flops = ledger(state)?.measure(&asked, data.held_out.len() as u64)?;
    }
    let candidates = &mut record(state)?.candidates;
    for index in wanted {
        candidates[index].actual = Some(actual[index]);
    }
    Ok(Spent::instrument(flops))
}

/// Lets the strategy choose by the validation gains, one by one unless it is the joint choice; then, if the instrument is to
/// show that, says what the gains are beyond training.
pub async fn choose(
    config: &Config,
    data: &Data,
    state: &mut State,
    engine: &mut dyn Engine,
    observer: &dyn Observer,
) -> Result<Spent, LabError> {
    let (own, mut spent) = beyond::own_step(config, data, state, engine, observer).await?;
    let (choosing, adds) = match config.strategy {
        Strategy::Joint { .. } => {
            let own = own.as_deref().filter(|_| beyond::chooses(config));
            let spent = joint::choose(config, data, state, own, engine, observer).await?;
            (spent, joint::adds(config.seed, state)?)
        }
        _ => choose_one_by_one(config, data, state, engine, observer).await?,
    };
    spent += choosing;
    say_why(config, state, &adds)?;
    if let Some(own) = own.filter(|_| config.instrument.beyond_training) {
        spent += beyond::say(config, data, state, &own, engine, observer).await?;
    }
    Ok(spent)
}

/// Writes down why each candidate is chosen or is not; `adds` holds what is known of what single ones add to
/// the others.
fn say_why(config: &Config, state: &mut State, adds: &BTreeMap<usize, f64>) -> Result<(), LabError> {
    let offers = offers(config.seed, state)?;
    let candidates = &mut record(state)?.candidates;
    let chosen: Vec<usize> = (0..candidates.len()).filter(|index| candidates[*index].chosen).collect();
    for (candidate, why) in candidates.iter_mut().zip(reasons(config, &offers, &chosen, adds)) {
        candidate.why = Some(why);
    }
    Ok(())
}

/// Takes candidates in the strategy's order; if choices are to be confirmed, each is tried on the validation part together
/// with those before it. What it cost, and what each that was tried adds to those before it.
async fn choose_one_by_one(
    config: &Config,
    data: &Data,
    state: &mut State,
    engine: &mut dyn Engine,
    observer: &dyn Observer,
) -> Result<(Spent, BTreeMap<usize, f64>), LabError> {
    let morphisms = state.morphisms.clone();
    let offers = offers(config.seed, state)?;
    let mut flops = 0;
    let model = state.model.clone();
    let mut grown = |positions: &[usize]| -> Result<Cost, LabError> {
        let chosen: Vec<Candidate> = positions.iter().map(|&index| offers[index].candidate.clone()).collect();
        Ok(morphism::rewrite_architecture(&model.network.architecture, &chosen)?.cost()?)
    };
    let mut picker = Picker::new(&config.strategy, &config.budget, &offers);
    let most = TRIALS * config.budget.max_candidates;
    let (mut trials, mut adds) = (0, BTreeMap::new());
    let mut loss = f64::INFINITY;
    if config.confirm {
        loss = engine.evaluate(Part::Validation, &Silent(observer)).await?.loss;
        flops += ledger(state)?.evaluate(data.validation.len() as u64);
    }
    while let Some(position) = picker.next(&mut grown)? {
        if config.confirm {
            if trials == most {
                break;
            }
            if observer.cancelled() {
                return Err(EngineError::Cancelled.into());
            }
            trials += 1;
            let together = picker.chosen().iter().chain([&position]);
            let together = together
                .map(|&index| made(config, state.round, &model.network, &morphisms[index], 1.0))
                .collect::<Result<Vec<_>, _>>()?;
            let trial = morphism::apply(&model, &together)?;
            engine.load(&trial).await?;
            let after = engine.evaluate(Part::Validation, &Silent(observer)).await?.loss;
            flops += Ledger::new(&trial.network.architecture)?.evaluate(data.validation.len() as u64);
            observer.event(Event::Progress {
                done: trials as u64,
                total: most as u64,
                loss: Some(after as f32),
            });
            adds.insert(position, loss - after);
            let proven = loss - after > config.strategy.penalty(&offers[position].cost);
            if !proven {
                continue;
            }
            loss = after;
        }
        picker.accept(position);
    }
    let chosen = picker.chosen().to_vec();
    if trials > 0 {
        engine.load(&model).await?;
        notice(observer, || say!("lab-confirmed", tested = trials, earned = chosen.len()));
    }
    if chosen.is_empty() {
        notice(observer, || say!("lab-none-worth-it").into());
    }
    mark(state, &chosen)?;
    Ok((Spent::method(flops), adds))
}

/// The state with another choice, by ids, if it is one that can grow.
pub fn rechoose(config: &Config, state: &State, ids: &[String]) -> Result<State, LabError> {
    let refuse = |reason: String| LabError::Command { command: "choose", reason };
    let mut state = state.clone();
    if !matches!(state.stage, Stage::Measure | Stage::Grow) || !record(&mut state)?.decided {
        return Err(refuse(format!("found the stage {}, expected a choice to edit", state.stage)));
    }
    let offers = offers(config.seed, &mut state)?;
    let mut positions = Vec::new();
    for id in ids {
        let position = offers.iter().position(|offer| offer.id == *id);
        positions.push(position.ok_or_else(|| refuse(format!("there is no candidate \"{id}\"")))?);
    }
    search::check(&offers, &positions).map_err(|id| {
        refuse(format!("{id} has scale 0, conflicts with another, or is a layer's last channel"))
    })?;
    match joint::promise(config.seed, &state, ids)? {
        Some(promise) => joint::keep(&mut state, &promise, JointRecord::of(&promise))?,
        None => {
            record(&mut state)?.joint = None;
            mark(&mut state, &positions)?;
        }
    }
    if config.measure == Measure::Chosen {
        record(&mut state)?.candidates.iter_mut().for_each(|candidate| candidate.actual = None);
    }
    if let Some(beyond) = &mut record(&mut state)?.beyond_training {
        beyond.made = None;
    }
    state.stage = Stage::Choose.next(config.measure);
    Ok(state)
}

/// Rewrites the network by the chosen candidates; returns whether it lost a layer or a skip.
pub fn rewrite(config: &Config, state: &mut State) -> Result<bool, LabError> {
    let (morphisms, model, round) = (state.morphisms.clone(), state.model.clone(), state.round);
    let chosen: Vec<Morphism> = record(state)?
        .candidates
        .iter()
        .zip(morphisms.iter())
        .filter(|(record, _)| record.chosen)
        .map(|(record, morphism)| made(config, round, &model.network, morphism, record.share.unwrap_or(1.0)))
        .collect::<Result<_, _>>()?;
    if !chosen.is_empty() {
        state.model = Arc::new(grown(config, &model, &chosen)?);
    }
    state.morphisms = Arc::default();
    state.table = None;
    Ok(chosen.iter().any(|morphism| morphism::morph(morphism.candidate.family).is_distilled()))
}

/// Trains a network that lost a layer or a skip for a few steps to answer like its parent; returns their FLOPs.
pub async fn distil(
    config: &Config,
    batch: usize,
    parent: &Model,
    state: &mut State,
    engine: &mut dyn Engine,
    observer: &dyn Observer,
) -> Result<Spent, LabError> {
    let training = &config.training;
    let steps = training.distil_steps;
    if steps == 0 {
        return Ok(Spent::default());
    }
    let request = TrainRequest {
        optimizer: training.optimizer.clone(),
        augment: training.augment,
        ..TrainRequest::whole(config.seed, Phase::Distil(state.round), steps, batch)
    };
    let report = engine.distil(&request, parent, &Relay::new(observer)).await?;
    state.model = Arc::new(engine.read_back().await?);
    record(state)?.distilled = report.losses;
    let examples = steps * batch as u64;
    let imitating = ledger(state)?.train(examples)?;
    Ok(Spent::method(imitating + Ledger::new(&parent.network.architecture)?.evaluate(examples)))
}

/// Whether there is a φ for backtracking to scale.
fn is_learned(morphism: &Morphism) -> bool {
    morphism::morph(morphism.candidate.family).is_learned()
}
