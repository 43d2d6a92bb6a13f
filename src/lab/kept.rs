//! A lab whose files are written as it goes: after every stage, and every half minute within a long training.

use std::cell::Cell;

use web_time::{Duration, Instant};

use super::error::LabError;
use super::events::{Command, Event, Observer};
use super::machine::Lab;
use super::output::Output;
use super::state::Stage;
use crate::engine::Engine;
use crate::words::Language;

/// How often an unfinished training phase is saved.
const SAVE_EVERY: Duration = Duration::from_secs(30);

/// A lab with its folder, if it has one.
pub struct KeptLab {
    /// The experiment.
    pub lab: Lab,
    output: Option<Output>,
    saved: Instant,
}

impl KeptLab {
    /// What is in the lab now counts as saved.
    pub fn new(lab: Lab, output: Option<Output>) -> Self {
        Self { lab, output, saved: Instant::now() }
    }

    /// Its folder.
    pub fn output(&self) -> Option<&Output> {
        self.output.as_ref()
    }

    /// Takes the next unit of work and writes what is known since; the stage that it ended, if it ended one. Whatever goes
    /// wrong, the session is saved first, so that the run can go on later.
    pub async fn step(
        &mut self,
        engine: &mut dyn Engine,
        observer: &dyn Observer,
    ) -> Result<Option<(Stage, u64)>, LabError> {
        let ends = Ends { observer, done: Cell::default() };
        if let Err(error) = self.lab.execute(engine, Command::Step, &ends).await {
            self.save()?;
            return Err(error);
        }
        let done = ends.done.get();
        match (&self.output, done) {
            (Some(output), Some((stage, round))) => {
                output.stage_done(&self.lab, stage, round)?;
                self.saved = Instant::now();
            }
            _ if self.saved.elapsed() > SAVE_EVERY => self.save()?,
            _ => {}
        }
        Ok(done)
    }

    /// Saves the session, where there is a folder.
    pub fn save(&mut self) -> Result<(), LabError> {
        self.saved = Instant::now();
        self.output.as_ref().map_or(Ok(()), |output| output.session(&self.lab))
    }
}

/// Passes events on, and remembers the end of a stage.
struct Ends<'a> {
    observer: &'a dyn Observer,
    done: Cell<Option<(Stage, u64)>>,
}

impl Observer for Ends<'_> {
    fn event(&self, event: Event) {
        if let Event::StageDone { stage, round, .. } = event {
            self.done.set(Some((stage, round)));
        }
        self.observer.event(event);
    }

    fn cancelled(&self) -> bool {
        self.observer.cancelled()
    }

    fn language(&self) -> Language {
        self.observer.language()
    }

    fn wants_foreseen(&self) -> bool {
        self.observer.wants_foreseen()
    }

    fn foreseen(&self, gains: &[f64]) {
        self.observer.foreseen(gains);
    }
}
