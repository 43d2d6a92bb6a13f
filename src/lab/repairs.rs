//! Which held-out images a change repairs and which it breaks: those that the network had wrong before and has right
//! with it, and the other way round.

use super::error::LabError;
use super::events::{Observer, Silent};
use super::machine::Lab;
use super::state::Stage;
use crate::engine::{Engine, EngineError, JointTable, Part};
use crate::estimate::softmax;
use crate::morphism::{self, Morphism};
use crate::network::Model;

/// What is compared with the network before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The candidate with this id, alone, at its own scale.
    Candidate(String),
    /// All that the last round made, before any training.
    Growth,
}

/// What a network answers to an image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    /// The class that it finds most probable, by its place among the run's classes.
    pub class: usize,
    /// That class's probability.
    pub probability: f64,
}

/// An image that one network has right and the other wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flip {
    /// The held-out image.
    pub image: usize,
    /// Its class.
    pub label: usize,
    /// The answer before the change.
    pub before: Guess,
    /// The answer with it.
    pub after: Guess,
}

/// What a change repairs and breaks.
#[derive(Clone, Debug, PartialEq)]
pub struct Repairs {
    /// The change.
    pub of: Change,
    /// Its round.
    pub round: u64,
    /// How many held-out images there are.
    pub images: usize,
    /// How many were right before.
    pub right: usize,
    /// Those wrong before and right now, in their order.
    pub repaired: Vec<Flip>,
    /// Those right before and wrong now, in their order.
    pub broken: Vec<Flip>,
}

impl Repairs {
    /// From logits `[example][class]` before and with the change. An image is right where no logit is above its
    /// label's, as for [`crate::engine::Score`].
    fn between(of: Change, round: u64, labels: &[u8], before: &[f32], after: &[f32]) -> Self {
        let classes = before.len() / labels.len().max(1);
        let mut found =
            Self { of, round, images: labels.len(), right: 0, repaired: Vec::new(), broken: Vec::new() };
        let rows = before.chunks(classes.max(1)).zip(after.chunks(classes.max(1)));
        for (image, (label, (before, after))) in labels.iter().zip(rows).enumerate() {
            let label = usize::from(*label);
            let flip = Flip { image, label, before: guess(before, label), after: guess(after, label) };
            let right = (flip.before.class == label, flip.after.class == label);
            found.right += usize::from(right.0);
            match right {
                (false, true) => found.repaired.push(flip),
                (true, false) => found.broken.push(flip),
                _ => {}
            }
        }
        found
    }

    /// How probable a difference between repaired and broken at least so large would be, if each image that
    /// changed sides had been repaired or broken by the toss of a coin (McNemar's exact test, two-sided).
    pub fn by_chance(&self) -> f64 {
        let (repaired, broken) = (self.repaired.len(), self.broken.len());
        let tosses = repaired + broken;
        // Each term is the one before times a ratio, from 2^−n on; in logarithms, or it would vanish.
        let mut term = -(tosses as f64) * std::f64::consts::LN_2;
        let mut tail = 0.0;
        for heads in 0..=repaired.min(broken) {
            tail += term.exp();
            term += ((tosses - heads) as f64 / (heads + 1) as f64).ln();
        }
        (2.0 * tail).min(1.0)
    }
}

/// The answer that logits give to an image of this label; where several are largest, the label's counts.
fn guess(logits: &[f32], label: usize) -> Guess {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let first = logits.iter().position(|logit| *logit == largest).unwrap_or(label);
    let class = if logits.get(label) == Some(&largest) { label } else { first };
    let logits: Vec<f64> = logits.iter().copied().map(f64::from).collect();
    Guess { class, probability: softmax(&logits).get(class).copied().unwrap_or(f64::NAN) }
}

/// A network's logits for every held-out image, with their labels.
async fn answers(
    engine: &mut dyn Engine,
    model: &Model,
    observer: &dyn Observer,
) -> Result<JointTable, LabError> {
    if observer.cancelled() {
        return Err(EngineError::Cancelled.into());
    }
    engine.load(model).await?;
    let table = engine.joint(&[], Part::HeldOut, &Silent(observer)).await?;
    match table.is_sound() {
        true => Ok(table),
        false => {
            let what = "a logit".into();
            Err(EngineError::Diverged { stage: "comparing images", step: 0, what }.into())
        }
    }
}

impl Lab {
    /// Which held-out images a change repairs and which it breaks. No state, and no number of the run, changes.
    ///
    /// # Errors
    /// A change that the history does not have, one at scale 0, and the engine's own errors.
    pub async fn repairs(
        &mut self,
        engine: &mut dyn Engine,
        of: &Change,
        observer: &dyn Observer,
    ) -> Result<Repairs, LabError> {
        let (before, after, round) = self.before_and_after(of)?;
        self.prepare(engine).await?;
        // Whatever comes of it, the engine has another model than the present state's.
        self.engine_lacks_model();
        let before = answers(engine, &before, observer).await?;
        let after = answers(engine, &after, observer).await?;
        Ok(Repairs::between(of.clone(), round, &before.labels, &before.logits, &after.logits))
    }

    /// The networks before and with the change, and the change's round.
    fn before_and_after(&self, of: &Change) -> Result<(Model, Model, u64), LabError> {
        let refuse = |reason: String| Err(LabError::Command { command: "compare images", reason });
        match of {
            Change::Candidate(id) => {
                let is_it = |morphism: &&Morphism| morphism.candidate.id() == *id;
                let learned = self
                    .history()
                    .back()
                    .find_map(|state| Some((&state.model, state.morphisms.iter().find(is_it)?, state.round)));
                let Some((model, morphism, round)) = learned else {
                    return refuse(format!("the change \"{id}\" is not learned, or no longer kept"));
                };
                if morphism.is_neutral() {
                    return refuse(format!("\"{id}\" changes nothing: no step along it helps"));
                }
                let grown = morphism::apply(model, std::slice::from_ref(morphism))?;
                Ok((Model::clone(model), grown, round))
            }
            Change::Growth => {
                let mut states = self.history().back();
                let mut after = states.next();
                for state in states {
                    if let Some(grown) = after
                        && state.stage == Stage::Grow
                        && state.round + 1 == grown.round
                    {
                        return Ok((Model::clone(&state.model), Model::clone(&grown.model), state.round));
                    }
                    after = Some(state);
                }
                refuse("the network has not grown yet, or its growth is no longer kept".into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::sync::Arc;

    use pollster::block_on;

    use super::*;
    use crate::data::{self, Class, Data};
    use crate::engine::Unwatched;
    use crate::engine::candle::CandleEngine;
    use crate::lab::{Command, Config, Event, Unobserved};

    fn setting() -> (Config, Arc<Data>) {
        let mut config = Config { preset: "3-M-3".into(), rounds: 1, ..Config::default() };
        (config.data.train, config.data.validation, config.data.held_out) = (Some(60), Some(30), Some(40));
        config.data.classes = Some(Class::numbers(&[0, 1, 2]));
        config.training.epochs = 2;
        config.training.batch = 10;
        (config.learning.steps, config.learning.batch) = (3, 20);
        let images = Arc::new(data::load(&config.data, config.seed).unwrap());
        (config, images)
    }

    fn until(lab: &mut Lab, engine: &mut dyn Engine, round: u64, stage: Stage) {
        while (lab.state().round, lab.state().stage) != (round, stage) {
            block_on(lab.execute(engine, Command::Step, &Unobserved)).unwrap();
        }
    }

    /// The places of the largest logits, one image at a time, and how many are right by the engine's own score.
    fn by_definition(data: &Arc<Data>, model: &Model) -> (Vec<usize>, usize) {
        let mut engine = CandleEngine::new();
        block_on(engine.set_data(data.clone())).unwrap();
        block_on(engine.load(model)).unwrap();
        let head = &model.network.architecture.nodes.last().unwrap().name;
        let of = |image| {
            let outputs = block_on(engine.activations(Part::HeldOut, image)).unwrap();
            let logits: Vec<f32> = outputs[head].flatten_all().unwrap().to_vec1().unwrap();
            (0..logits.len()).max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap()
        };
        let guesses = (0..data.held_out.len()).map(of).collect();
        let accuracy = block_on(engine.evaluate(Part::HeldOut, &Unwatched)).unwrap().accuracy;
        (guesses, (accuracy * data.held_out.len() as f64).round() as usize)
    }

    fn check(data: &Arc<Data>, found: &Repairs, before: &Model, after: &Model) {
        let ((before, right), (after, right_after)) =
            (by_definition(data, before), by_definition(data, after));
        let labels = &data.held_out.labels;
        let flips = |from: &[usize], to: &[usize]| -> Vec<usize> {
            let of = |image: &usize| usize::from(labels[*image]);
            (0..labels.len()).filter(|one| from[*one] != of(one) && to[*one] == of(one)).collect()
        };
        let images = |flips: &[Flip]| flips.iter().map(|flip| flip.image).collect::<Vec<_>>();
        assert_eq!(images(&found.repaired), flips(&before, &after));
        assert_eq!(images(&found.broken), flips(&after, &before));
        assert_eq!((found.images, found.right), (labels.len(), right));
        assert_eq!(right + found.repaired.len(), right_after + found.broken.len());
        for flip in found.repaired.iter().chain(&found.broken) {
            assert_eq!((flip.before.class, flip.after.class), (before[flip.image], after[flip.image]));
            assert!(flip.before.probability >= 1.0 / 3.0 && flip.after.probability <= 1.0);
        }
    }

    #[test]
    fn counts_are_those_of_both_networks_and_the_run_goes_on_as_before() {
        let (config, images) = setting();
        let mut engine = CandleEngine::new();
        let mut ends = Vec::new();
        for look in [true, false] {
            let mut lab = Lab::new(config.clone(), images.clone()).unwrap();
            until(&mut lab, &mut engine, 1, Stage::Choose);
            let before = lab.state().model.clone();
            if look {
                let morphisms = lab.state().morphisms.clone();
                for morphism in morphisms.iter() {
                    let of = Change::Candidate(morphism.candidate.id());
                    let found = block_on(lab.repairs(&mut engine, &of, &Unobserved));
                    if morphism.is_neutral() {
                        assert!(found.unwrap_err().to_string().contains("no step along it helps"));
                        continue;
                    }
                    let grown = morphism::apply(&before, std::slice::from_ref(morphism)).unwrap();
                    check(&images, &found.unwrap(), &before, &grown);
                }
                let none = block_on(lab.repairs(&mut engine, &Change::Growth, &Unobserved)).unwrap_err();
                assert!(none.to_string().contains("has not grown yet"), "{none}");
            }
            until(&mut lab, &mut engine, 2, Stage::Train);
            let grown = lab.state().model.clone();
            if look {
                let found = block_on(lab.repairs(&mut engine, &Change::Growth, &Unobserved)).unwrap();
                assert_eq!(found.round, 1);
                check(&images, &found, &before, &grown);
            }
            until(&mut lab, &mut engine, 2, Stage::Done);
            ends.push(lab.state().last(1).unwrap());
        }
        assert_eq!(ends[0], ends[1]);
    }

    #[test]
    fn what_is_unknown_or_cancelled_is_said() {
        struct After(Cell<u32>);
        impl Observer for After {
            fn event(&self, _event: Event) {}

            fn cancelled(&self) -> bool {
                let left = self.0.get();
                self.0.set(left.saturating_sub(1));
                left == 0
            }
        }
        let (config, images) = setting();
        let (mut engine, mut lab) = (CandleEngine::new(), Lab::new(config, images).unwrap());
        let unknown = Change::Candidate("split:conv1:0".into());
        let error = block_on(lab.repairs(&mut engine, &unknown, &Unobserved)).unwrap_err().to_string();
        assert!(error.contains("split:conv1:0") && error.contains("not learned"), "{error}");
        until(&mut lab, &mut engine, 1, Stage::Grow);
        let wanted = lab.state().morphisms.iter().find(|one| !one.is_neutral()).unwrap().candidate.id();
        for calls in 0..3 {
            let after = After(Cell::new(calls));
            let of = Change::Candidate(wanted.clone());
            let error = block_on(lab.repairs(&mut engine, &of, &after)).unwrap_err();
            assert!(matches!(error, LabError::Engine(EngineError::Cancelled)), "{error}");
        }
        until(&mut lab, &mut engine, 2, Stage::Train);
    }

    #[test]
    fn ties_count_for_the_label_and_chance_is_a_coin() {
        let labels = [0, 1, 1, 0];
        let before = [1.0, 0.0, 0.0, 0.0, 2.0, 1.0, 0.0, 1.0];
        let after = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.5, 0.5];
        let found = Repairs::between(Change::Growth, 1, &labels, &before, &after);
        let images = |flips: &[Flip]| flips.iter().map(|flip| flip.image).collect::<Vec<_>>();
        assert_eq!((images(&found.repaired), images(&found.broken)), (vec![2, 3], vec![0]));
        assert_eq!((found.images, found.right), (4, 2));
        let flip = found.broken[0];
        assert!((flip.before.probability - 1.0 / (1.0 + (-1.0_f64).exp())).abs() < 1e-12);
        assert_eq!(flip.after.class, 1);
        let chance = |repaired: usize, broken: usize| {
            let (repaired, broken) = (vec![flip; repaired], vec![flip; broken]);
            Repairs { repaired, broken, ..found.clone() }.by_chance()
        };
        for (repaired, broken, expected) in
            [(0, 0, 1.0), (3, 2, 1.0), (5, 0, 2.0 / 32.0), (1, 8, 2.0 * 10.0 / 512.0)]
        {
            assert!((chance(repaired, broken) - expected).abs() < 1e-12, "{repaired}, {broken}");
        }
        // Where 2^−n is no number any more.
        assert!(chance(900, 900) == 1.0 && chance(1_000, 900) > 0.01 && chance(1_000, 900) < 0.05);
    }
}
