//! Training, in stretches between which a run can be stopped and saved; and scoring what came of it.

use std::ops::Range;
use std::sync::Arc;
use web_time::Instant;

use super::cost::{Spent, StepCost};
use super::error::LabError;
use super::events::{Event, Observer, Relay, Silent, notice};
use super::ledger::Ledger;
use super::machine::Lab;
use super::record::{Look, Quality, Round};
use super::state::{Stage, State};
use super::under_way;
use crate::engine::{Engine, EngineError, Part, Phase, Schedule, TrainReport, TrainRequest, steps_per_epoch};
use crate::network::{Model, Network};
use crate::words::say;

/// Seconds of training between two opportunities to stop or save.
const STRETCH: f64 = 1.0;
/// Steps of the first stretch, when the pace is not known yet.
const FIRST_STRETCH: u64 = 8;
/// Most steps of a stretch: what losing the device may cost.
const LONGEST_STRETCH: u64 = 64;

impl Lab {
    /// Training steps of the present phase: a trial's, a round's, or the last one's.
    pub fn phase_steps(&self) -> u64 {
        let config = self.config();
        let usual = config.training.epochs * self.epoch_steps();
        let state = self.state();
        if state.trial().is_some() || (config.search.is_from_scratch() && state.round == 1) {
            return self.short_steps();
        }
        match config.training.total_flops {
            Some(total) if state.round > config.growth_rounds() => {
                self.affordable(state, total).map_or(usual, |steps| steps.max(1))
            }
            _ => usual,
        }
    }

    /// Training steps of a trial.
    pub(super) fn short_steps(&self) -> u64 {
        self.config().search.short_epochs * self.epoch_steps()
    }

    pub(super) fn batch(&self) -> usize {
        self.config().training.batch.min(self.data().train.len()).max(1)
    }

    pub(super) fn epoch_steps(&self) -> u64 {
        steps_per_epoch(self.data().train.len(), self.batch())
    }

    /// Training steps between two looks at the held-out part; 0 where there are none, as in trials.
    fn look_steps(&self) -> u64 {
        match self.state().trial() {
            Some(_) => 0,
            None => self.config().instrument.while_training as u64 * self.epoch_steps(),
        }
    }

    /// Some steps of the state's phase of `phase_steps`.
    pub(super) fn train_request(
        &self,
        state: &State,
        steps: Range<u64>,
        phase_steps: u64,
    ) -> Result<TrainRequest, LabError> {
        let training = &self.config().training;
        let mut request = TrainRequest {
            seed: self.config().seed,
            phase: Phase::Train(state.round),
            steps,
            phase_steps,
            schedule_span: self.schedule_span(state, phase_steps)?,
            label_smoothing: training.label_smoothing,
            batch: self.batch(),
            optimizer: training.optimizer.clone(),
            augment: training.augment,
            average: training.average,
            new_rate: self.config().growth.new_rate,
        };
        if let Some(trial) = state.trial() {
            request.phase = Phase::Trial(trial.id as u64);
            request.optimizer.learning_rate *= trial.lesson.rate;
            if trial.lesson.constant {
                request.optimizer.schedule = Schedule::Constant;
            }
        }
        Ok(request)
    }

    /// A stretch of training; after the last one of a phase, the scores, or in a search what judges them.
    pub(super) async fn train(
        &mut self,
        engine: &mut dyn Engine,
        observer: &dyn Observer,
    ) -> Result<(), LabError> {
        let started = Instant::now();
        let mut state = self.state().clone();
        let phase_steps = self.phase_steps();
        if state.record(state.round).is_none() {
            state.rounds.push(Arc::new(Round::new(state.round, self.config().learning.estimator)));
        }
        let length = match self.pace {
            Some(pace) => {
                ((STRETCH / pace.max(1e-9)) as u64).clamp(1, self.epoch_steps().min(LONGEST_STRETCH))
            }
            None => FIRST_STRETCH,
        };
        // Stretches end where the network is looked at.
        let next = match self.look_steps() {
            0 => phase_steps,
            every => (state.step / every + 1) * every,
        };
        let end = phase_steps.min(state.step + length).min(next);
        let request = self.train_request(&state, state.step..end, phase_steps)?;
        let Some(report) = self.stretch(engine, &state, &request, observer).await? else {
            return self.diverged(state, phase_steps, started, observer);
        };
        state.model = Arc::new(engine.read_back().await?);
        self.pace = Some(started.elapsed().as_secs_f64() / (end - state.step).max(1) as f64);
        let mut spent = self.stretch_cost(&state, end - state.step)?;
        state.step = end;
        let finished = end == phase_steps;
        if finished {
            state.step = 0;
        }
        if state.trial().is_some() {
            return self.trained_trial(state, finished, started, spent, observer);
        }
        under_way::record(&mut state)?.losses.extend(report.losses);
        if end == next && !finished {
            let quality = self.look(engine, &state.model, observer).await?;
            under_way::record(&mut state)?.looks.push(Look { step: end, quality });
            let examples = self.data().held_out.len() as u64;
            spent += Spent::instrument(under_way::ledger(&state)?.evaluate(examples));
        }
        if finished {
            let before = self.score(engine, &state.model, observer).await?;
            under_way::record(&mut state)?.before = Some(before);
            spent += self.scoring(&state)?;
            state.stage = match (state.round > self.config().growth_rounds(), &state.search) {
                (true, _) => Stage::Done,
                (false, Some(_)) => Stage::Assess,
                (false, None) => Stage::Propose,
            };
        }
        let record = under_way::record(&mut state)?;
        record.steps.train += StepCost::new(started.elapsed().as_secs_f64(), spent);
        let (round, cost) = (record.round, record.steps.train);
        if finished {
            self.push(state);
            observer.event(Event::StageDone { stage: Stage::Train, round, cost });
        } else {
            self.partial = Some(state);
        }
        Ok(())
    }

    /// Takes the steps; nothing where a trial's weights left all bounds, which is what a trial is for.
    async fn stretch(
        &self,
        engine: &mut dyn Engine,
        state: &State,
        request: &TrainRequest,
        observer: &dyn Observer,
    ) -> Result<Option<TrainReport>, LabError> {
        let watch = Relay::within(observer, state.step, request.phase_steps);
        let report = match self.teacher(state)? {
            Some(teacher) => engine.distil(request, &Model::new(Network::clone(&teacher)), &watch).await,
            None => engine.train(request, &watch).await,
        };
        match report {
            Err(EngineError::Diverged { .. }) if state.trial().is_some() => Ok(None),
            report => Ok(Some(report?)),
        }
    }

    /// The network whose answers the trial under way imitates.
    fn teacher(&self, state: &State) -> Result<Option<Arc<Network>>, LabError> {
        let teacher = state.trial().and_then(|trial| trial.lesson.teacher);
        match (teacher, &state.search) {
            (Some(teacher), Some(search)) => search.network(teacher).map(Some),
            _ => Ok(None),
        }
    }

    fn stretch_cost(&self, state: &State, steps: u64) -> Result<Spent, LabError> {
        let examples = steps * self.batch() as u64;
        let teaching = match self.teacher(state)? {
            Some(teacher) => Ledger::new(&teacher.architecture)?.evaluate(examples),
            None => 0,
        };
        Ok(Spent::method(under_way::ledger(state)?.train(examples)? + teaching))
    }

    /// The end of a stretch of a trial's training.
    fn trained_trial(
        &mut self,
        mut state: State,
        finished: bool,
        started: Instant,
        spent: Spent,
        observer: &dyn Observer,
    ) -> Result<(), LabError> {
        let trial = state.under_way()?;
        trial.cost.train += StepCost::new(started.elapsed().as_secs_f64(), spent);
        let (round, cost) = (state.round, state.under_way()?.cost.train);
        if !finished {
            self.partial = Some(state);
            return Ok(());
        }
        state.stage = Stage::Assess;
        self.push(state);
        observer.event(Event::StageDone { stage: Stage::Train, round, cost });
        Ok(())
    }

    /// The end of a trial whose training diverged: it is charged in full, and the run goes on without it.
    fn diverged(
        &mut self,
        mut state: State,
        phase_steps: u64,
        started: Instant,
        observer: &dyn Observer,
    ) -> Result<(), LabError> {
        self.engine_lacks_model();
        let spent = self.stretch_cost(&state, phase_steps - state.step)?;
        state.step = 0;
        let trial = state.under_way()?;
        trial.diverged = true;
        notice(observer, || say!("lab-trial-diverged", trial = trial.id));
        self.trained_trial(state, true, started, spent, observer)
    }

    pub(super) async fn score(
        &self,
        engine: &mut dyn Engine,
        model: &Model,
        observer: &dyn Observer,
    ) -> Result<Quality, LabError> {
        let train = match self.config().instrument.train_scores {
            true => Some(engine.evaluate(Part::Train, &Silent(observer)).await?),
            false => None,
        };
        Ok(Quality { train, ..self.look(engine, model, observer).await? })
    }

    /// As [`Lab::score`], on the held-out part alone.
    async fn look(
        &self,
        engine: &mut dyn Engine,
        model: &Model,
        observer: &dyn Observer,
    ) -> Result<Quality, LabError> {
        let cost = model.network.architecture.cost()?;
        let held_out = engine.evaluate(Part::HeldOut, &Silent(observer)).await?;
        Ok(Quality { parameters: cost.parameters, flops: cost.flops, train: None, held_out })
    }

    /// What scoring a state's network costs: nothing that the method needs.
    pub(super) fn scoring(&self, state: &State) -> Result<Spent, LabError> {
        Ok(Spent::instrument(under_way::ledger(state)?.evaluate(self.scored_examples())))
    }

    /// Examples that a network is scored on.
    pub(super) fn scored_examples(&self) -> u64 {
        let train = if self.config().instrument.train_scores { self.data().train.len() } else { 0 };
        (train + self.data().held_out.len()) as u64
    }
}
