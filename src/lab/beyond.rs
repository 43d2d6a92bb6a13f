//! What growth gains beyond training.
//!
//! A change may gain what one more step of the existing weights would gain for nothing. So that step is held against it:
//! it is found on the images that φ is learned from, and what it adds to the logits competes for every gain on the
//! validation part (see [`Joint::beyond`]). It is never made.

use std::sync::Arc;

use super::config::Config;
use super::cost::Spent;
use super::error::LabError;
use super::events::{Observer, Relay, notice};
use super::joint::joint_table;
use super::record::BeyondTraining;
use super::state::State;
use super::under_way;
use crate::data::Data;
use crate::engine::{self, Engine, EngineError, OptimizerConfig, Part, Phase, Rule, Schedule, TrainRequest};
use crate::search::{Bounds, FREE, Joint, OUT, Offer, Strategy, WHOLE, is_whole};
use crate::words::say;

/// The own step's rate in φ's. All weights move at once, so that the loss bends soon: at φ's own rate the step ends where its
/// direction no longer serves (docs/rejected.md).
const RATE: f64 = 0.1;

/// Whether choices are made by what comes beyond training.
pub fn chooses(config: &Config) -> bool {
    matches!(config.strategy, Strategy::Joint { beyond_training: true, .. })
}

/// The existing weights' own step by Adam, as φ is learned: by as many steps, on the same batches, at a part of the rate.
fn request(config: &Config, data: &Data, round: u64) -> TrainRequest {
    let learning = &config.learning;
    let batch = learning.batch.min(data.train.len()).max(1);
    let optimizer = OptimizerConfig {
        rule: Rule::Adamw,
        learning_rate: RATE * learning.learning_rate,
        schedule: Schedule::Constant,
        momentum: 0.9,
        nesterov: false,
        beta2: 0.999,
        weight_decay: 0.0,
        clip: 0.0,
    };
    let whole = TrainRequest::whole(config.seed, Phase::Learn(round), learning.steps, batch);
    TrainRequest { optimizer, augment: false, ..whole }
}

/// What the own step adds to the logits of the validation part, if anybody asks and training does not diverge; what it
/// cost. The engine holds the state's network again afterwards.
pub async fn own_step(
    config: &Config,
    data: &Data,
    state: &mut State,
    engine: &mut dyn Engine,
    observer: &dyn Observer,
) -> Result<(Option<Vec<f32>>, Spent), LabError> {
    let asked = chooses(config) || config.instrument.beyond_training;
    if !asked || state.morphisms.is_empty() {
        return Ok((None, Spent::default()));
    }
    let (request, model) = (request(config, data, state.round), state.model.clone());
    let watch = Relay::new(observer);
    let own = match engine::own_step(engine, &model, &request, Part::Validation, &watch).await {
        Ok(own) => Some(own),
        Err(EngineError::Diverged { .. }) => {
            notice(observer, || say!("lab-own-step-diverges").into());
            None
        }
        Err(error) => return Err(error.into()),
    };
    let examples = request.steps.end * request.batch as u64;
    let flops = under_way::ledger(state)?.own_step(examples, data.validation.len() as u64)?;
    let spent = if chooses(config) { Spent::method(flops) } else { Spent::instrument(flops) };
    Ok((own, spent))
}

/// Says of each candidate what it gains alone and beyond the own step, and of the made set what it adds to that step; what
/// that cost. For the instrument, after the choice.
pub async fn say(
    config: &Config,
    data: &Data,
    state: &mut State,
    own: &[f32],
    engine: &mut dyn Engine,
    observer: &dyn Observer,
) -> Result<Spent, LabError> {
    let mut spent = Spent::default();
    let table = match &state.table {
        Some(table) => table.clone(),
        None => {
            let (morphisms, round) = (state.morphisms.clone(), state.round);
            let flops = under_way::ledger(state)?.joint(&morphisms, data.validation.len() as u64)?;
            spent += Spent::instrument(flops);
            Arc::new(joint_table(engine, &morphisms, Part::Validation, round, observer).await?)
        }
    };
    let (plain, beyond) = (Joint::new(&table), Joint::beyond(&table, own));
    let bounds: Vec<Bounds> = under_way::offers(config.seed, state)?.iter().map(bounds).collect();
    let gains = plain.alone(&bounds).into_iter().zip(beyond.alone(&bounds));
    let none = vec![0.0; bounds.len()];
    let record = under_way::record(state)?;
    for (candidate, (alone, beyond)) in record.candidates.iter_mut().zip(gains) {
        (candidate.alone, candidate.beyond_training) = (Some(alone), Some(beyond));
    }
    let share = |(chosen, share): (bool, Option<f64>)| if chosen { share.unwrap_or(1.0) } else { 0.0 };
    let shares: Vec<f64> =
        record.candidates.iter().map(|candidate| share((candidate.chosen, candidate.share))).collect();
    record.beyond_training = Some(BeyondTraining {
        share: beyond.own_share(),
        training: plain.loss(&none) - beyond.loss(&none),
        made: (shares != none).then(|| beyond.gain(&shares)),
    });
    Ok(spent)
}

fn bounds(offer: &Offer) -> Bounds {
    match (offer.scale > 0.0, is_whole(offer)) {
        (false, _) => OUT,
        (true, true) => WHOLE,
        (true, false) => FREE,
    }
}
