//! Studies carried out by the lab's worker: races, and the paper's figures. They have an engine of their own; the run
//! on the screen stays as it is.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use super::board::{Notes, Progress};
use super::desk::Desk;
use super::open_run::OpenRun;
pub use super::orders::Study;
use super::studies::{Kind, Studied, folder_for, latest, start_again};
use crate::app::platform;
use crate::engine::Learner;
use crate::lab::{EngineChoice, Event, LabError, Observer, Stage, start_engine};
use crate::study::{FIGURES, Listener, PLAN_FILE, RunError, STANDING_FILE, carry_out, figures};
use crate::words::{in_language, say};

/// The files that the state of a race is read from.
const RECORDS: [&str; 3] = [PLAN_FILE, STANDING_FILE, "run.json"];

/// Writes the progress of a study on the board.
struct StudyReporter<'a> {
    desk: &'a Desk,
    kind: Kind,
    folder: &'a Path,
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
            // Of the run on the screen, these would say nothing.
            Event::Notice(_) => {}
            Event::Warning(text) => self.desk.shared.write(|board| board.notice(text)),
        }
    }

    fn cancelled(&self) -> bool {
        self.desk.given_up()
    }
}

impl Listener for StudyReporter<'_> {
    fn say(&self, text: &dyn Fn() -> String) {
        self.note(|notes| notes.text = text());
    }

    fn came(&self) {
        self.desk.show_study(self.kind, self.folder);
    }
}

impl Desk {
    /// Carries out what is not done yet of a study.
    pub(super) async fn study(&self, study: Study, open: Option<&mut OpenRun>) -> Result<(), RunError> {
        let Some(home) = self.home.as_deref() else {
            let reason = "there is no folder on this machine to keep its runs in".to_owned();
            return Err(LabError::Command { command: "study", reason }.into());
        };
        let (kind, plan) = match &study {
            Study::Race { plan, .. } => (Kind::Race, plan.clone()),
            Study::Figure { number, request, .. } => {
                (Kind::Figure(*number), figures::study(*number, 0, request, home)?)
            }
        };
        platform::bring_back_only(home, &[PLAN_FILE]).await;
        let folder = &folder_for(home, kind, &plan);
        platform::bring_back(folder).await;
        // The study goes on with its runs; whoever looks at one keeps what is on the screen, without its folder.
        if let Some(open) = open
            && open.folder.as_ref().is_some_and(|run| run.starts_with(folder))
        {
            (open.folder, open.output) = (None, None);
        }
        start_again(kind, folder)?;
        let reporter = StudyReporter { desk: self, kind, folder, under_way: Cell::new((Stage::Seed, 1)) };
        reporter.note(|notes| notes.what = kind.name());
        reporter.note(|notes| notes.text = say!("worker-study-starting").to_owned());
        self.fetch_images(&plan.configurations[0].settings.data).await?;
        match study {
            Study::Race { engine, .. } => {
                let learners = plan.configurations.iter().map(|one| one.settings.learning.learner);
                let choice = learners.fold(engine, EngineChoice::having);
                let mut engine = start_engine(choice).await?.engine;
                plan.settle(folder)?;
                self.show_study(kind, folder);
                carry_out(&plan, folder, engine.as_mut(), &reporter).await
            }
            Study::Figure { number, request, engine } => {
                let mut engine = start_engine(engine.having(Learner::Direct)).await?.engine;
                for index in 0..figures::studies(number) {
                    let plan = figures::study(number, index, &request, folder)?;
                    let study = figures::study_folder(number, index, folder);
                    plan.settle(&study)?;
                    self.show_study(kind, folder);
                    carry_out(&plan, &study, engine.as_mut(), &reporter).await?;
                }
                Ok(())
            }
        }
    }

    /// Shows the last race and the last figures, as far as they had come.
    pub(super) async fn show_last_studies(&self) {
        let Some(home) = self.home.as_deref() else { return };
        let kinds = FIGURES.iter().map(|(number, _)| Kind::Figure(*number));
        for kind in std::iter::once(Kind::Race).chain(kinds) {
            if let Some(folder) = latest(home, kind) {
                match kind {
                    // Its runs' records are all that is shown.
                    Kind::Race => platform::bring_back_only(&folder, &RECORDS).await,
                    Kind::Figure(_) => platform::bring_back(&folder).await,
                }
                self.show_study(kind, &folder);
            }
        }
    }

    /// Puts a study on the board, as its folder has it.
    fn show_study(&self, kind: Kind, folder: &Path) {
        // A figure keeps the language that it is drawn in.
        let read = || Studied::read(kind, folder).map(Arc::new);
        let studied = in_language(self.shared.language(), read);
        self.shared.write(|board| match (studied, kind) {
            (Ok(studied), Kind::Race) => board.race = Some(studied),
            (Ok(studied), Kind::Figure(number)) => drop(board.figures.insert(number, studied)),
            (Err(error), _) => board.notice(say!("worker-study-not-shown", why = error.to_string())),
        });
    }
}
