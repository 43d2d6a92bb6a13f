//! The step machine: commands, events, history.

use std::sync::Arc;
use web_time::{Duration, Instant};

use super::caught::caught;
use super::config::Config;
use super::cost::{Spent, StepCost};
use super::error::LabError;
use super::events::{Command, Event, Observer, notice};
use super::history::History;
use super::joint;
use super::learning;
use super::record::Round;
use super::searching::Searching;
use super::seed::{Seed, seed_network};
use super::stages;
use super::state::{Stage, State};
use super::under_way;
use super::warnings;
use crate::data::{Class, Data};
use crate::engine::{Engine, EngineError, Part};
use crate::network::{Model, Tensors};
use crate::words::{in_language, say, term};

/// Losses of the device in a row after which the lab gives up.
const MOST_LOSSES: u32 = 3;

/// An experiment: its settings, its data, and every state it went through.
pub struct Lab {
    pub(super) config: Config,
    data: Arc<Data>,
    /// States at the ends of stages.
    history: History,
    /// A state within a training phase or within Learn, after the history's current one.
    pub(super) partial: Option<State>,
    /// Whether the engine holds the data.
    engine_has_data: bool,
    /// Whether the engine holds the current state's model.
    pub(super) engine_has_model: bool,
    /// Seconds a training step takes here; decides stretches, never results.
    pub(super) pace: Option<f64>,
    /// How long φ is learned before there is an opportunity to save; decides no results.
    learning_stretch: Duration,
}

impl Lab {
    /// A new experiment, on the images that its settings ask for.
    pub fn new(config: Config, data: Arc<Data>) -> Result<Self, LabError> {
        config.check()?;
        let seed = seed_network(&config, data.classes.len())?;
        Self::from_seed(config, data, seed)
    }

    /// A new experiment on a given network, with its weights, whatever network the settings name. It must have as many
    /// classes as the images.
    pub fn from_seed(
        mut config: Config,
        data: Arc<Data>,
        (network, normalization): Seed,
    ) -> Result<Self, LabError> {
        // Layers are those of this network, not of the one that the settings name.
        Config { layers: None, ..config.clone() }.check()?;
        config.check_layers(&network.architecture)?;
        let (found, classes) = (network.architecture.classes()?, data.classes.len());
        if found != classes {
            return Err(EngineError::Request {
                what: "seed network".into(),
                found: format!("{found} classes"),
                expected: format!("{classes}, those of the images"),
            }
            .into());
        }
        // Files of runs have numbers, as the images' own files do.
        config.data.classes = config.data.classes.map(|_| Class::numbers(&data.classes));
        warnings::check_families(&config, &network.architecture)?;
        // Inherited weights go on with the pixels that they were trained with.
        let normalization = normalization.filter(|normalization| *normalization != data.normalization);
        let search = match config.search.tries() {
            true => Some(Arc::new(Searching::begin(&network.architecture)?)),
            false => None,
        };
        config.check_search(&data, &network.architecture)?;
        Ok(Self::at(config, data, State { normalization, search, ..State::new(Model::new(network)) }))
    }

    /// An experiment that goes on from `state`. The settings and data must be those it was made with.
    pub fn at(config: Config, mut data: Arc<Data>, state: State) -> Self {
        if let Some(normalization) = &state.normalization {
            data = Arc::new(Data { normalization: normalization.clone(), ..Data::clone(&data) });
        }
        Self {
            config,
            data,
            history: History::new(state),
            partial: None,
            engine_has_data: false,
            engine_has_model: false,
            pace: None,
            learning_stretch: learning::STRETCH,
        }
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The data.
    pub fn data(&self) -> &Arc<Data> {
        &self.data
    }

    /// The current state.
    pub fn state(&self) -> &State {
        self.partial.as_ref().unwrap_or(self.history.current())
    }

    /// What a person should know of the run as it stands, in plain sentences.
    pub fn warnings(&self) -> Vec<String> {
        warnings::warnings(&self.config, &self.data, self.state())
    }

    /// What to say of a round after whose growth the network is no better than guessing.
    pub fn fell(&self, record: &Round) -> Option<String> {
        warnings::fell(record.round, &record.before?, &record.after?, self.data.classes.len())
    }

    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        self.state().stage == Stage::Done
    }

    /// The states at the ends of stages, as far back as they are kept.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Says that the next command comes with another engine, or with the same one restarted.
    pub fn engine_changed(&mut self) {
        self.engine_has_data = false;
        self.engine_has_model = false;
        self.pace = None;
    }

    /// Carries a command out. After an error the state is the one before it, with what was learned so far if Learn was
    /// cancelled.
    pub async fn execute(
        &mut self,
        engine: &mut dyn Engine,
        command: Command,
        observer: &dyn Observer,
    ) -> Result<(), LabError> {
        match command {
            Command::Step => {
                let stage = self.state().stage;
                match caught(self.step_surviving(engine, observer)).await {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(error)) => {
                        self.engine_has_model = false;
                        Err(error)
                    }
                    Err(said) => {
                        // Nothing is known of the engine now.
                        self.engine_changed();
                        let work = format!("Stage {stage}");
                        // The fault is what matters; an engine that cannot start again says so when it is used.
                        let _ = engine.restart().await;
                        Err(LabError::Fault { work, said })
                    }
                }
            }
            Command::Undo if self.partial.is_some() => self.go_to("undo", self.history.at()),
            Command::Undo => match self.history.at() {
                0 => refuse("undo", "this is the beginning"),
                at if at == *self.history.positions().start() => refuse("undo", "nothing earlier is kept"),
                at => self.go_to("undo", at - 1),
            },
            Command::Redo
                if self.partial.is_none() && self.history.at() < *self.history.positions().end() =>
            {
                self.go_to("redo", self.history.at() + 1)
            }
            Command::Redo => refuse("redo", "there is nothing to redo"),
            Command::GoTo(position) => self.go_to("go to", position),
            Command::Choose(ids) => self.choose(&ids),
            Command::Extend(rounds) => self.extend(rounds),
        }
    }

    pub(super) fn go_to(&mut self, command: &'static str, position: usize) -> Result<(), LabError> {
        if !self.history.go_to(position) {
            let kept = self.history.positions();
            let reason = format!(
                "found position {position}, expected one that is kept, {} to {}",
                kept.start(),
                kept.end()
            );
            return refuse(command, &reason);
        }
        self.partial = None;
        self.engine_has_model = false;
        Ok(())
    }

    /// Says that the engine holds another model than the state's.
    pub(super) fn engine_lacks_model(&mut self) {
        self.engine_has_model = false;
    }

    /// Makes `state` the current one; what was undone is forgotten.
    pub(super) fn push(&mut self, state: State) {
        self.partial = None;
        self.history.push(state);
    }

    fn choose(&mut self, ids: &[String]) -> Result<(), LabError> {
        let state = stages::rechoose(&self.config, self.state(), ids)?;
        self.push(state);
        Ok(())
    }

    fn extend(&mut self, rounds: u64) -> Result<(), LabError> {
        if self.config.search.tries() {
            return refuse("extend", "a search ends by its trials or its cost, not by rounds");
        }
        if rounds < self.config.rounds {
            let reason = format!("found {rounds} rounds, expected at least {}", self.config.rounds);
            return refuse("extend", &reason);
        }
        let config = Config { rounds, ..self.config.clone() };
        config.check()?;
        self.config = config;
        let state = self.state();
        if state.stage == Stage::Done && state.round <= rounds {
            let state = State { stage: Stage::Propose, ..state.clone() };
            self.push(state);
        }
        Ok(())
    }

    /// A step that survives the loss of the engine's device: the lab's own copy of the model is given to the device
    /// opened again, and the unit of work done anew.
    async fn step_surviving(
        &mut self,
        engine: &mut dyn Engine,
        observer: &dyn Observer,
    ) -> Result<(), LabError> {
        let mut losses = 0;
        loop {
            let last = match self.step(engine, observer).await {
                Err(LabError::Engine(error)) if error.is_lost() => error,
                outcome => return outcome,
            };
            self.engine_changed();
            losses += 1;
            if losses == MOST_LOSSES {
                return Err(LabError::Lost { losses, last });
            }
            engine.restart().await?;
            let state = self.state();
            notice(observer, || {
                let what = match last {
                    EngineError::Stopped { .. } => say!("lab-the-engine"),
                    _ => say!("lab-the-gpu"),
                };
                let named = term(state.stage.name(), &format!("stage-{}", state.stage));
                match state.stage {
                    Stage::Train => say!("lab-lost-in-training", what = what, step = state.step),
                    _ if state.partly.is_some() => say!("lab-lost-and-on", what = what, stage = named),
                    _ => say!("lab-lost-and-again", what = what, stage = named),
                }
            });
        }
    }

    async fn step(&mut self, engine: &mut dyn Engine, observer: &dyn Observer) -> Result<(), LabError> {
        let stage = self.state().stage;
        let round = self.state().round;
        if stage == Stage::Done {
            return refuse("step", "the experiment is finished");
        }
        self.prepare(engine).await?;
        if self.partial.is_none() {
            observer.event(Event::StageStarted { stage, round });
        }
        if stage == Stage::Train {
            return self.train(engine, observer).await;
        }
        if self.state().search.is_some() && stage != Stage::Seed {
            return self.search_stage(engine, observer).await;
        }
        let started = Instant::now();
        let mut state = self.state().clone();
        let spent = match stage {
            Stage::Seed => {
                state.seed = Some(self.score(engine, &state.model, observer).await?);
                self.scoring(&state)?
            }
            Stage::Propose => stages::propose(&self.config, &mut state, observer)?,
            Stage::Learn => {
                let (config, data, stretch) = (&self.config, &self.data, self.learning_stretch);
                match learning::learn(config, data, &mut state, engine, observer, stretch).await? {
                    Some(spent) => spent,
                    None => {
                        // The work is counted when it is done, the time as it passes.
                        let cost = StepCost::new(started.elapsed().as_secs_f64(), Spent::default());
                        under_way::record(&mut state)?.steps.learn += cost;
                        self.partial = Some(state);
                        return match observer.cancelled() {
                            true => Err(EngineError::Cancelled.into()),
                            false => Ok(()),
                        };
                    }
                }
            }
            Stage::Estimate => {
                stages::estimate(&self.config, &self.data, &mut state, engine, observer).await?
            }
            Stage::Measure => stages::measure(&self.config, &self.data, &mut state, engine, observer).await?,
            Stage::Choose => stages::choose(&self.config, &self.data, &mut state, engine, observer).await?,
            Stage::Grow => {
                let following = self.follow(engine, &mut state, observer).await?;
                let parent = state.model.clone();
                let before = joint::loss_before(&state);
                let lossy = stages::rewrite(&self.config, &mut state)?;
                engine.load(&state.model).await?;
                let asking = joint::ask_what_came(&self.data, &mut state, before, engine, observer).await?;
                let distilling = match lossy {
                    true => {
                        let batch = self.batch();
                        stages::distil(&self.config, batch, &parent, &mut state, engine, observer).await?
                    }
                    false => Spent::default(),
                };
                let after = self.score(engine, &state.model, observer).await?;
                let record = under_way::record(&mut state)?;
                record.grown(after);
                if let Some(before) = record.before
                    && let Some(text) = in_language(observer.language(), || {
                        warnings::fell(round, &before, &after, self.data.classes.len())
                    })
                {
                    observer.event(Event::Warning(text));
                }
                following + asking + distilling + self.scoring(&state)?
            }
            Stage::Train | Stage::Done | Stage::Ask | Stage::Assess | Stage::Adopt => Spent::default(),
        };
        let cost = StepCost::new(started.elapsed().as_secs_f64(), spent);
        if let Some(total) = stages::step_cost(&mut state, stage) {
            *total += cost;
        }
        state.stage = stage.next(self.config.measure);
        if stage == Stage::Grow {
            state.round += 1;
        }
        self.push(state);
        observer.event(Event::StageDone { stage, round, cost });
        Ok(())
    }

    /// Gives the engine the data and the model if it lacks them.
    pub(super) async fn prepare(&mut self, engine: &mut dyn Engine) -> Result<(), LabError> {
        let learner = self.config.learning.learner;
        if !engine.offers(learner) {
            return Err(LabError::NoEngine {
                asked: engine.info().name,
                reason: format!("it has no learner \"{learner}\"; use --engine candle"),
            });
        }
        if !self.engine_has_data {
            engine.set_data(self.data.clone()).await?;
            self.engine_has_data = true;
        }
        if !self.engine_has_model {
            let model = self.state().model.clone();
            engine.load(&model).await?;
            self.engine_has_model = true;
        }
        Ok(())
    }

    /// Every node's output for image `index` of a part, by the present network: `[channels, height, width]`.
    pub async fn activations(
        &mut self,
        engine: &mut dyn Engine,
        part: Part,
        index: usize,
    ) -> Result<Tensors, LabError> {
        self.prepare(engine).await?;
        Ok(engine.activations(part, index).await?)
    }
}

fn refuse(command: &'static str, reason: &str) -> Result<(), LabError> {
    Err(LabError::Command { command, reason: reason.to_owned() })
}

#[cfg(test)]
mod tests;
