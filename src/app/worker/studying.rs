//! Studies carried out by the lab's worker: races, and the paper's figures. They have an engine of their own; the run
//! on the screen stays as it is.

use std::cell::Cell;
use std::sync::Arc;

use super::board::{Notes, Progress};
use super::desk::Desk;
pub use super::orders::Study;
use crate::engine::Learner;
use crate::lab::{EngineChoice, Event, LabError, Observer, Stage, start_engine};
use crate::study::figures::figure;
use crate::study::{Listener, Race, Run, race};

/// Writes the progress of a study on the board.
struct StudyReporter<'a> {
    desk: &'a Desk,
    /// Whether runs are shown one by one: those of a race are, those of a figure are part of it.
    racing: bool,
    under_way: Cell<(Stage, u64)>,
}

impl StudyReporter<'_> {
    fn note(&self, write: impl FnOnce(&mut Notes)) {
        self.desk.shared.write(|board| write(board.study.get_or_insert_default()));
    }
}

impl Observer for StudyReporter<'_> {
    fn event(&self, event: Event) {
        match event {
            Event::StageStarted { stage, round } => {
                self.under_way.set((stage, round));
                self.note(|notes| notes.progress = Some(Progress::of((stage, round))));
            }
            Event::Progress { done, total, loss } => self.note(|notes| {
                let progress = notes.progress.get_or_insert_with(|| Progress::of(self.under_way.get()));
                progress.advance(done, total, loss);
            }),
            Event::StageDone { .. } => self.note(|notes| notes.progress = None),
            Event::Notice(text) | Event::Warning(text) => self.desk.shared.write(|board| board.notice(text)),
        }
    }

    fn cancelled(&self) -> bool {
        self.desk.given_up()
    }
}

impl Listener for StudyReporter<'_> {
    fn say(&self, text: &str) {
        self.note(|notes| notes.text = text.to_owned());
    }

    fn scored(&self, run: Run) {
        if !self.racing {
            return;
        }
        self.desk.shared.write(|board| {
            let runs = &mut Arc::make_mut(board.race.get_or_insert_default()).runs;
            let same = |other: &&mut Run| (&other.name, other.config.seed) == (&run.name, run.config.seed);
            match runs.iter_mut().find(same) {
                Some(other) => *other = run,
                None => runs.push(run),
            }
        });
    }
}

impl Desk {
    /// Carries a study out.
    pub(super) async fn study(&self, study: Study) -> Result<(), LabError> {
        let racing = matches!(study, Study::Race { .. });
        let reporter = StudyReporter { desk: self, racing, under_way: Cell::new((Stage::Seed, 1)) };
        reporter.say("starting the engine");
        match study {
            Study::Race { entrants, cost, engine } => {
                let learners = entrants.iter().map(|entrant| entrant.config.learning.learner);
                let choice = learners.fold(engine, EngineChoice::having);
                for entrant in &entrants {
                    self.fetch_images(&entrant.config.data).await?;
                }
                let mut engine = start_engine(choice).await?.engine;
                self.shared.write(|board| board.race = Some(Arc::new(Race::default())));
                let race = race(&entrants, cost, engine.as_mut(), &reporter).await?;
                self.shared.write(|board| board.race = Some(Arc::new(race)));
            }
            Study::Figure { number, request, engine } => {
                self.fetch_images(&request.images()).await?;
                let mut engine = start_engine(engine.having(Learner::Direct)).await?.engine;
                let figure = figure(number, &request, engine.as_mut(), &reporter).await?;
                self.shared.write(|board| {
                    board.figures.insert(number, Arc::new(figure));
                });
            }
        }
        Ok(())
    }
}
