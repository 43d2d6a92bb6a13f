//! A run as a curve: how good its network was over what it had cost.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::record::{Look, Quality};
use super::state::State;

/// When a network was scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Moment {
    /// Before any training.
    Seed,
    /// Within a round's training.
    Training,
    /// After a round's training.
    Trained,
    /// After a round's growth.
    Grown,
    /// After the short training of a trial that was the best so far.
    Tried,
}

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Moment::Seed => "seed",
            Moment::Training => "training",
            Moment::Trained => "trained",
            Moment::Grown => "grown",
            Moment::Tried => "tried",
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

/// Every moment at which a run's network was scored, by rising cost.
pub fn curve(state: &State) -> Vec<Point> {
    let mut points = Vec::new();
    let Some(seed) = state.seed else { return points };
    let mut cost = 0;
    points.push(Point { round: 1, moment: Moment::Seed, cost, quality: seed });
    for record in &state.rounds {
        let each = record.steps.train.method_flops() / (record.losses.len() as u64).max(1);
        for Look { step, quality } in record.looks.iter().copied() {
            let cost = cost + each * step;
            points.push(Point { round: record.round, moment: Moment::Training, cost, quality });
        }
        cost += record.steps.train.method_flops();
        if let Some(quality) = record.before {
            points.push(Point { round: record.round, moment: Moment::Trained, cost, quality });
        }
        if record.round == 1 {
            cost = tried(state, cost, &mut points);
        }
        cost += record.steps.total().method_flops() - record.steps.train.method_flops();
        if let Some(quality) = record.after {
            points.push(Point { round: record.round, moment: Moment::Grown, cost, quality });
        }
    }
    points
}

/// Adds the trials that were the best so far, if there was a search; what everything had cost after it.
fn tried(state: &State, mut cost: u64, points: &mut Vec<Point>) -> u64 {
    let Some(search) = &state.search else { return cost };
    for trial in search.tree.trials() {
        cost += trial.cost.total().method_flops();
        if let Some(held_out) = trial.held_out.filter(|_| trial.id > 0) {
            let (parameters, flops) = (trial.parameters, trial.flops);
            let quality = Quality { parameters, flops, train: None, held_out };
            points.push(Point { round: 1, moment: Moment::Tried, cost, quality });
        }
    }
    cost
}

/// A training step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainedStep {
    /// The round whose training it belongs to.
    pub round: u64,
    /// Its number in the whole run, from 1.
    pub step: u64,
    /// Floating-point operations that the method needed until its end, by the ledger.
    pub cost: u64,
    /// Mean loss of its batch, in training mode, in nats.
    pub loss: f32,
}

/// Every training step of a run, those of a search's trials left out. The steps of one training cost equally much.
pub fn trained_steps(state: &State) -> Vec<TrainedStep> {
    let mut steps = Vec::new();
    let mut before = 0;
    for record in &state.rounds {
        let each = record.steps.train.method_flops() / (record.losses.len() as u64).max(1);
        for (index, &loss) in record.losses.iter().enumerate() {
            let cost = before + each * (index as u64 + 1);
            steps.push(TrainedStep { round: record.round, step: steps.len() as u64 + 1, cost, loss });
        }
        before += record.steps.total().method_flops();
        if let (1, Some(search)) = (record.round, &state.search) {
            before += search.method_flops();
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use pollster::block_on;

    use super::*;
    use crate::data::{Class, Data, DataConfig, load};
    use crate::engine::candle::CandleEngine;
    use crate::engine::{Engine, Part, Unwatched};
    use crate::lab::{Command, Config, Instrument, Lab, Stage, Unobserved, candidates_csv};
    use crate::morphism::Family;
    use crate::search::Strategy;

    /// Steps a lab until `there` is true of its state, or nothing is left to do.
    fn drive(lab: &mut Lab, engine: &mut CandleEngine, there: impl Fn(&State) -> bool) {
        while !lab.is_done() && !there(lab.state()) {
            block_on(lab.execute(engine, Command::Step, &Unobserved)).unwrap();
        }
    }

    /// The last training of a grown lab, up to this total cost if one is given.
    fn finish(
        config: &Config,
        images: &Arc<Data>,
        grown: &Lab,
        total: Option<u64>,
        engine: &mut CandleEngine,
    ) -> Lab {
        let mut lab = Lab::at(config.clone(), images.clone(), grown.state().clone());
        if let Some(total) = total {
            lab.spend(total);
        }
        drive(&mut lab, engine, |_| false);
        lab
    }

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
            let mut lab = Lab::new(config.clone(), images.clone()).unwrap();
            let last = config.rounds + 1;
            drive(&mut lab, &mut engine, |state| (state.stage, state.round) == (Stage::Train, last));
            let usual = finish(&config, &images, &lab, None, &mut engine);
            assert_eq!(usual.spent(), lab.usual_total().unwrap());
            let points = curve(usual.state());
            assert_eq!(points.last().unwrap().cost, usual.spent());
            assert!(points.windows(2).all(|pair| pair[0].cost < pair[1].cost));
            // The last step of each training ends where the curve says that the network was trained.
            let steps = trained_steps(usual.state());
            let lasts = steps
                .iter()
                .enumerate()
                .filter(|(index, step)| steps.get(index + 1).is_none_or(|next| next.round != step.round));
            let trained = points.iter().filter(|point| point.moment == Moment::Trained);
            assert!(lasts.map(|(_, step)| step.cost).eq(trained.map(|point| point.cost)));
            assert_eq!(steps.len() as u64, 8 * (config.rounds + 1), "two epochs of four batches each");
            assert_eq!(points.len() as u64, 2 + 2 * config.rounds);
            let total = 2 * lab.least_total().unwrap();
            let equal = finish(&config, &images, &lab, Some(total), &mut engine);
            let step = (usual.spent() - lab.spent()) / 8;
            assert!(equal.spent() <= total && equal.spent() + step > total, "{} {total}", equal.spent());
            ends.push(equal.state().last(config.rounds).unwrap());
        }
        assert_ne!(ends[0].parameters, ends[1].parameters);
    }

    #[test]
    fn a_look_within_a_training_is_of_the_network_as_it_was_then() {
        let mut config = Config { rounds: 0, preset: "3n-M-4".into(), ..Config::default() };
        config.data.classes = Some(Class::numbers(&[0, 1]));
        (config.data.train, config.data.validation, config.data.held_out) = (Some(60), Some(20), Some(20));
        (config.training.epochs, config.training.batch) = (5, 10);
        config.instrument.while_training = 2;
        let images = Arc::new(load(&config.data, 7).unwrap());
        let (mut lab, mut engine) = (Lab::new(config, images.clone()).unwrap(), CandleEngine::new());
        let looks = |state: &State| state.record(1).map_or(0, |round| round.looks.len());
        for (seen, step) in [(1, 12), (2, 24)] {
            drive(&mut lab, &mut engine, |state| looks(state) == seen);
            let look = *lab.state().record(1).unwrap().looks.last().unwrap();
            assert_eq!((lab.state().step, look.step), (step, step));
            let mut other = CandleEngine::new();
            block_on(other.set_data(images.clone())).unwrap();
            block_on(other.load(&lab.state().model)).unwrap();
            let score = block_on(other.evaluate(Part::HeldOut, &Unwatched)).unwrap();
            assert_eq!(score, look.quality.held_out);
        }
        drive(&mut lab, &mut engine, |_| false);
        let (points, steps) = (curve(lab.state()), trained_steps(lab.state()));
        let moments: Vec<Moment> = points.iter().map(|point| point.moment).collect();
        assert_eq!(moments, [Moment::Seed, Moment::Training, Moment::Training, Moment::Trained]);
        assert_eq!([points[1].cost, points[2].cost], [steps[11].cost, steps[23].cost]);
        // Twice within the training, and both parts at its end.
        let scored = (60 + 3 * 20) * points[3].quality.flops;
        assert_eq!(lab.state().record(1).unwrap().steps.train.instrument_flops, scored);
    }

    #[test]
    fn the_instrument_shows_and_changes_nothing() {
        let mut config = Config { rounds: 1, preset: "3-M-4".into(), ..Config::default() };
        config.data.classes = Some(Class::numbers(&[0, 1]));
        (config.data.train, config.data.validation, config.data.held_out) = (Some(60), Some(40), Some(20));
        (config.training.epochs, config.training.batch) = (3, 10);
        (config.learning.steps, config.learning.batch) = (8, 30);
        config.learning.learning_rate = 0.05;
        config.strategy = Strategy::default();
        config.instrument.beyond_training = true;
        (config.instrument.in_the_end, config.instrument.in_the_end_again) = (1, true);
        config.instrument.literature = true;
        config.instrument.while_training = 1;
        let mut blind = config.clone();
        blind.measure = crate::lab::Measure::None;
        blind.instrument = Instrument { estimates: false, train_scores: false, ..Instrument::default() };
        let mut elsewhere = config.clone();
        elsewhere.data.held_out = Some(30);
        let ends = [config, blind, elsewhere].map(|config| {
            let images = Arc::new(load(&config.data, 7).unwrap());
            let mut lab = Lab::new(config, images).unwrap();
            drive(&mut lab, &mut CandleEngine::new(), |_| false);
            lab
        });
        let [shown, blind, elsewhere] = &ends;
        let round = shown.state().record(1).unwrap();
        assert_eq!(round.looks.iter().map(|look| look.step).collect::<Vec<_>>(), [6, 12], "of 18 steps");
        let beyond = round.beyond_training.unwrap();
        assert!(beyond.training > 0.0 && beyond.share > 0.0 && beyond.made.is_some(), "{beyond:?}");
        for candidate in &round.candidates {
            assert!(candidate.alone.is_some() && candidate.beyond_training.is_some());
            assert_eq!(candidate.in_the_end.is_some(), candidate.scores.is_some(), "{}", candidate.id());
            let Some(scores) = &candidate.scores else { continue };
            assert!(scores.joint_share.is_some() && candidate.in_the_end_again.is_some());
            let known = [scores.steepest, scores.firefly, scores.gradmax, scores.tiny].map(|s| s.is_some());
            let expected = match candidate.family {
                Family::Split => [true, true, false, false],
                Family::Widen => [false, true, true, true],
                _ => [false; 4],
            };
            assert_eq!(known, expected, "{}", candidate.id());
        }
        let columns = |lab: &Lab| -> BTreeSet<usize> {
            candidates_csv(lab.state()).lines().map(|line| line.split(',').count()).collect()
        };
        assert_eq!((columns(shown), columns(blind)), (BTreeSet::from([18]), BTreeSet::from([16])));
        assert!(round.in_the_end.is_some() && blind.state().record(1).unwrap().beyond_training.is_none());
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
