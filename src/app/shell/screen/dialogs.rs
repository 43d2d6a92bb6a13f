//! The dialogs over the panels, and what they were closed with.

use std::path::{Path, PathBuf};

use eframe::egui::{Context, Ui};

use super::Screen;
use super::dialog::Dialog;
use crate::app::panels::{News, PANELS};
use crate::app::platform;
use crate::app::shell::exchange::{Given, screenshot, settings_text, write};
use crate::app::shell::help::{self, help_ui};
use crate::app::shell::lessons::{Picked, lessons_ui};
use crate::app::shell::palette;
use crate::app::shell::paths::{Ask, Purpose};
use crate::app::shell::setup::{Closed, For, Setup, Wanted};
use crate::app::view::View;
use crate::app::worker::Order;
use crate::app::worker::board::Board;
use crate::files::resolve;
use crate::lab::Config;
use crate::words::say;

impl Screen {
    /// Draws the dialog that is open, and does what it was closed with.
    pub(super) fn dialog_ui(&mut self, context: &Context, board: &Board) {
        match self.dialog.take() {
            None => {}
            Some(Dialog::Help(last)) => match help_ui(context, last.as_ref()) {
                None => self.dialog = Some(Dialog::Help(last)),
                Some(help::Closed::Begin) => {}
                Some(help::Closed::Lesson) => self.begin_lesson(),
                Some(help::Closed::Lessons) => self.dialog = Some(Dialog::Lessons),
                Some(help::Closed::Open(kept)) => {
                    self.worker.order(Order::Open { folder: kept.folder });
                }
            },
            Some(Dialog::Lessons) => match lessons_ui(context) {
                None => self.dialog = Some(Dialog::Lessons),
                Some(Picked::Nothing) => {}
                Some(Picked::Lesson(lesson)) => self.open_lesson(*lesson, None),
            },
            Some(Dialog::Results(results)) => self.results_ui(context, results),
            Some(Dialog::Palette(mut palette)) => match palette.ui(context, board) {
                None => self.dialog = Some(Dialog::Palette(palette)),
                Some(palette::Picked::Nothing) => {}
                Some(palette::Picked::Action(action)) => self.act(action, context, board),
            },
            Some(Dialog::Setup(setup)) => self.setup_ui(context, setup),
            Some(Dialog::Path(mut ask)) => match self.ask_ui(&mut ask, context, board) {
                None => self.dialog = Some(Dialog::Path(ask)),
                Some(None) => {}
                Some(Some(path)) => self.use_path(ask.purpose, &path, context, board),
            },
            Some(Dialog::PathForSetup(mut ask, setup)) => match self.ask_ui(&mut ask, context, board) {
                None => self.dialog = Some(Dialog::PathForSetup(ask, setup)),
                Some(None) => self.dialog = Some(Dialog::Setup(setup)),
                Some(Some(path)) => self.use_path_for_setup(ask.purpose, path, setup, context),
            },
        }
    }

    /// Draws a question for a path, which begins with a name beside what was written last. As [`Ask::ui`], but with the
    /// path in full.
    fn ask_ui(&mut self, ask: &mut Ask, context: &Context, board: &Board) -> Option<Option<PathBuf>> {
        let config = board.snapshot.as_deref().map(|snapshot| &snapshot.config);
        let run = config.map_or("run".to_owned(), |config| format!("{} seed {}", config.preset, config.seed));
        ask.offer(&self.folder, &run, PANELS[self.shown()].name);
        let closed = ask.ui(context)?.map(|path| ask.purpose.finished(path));
        if let Some(folder) = closed.as_deref().and_then(Path::parent).filter(|_| ask.purpose.writes()) {
            self.folder = folder.to_owned();
        }
        Some(closed)
    }

    fn setup_ui(&mut self, context: &Context, mut setup: Box<Setup>) {
        #[cfg(not(target_arch = "wasm32"))]
        let named = |ui: &mut Ui| self.named.ui(ui);
        #[cfg(target_arch = "wasm32")]
        let named = |_: &mut Ui| {};
        let (closed, wanted) = setup.ui(context, self.keys.typing(), named);
        let purpose = wanted.map(|wanted| match wanted {
            Wanted::DataFolder => Purpose::DataFolder,
            Wanted::Network => Purpose::Network,
            Wanted::Settings => Purpose::LoadSettings,
            Wanted::SaveSettings => Purpose::SaveSettings,
        });
        self.dialog = match (closed, purpose) {
            (Some(Closed::Cancelled), _) => {
                if setup.of == For::NewRun && setup.is_changed() {
                    self.draft = Some(setup);
                }
                None
            }
            (Some(Closed::Done(config, engine)), _) => {
                self.engine = engine;
                match setup.of {
                    For::NewRun => {
                        self.worker.order(Order::New { config, engine });
                        let View { tab, paint, speed, curves, .. } = self.view;
                        self.view = View { tab, paint, speed, curves, ..View::default() };
                    }
                    For::Entrant(index) => {
                        self.tell_panels(&News::EntrantSettings { index, config: &config });
                    }
                }
                None
            }
            (None, Some(purpose)) => Some(Dialog::PathForSetup(Ask::new(purpose), setup)),
            (None, None) => Some(Dialog::Setup(setup)),
        };
    }

    pub(super) fn load_settings(&mut self, path: &Path, mut setup: Setup) {
        match Config::read(path) {
            Ok(config) => setup.take(config),
            Err(error) => setup.complaint = Some(error.to_string()),
        }
        self.dialog = Some(Dialog::Setup(Box::new(setup)));
    }

    fn use_path_for_setup(
        &mut self,
        purpose: Purpose,
        path: PathBuf,
        mut setup: Box<Setup>,
        context: &Context,
    ) {
        match purpose {
            Purpose::LoadSettings => return self.load_settings(&path, *setup),
            Purpose::SaveSettings => {
                let written = settings_text(&setup.config).and_then(|text| write(&path, &text));
                setup.complaint = written.err();
            }
            purpose => {
                let path = resolve(&path, Path::new(""));
                self.given = Some(platform::look_at(path, context.clone(), move |path| match purpose {
                    Purpose::Network => Given::network(path),
                    _ => Given::images(&path),
                }));
            }
        }
        self.dialog = Some(Dialog::Setup(setup));
    }

    /// Uses a path that was asked for.
    fn use_path(&mut self, purpose: Purpose, path: &Path, context: &Context, board: &Board) {
        match purpose {
            Purpose::OpenRun => return self.worker.order(Order::Open { folder: path.to_owned() }),
            Purpose::CardPng | Purpose::CardText => return self.save_card(purpose, path),
            _ => {}
        }
        let Some(now) = &board.snapshot else {
            return self.complain(say!("screen-no-run").to_owned());
        };
        let shown = self.looked_at(now);
        let snapshot = now.as_ref();
        let text = match purpose {
            Purpose::SaveRun => return self.worker.order(Order::Copy { to: path.to_owned() }),
            Purpose::Export(door) => {
                return self.worker.order(Order::Export { door, to: path.to_owned() });
            }
            Purpose::ExportPng => return screenshot(self.shared(), path, context, None),
            Purpose::Log => return self.begin_log(path, snapshot, context),
            Purpose::SaveSettings => settings_text(&snapshot.config),
            Purpose::ExportCsv => self.export(board, &shown, |panel, shown| panel.csv(shown)),
            Purpose::ExportSvg => self.export(board, &shown, |panel, shown| panel.svg(shown)),
            Purpose::CardPng | Purpose::CardText => return,
            Purpose::OpenRun | Purpose::DataFolder | Purpose::Network | Purpose::LoadSettings => return,
        };
        match text.and_then(|text| write(path, &text)) {
            Ok(said) => self.tell(said),
            Err(why) => self.complain(why),
        }
    }
}
