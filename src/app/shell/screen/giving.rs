//! What is dropped on the window or uploaded: it is looked at beside the screen, then used or refused.

use eframe::egui::Context;

use super::Screen;
use super::dialog::Dialog;
use crate::app::platform;
use crate::app::shell::exchange::Given;
use crate::app::shell::setup::{For, Setup};
use crate::app::worker::Order;
use crate::app::worker::board::Board;
use crate::files;
use crate::lab::Config;
use crate::words::say;

impl Screen {
    /// Takes what is dropped on the window, once it is known what it is.
    pub(super) fn take_given(&mut self, context: &Context, board: &Board) {
        if let Some(file) = context.input(|input| input.raw.dropped_files.first().cloned()) {
            self.tell(say!("screen-looking-at", path = file.path().display().to_string()));
            self.given = Some(platform::take_dropped(file, context.clone(), Given::at));
        }
        #[cfg(not(target_arch = "wasm32"))]
        if let Some(fetched) = self.named.ended() {
            match (fetched, matches!(self.dialog, Some(Dialog::Setup(_)))) {
                (Ok(folder), true) => {
                    self.given = Some(platform::look_at(folder, context.clone(), Given::at));
                }
                (Ok(folder), false) => {
                    self.tell(say!("screen-images-here", folder = folder.display().to_string()));
                }
                (Err(why), _) => self.refuse(why),
            }
        }
        let answer = self.given.as_ref().and_then(|given| given.try_recv().ok());
        let Some(given) = answer else { return };
        self.given = None;
        match given {
            Ok(Given::Settings(path)) => {
                self.load_settings(&path, Setup::new(For::NewRun, Config::default(), self.engine));
            }
            Ok(Given::Lesson(lesson)) => self.open_lesson(*lesson, None),
            Ok(Given::Recording(path)) => match files::read(&path) {
                Ok(bytes) => self.worker.order(Order::Replay { path, bytes: bytes.into() }),
                Err(error) => self.refuse(error.to_string()),
            },
            Ok(Given::Run(folder)) => self.worker.order(Order::Open { folder }),
            Ok(Given::Images(seen)) => self.give_setup(board, |setup| setup.take_images(seen)),
            Ok(Given::Network { path, about }) => {
                self.give_setup(board, |setup| setup.take_network(path, &about));
            }
            Err(why) => self.refuse(why),
        }
    }

    /// Says why something is not taken, where the person looks.
    fn refuse(&mut self, why: String) {
        self.tell(why.clone());
        match &mut self.dialog {
            Some(Dialog::Setup(setup)) => setup.complaint = Some(why),
            _ => self.complain(why),
        }
    }

    /// Gives something to the setup that is open, or else to that of a new run like this one, which is then opened; tells
    /// what was taken.
    fn give_setup(&mut self, board: &Board, take: impl FnOnce(&mut Setup) -> String) {
        let mut setup = match self.dialog.take() {
            Some(Dialog::Setup(setup) | Dialog::PathForSetup(_, setup)) => setup,
            _ => self.new_setup(board),
        };
        self.tell(take(&mut setup));
        self.dialog = Some(Dialog::Setup(setup));
    }

    /// The setup of a new run: as it was left, or with the settings of the open run.
    pub(super) fn new_setup(&mut self, board: &Board) -> Box<Setup> {
        let config = board.snapshot.as_ref().map(|snapshot| snapshot.config.clone());
        let engine = self.engine;
        self.draft
            .take()
            .unwrap_or_else(|| Box::new(Setup::new(For::NewRun, config.unwrap_or_default(), engine)))
    }
}
