//! What the lab's worker tells the screen: written there, read here, never waited for.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use web_time::Instant;

use super::runs::Kept;
use super::studies::Studied;
use crate::data::Data;
use crate::engine::{EngineInfo, Part};
use crate::estimate::ByEstimator;
use crate::lab::{AS_ASKED, Along, Config, Lab, NO_ADAPTER, Repairs, Round, Stage, State};
use crate::morphism::morph;
use crate::network::{Diagram, Model, Tensors};
use crate::words::{Language, in_english, in_language, say, term};

/// What the history calls a choice that a person changed, in the English of its trail.
pub const EDITED: &str = "Choice edited by hand";
/// The most notices that are kept.
const NOTICES: usize = 50;

/// An experiment as it stood at a moment; cloning it shares everything large.
#[derive(Clone)]
pub struct Snapshot {
    /// Which run this is, counted from the start of the program.
    pub run: u64,
    /// Its settings.
    pub config: Config,
    /// Its images.
    pub data: Arc<Data>,
    /// What computes it.
    pub engine: EngineInfo,
    /// Why that engine.
    pub why: String,
    /// The current state.
    pub state: State,
    /// What its network's picture is made of.
    pub diagram: Diagram,
    /// The network before the last growth, where the history still has it.
    pub grown_from: Option<Arc<Model>>,
    /// The positions of the history, with what was done up to each in English words: the screen says it by
    /// [`Snapshot::done_up_to`].
    pub trail: BTreeMap<usize, String>,
    /// The stage to be done next at each of them, with its round.
    pub moments: BTreeMap<usize, (Stage, u64)>,
    /// The states at the positions of the history, in their order.
    pub states: Arc<[State]>,
    /// Where rounds stood before they grew, read from the files of a run that was opened: only to be looked at.
    pub earlier: Arc<[State]>,
    /// The current position in the history.
    pub at: usize,
    /// Training steps of a phase.
    pub phase_steps: u64,
    /// Where the run is kept as the command line's files.
    pub folder: Option<PathBuf>,
    /// Whether it was recorded, and nothing of it was computed here.
    pub recorded: bool,
    /// The moment that is looked at, where it is not the run as it stands.
    pub past: Option<Past>,
}

impl Snapshot {
    /// Takes it of a lab.
    pub fn of(lab: &Lab, run: u64, engine: &EngineInfo, why: &str, folder: Option<PathBuf>) -> Self {
        let history = lab.history();
        let state = lab.state();
        let states = history.states();
        let first = *history.positions().start();
        let rounds = lab.config().growth_rounds();
        let trail = history
            .positions()
            .enumerate()
            .map(|(index, position)| (position, in_english(|| done_up_to(states, index, position, rounds))));
        let moments = history.positions().zip(states).map(|(at, state)| (at, (state.stage, state.round)));
        Self {
            run,
            config: lab.config().clone(),
            data: lab.data().clone(),
            engine: engine.clone(),
            why: why.to_owned(),
            state: state.clone(),
            diagram: Diagram::of(&state.model.network.architecture),
            grown_from: grown_from(&states[..=history.at() - first]),
            trail: trail.collect(),
            moments: moments.collect(),
            states: states.into(),
            earlier: Arc::default(),
            at: history.at(),
            phase_steps: lab.phase_steps(),
            folder,
            recorded: false,
            past: None,
        }
    }

    /// The same with the gains that are foreseen of the candidates while they are learned, in place of
    /// estimates.
    pub fn foreseeing(&self, gains: &[f64]) -> Self {
        let mut snapshot = self.clone();
        let round = snapshot.state.rounds.last_mut().filter(|round| round.candidates.len() == gains.len());
        if let Some(round) = round {
            for (candidate, gain) in Arc::make_mut(round).candidates.iter_mut().zip(gains) {
                // Of what is not learned, nothing is foreseen yet.
                let learned = morph(candidate.family).is_learned();
                candidate.estimates = learned.then(|| ByEstimator::all(*gain));
            }
        }
        snapshot
    }

    /// Whether its newest estimates are only foreseen, and still change.
    pub fn is_forming(&self) -> bool {
        let state = &self.state;
        state.stage == Stage::Learn && state.record(state.round).is_some_and(Round::is_estimated)
    }

    /// What was done up to a position of the history, in words; nothing where it is not kept.
    pub fn done_up_to(&self, position: usize) -> String {
        let index = self.trail.keys().position(|kept| *kept == position);
        let index = index.filter(|index| *index < self.states.len());
        let rounds = self.config.growth_rounds();
        index.map_or(String::new(), |index| done_up_to(&self.states, index, position, rounds))
    }

    /// What computes it, in words.
    pub fn engine_words(&self) -> String {
        match (self.engine.name.as_str(), &self.engine.adapter) {
            ("webgpu", Some(adapter)) => say!("board-webgpu", adapter = adapter),
            _ => say!("board-candle").to_owned(),
        }
    }

    /// The moment it was taken.
    pub fn moment(&self) -> Moment {
        Moment { run: self.run, at: self.at, step: self.state.step }
    }
}

/// The network before the growth that made that of the last of these states, where they still have it.
pub(super) fn grown_from(states: &[State]) -> Option<Arc<Model>> {
    let (last, earlier) = states.split_last()?;
    let grown = |before: &&State| before.stage == Stage::Grow && before.round + 1 == last.round;
    earlier.iter().rev().find(grown).map(|before| before.model.clone())
}

/// What was done up to the state at `index`, which is at `position` of the history, in words.
fn done_up_to(states: &[State], index: usize, position: usize, growth_rounds: u64) -> String {
    let state = &states[index];
    match index.checked_sub(1).map(|before| &states[before]) {
        None if state.rounds.is_empty() => say!("board-beginning").to_owned(),
        None if position == 0 => say!("board-opened", stage = title(state.stage)),
        None => say!("board-nothing-earlier", stage = title(state.stage), round = state.round),
        Some(before) if before.stage == state.stage => say!("board-edited").to_owned(),
        Some(before) if before.stage == Stage::Done => say!("board-more-rounds").to_owned(),
        Some(before) if before.round > growth_rounds => say!("board-after-last").to_owned(),
        Some(before) if before.search.is_some() => match before.trial() {
            Some(trial) => say!("board-after-trial", stage = title(before.stage), trial = trial.id),
            None => say!("board-after", stage = title(before.stage)),
        },
        Some(before) => say!("board-after-round", stage = title(before.stage), round = before.round),
    }
}

/// A stage's name as it begins a sentence.
pub fn title(stage: Stage) -> String {
    let mut letters = inside(stage).chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Why it is this engine: what was found in starting it is told as it was found.
pub fn why_in_words(why: &str) -> &str {
    match why {
        AS_ASKED => say!("transport-as-asked"),
        NO_ADAPTER => say!("transport-no-adapter"),
        found => found,
    }
}

/// A stage's name inside a sentence.
pub fn inside(stage: Stage) -> &'static str {
    term(stage.name(), &format!("stage-{}", stage.name()))
}

/// A moment that can be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Past {
    /// A position of the history.
    Position(usize),
    /// One of those that were read from files, by its place among them.
    Earlier(usize),
}

/// A moment of a run: equal ones show the same network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// The run.
    pub run: u64,
    /// The position in its history.
    pub at: usize,
    /// Training steps since.
    pub step: u64,
}

/// A stage under way.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// The stage.
    pub stage: Stage,
    /// Its round.
    pub round: u64,
    /// Units of work done, of `total`.
    pub done: u64,
    /// Units of work in all; 0 while unknown.
    pub total: u64,
    /// The newest loss.
    pub loss: Option<f32>,
    /// When it began, or was taken up again, and the units done by then.
    pub since: (Instant, u64),
}

impl Progress {
    /// Of a stage of a round that has just begun.
    pub fn of((stage, round): (Stage, u64)) -> Self {
        Self { stage, round, done: 0, total: 0, loss: None, since: (Instant::now(), 0) }
    }

    /// Takes note of work done.
    pub fn advance(&mut self, done: u64, total: u64, loss: Option<f32>) {
        if self.total != total {
            self.since = (Instant::now(), done);
        }
        (self.done, self.total) = (done, total);
        self.loss = loss.or(self.loss);
    }

    /// The share that is done, in 0…1.
    pub fn fraction(&self) -> f32 {
        if self.total == 0 { 0.0 } else { self.done as f32 / self.total as f32 }
    }

    /// Seconds left, once enough is done to tell.
    pub fn seconds_left(&self) -> Option<f64> {
        let (since, before) = self.since;
        let (done, elapsed) = (self.done.saturating_sub(before), since.elapsed().as_secs_f64());
        (done > 0 && elapsed > 0.5)
            .then(|| elapsed / done as f64 * self.total.saturating_sub(self.done) as f64)
    }
}

/// A study under way.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// What it is: `race`, `figure 2`.
    pub what: String,
    /// How far it is, in words.
    pub text: String,
    /// The stage of the run under way in it.
    pub progress: Option<Progress>,
}

/// Every node's output for one image.
pub struct Look {
    /// The moment that it was computed at.
    pub of: Moment,
    /// From which part of the data.
    pub part: Part,
    /// Which image of it.
    pub index: usize,
    /// The network that computed them.
    pub model: Arc<Model>,
    /// `[channels, height, width]` by node, the input among them.
    pub outputs: Tensors,
}

/// What went wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The error as a sentence.
    pub text: String,
    /// What the person can do about it.
    pub advice: String,
    /// What a button beside it does about it.
    pub repair: Option<Repair>,
}

/// What can be done about a failure with one click.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// The setup of a new run is opened.
    Setup,
    /// The last stage or edit is taken back.
    TakeBack,
    /// The run goes on.
    GoOn,
    /// Another run is opened.
    OpenAnother,
}

/// All that the screen shows of the worker and its run.
#[derive(Clone, Default)]
pub struct Board {
    /// The experiment; none before the first is ready.
    pub snapshot: Option<Arc<Snapshot>>,
    /// What is being prepared before a run can be shown, in words.
    pub opening: Option<String>,
    /// The worker is carrying an order out.
    pub busy: bool,
    /// It runs stage after stage until something stops it.
    pub playing: bool,
    /// It will stop after the unit of work under way.
    pub pausing: bool,
    /// The stage under way.
    pub progress: Option<Progress>,
    /// When the work began that a cancel would stop: of a stage, a race or a figure; none between stages.
    pub began: Option<Instant>,
    /// Things to know, newest last.
    pub notices: Vec<String>,
    /// Whether the last of them is about what was asked for last.
    pub is_news: bool,
    /// The last order's failure, until the next order.
    pub failure: Option<Failure>,
    /// Runs that were kept, the latest first.
    pub recent: Vec<Kept>,
    /// The gains of a candidate along its scale that were looked at last, with their run.
    pub along: Option<(u64, Arc<Along>)>,
    /// The images that were found last to be repaired or broken by a change, with their run.
    pub repairs: Option<(u64, Arc<Repairs>)>,
    /// The newest activations.
    pub look: Option<Arc<Look>>,
    /// The study under way.
    pub study: Option<Notes>,
    /// The last race, finished or not.
    pub race: Option<Arc<Studied>>,
    /// The last study of each figure, by its number.
    pub figures: BTreeMap<u8, Arc<Studied>>,
}

impl Board {
    /// Adds a notice; the oldest go.
    pub fn notice(&mut self, text: String) {
        if self.notices.len() == NOTICES {
            self.notices.remove(0);
        }
        self.notices.push(text);
        self.is_news = true;
    }
}

/// What the worker and the screen share.
pub struct Shared {
    board: Mutex<Board>,
    /// Stop after the current unit of work.
    pub pause: AtomicBool,
    /// Abort the current unit of work.
    pub cancel: AtomicBool,
    /// How many orders so far replace the experiment: work on the old one is then aborted.
    pub replacements: AtomicU64,
    /// What the screen's texts are in, by its place in [`Language::ALL`].
    language: AtomicUsize,
    repaint: Box<dyn Fn() + Send + Sync>,
}

impl Shared {
    /// `repaint` makes the screen draw again.
    pub fn new(repaint: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            board: Mutex::default(),
            pause: AtomicBool::new(false),
            cancel: AtomicBool::new(false),
            replacements: AtomicU64::new(0),
            language: AtomicUsize::new(0),
            repaint: Box::new(repaint),
        }
    }

    /// Locks the board to read it; to be held for moments only.
    pub fn read(&self) -> MutexGuard<'_, Board> {
        // A panic elsewhere leaves plain data behind, which is still good to show.
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the board, and has the screen draw it. What `change` puts into words is in the screen's language.
    pub fn write(&self, change: impl FnOnce(&mut Board)) {
        in_language(self.language(), || change(&mut self.read()));
        (self.repaint)();
    }

    /// What the screen's texts are in.
    pub fn language(&self) -> Language {
        let place = self.language.load(Ordering::Relaxed);
        Language::ALL.get(place).copied().unwrap_or_default()
    }

    /// Has what is written from now on be in this language.
    pub fn speak(&self, language: Language) {
        self.language.store(language as usize, Ordering::Relaxed);
    }

    /// Whether work should stop.
    pub fn stopping(&self) -> bool {
        self.pause.load(Ordering::Relaxed) || self.cancel.load(Ordering::Relaxed)
    }
}
