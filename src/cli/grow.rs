//! `seedling grow`: the whole experiment, without a window.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use pollster::block_on;

use super::arguments::{GrowArguments, from_here};
use super::console::Console;
use super::data::place;
use super::events::Lines;
use super::failure::Failure;
use super::interrupt::{INTERRUPTED, Interrupt};
use super::progress::Progress;
use super::report;
use super::search_report;
use crate::data::{Data, load};
use crate::engine::{Engine, EngineError};
use crate::exchange::tensorboard::{TensorBoard, holds_events};
use crate::files::write_atomically;
use crate::lab::{
    Command, EngineChoice, KeptLab, Lab, LabError, Output, Recording, Session, Stage, Unobserved,
    holds_a_run, start_engine,
};
use crate::pictures::RunRecord;
use crate::words::{Language, in_language, say};

/// Runs the command; the exit status.
pub fn grow(arguments: &GrowArguments, console: &Console) -> Result<ExitCode, Failure> {
    let interrupt = Interrupt::listen()?;
    let watched = arguments.tensorboard.as_deref().map(from_here);
    if let Some(folder) = &watched
        && arguments.resume.is_none()
        && holds_events(folder)
    {
        return Err(Failure::Usage(format!(
            "--tensorboard: found a run's event files in {}, expected another folder",
            folder.display()
        )));
    }
    let (lab, output, mut engine) = match &arguments.resume {
        Some(folder) => match resume(arguments, folder, console, &interrupt)? {
            Some(prepared) => prepared,
            None => {
                let folder = folder.display().to_string();
                console.line(&in_language(arguments.language, || say!("report-finished", folder = folder)));
                return Ok(ExitCode::SUCCESS);
            }
        },
        None => begin(arguments, console, &interrupt)?,
    };
    let lines = arguments.json.then(|| Lines::new(console));
    // What programs read is English.
    let language = if arguments.json { Language::English } else { arguments.language };
    let rounds = lab.config().growth_rounds();
    let progress = Progress::new(console, arguments.quiet, rounds, language, interrupt.clone(), lines);
    match progress.lines() {
        Some(lines) => lines.start(&lab, &engine.info()),
        None => console.line(&in_language(language, || report::heading(&lab, &engine.info()))),
    }
    let board = match &watched {
        Some(folder) => Some(board(folder, &lab, arguments.resume.as_deref())?),
        None => None,
    };
    let record = arguments.record.as_deref().map(from_here);
    Run { kept: KeptLab::new(lab, output), board, record, progress, language, console, interrupt }
        .drive(engine.as_mut())
}

/// TensorBoard's files of a run that begins, or that goes on in the folder `resumed`.
fn board(folder: &Path, lab: &Lab, resumed: Option<&Path>) -> Result<(TensorBoard, RunRecord), LabError> {
    let board = TensorBoard::create(folder, lab.config())?;
    let run = match resumed {
        Some(folder) => RunRecord::read(folder)?,
        None => RunRecord::begin(lab.config(), lab.state()),
    };
    Ok((board, run))
}

type Prepared = (Lab, Option<Output>, Box<dyn Engine>);

fn begin(arguments: &GrowArguments, console: &Console, interrupt: &Interrupt) -> Result<Prepared, Failure> {
    let mut config = arguments.settings()?;
    if let Some(folder) = &arguments.out
        && holds_a_run(folder)
    {
        return Err(LabError::Occupied { dir: folder.clone() }.into());
    }
    if let Some(given) = &arguments.data {
        config.data.dir = Some(place(given, arguments.quiet, console, Some(interrupt))?);
    }
    let engine = block_on(start_engine(arguments.engine.having(config.learning.learner)))?.engine;
    let data: Data = load(&config.data, config.seed)?;
    let lab = Lab::new(config, Arc::new(data))?;
    let output = arguments.out.as_ref().map(|folder| Output::create(folder, engine.info())).transpose()?;
    if let Some(output) = &output {
        output.begin(&lab)?;
    }
    Ok((lab, output, engine))
}

/// The run in `folder`; none if it is finished.
fn resume(
    arguments: &GrowArguments,
    folder: &Path,
    console: &Console,
    interrupt: &Interrupt,
) -> Result<Option<Prepared>, Failure> {
    let mut session = Session::load(folder)?;
    let Session { config, engine: before, state, .. } = session.clone();
    let rounds = arguments.rounds.unwrap_or(config.rounds);
    if rounds < config.rounds {
        return Err(Failure::Usage(format!(
            "--rounds: found {rounds}, expected at least {}, the rounds of the run in {}",
            config.rounds,
            folder.display()
        )));
    }
    if state.stage == Stage::Done && rounds == config.rounds {
        return Ok(None);
    }
    match &arguments.data {
        Some(given) => {
            session.config.data.dir = Some(place(given, arguments.quiet, console, Some(interrupt))?);
        }
        None => session.find_images()?,
    }
    // A resumed run keeps the engine that it began with, unless another is asked for.
    let choice = match (arguments.engine, before.name.as_str()) {
        (EngineChoice::Auto, "webgpu") => EngineChoice::WebGpu,
        (EngineChoice::Auto, _) => EngineChoice::Candle,
        (asked, _) => asked,
    };
    let mut engine = block_on(start_engine(choice))?.engine;
    if engine.info().name != before.name {
        return Err(Failure::Usage(format!(
            "--engine: found {}, expected {}, which the run began with: results would differ",
            engine.info().name,
            before.name
        )));
    }
    let output = Output::open(folder, engine.info())?;
    let data = load(&session.config.data, session.config.seed)?;
    session.check_data(&data)?;
    let (stage, round) = (state.stage, state.round);
    let mut lab = Lab::at(session.config, Arc::new(data), state);
    if rounds > lab.config().rounds {
        block_on(lab.execute(engine.as_mut(), Command::Extend(rounds), &Unobserved))?;
        if stage == Stage::Done {
            // What was the final training is now the training of a growth round, and leaves its file.
            output.stage_done(&lab, Stage::Train, round)?;
        }
    }
    Ok(Some((lab, Some(output), engine)))
}

struct Run<'a> {
    kept: KeptLab,
    /// TensorBoard's files, and the run as they need it.
    board: Option<(TensorBoard, RunRecord)>,
    /// The file for all its moments.
    record: Option<PathBuf>,
    progress: Progress<'a>,
    language: Language,
    console: &'a Console,
    interrupt: Interrupt,
}

impl Run<'_> {
    fn drive(mut self, engine: &mut dyn Engine) -> Result<ExitCode, Failure> {
        if self.kept.lab.state().search.is_none() {
            for record in self.kept.lab.state().rounds.iter().filter(|record| record.after.is_some()) {
                self.round(record.round);
            }
        }
        while !self.kept.lab.is_done() {
            if self.interrupt.requested() {
                self.kept.save()?;
                return Ok(self.stopped(None));
            }
            let stage = self.kept.lab.state().stage;
            let done = match block_on(self.kept.step(engine, &self.progress)) {
                Err(LabError::Engine(EngineError::Cancelled)) => return Ok(self.stopped(Some(stage))),
                Err(error) => {
                    self.progress.clear();
                    return Err(error.into());
                }
                Ok(done) => done,
            };
            if let Some((board, run)) = &mut self.board {
                run.go_on(self.kept.lab.state());
                board.update(run).map_err(LabError::from)?;
            }
            match done {
                Some((Stage::Grow, round)) if self.kept.lab.state().search.is_none() => self.round(round),
                Some((Stage::Assess, _)) => self.trial(),
                Some((Stage::Adopt, _)) => self.search(),
                _ => {}
            }
        }
        if let Some(path) = &self.record {
            let bytes = Recording::of(&self.kept.lab, &engine.info()).to_bytes()?;
            write_atomically(path, &bytes).map_err(LabError::from)?;
        }
        if let Some(lines) = self.progress.lines() {
            lines.result(&self.kept, &engine.info());
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(text) = self.said(report::result) {
            self.console.line(text.trim_end());
        }
        if let Some(output) = self.kept.output() {
            let table = if self.kept.lab.state().search.is_some() { "trials.csv" } else { "candidates.csv" };
            let folder = output.folder().display().to_string();
            let files = self.said(|_| say!("report-files", folder = folder, table = table));
            self.console.line(&format!("  {files}"));
        }
        Ok(ExitCode::SUCCESS)
    }

    /// What is said of the lab, in the language that was asked for.
    fn said<T>(&self, say: impl FnOnce(&Lab) -> T) -> T {
        in_language(self.language, || say(&self.kept.lab))
    }

    /// Prints the trial that has just ended.
    fn trial(&self) {
        let lab = &self.kept.lab;
        let Some((tree, incumbent)) = lab.state().trials(lab.config()) else { return };
        if let Some(trial) = tree.trials().next_back() {
            match self.progress.lines() {
                Some(lines) => lines.trial(trial, tree),
                None => {
                    let said = self.said(|_| search_report::trial(tree, trial, incumbent));
                    self.progress.say(&said);
                }
            }
        }
    }

    /// Prints what a search has found.
    fn search(&self) {
        if self.progress.lines().is_none()
            && let Some(text) = self.said(search_report::search)
        {
            self.console.line(text.trim_end());
        }
    }

    /// Prints what a round did.
    fn round(&self, round: u64) {
        let lab = &self.kept.lab;
        match (self.progress.lines(), lab.state().record(round)) {
            (Some(lines), _) => lines.round(lab, round),
            (None, Some(record)) => {
                let text = self.said(|lab| report::round(lab, record));
                self.console.line(text.trim_end());
            }
            (None, None) => {}
        }
    }

    /// Prints how to resume what is saved, and that the stage that was given up, if one was, begins again.
    fn stopped(&self, given_up: Option<Stage>) -> ExitCode {
        self.progress.clear();
        if let Some(lines) = self.progress.lines() {
            lines.stopped(&self.kept);
        }
        let folder = self.kept.output().map(|output| output.folder());
        self.console.error(&self.said(|lab| stopped(lab, given_up, folder)));
        ExitCode::from(INTERRUPTED)
    }
}

/// Where a run has stopped, what of it is saved, and how it goes on.
fn stopped(lab: &Lab, given_up: Option<Stage>, folder: Option<&Path>) -> String {
    let state = lab.state();
    let place = match (&state.partly, state.step) {
        (Some(partly), _) => {
            let steps = lab.config().learning.steps;
            say!("report-at-learning", round = state.round, step = partly.steps, steps = steps)
        }
        (None, 0) => {
            say!("report-before-stage", stage = report::named(state.stage), round = state.round)
        }
        (None, step) => {
            say!("report-at-training", round = state.round, step = step, steps = lab.phase_steps())
        }
    };
    let Some(folder) = folder else { return say!("report-stopped-unsaved", place = place) };
    let saved = match given_up {
        None | Some(Stage::Train) => say!("report-saved").to_owned(),
        Some(_) if state.partly.is_some() => say!("report-saved").to_owned(),
        // Only training and most ways of learning can go on in their middle.
        Some(stage) => say!("report-saved-before", stage = report::named(stage)),
    };
    say!("report-stopped", place = place, saved = saved, folder = folder.display().to_string())
}
