//! Parts of experiments that a study compares.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::config::Config;
use super::error::LabError;
use super::events::{Command, Observer};
use super::machine::Lab;
use super::record::Quality;
use super::state::{Stage, State};
use crate::data::Data;
use crate::engine::Engine;

/// When a network was scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Moment {
    /// Before any training.
    Seed,
    /// After a round's training.
    Trained,
    /// After a round's growth.
    Grown,
}

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Moment::Seed => "seed",
            Moment::Trained => "trained",
            Moment::Grown => "grown",
        })
    }
}

/// A moment at which a network was scored, and what it had cost by then.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The round; after the last growth, the one after it.
    pub round: u64,
    /// When in it.
    pub moment: Moment,
    /// Floating-point operations that the method needed until then, by the ledger.
    pub cost: u64,
    /// The network.
    pub quality: Quality,
}

/// Steps a lab until `there` is true of its state, or nothing is left to do.
async fn drive(
    lab: &mut Lab,
    engine: &mut dyn Engine,
    observer: &dyn Observer,
    there: impl Fn(&State) -> bool,
) -> Result<(), LabError> {
    while !lab.is_done() && !there(lab.state()) {
        lab.execute(engine, Command::Step, observer).await?;
    }
    Ok(())
}

/// Runs an experiment through all its growth, up to before its last training.
pub async fn grow_out(
    config: &Config,
    data: Arc<Data>,
    engine: &mut dyn Engine,
    observer: &dyn Observer,
) -> Result<Lab, LabError> {
    let mut lab = Lab::new(config.clone(), data.clone())?;
    let last = config.rounds + 1;
    drive(&mut lab, engine, observer, |state| state.stage == Stage::Train && state.round == last).await?;
    // Without its history, which would keep every state of many runs in memory.
    Ok(Lab::at(config.clone(), data, lab.state().clone()))
}

/// The last training, at a total cost of the whole run of no more than `total` if one is given.
pub async fn finish(
    lab: &Lab,
    total: Option<u64>,
    engine: &mut dyn Engine,
    observer: &dyn Observer,
) -> Result<Lab, LabError> {
    let mut config = lab.config().clone();
    config.training.total_flops = total.or(config.training.total_flops);
    let mut lab = Lab::at(config, lab.data().clone(), lab.state().clone());
    drive(&mut lab, engine, observer, |_| false).await?;
    Ok(lab)
}

/// Trains the seed network of an experiment: its state before anything is proposed.
pub async fn trained(
    config: &Config,
    data: Arc<Data>,
    engine: &mut dyn Engine,
    observer: &dyn Observer,
) -> Result<State, LabError> {
    let mut lab = Lab::new(config.clone(), data)?;
    drive(&mut lab, engine, observer, |state| state.stage == Stage::Propose).await?;
    Ok(lab.state().clone())
}

/// Proposes, learns, estimates and measures from a trained state, whose weights stay as they are.
pub async fn measured_round(
    config: &Config,
    data: Arc<Data>,
    trained: &State,
    engine: &mut dyn Engine,
    observer: &dyn Observer,
) -> Result<State, LabError> {
    config.check()?;
    let mut lab = Lab::at(config.clone(), data, trained.clone());
    drive(&mut lab, engine, observer, |state| state.stage == Stage::Choose).await?;
    Ok(lab.state().clone())
}

/// Every moment at which a run's network was scored, by rising cost.
pub fn curve(lab: &Lab) -> Vec<Point> {
    let state = lab.state();
    let mut points = Vec::new();
    let Some(seed) = state.seed else { return points };
    let mut cost = 0;
    points.push(Point { round: 1, moment: Moment::Seed, cost, quality: seed });
    for record in &state.rounds {
        cost += record.steps.train.method_flops();
        if let Some(quality) = record.before {
            points.push(Point { round: record.round, moment: Moment::Trained, cost, quality });
        }
        cost += record.steps.total().method_flops() - record.steps.train.method_flops();
        if let Some(quality) = record.after {
            points.push(Point { round: record.round, moment: Moment::Grown, cost, quality });
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use pollster::block_on;

    use super::*;
    use crate::data::Class;
    use crate::data::{DataConfig, load};
    use crate::engine::candle::CandleEngine;
    use crate::lab::Unobserved;
    use crate::search::Strategy;

    #[test]
    fn runs_that_grew_differently_end_at_the_same_cost() {
        let data = DataConfig {
            classes: Some(Class::numbers(&[0, 1])),
            train: Some(40),
            validation: Some(10),
            held_out: Some(10),
            ..DataConfig::default()
        };
        let config = |rounds, preset: &str| {
            let mut config =
                Config { rounds, preset: preset.into(), data: data.clone(), ..Config::default() };
            config.training.epochs = 2;
            config.training.batch = 10;
            (config.learning.steps, config.learning.batch) = (2, 20);
            config
        };
        let images = Arc::new(load(&data, 7).unwrap());
        let mut engine = CandleEngine::new();
        let mut ends = Vec::new();
        for config in [config(1, "2-M-3"), config(0, "4-M-4")] {
            let lab = block_on(grow_out(&config, images.clone(), &mut engine, &Unobserved)).unwrap();
            assert_eq!((lab.state().stage, lab.state().round), (Stage::Train, config.rounds + 1));
            let usual = block_on(finish(&lab, None, &mut engine, &Unobserved)).unwrap();
            assert_eq!(usual.spent(), lab.usual_total().unwrap());
            let points = curve(&usual);
            assert_eq!(points.last().unwrap().cost, usual.spent());
            assert!(points.windows(2).all(|pair| pair[0].cost < pair[1].cost));
            assert_eq!(points.len() as u64, 2 + 2 * config.rounds);
            let total = 2 * lab.least_total().unwrap();
            let equal = block_on(finish(&lab, Some(total), &mut engine, &Unobserved)).unwrap();
            let step = (usual.spent() - lab.spent()) / 8;
            assert!(equal.spent() <= total && equal.spent() + step > total, "{} {total}", equal.spent());
            ends.push(equal.state().last(config.rounds).unwrap());
        }
        assert_ne!(ends[0].parameters, ends[1].parameters);
    }

    #[test]
    fn the_instrument_shows_and_changes_nothing() {
        let mut config = Config { rounds: 1, preset: "3-M-4".into(), ..Config::default() };
        config.data.classes = Some(Class::numbers(&[0, 1]));
        (config.data.train, config.data.validation, config.data.held_out) = (Some(60), Some(40), Some(20));
        (config.training.epochs, config.training.batch) = (3, 10);
        (config.learning.steps, config.learning.batch) = (8, 30);
        config.learning.learning_rate = 0.05;
        config.strategy = Strategy::Joint { lambda_parameters: 1e-6, lambda_flops: 0.0 };
        let mut blind = config.clone();
        blind.measure = crate::lab::Measure::None;
        (blind.instrument.estimates, blind.instrument.train_scores) = (false, false);
        let mut elsewhere = config.clone();
        elsewhere.data.held_out = Some(30);
        let ends = [config, blind, elsewhere].map(|config| {
            let images = Arc::new(load(&config.data, 7).unwrap());
            let mut lab = Lab::new(config, images).unwrap();
            block_on(drive(&mut lab, &mut CandleEngine::new(), &Unobserved, |_| false)).unwrap();
            lab
        });
        let [shown, blind, elsewhere] = &ends;
        let round = shown.state().record(1).unwrap();
        assert!(!round.chosen().is_empty(), "something must grow");
        assert!(round.steps.total().instrument_flops > 0 && round.joint.unwrap().promised_held_out.is_some());
        let total = blind.state().record(1).unwrap().steps.total();
        let scored = blind.scored_examples();
        let (before, after) =
            (blind.state().record(1).unwrap().before, blind.state().record(1).unwrap().after);
        let least = scored * (before.unwrap().flops + after.unwrap().flops);
        assert_eq!((scored, total.instrument_flops), (20, least), "only the two scores that a report needs");
        let numbers = |lab: &Lab| -> Vec<(String, Vec<f32>)> {
            let tensors = lab.state().model.network.tensors.iter();
            tensors.map(|(name, t)| (name.clone(), t.flatten_all().unwrap().to_vec1().unwrap())).collect()
        };
        for other in [blind, elsewhere] {
            assert_eq!(numbers(shown), numbers(other));
            assert_eq!(shown.spent(), other.spent());
        }
    }
}
