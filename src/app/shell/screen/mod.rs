//! The app: what it holds, and what each action does.

mod arrival;
mod dialog;
mod dialogs;
mod giving;
mod held;
mod layout;
mod looking;
mod stopping;
mod teaching;
mod visiting;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_channel::Receiver;
use eframe::egui::{self, Context, Ui};
use serde_json::json;
use web_time::Instant;

use self::arrival::Arrival;
use self::dialog::Dialog;
use self::held::held_ui;
use super::action::Action;
use super::beside::Beside;
use super::exchange::Given;
use super::guide::Guide;
use super::keys::KeyFocus;
use super::log::Log;
#[cfg(not(target_arch = "wasm32"))]
use super::named::{Named, Places};
use super::palette::Palette;
use super::paths::Purpose;
use super::setup::{For, Setup};
use super::steer::Host;
use crate::app::controls::Controls;
use crate::app::drawing::motion;
use crate::app::drawing::pictures::Pictures;
use crate::app::drawing::tokens::{self, PRESENTER_ZOOM};
use crate::app::panels::channel::ChannelPanel;
use crate::app::panels::network::Network;
use crate::app::panels::{Asked, News, PANELS, Panel, Shown, predict};
use crate::app::platform;
use crate::app::view::View;
use crate::app::worker::board::{Board, Moment, Shared, Snapshot};
use crate::app::worker::{Order, Until, Worker, runs};
use crate::engine::Part;
use crate::lab::{Command, Config, EngineChoice};
use crate::lesson::{Lesson, RECORDED, recorded};
use crate::words::{Language, in_language, say};

/// How the app begins.
#[derive(Default)]
pub struct Start {
    /// Settings of the first run.
    pub config: Config,
    /// What computes it.
    pub engine: EngineChoice,
    /// What its texts are in.
    pub language: Language,
    /// Where runs are kept, if anywhere.
    pub home: Option<PathBuf>,
    /// A run to be opened instead, by its folder.
    pub open: Option<PathBuf>,
    /// The page around this one, if it may steer it.
    pub host: Option<Host>,
    /// Words and buttons beside the picture, if there is a place for them.
    pub beside: Option<Beside>,
    /// Whether to begin without the introduction.
    pub quiet: bool,
    /// Whether to begin with the recorded run in place of a new one.
    pub recorded: bool,
    /// A lesson to begin with, and the place of its step.
    pub lesson: Option<(Lesson, Option<usize>)>,
    /// Where images by name are kept and come from.
    #[cfg(not(target_arch = "wasm32"))]
    pub images: Places,
}

/// The whole screen.
pub struct Screen {
    worker: Worker,
    /// What the person looks at.
    pub view: View,
    /// The action done last.
    pub last_action: Option<Action>,
    /// The language of the last frame.
    spoken: Option<Language>,
    engine: EngineChoice,
    /// Those of [`PANELS`], in that order.
    panels: Vec<Box<dyn Panel>>,
    network: Network,
    channel: ChannelPanel,
    pictures: Pictures,
    /// The lesson that is open.
    guide: Option<Guide>,
    /// Where runs are kept.
    home: Option<PathBuf>,
    dialog: Option<Dialog>,
    /// What was typed for a new run and not begun.
    draft: Option<Box<Setup>>,
    keys: KeyFocus,
    looked: Option<(Moment, usize)>,
    /// The run as it stands, and the earlier moment of it that is looked at.
    past: Option<(Arc<Snapshot>, Arc<Snapshot>)>,
    /// Something that could not be done, and when it was said.
    complaint: Option<(String, Instant)>,
    /// Whether the channel's panel is on the screen.
    channel_open: bool,
    /// Whether it is asked if what is under way is to stop.
    stopping: bool,
    presenter: bool,
    /// Where the last path lies that was asked for to write to.
    folder: PathBuf,
    /// What is dropped on the window or asked for, while it is looked at.
    given: Option<Receiver<Result<Given, String>>>,
    /// What a link still asks for.
    arrival: Option<Arrival>,
    host: Option<Host>,
    beside: Option<Beside>,
    /// What is written of what the person does, if they asked for it.
    log: Option<Log>,
    /// Images by name.
    #[cfg(not(target_arch = "wasm32"))]
    named: Named,
    /// Time that the last frame's panels took on this thread.
    pub frame_time: Duration,
}

impl Screen {
    /// Starts the worker, and has it prepare the first run.
    pub fn new(context: &Context, start: Start) -> Self {
        tokens::dress(context);
        let repaint = context.clone();
        let shared = Arc::new(Shared::new(move || repaint.request_repaint_after(platform::NEWS)));
        let worker = Worker::start(shared, start.home.clone());
        let replay = recorded(RECORDED).filter(|_| start.recorded);
        worker.order(match (start.open, replay) {
            (Some(folder), _) => Order::Open { folder },
            (None, Some(bytes)) => Order::Replay { path: RECORDED.into(), bytes: bytes.into() },
            (None, None) => Order::New { config: Box::new(start.config), engine: start.engine },
        });
        let quiet = start.quiet || start.lesson.is_some();
        let lesson = start.lesson.map(|(lesson, at)| (Arc::new(lesson), at));
        let guide = lesson.map(|(lesson, at)| Guide::open(lesson, at, start.home.clone()));
        let last = start.home.as_deref().and_then(|home| runs::recent(home).into_iter().next());
        Self {
            worker,
            view: View { language: start.language, ..View::default() },
            last_action: None,
            spoken: None,
            engine: start.engine,
            panels: PANELS.iter().map(|entry| (entry.make)()).collect(),
            network: Network::default(),
            channel: ChannelPanel::default(),
            pictures: Pictures::default(),
            guide,
            home: start.home,
            dialog: (!quiet).then_some(Dialog::Help(last)),
            draft: None,
            keys: KeyFocus::default(),
            looked: None,
            past: None,
            complaint: None,
            channel_open: false,
            stopping: false,
            presenter: false,
            folder: platform::documents(),
            given: None,
            arrival: None,
            host: start.host,
            beside: start.beside,
            log: None,
            #[cfg(not(target_arch = "wasm32"))]
            named: Named::new(start.images),
            frame_time: Duration::ZERO,
        }
    }

    /// The board and the flags, for other parts of the program.
    pub fn shared(&self) -> Arc<Shared> {
        self.worker.shared.clone()
    }

    /// The board as it is now.
    pub fn board(&self) -> Board {
        let pausing = self.worker.shared.pause.load(Ordering::Relaxed);
        let board = self.worker.shared.read().clone();
        Board { pausing: pausing && board.playing, ..board }
    }

    fn run(&self, until: Until, context: &Context) {
        let rest = if motion::is_calm(context) { Duration::ZERO } else { self.view.speed.rest() };
        self.worker.order(Order::Run { until, rest });
    }

    /// Does `action`, if it is possible now.
    pub fn act(&mut self, action: Action, context: &Context, board: &Board) {
        if !action.is_enabled(board) {
            return;
        }
        self.last_action = Some(action);
        self.log(|log, _| log.note("action", json!({ "name": action.control() })));
        if !matches!(
            action,
            Action::Show(_)
                | Action::Theme
                | Action::Presenter
                | Action::Calm
                | Action::Speak(_)
                | Action::Palette
                | Action::Help
        ) {
            // From here on the person goes their own way.
            self.arrival = None;
        }
        self.leave_the_past(action);
        match action {
            Action::PlayPause if board.playing => self.worker.shared.pause.store(true, Ordering::Relaxed),
            Action::PlayPause => self.run(Until::WorthALook, context),
            Action::RunThrough => self.run(Until::Done, context),
            Action::Step => self.run(Until::StageDone, context),
            Action::Round => self.run(Until::RoundDone, context),
            Action::Cancel => self.worker.shared.cancel.store(true, Ordering::Relaxed),
            Action::Undo => self.worker.order(Order::Do(Command::Undo)),
            Action::Redo => self.worker.order(Order::Do(Command::Redo)),
            Action::OpenRun => self.dialog = Some(Dialog::path(Purpose::OpenRun)),
            Action::SaveRun => self.dialog = Some(Dialog::path(Purpose::SaveRun)),
            Action::SaveSettings => self.dialog = Some(Dialog::path(Purpose::SaveSettings)),
            Action::ExportCsv => self.dialog = Some(Dialog::path(Purpose::ExportCsv)),
            Action::ExportSvg => self.dialog = Some(Dialog::path(Purpose::ExportSvg)),
            Action::ExportPng => self.dialog = Some(Dialog::path(Purpose::ExportPng)),
            Action::Export(door) => self.dialog = Some(Dialog::path(Purpose::Export(door))),
            Action::Show(place) => self.view.tab = PANELS.get(place).map_or("", |entry| entry.name),
            Action::Theme => {
                let dark = context.global_style().visuals.dark_mode;
                context.set_theme(if dark { egui::Theme::Light } else { egui::Theme::Dark });
            }
            Action::Presenter => {
                self.presenter = !self.presenter;
                context.set_zoom_factor(if self.presenter { PRESENTER_ZOOM } else { 1.0 });
            }
            Action::Speak(language) => self.speak(language, context),
            Action::Calm => motion::set_calm(context, !motion::is_calm(context)),
            Action::Log => match self.log.take() {
                Some(log) => self.tell(log.end()),
                None => self.dialog = Some(Dialog::path(Purpose::Log)),
            },
            Action::Palette => self.dialog = Some(Dialog::Palette(Palette::default())),
            Action::Help => self.dialog = Some(Dialog::Help(None)),
            Action::OwnRun => {
                self.worker.order(Order::New { config: Box::default(), engine: self.engine });
            }
            Action::Lessons => self.dialog = Some(Dialog::Lessons),
            Action::Quit => context.send_viewport_cmd(egui::ViewportCommand::Close),
            Action::NewRun => self.dialog = Some(Dialog::Setup(self.new_setup(board))),
            #[cfg(target_arch = "wasm32")]
            Action::CopyLink => {
                if let Some(snapshot) = &board.snapshot {
                    let link = self.visit(snapshot, context).write();
                    context.copy_text(platform::set_address(&link));
                    let said = match platform::can_copy() {
                        true => say!("screen-link-copied"),
                        false => say!("screen-link-shown"),
                    };
                    self.tell(said.to_owned());
                }
            }
            Action::OneMoreRound | Action::Predict | Action::KeepCurves => {
                if let Some(snapshot) = &board.snapshot {
                    self.act_on_run(action, snapshot);
                }
            }
        }
    }

    /// Shows all texts in this language from the next frame on, and keeps it for the next time.
    fn speak(&mut self, language: Language, context: &Context) {
        self.view.language = language;
        if let Err(why) = platform::keep_language(self.home.as_deref(), language) {
            self.tell(why);
        }
        context.request_repaint();
    }

    /// What is done with the run as it is shown.
    fn act_on_run(&mut self, action: Action, snapshot: &Snapshot) {
        match action {
            Action::OneMoreRound => {
                self.worker.order(Order::Do(Command::Extend(snapshot.config.rounds + 1)));
            }
            Action::Predict => {
                self.view.tab = "cloud";
                predict::toggle(snapshot, &mut self.view);
            }
            Action::KeepCurves => {
                self.tell_panels(&News::KeepCurves(snapshot));
                self.view.tab = "curves";
            }
            _ => {}
        }
    }

    /// Where a prediction is wanted of the round that has just been estimated, asks for it and stops playing.
    fn ask_first(&mut self, snapshot: &Snapshot, board: &Board) {
        if predict::begin_if_wanted(snapshot, &mut self.view) {
            self.view.tab = "cloud";
            if board.playing {
                self.worker.shared.pause.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Does what a panel asks for.
    fn obey(&mut self, asked: Asked) {
        match asked {
            Asked::Order(order) => {
                if matches!(order, Order::Do(_)) {
                    self.view.moment = None;
                }
                self.worker.order(order);
            }
            Asked::Complain(text) => self.complain(text),
            Asked::NewRun => {
                let setup = self.new_setup(&self.board());
                self.dialog = Some(Dialog::Setup(setup));
            }
            Asked::RaceAgainstNotGrowing => {
                if let Some(snapshot) = self.board().snapshot {
                    self.tell_panels(&News::RaceAgainstNotGrowing(&snapshot));
                    self.view.tab = "race";
                }
            }
            Asked::EntrantSettings { index, config } => {
                let setup = Setup::new(For::Entrant(index), *config, self.engine);
                self.dialog = Some(Dialog::Setup(Box::new(setup)));
            }
        }
    }

    fn tell_panels(&mut self, news: &News<'_>) {
        for panel in &mut self.panels {
            panel.hear(news);
        }
    }

    /// The place of the panel that is shown at the right.
    fn shown(&self) -> usize {
        PANELS.iter().position(|entry| entry.name == self.view.tab).unwrap_or(0)
    }

    /// What the panel shown makes of itself, as a file's text.
    fn export(
        &self,
        board: &Board,
        snapshot: &Snapshot,
        text: fn(&dyn Panel, &Shown<'_>) -> Result<String, String>,
    ) -> Result<String, String> {
        if snapshot.is_forming() {
            return Err(say!("screen-still-forming").to_owned());
        }
        text(self.panels[self.shown()].as_ref(), &Shown { board, snapshot, view: &self.view })
    }

    fn complain(&mut self, text: String) {
        self.complaint = Some((text, Instant::now()));
    }

    fn tell(&self, text: String) {
        self.worker.shared.write(|board| board.notice(text));
    }

    /// Has the network's activations for the chosen image computed, when they are not those shown.
    fn look(&mut self, snapshot: &Snapshot) {
        // A link may ask for an image that this run does not have.
        let Some(last) = snapshot.data.held_out.len().checked_sub(1) else { return };
        let index = self.view.image.min(last);
        let wanted = (snapshot.moment(), index);
        if self.looked != Some(wanted) {
            self.looked = Some(wanted);
            self.worker.order(Order::Look { part: Part::HeldOut, index });
        }
    }
}

impl eframe::App for Screen {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let language = self.view.language;
        in_language(language, || {
            if self.spoken != Some(language) {
                self.spoken = Some(language);
                self.worker.shared.speak(language);
                #[cfg(target_arch = "wasm32")]
                platform::speaks(language);
                self.guide.iter_mut().for_each(Guide::speak);
            }
            self.frame_ui(ui);
        });
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn on_exit(&mut self) {
        self.worker.stop();
    }
}

impl Screen {
    fn frame_ui(&mut self, ui: &mut Ui) {
        let started = Instant::now();
        let context = ui.ctx().clone();
        let board = self.board();
        self.keys.begin(&context, self.dialog.is_some());
        self.steered(&context, &board);
        self.pressed(&context, &board);
        self.arrive(&context, &board);
        self.take_given(&context, &board);
        self.view.hovering = None;
        self.view.logged = self.log.is_some();
        self.panels_ui(ui, &board);
        if self.dialog.is_none() && self.guide.is_some() {
            Guide::outline(ui);
        }
        self.dialog_ui(&context, &board);
        held_ui(&context);
        let controls = Controls::of(&context);
        for action in self.keys.actions(&context) {
            if action == Action::Cancel {
                self.escape(&context, &board);
            } else if !controls.freezes(&action.control()) {
                self.act(action, &context, &board);
            }
        }
        self.keys.end(&context);
        if self.view.hovered != self.view.hovering {
            self.view.hovered = self.view.hovering.take();
            context.request_repaint();
        }
        if board.progress.is_some() {
            // The time left counts down.
            context.request_repaint_after(Duration::from_secs(1));
        }
        self.tell_host(&context, &board);
        self.tell_beside(&context, &board);
        self.log(|log, view| log.frame(view, &board));
        self.frame_time = started.elapsed();
    }
}
