//! The app: its layout, and what each action does.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_channel::Receiver;
use eframe::egui::{self, Context, Frame, Margin, Panel, RichText, Ui};
use web_time::Instant;

use super::action::Action;
use super::exchange::{settings_text, write};
use super::help::{self, help_ui};
use super::palette::{Palette, Picked};
use super::paths::{Ask, Purpose};
use super::setup::{self, For, Setup, Wanted};
use super::transport::{Asked, transport_ui};
use crate::app::drawing::pictures::Pictures;
use crate::app::drawing::tokens::{self, PRESENTER_ZOOM, Tokens};
use crate::app::panels::channel::channel_ui;
use crate::app::panels::cloud::cloud_ui;
use crate::app::panels::costs::costs_ui;
use crate::app::panels::curves::{Curves, curves_ui};
use crate::app::panels::explain::explain_ui;
use crate::app::panels::figures::FiguresTab;
use crate::app::panels::network::Network;
use crate::app::panels::outcomes::Outcomes;
use crate::app::panels::predict;
use crate::app::panels::race::{RaceAsked, RaceTab};
use crate::app::panels::stages::{sentence, stages_ui};
use crate::app::panels::table::table_ui;
use crate::app::platform;
#[cfg(target_arch = "wasm32")]
use crate::app::platform::link;
use crate::app::view::{Tab, View};
use crate::app::worker::board::{Board, Moment, Shared, Snapshot};
use crate::app::worker::runs::{self, Kept};
use crate::app::worker::{Order, Until, Worker};
use crate::engine::Part;
use crate::lab::{Command, Config, EngineChoice};

/// How the app begins.
#[derive(Default)]
pub struct Start {
    /// Settings of the first run.
    pub config: Config,
    /// What computes it.
    pub engine: EngineChoice,
    /// Where runs are kept, if anywhere.
    pub home: Option<PathBuf>,
    /// Whether to begin without the introduction.
    pub quiet: bool,
}

/// What stands over the panels.
enum Over {
    Help(Option<Kept>),
    Setup(Box<Setup>),
    Palette(Palette),
    Path(Ask),
    /// A path asked for by the setup, which waits below.
    PathForSetup(Ask, Box<Setup>),
}

/// The whole screen.
pub struct Screen {
    pub(super) worker: Worker,
    /// What the person looks at.
    pub view: View,
    pub(super) engine: EngineChoice,
    network: Network,
    pictures: Pictures,
    pub(super) kept: Vec<Curves>,
    race: RaceTab,
    pub(super) figures: FiguresTab,
    outcomes: Outcomes,
    over: Option<Over>,
    looked: Option<(Moment, usize)>,
    /// Something that an action could not do, and when it was said.
    complaint: Option<(String, Instant)>,
    presenter: bool,
    /// A file dropped on the window, while it is read.
    pub(super) dropped: Option<Receiver<Result<PathBuf, String>>>,
    /// Time that the last frame's panels took on this thread.
    pub frame_time: Duration,
}

/// How long a complaint stays.
const COMPLAINT: Duration = Duration::from_secs(8);

impl Screen {
    /// Starts the worker, and has it prepare the first run.
    pub fn new(context: &Context, start: Start) -> Self {
        tokens::dress(context);
        let repaint = context.clone();
        let shared = Arc::new(Shared::new(move || repaint.request_repaint_after(platform::NEWS)));
        let worker = Worker::start(shared, start.home.clone());
        worker.order(Order::New { config: Box::new(start.config), engine: start.engine });
        let last = start.home.as_deref().and_then(|home| runs::recent(home).into_iter().next());
        Self {
            worker,
            view: View::default(),
            engine: start.engine,
            network: Network::default(),
            pictures: Pictures::default(),
            kept: Vec::new(),
            race: RaceTab::default(),
            figures: FiguresTab::default(),
            outcomes: Outcomes::default(),
            over: (!start.quiet).then_some(Over::Help(last)),
            looked: None,
            complaint: None,
            presenter: false,
            dropped: None,
            frame_time: Duration::ZERO,
        }
    }

    /// The board and the flags, for those beside the screen.
    pub fn shared(&self) -> Arc<Shared> {
        self.worker.shared.clone()
    }

    /// The board as it is now.
    pub fn board(&self) -> Board {
        let pausing = self.worker.shared.pause.load(Ordering::Relaxed);
        let board = self.worker.shared.read().clone();
        Board { pausing: pausing && board.playing, ..board }
    }

    fn run(&self, until: Until) {
        self.worker.order(Order::Run { until, rest: self.view.speed.rest() });
    }

    /// Does it, as far as the moment allows.
    pub fn act(&mut self, action: Action, context: &Context, board: &Board) {
        let snapshot = board.snapshot.as_deref();
        let idle = snapshot.is_some() && !board.busy;
        match action {
            Action::PlayPause if board.playing => self.worker.shared.pause.store(true, Ordering::Relaxed),
            Action::PlayPause if idle => self.run(Until::Done),
            Action::Step if idle => self.run(Until::StageDone),
            Action::Round if idle => self.run(Until::RoundDone),
            Action::Cancel if board.busy => self.worker.shared.cancel.store(true, Ordering::Relaxed),
            Action::Undo if idle => self.worker.order(Order::Do(Command::Undo)),
            Action::Redo if idle => self.worker.order(Order::Do(Command::Redo)),
            Action::OneMoreRound if idle => {
                let rounds = snapshot.map_or(0, |snapshot| snapshot.config.rounds) + 1;
                self.worker.order(Order::Do(Command::Extend(rounds)));
            }
            Action::PlayPause
            | Action::Step
            | Action::Round
            | Action::Cancel
            | Action::Undo
            | Action::Redo
            | Action::OneMoreRound => {}
            Action::NewRun => {
                let config = snapshot.map(|snapshot| snapshot.config.clone()).unwrap_or_default();
                self.over = Some(Over::Setup(Box::new(Setup::new(For::NewRun, config, self.engine))));
            }
            Action::OpenRun => self.over = Some(Over::Path(Ask::new(Purpose::OpenRun))),
            Action::SaveRun => self.over = Some(Over::Path(Ask::new(Purpose::SaveRun))),
            Action::SaveSettings => self.over = Some(Over::Path(Ask::new(Purpose::SaveSettings))),
            Action::ExportCsv => self.over = Some(Over::Path(Ask::new(Purpose::ExportCsv))),
            Action::ExportSvg => self.over = Some(Over::Path(Ask::new(Purpose::ExportSvg))),
            Action::ExportPng => self.over = Some(Over::Path(Ask::new(Purpose::ExportPng))),
            Action::Predict => {
                if let Some(snapshot) = snapshot {
                    self.view.tab = Tab::Cloud;
                    if let Err(why) = predict::toggle(snapshot, &mut self.view) {
                        self.complain(why.to_owned());
                    }
                }
            }
            Action::KeepCurves => {
                if let Some(snapshot) = snapshot {
                    self.kept.push(Curves::of(snapshot));
                    self.view.tab = Tab::Curves;
                }
            }
            Action::ShowCloud => self.view.tab = Tab::Cloud,
            Action::ShowCurves => self.view.tab = Tab::Curves,
            Action::ShowTable => self.view.tab = Tab::Table,
            Action::ShowCosts => self.view.tab = Tab::Costs,
            Action::ShowRace => self.view.tab = Tab::Race,
            Action::ShowFigures => self.view.tab = Tab::Figures,
            #[cfg(target_arch = "wasm32")]
            Action::CopyLink => {
                if let Some(snapshot) = snapshot {
                    context.copy_text(platform::set_address(&link::write(&snapshot.config, self.engine)));
                    self.tell("The link to this run is copied; it is in the address bar too.".into());
                }
            }
            Action::Theme => {
                let dark = context.global_style().visuals.dark_mode;
                context.set_theme(if dark { egui::Theme::Light } else { egui::Theme::Dark });
            }
            Action::Presenter => {
                self.presenter = !self.presenter;
                context.set_zoom_factor(if self.presenter { PRESENTER_ZOOM } else { 1.0 });
            }
            Action::Palette => self.over = Some(Over::Palette(Palette::default())),
            Action::Help => self.over = Some(Over::Help(None)),
            Action::Quit => context.send_viewport_cmd(egui::ViewportCommand::Close),
        }
    }

    pub(super) fn complain(&mut self, text: String) {
        self.complaint = Some((text, Instant::now()));
    }

    pub(super) fn tell(&self, text: String) {
        self.worker.shared.write(|board| board.notice(text));
    }

    fn shortcuts(&mut self, context: &Context, board: &Board) {
        if self.over.is_some() || self.view.typing {
            return;
        }
        for action in Action::ALL {
            let pressed =
                action.shortcut().is_some_and(|key| context.input_mut(|input| input.consume_shortcut(&key)));
            if pressed {
                self.act(action, context, board);
            }
        }
    }

    pub(super) fn load_settings(&mut self, path: &Path, mut setup: Setup) {
        match Config::read(path) {
            Ok(config) => setup.take(config),
            Err(error) => setup.complaint = Some(error.to_string()),
        }
        self.over = Some(Over::Setup(Box::new(setup)));
    }

    /// What stands over the panels.
    fn over_ui(&mut self, context: &Context, board: &Board) {
        let snapshot = board.snapshot.as_deref();
        match self.over.take() {
            None => {}
            Some(Over::Help(last)) => match help_ui(context, last.as_ref()) {
                None => self.over = Some(Over::Help(last)),
                Some(help::Closed::Begin) => {}
                Some(help::Closed::Open(kept)) => {
                    self.worker.order(Order::Open { folder: kept.folder });
                }
            },
            Some(Over::Palette(mut palette)) => match palette.ui(context) {
                None => self.over = Some(Over::Palette(palette)),
                Some(Picked::Nothing) => {}
                Some(Picked::Action(action)) => self.act(action, context, board),
            },
            Some(Over::Setup(setup)) => self.setup_ui(context, setup),
            Some(Over::Path(mut ask)) => match ask.ui(context) {
                None => self.over = Some(Over::Path(ask)),
                Some(None) => {}
                Some(Some(path)) => self.fulfil(ask.purpose, &path, context, snapshot),
            },
            Some(Over::PathForSetup(mut ask, mut setup)) => match ask.ui(context) {
                None => self.over = Some(Over::PathForSetup(ask, setup)),
                Some(None) => self.over = Some(Over::Setup(setup)),
                Some(Some(path)) => match ask.purpose {
                    Purpose::LoadSettings => self.load_settings(&path, *setup),
                    Purpose::SaveSettings => {
                        let written = settings_text(&setup.config).and_then(|text| write(&path, &text));
                        setup.complaint = written.err();
                        self.over = Some(Over::Setup(setup));
                    }
                    _ => {
                        setup.take_folder(path);
                        self.over = Some(Over::Setup(setup));
                    }
                },
            },
        }
    }

    fn setup_ui(&mut self, context: &Context, mut setup: Box<Setup>) {
        let (closed, wanted) = setup.ui(context);
        let purpose = wanted.map(|wanted| match wanted {
            Wanted::DataFolder => Purpose::DataFolder,
            Wanted::Settings => Purpose::LoadSettings,
            Wanted::SaveSettings => Purpose::SaveSettings,
        });
        self.over = match (closed, purpose) {
            (Some(setup::Closed::Cancelled), _) => None,
            (Some(setup::Closed::Done(config, engine)), _) => {
                self.engine = engine;
                match setup.of {
                    For::NewRun => {
                        self.worker.order(Order::New { config, engine });
                        let View { tab, paint, speed, .. } = self.view;
                        self.view = View { tab, paint, speed, ..View::default() };
                    }
                    For::Entrant(index) => self.race.take(index, *config),
                }
                None
            }
            (None, Some(purpose)) => Some(Over::PathForSetup(Ask::new(purpose), setup)),
            (None, None) => Some(Over::Setup(setup)),
        };
    }

    /// Has the network's answer to the chosen image computed, when it is not the one shown.
    fn look(&mut self, snapshot: &Snapshot) {
        let wanted = (snapshot.moment(), self.view.image);
        if self.looked != Some(wanted) && !snapshot.data.held_out.is_empty() {
            self.looked = Some(wanted);
            self.worker.order(Order::Look { part: Part::HeldOut, index: self.view.image });
        }
    }

    fn panels_ui(&mut self, ui: &mut Ui, board: &Board) {
        let tokens = Tokens::of(ui);
        let bar = Frame::new().fill(tokens.panel).inner_margin(Margin::symmetric(12, 7));
        let mut asked = Vec::new();
        Panel::top("transport").frame(bar).show(ui, |ui| {
            transport_ui(ui, board, &mut self.view, &mut asked);
        });
        let context = ui.ctx().clone();
        for asked in asked {
            match asked {
                Asked::Do(action) => self.act(action, &context, board),
                Asked::Order(order) => self.worker.order(order),
            }
        }
        let Some(snapshot) = board.snapshot.clone() else {
            return waiting_ui(ui, board);
        };
        self.look(&snapshot);
        self.outcomes.note(&snapshot);
        Panel::top("stages").frame(bar).show(ui, |ui| {
            stages_ui(ui, board, &snapshot);
            let (text, status) = sentence(board, &snapshot);
            ui.horizontal_wrapped(|ui| {
                ui.label(text);
                ui.label(RichText::new(status).color(tokens.accent));
            });
        });
        self.trouble_ui(ui, board);
        Panel::bottom("formula").frame(bar).show(ui, |ui| {
            match self.view.record(&snapshot) {
                Some(round) => explain_ui(ui, &snapshot, round, &self.view),
                None => {
                    ui.label(RichText::new("The formula of an estimate appears here, with its own numbers, once there are candidates.").weak());
                }
            }
            if let Some(notice) = board.notices.last() {
                ui.label(RichText::new(notice).small().weak()).on_hover_text(board.notices.join("\n"));
            }
        });
        let width = ui.available_width();
        let side = Frame::new().fill(tokens.panel).inner_margin(Margin::symmetric(12, 8));
        // A window of another size begins with its own share, and remembers what it is drawn to.
        let numbers = egui::Id::unique(("numbers", (width / 320.0) as u32));
        let right =
            Panel::right(numbers).frame(side).default_size(0.41 * width).size_range(360.0..=0.6 * width);
        right.show(ui, |ui| self.numbers_ui(ui, board, &snapshot));
        if self.view.channel.is_some() {
            let height = ui.available_height();
            let below = Panel::bottom("channel").frame(side).default_size((0.42 * height).min(260.0));
            let close = below
                .size_range(170.0..=0.6 * height)
                .resizable(true)
                .show(ui, |ui| channel_ui(ui, board, &snapshot, &mut self.view, &mut self.pictures));
            if close.inner {
                self.view.channel = None;
            }
        }
        let centre = Frame::new().fill(tokens.back).inner_margin(Margin::symmetric(12, 8));
        egui::CentralPanel::default().frame(centre).show(ui, |ui| {
            self.network.ui(ui, board, &snapshot, &mut self.view, &mut self.pictures);
        });
    }

    fn numbers_ui(&mut self, ui: &mut Ui, board: &Board, snapshot: &Snapshot) {
        ui.horizontal(|ui| {
            for (tab, name) in [
                (Tab::Cloud, "Estimated and actual"),
                (Tab::Curves, "Curves"),
                (Tab::Table, "Candidates"),
                (Tab::Costs, "Costs"),
                (Tab::Race, "Race"),
                (Tab::Figures, "Figures"),
            ] {
                ui.selectable_value(&mut self.view.tab, tab, name);
            }
        });
        ui.separator();
        match self.view.tab {
            Tab::Cloud => {
                predict::predict_ui(ui, snapshot, &mut self.view);
                if cloud_ui(ui, snapshot, &mut self.view) {
                    let context = ui.ctx().clone();
                    self.act(Action::Predict, &context, board);
                }
            }
            Tab::Curves => curves_ui(ui, snapshot, &mut self.kept),
            Tab::Table => {
                if let Some(round) = self.view.record(snapshot) {
                    self.outcomes.ui(ui, snapshot.run, round.round);
                }
                if let Some(ids) = table_ui(ui, board, snapshot, &mut self.view) {
                    self.worker.order(Order::Do(Command::Choose(ids)));
                }
            }
            Tab::Costs => costs_ui(ui, snapshot),
            Tab::Race => match self.race.ui(ui, board, snapshot, self.engine) {
                Some(RaceAsked::Settings(index)) => {
                    let config = self.race.entrants[index].1.clone();
                    self.over =
                        Some(Over::Setup(Box::new(Setup::new(For::Entrant(index), config, self.engine))));
                }
                Some(RaceAsked::Start(study)) => self.worker.order(Order::Study(Box::new(study))),
                None => {}
            },
            Tab::Figures => {
                if let Some(study) = self.figures.ui(ui, board, snapshot, self.engine) {
                    self.worker.order(Order::Study(Box::new(study)));
                }
            }
        }
    }

    /// What went wrong, in words, with what to do next.
    fn trouble_ui(&mut self, ui: &mut Ui, board: &Board) {
        if self.complaint.as_ref().is_some_and(|(_, since)| since.elapsed() > COMPLAINT) {
            self.complaint = None;
        }
        let complaint = self.complaint.as_ref().map(|(text, _)| (text.clone(), String::new()));
        let failure = board.failure.as_ref().map(|failure| (failure.text.clone(), failure.advice.clone()));
        let Some((text, advice)) = complaint.or(failure) else { return };
        let tokens = Tokens::of(ui);
        // Opaque: behind this panel there is nothing, which is black.
        let fill = tokens.panel.lerp_to_gamma(tokens.alarm, 0.14);
        let frame = Frame::new().fill(fill).inner_margin(Margin::symmetric(12, 6));
        Panel::top("trouble").frame(frame).show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.label(RichText::new("!").strong().color(tokens.alarm));
                ui.label(RichText::new(text).color(tokens.alarm));
                ui.label(advice);
                if ui.small_button("Dismiss").clicked() {
                    self.complaint = None;
                    self.worker.shared.write(|board| board.failure = None);
                }
            });
        });
        ui.ctx().request_repaint_after(Duration::from_secs(1));
    }
}

impl eframe::App for Screen {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let started = Instant::now();
        let context = ui.ctx().clone();
        let board = self.board();
        self.shortcuts(&context, &board);
        self.drops(&context);
        self.view.hovering = None;
        self.view.typing = false;
        self.panels_ui(ui, &board);
        self.over_ui(&context, &board);
        if self.view.hovered != self.view.hovering {
            self.view.hovered = self.view.hovering.take();
            context.request_repaint();
        }
        if board.progress.is_some() {
            // The time left counts down.
            context.request_repaint_after(Duration::from_secs(1));
        }
        self.frame_time = started.elapsed();
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn on_exit(&mut self) {
        self.worker.stop();
    }
}

fn waiting_ui(ui: &mut Ui, board: &Board) {
    let tokens = Tokens::of(ui);
    egui::CentralPanel::default().show(ui, |ui| {
        ui.add_space(ui.available_height() * 0.4);
        ui.vertical_centered(|ui| match (&board.failure, &board.opening) {
            (Some(failure), _) => {
                ui.colored_label(tokens.alarm, &failure.text);
                ui.label(&failure.advice);
            }
            (None, opening) => {
                ui.spinner();
                ui.label(opening.as_deref().unwrap_or("Starting"));
            }
        });
    });
}
