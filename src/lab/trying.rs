//! The stages of a trial: Ask → Learn → Estimate → Grow → Train → Assess, and again; in the end Adopt.
//!
//! Learn and Estimate are left out where nothing asks for them, all up to Train where the parent is trained on as it is.
//! What the strategy needs is the method's; predictions that it makes no use of, and looks at once, are the instrument's.

use std::sync::Arc;
use web_time::Instant;

use super::cost::{Spent, StepCost};
use super::error::LabError;
use super::events::{Event, Observer, Relay, Silent, notice};
use super::ledger::Ledger;
use super::machine::Lab;
use super::making::{grown, made};
use super::searching::{Searching, seeker_of};
use super::state::{Stage, State};
use super::trial_costs::is_lossy;
use super::{Config, Growth, under_way, warnings};
use crate::engine::{Engine, LearnRequest, Learned, Learner, Part, Phase, TrainRequest, first_phi};
use crate::morphism::{Candidate, Morphism, morph, preserving};
use crate::network::{Architecture, Model, Network};
use crate::random::Stream;
use crate::search::trials::{
    Ask, Belief, End, Ground, Judged, PhiFrom, Proposal, Trial, losses_of, mean_and_error, next,
};
use crate::search::{Bounds, FREE, Joint, WHOLE};
use crate::words::say;

/// Smallest share of its scale that a learned change is made by: with none of it the children of a split would stay alike.
const LEAST: f64 = 0.05;
/// How unequally the children of a split with a neutral φ are read, where the settings do not say: else they would stay
/// alike. What they compute together stays the same.
const TILT: f64 = 0.5;

impl Lab {
    /// A stage of a search other than training.
    pub(super) async fn search_stage(
        &mut self,
        engine: &mut dyn Engine,
        observer: &dyn Observer,
    ) -> Result<(), LabError> {
        let (stage, round) = (self.state().stage, self.state().round);
        let started = Instant::now();
        let mut state = self.state().clone();
        let spent = match stage {
            Stage::Ask => self.ask(&mut state, observer)?,
            Stage::Learn => self.learn_changes(&mut state, engine, observer).await?,
            Stage::Estimate => self.predict(&mut state, engine, observer).await?,
            Stage::Grow => self.grow_trial(&mut state, engine, observer).await?,
            Stage::Assess => self.assess(&mut state, engine, observer).await?,
            Stage::Adopt => {
                let after = self.score(engine, &state.model, observer).await?;
                let spent = self.scoring(&state)?;
                under_way::record(&mut state)?.grown(after);
                state.searching()?.nodes.clear();
                (state.stage, state.round) = (Stage::Train, state.round + 1);
                spent
            }
            other => {
                let reason = format!("found the stage {other} in a search");
                return Err(LabError::Command { command: "step", reason });
            }
        };
        let cost = StepCost::new(started.elapsed().as_secs_f64(), spent);
        *self.trial_cost(&mut state, stage)? += cost;
        // The model in hand changes where a trial begins and where it ends.
        if matches!(stage, Stage::Ask | Stage::Assess) {
            self.engine_lacks_model();
        }
        self.push(state);
        observer.event(Event::StageDone { stage, round, cost });
        Ok(())
    }

    /// Where a stage's cost is added up.
    fn trial_cost<'a>(&self, state: &'a mut State, stage: Stage) -> Result<&'a mut StepCost, LabError> {
        match (stage, state.stage) {
            // The search is over: what follows belongs to no trial.
            (Stage::Ask, Stage::Adopt) => Ok(&mut under_way::record(state)?.steps.choose),
            (Stage::Adopt, _) => {
                let adopted = state.rounds.last_mut().map(Arc::make_mut);
                let missing = || LabError::Command { command: "step", reason: "no round has begun".into() };
                Ok(&mut adopted.ok_or_else(missing)?.steps.grow)
            }
            (Stage::Assess, _) => Ok(&mut state.searching()?.newest()?.cost.assess),
            (stage, _) => {
                let cost = &mut state.under_way()?.cost;
                Ok(match stage {
                    Stage::Ask => &mut cost.ask,
                    Stage::Learn => &mut cost.learn,
                    Stage::Estimate => &mut cost.estimate,
                    Stage::Train => &mut cost.train,
                    _ => &mut cost.grow,
                })
            }
        }
    }

    /// Asks the strategy for the next trial, and ends the search where it says so, where there were enough, or where the
    /// next would cost more than the search's share.
    fn ask(&self, state: &mut State, observer: &dyn Observer) -> Result<Spent, LabError> {
        let config = self.config();
        let seeker = seeker_of(config)?;
        let candidates = |architecture: &Architecture| warnings::candidates(config, architecture);
        let ground = Ground {
            seed: config.seed,
            search: &config.search,
            budget: &config.budget,
            candidates: &candidates,
        };
        let spent_before = self.spent();
        let search = state.search.clone().unwrap_or_default();
        let tree = &search.tree;
        let thinking = seeker.thinking(tree);
        let total = config.training.total_flops;
        let incumbent = seeker.incumbent(tree);
        let enough = config.search.most_trials(total.is_some());
        let ask = match tree.len() as u64 > enough {
            true => Ask::Stop(End::Enough { trials: enough }),
            false => next(seeker.as_ref(), &ground, tree)?,
        };
        let ask = match ask {
            Ask::Try(proposal) => {
                let trial = self.begun(&search, &proposal)?;
                let cost = thinking + self.foreseen(&search, &trial)?;
                let by_then = spent_before.saturating_add(cost);
                // What it leads to must at least take one step in the end.
                let step = Ledger::new(&trial.architecture)?.train(self.batch() as u64)?;
                let fits = |total: u64| {
                    by_then <= (config.search.share * total as f64) as u64 && by_then + step <= total
                };
                if total.is_none_or(fits) {
                    let network = match proposal.scratch {
                        true => self.fresh(&trial)?,
                        false => Network::clone(&*search.network(proposal.parent)?),
                    };
                    state.stage = self.first_stage(&trial);
                    state.model = Arc::new(Model::new(network));
                    state.searching()?.under_way = Some(trial);
                    return Ok(Spent::method(thinking));
                }
                Ask::Stop(End::Spent)
            }
            stop => stop,
        };
        if let Ask::Stop(end) = ask {
            notice(observer, || say!("lab-search-ends", why = end.words(), trial = incumbent));
        }
        state.model = Arc::new(Model::new(Network::clone(&*search.network(incumbent)?)));
        state.stage = Stage::Adopt;
        Ok(Spent::method(thinking))
    }

    /// The trial of a proposal, of which nothing is known yet.
    fn begun(&self, search: &Searching, proposal: &Proposal) -> Result<Trial, LabError> {
        let images = search.tree.get(proposal.parent).map_or(0, |parent| parent.images);
        let mut trial = Trial {
            id: search.tree.len(),
            parent: Some(proposal.parent),
            changes: proposal.changes.clone(),
            scratch: proposal.scratch,
            lesson: proposal.lesson,
            images: if proposal.scratch { 0 } else { images },
            ..Trial::seed(Arc::new(Architecture { nodes: Vec::new() }), 0, 0).because(proposal.why.clone())
        };
        trial.architecture = search.architecture_of(&trial)?;
        let cost = trial.architecture.cost()?;
        (trial.parameters, trial.flops) = (cost.parameters, cost.flops);
        Ok(trial)
    }

    fn fresh(&self, trial: &Trial) -> Result<Network, LabError> {
        // A seed of its own, exact in 53 bits on every machine.
        let mut stream = Stream::new(self.config().seed, "search: fresh weights", trial.id as u64);
        let seed = (stream.uniform() * (1u64 << 53) as f64) as u64;
        Ok(Network::initialise(Architecture::clone(&trial.architecture), seed)?)
    }

    /// The first stage that a trial needs.
    fn first_stage(&self, trial: &Trial) -> Stage {
        let search = &self.config().search;
        let folds = trial.changes.iter().any(|change| morph(change.family).folds_mean());
        match (trial.changes.is_empty() || trial.scratch, search.predict || search.phi == PhiFrom::Learned) {
            (true, _) => Stage::Train,
            (false, true) => Stage::Learn,
            (false, false) if folds => Stage::Learn,
            (false, false) => Stage::Grow,
        }
    }

    /// Learns φ of the trial's changes at its parent, whose network is in hand.
    async fn learn_changes(
        &self,
        state: &mut State,
        engine: &mut dyn Engine,
        observer: &dyn Observer,
    ) -> Result<Spent, LabError> {
        let search = &self.config().search;
        let (id, changes) = (state.under_way()?.id as u64, state.under_way()?.changes.clone());
        let predicts = search.predict || search.phi == PhiFrom::Learned;
        // Without a prediction only what is measured is asked for.
        let wanted = |candidate: &&Candidate| predicts || !morph(candidate.family).is_learned();
        let asked: Vec<Candidate> = changes.iter().filter(wanted).cloned().collect();
        let request = self.trial_learning().request(self.config().seed, id, asked);
        let Learned { morphisms, .. } = engine.learn(&request, &Relay::new(observer)).await?;
        under_way::expect(Stage::Learn, morphisms.len(), request.candidates.len())?;
        let spent = self.learning_costs(&state.model.network.architecture, &morphisms)?;
        state.morphisms = Arc::new(morphisms);
        state.stage = if predicts { Stage::Estimate } else { Stage::Grow };
        Ok(spent)
    }

    /// How far to go with each change beside the others, and what all of them promise together: the fall of the linearised
    /// network's loss on the validation part, with its standard error over the images.
    async fn predict(
        &self,
        state: &mut State,
        engine: &mut dyn Engine,
        observer: &dyn Observer,
    ) -> Result<Spent, LabError> {
        let mut morphisms = state.morphisms.to_vec();
        let table = engine.joint(&morphisms, Part::Validation, &Relay::new(observer)).await?;
        under_way::expect(Stage::Estimate, table.changes.len(), morphisms.len())?;
        let spent = self.predicting_costs(&state.model.network.architecture, &morphisms)?;
        if table.is_sound() {
            let bounds = |morphism: &Morphism| -> Bounds {
                match morph(morphism.candidate.family).is_learned() {
                    true => (LEAST, FREE.1),
                    false => WHOLE,
                }
            };
            let bounds: Vec<Bounds> = morphisms.iter().map(bounds).collect();
            let none = vec![0.0; morphisms.len()];
            let shares = Joint::new(&table).solve(&none, &bounds, &none);
            let (before, after) = (losses_of(&table, &none), losses_of(&table, &shares));
            let gains = before.iter().zip(&after).map(|(before, after)| before - after);
            let Belief { mean, error } = mean_and_error(gains);
            state.under_way()?.predicted = Some(Belief { mean, error });
            for (morphism, share) in morphisms.iter_mut().zip(shares) {
                morphism.scale = share as f32;
            }
            state.morphisms = Arc::new(morphisms);
        }
        state.stage = Stage::Grow;
        Ok(spent)
    }

    /// Rewrites the parent's network, looks at once, and lets what is not exact imitate its parent first.
    async fn grow_trial(
        &self,
        state: &mut State,
        engine: &mut dyn Engine,
        observer: &dyn Observer,
    ) -> Result<Spent, LabError> {
        let parent = state.model.clone();
        let trial = state.under_way()?.clone();
        let changes = self.made_changes(&trial, &parent.network, &state.morphisms)?;
        let mut model = grown(self.config(), &parent, &changes)?;
        engine.load(&model).await?;
        let seen = engine.evaluate(Part::Validation, &Silent(observer)).await?.loss;
        let ledger = Ledger::new(&trial.architecture)?;
        let mut spent = Spent::instrument(ledger.evaluate(self.data().validation.len() as u64));
        let before = state.searching()?.tree.loss(trial.parent.unwrap_or(0));
        let immediate = before - seen;
        state.under_way()?.immediate = immediate.is_finite().then_some(immediate);
        let training = &self.config().training;
        if is_lossy(&trial.changes) && training.distil_steps > 0 {
            let phase = Phase::Distil(trial.id as u64);
            let request = TrainRequest {
                optimizer: training.optimizer.clone(),
                augment: training.augment,
                ..TrainRequest::whole(self.config().seed, phase, training.distil_steps, self.batch())
            };
            engine.distil(&request, &parent, &Relay::new(observer)).await?;
            model = engine.read_back().await?;
            spent += Spent::method(self.imitating_costs(&parent.network.architecture, &trial)?);
        }
        state.model = Arc::new(model);
        state.morphisms = Arc::default();
        state.stage = Stage::Train;
        Ok(spent)
    }

    /// The changes as they are made.
    fn made_changes(
        &self,
        trial: &Trial,
        network: &Network,
        learned: &[Morphism],
    ) -> Result<Vec<Morphism>, LabError> {
        let config = self.config();
        let (seed, id) = (config.seed, trial.id as u64);
        let neutral = config.search.phi == PhiFrom::Neutral;
        let tilt = if neutral && config.growth.tilt == 0.0 { TILT } else { config.growth.tilt };
        let parted = Config { growth: Growth { tilt, ..config.growth.clone() }, ..config.clone() };
        let random =
            LearnRequest { learner: Learner::Random, ..self.trial_learning().request(seed, id, Vec::new()) };
        let change = |candidate: &Candidate| {
            let known = learned.iter().find(|morphism| morphism.candidate == *candidate);
            let of = |phi| Morphism { candidate: candidate.clone(), phi, scale: 1.0 };
            let morphism = match (known, config.search.phi) {
                (Some(known), PhiFrom::Learned) => known.clone(),
                // What has no φ is made as it is.
                (Some(known), _) if !morph(candidate.family).is_learned() => of(known.phi.clone()),
                (_, PhiFrom::Random) => of(first_phi(network, candidate, &random)?),
                _ => preserving(network, candidate, seed, id)?,
            };
            made(&parted, id, network, &morphism, 1.0)
        };
        trial.changes.iter().map(change).collect()
    }

    /// Judges the trained network, adds the trial to the tree, and lets go of what is no longer needed. The best so far is
    /// scored on the held-out part.
    async fn assess(
        &self,
        state: &mut State,
        engine: &mut dyn Engine,
        observer: &dyn Observer,
    ) -> Result<Spent, LabError> {
        let seeker = seeker_of(self.config())?;
        let examples = self.data().validation.len() as u64;
        let table = engine.joint(&[], Part::Validation, &Silent(observer)).await?;
        let mut spent = Spent::method(under_way::ledger(state)?.evaluate(examples));
        let images = match state.trial() {
            Some(_) => self.short_steps() * self.batch() as u64,
            None => self.phase_steps() * self.batch() as u64,
        };
        let seed_score = state.record(1).and_then(|round| round.before).map(|quality| quality.held_out);
        let mut trial = state.under_way()?.clone();
        trial.diverged |= !table.is_sound();
        if !trial.diverged {
            let losses = losses_of(&table, &[]);
            let Belief { mean, error } = mean_and_error(losses.iter().copied());
            let accuracy = right(&table.logits, &table.labels, table.classes);
            trial.judged = Some(Judged { loss: mean, error, accuracy });
            if seeker.wants_losses() {
                trial.losses = Arc::new(losses.into_iter().map(|loss| loss as f32).collect());
            }
        }
        trial.images += images;
        if trial.id == 0 {
            trial.held_out = seed_score;
        }
        let (id, network) = (trial.id, Arc::new(state.model.network.clone()));
        let search = state.searching()?;
        search.under_way = None;
        search.tree.push(trial);
        search.nodes.insert(id, network);
        let live = seeker.live(&search.tree);
        search.nodes.retain(|id, _| live.contains(id));
        let best = seeker.incumbent(&search.tree);
        if search.tree.get(best).is_some_and(|trial| trial.held_out.is_none()) {
            let model = Model::new(Network::clone(&*search.network(best)?));
            engine.load(&model).await?;
            let score = engine.evaluate(Part::HeldOut, &Silent(observer)).await?;
            search.tree.set_held_out(best, score);
            let ledger = Ledger::new(&model.network.architecture)?;
            spent += Spent::instrument(ledger.evaluate(self.data().held_out.len() as u64));
        }
        state.stage = Stage::Ask;
        Ok(spent)
    }
}

/// The share of examples whose largest logit is their label.
fn right(logits: &[f32], labels: &[u8], classes: usize) -> f64 {
    let largest =
        |row: &[f32]| (0..row.len()).fold(0, |best, class| if row[class] > row[best] { class } else { best });
    let rows = logits.chunks(classes.max(1)).zip(labels);
    let right = rows.filter(|(row, label)| largest(row) == usize::from(**label)).count();
    right as f64 / labels.len().max(1) as f64
}
