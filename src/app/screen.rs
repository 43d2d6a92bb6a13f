//! The app: its layout, and what each action does.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_channel::Receiver;
use eframe::egui::{self, Context, Frame, Margin, Panel, RichText, Ui};
use web_time::Instant;

use super::action::Action;
use super::board::{Board, Moment, Shared, Snapshot};
use super::channel::channel_ui;
use super::cloud::cloud_ui;
use super::costs::costs_ui;
use super::curves::{Curves, curves_ui};
use super::explain::explain_ui;
use super::help::{self, help_ui};
use super::network::Network;
use super::palette::{Palette, Picked};
use super::paths::{Ask, Purpose};
use super::pictures::Pictures;
use super::platform;
use super::plots::{cloud_svg, curves_svg};
use super::predict;
use super::runs::{self, Kept};
use super::setup::{self, Setup, Wanted};
use super::stages::{sentence, stages_ui};
use super::table::table_ui;
use super::tokens::{self, PRESENTER_ZOOM, Tokens};
use super::transport::{Asked, transport_ui};
use super::view::{Tab, View};
use super::worker::{Order, Until, Worker};
use crate::engine::Part;
use crate::files::{is_folder, write_atomically};
use crate::lab::{Command, Config, EngineChoice, candidates_csv};

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
    worker: Worker,
    home: Option<PathBuf>,
    /// What the person looks at.
    pub view: View,
    engine: EngineChoice,
    network: Network,
    pictures: Pictures,
    kept: Vec<Curves>,
    over: Option<Over>,
    looked: Option<(Moment, usize)>,
    /// Something that an action could not do, and when it was said.
    complaint: Option<(String, Instant)>,
    presenter: bool,
    /// A file dropped on the window, while it is read.
    dropped: Option<Receiver<Result<PathBuf, String>>>,
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
        let shared = Arc::new(Shared::new(move || repaint.request_repaint()));
        let worker = Worker::start(shared, start.home.clone());
        worker.order(Order::New { config: Box::new(start.config), engine: start.engine });
        let last = start.home.as_deref().and_then(|home| runs::recent(home).into_iter().next());
        Self {
            worker,
            home: start.home,
            view: View::default(),
            engine: start.engine,
            network: Network::default(),
            pictures: Pictures::default(),
            kept: Vec::new(),
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
        self.worker.shared.read().clone()
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
                self.over = Some(Over::Setup(Box::new(Setup::new(config, self.engine))));
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
            #[cfg(target_arch = "wasm32")]
            Action::CopyLink => {
                if let Some(snapshot) = snapshot {
                    context.copy_text(super::web::take_link(&snapshot.config, self.engine));
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
        }
    }

    fn complain(&mut self, text: String) {
        self.complaint = Some((text, Instant::now()));
    }

    fn tell(&self, text: String) {
        self.worker.shared.write(|board| board.notice(text));
    }

    /// Uses a path that was asked for.
    fn fulfil(&mut self, purpose: Purpose, path: &Path, context: &Context, snapshot: Option<&Snapshot>) {
        let Some(snapshot) = snapshot else {
            return self.complain("There is no run yet.".into());
        };
        let written = match purpose {
            Purpose::OpenRun => {
                let order = Order::Open { folder: path.to_owned(), engine: self.engine };
                return self.worker.order(order);
            }
            Purpose::SaveRun => return self.worker.order(Order::Copy { to: path.to_owned() }),
            Purpose::DataFolder | Purpose::LoadSettings => return,
            Purpose::SaveSettings => settings_text(&snapshot.config).and_then(|text| write(path, &text)),
            Purpose::ExportCsv => write(path, &candidates_csv(&snapshot.state)),
            Purpose::ExportSvg => self.svg(snapshot).and_then(|text| write(path, &text)),
            Purpose::ExportPng => return self.screenshot(path, context),
        };
        match written {
            Ok(()) => self.tell(done(path)),
            Err(why) => self.complain(why),
        }
    }

    fn svg(&self, snapshot: &Snapshot) -> Result<String, String> {
        if self.view.tab == Tab::Curves {
            return curves_svg(&Curves::of(snapshot), &self.kept).map_err(|error| error.to_string());
        }
        let round =
            self.view.record(snapshot).filter(|round| round.candidates.iter().any(|c| c.actual.is_some()));
        let round = round.ok_or("There is nothing to plot before gains are measured.")?;
        cloud_svg(snapshot, round, &self.view).map_err(|error| error.to_string())
    }

    /// Writes the next frame, beside this thread.
    fn screenshot(&self, path: &Path, context: &Context) {
        let path = path.to_owned();
        let shared = self.worker.shared.clone();
        context.request_screenshot(move |image| {
            platform::beside(move || {
                let said = match png(&image)
                    .and_then(|bytes| write_atomically(&path, &bytes).map_err(|error| error.to_string()))
                {
                    Ok(()) => done(&path),
                    Err(why) => format!("The picture is not written: {why}"),
                };
                shared.write(|board| board.notice(said));
            });
        });
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

    /// A run's folder or a file of settings, dropped on the window.
    fn drops(&mut self, context: &Context) {
        if let Some(file) = context.input(|input| input.raw.dropped_files.first().cloned()) {
            self.dropped = Some(platform::take_dropped(file, context.clone()));
        }
        let answer = self.dropped.as_ref().and_then(|dropped| dropped.try_recv().ok());
        let Some(path) = answer else { return };
        self.dropped = None;
        let path = match path {
            Ok(path) => path,
            Err(why) => return self.complain(why),
        };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("toml") => self.load_settings(&path, Setup::new(Config::default(), self.engine)),
            Some("json" | "safetensors" | "csv") => {
                let folder = path.parent().unwrap_or(&path).to_owned();
                self.worker.order(Order::Open { folder, engine: self.engine });
            }
            _ if is_folder(&path) => self.worker.order(Order::Open { folder: path, engine: self.engine }),
            _ => self.complain(format!("{}: {}", path.display(), platform::DROPPED)),
        }
    }

    fn load_settings(&mut self, path: &Path, mut setup: Setup) {
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
                    self.worker.order(Order::Open { folder: kept.folder, engine: EngineChoice::Auto });
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
            (Some(setup::Closed::Begin(config, engine)), _) => {
                self.engine = engine;
                self.worker.shared.cancel.store(true, Ordering::Relaxed);
                self.worker.order(Order::New { config, engine });
                let View { tab, paint, speed, .. } = self.view;
                self.view = View { tab, paint, speed, ..View::default() };
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
            transport_ui(ui, board, &mut self.view, self.home.as_deref(), &mut asked);
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
        let right =
            Panel::right("numbers").frame(side).default_size(0.41 * width).size_range(360.0..=0.6 * width);
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
            ] {
                ui.selectable_value(&mut self.view.tab, tab, name);
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let on = self.view.prediction.is_some();
                let hint = "Hide the actual gains, say what you expect, then compare";
                if ui.selectable_label(on, "Predict first").on_hover_text(hint).clicked() {
                    let context = ui.ctx().clone();
                    self.act(Action::Predict, &context, board);
                }
            });
        });
        ui.separator();
        match self.view.tab {
            Tab::Cloud => {
                predict::predict_ui(ui, snapshot, &mut self.view);
                cloud_ui(ui, snapshot, &mut self.view);
            }
            Tab::Curves => curves_ui(ui, snapshot, &mut self.kept),
            Tab::Table => {
                if let Some(ids) = table_ui(ui, board, snapshot, &mut self.view) {
                    self.worker.order(Order::Do(Command::Choose(ids)));
                }
            }
            Tab::Costs => costs_ui(ui, snapshot),
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
        let frame =
            Frame::new().fill(tokens.alarm.gamma_multiply(0.16)).inner_margin(Margin::symmetric(12, 6));
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
            context.request_repaint_after(Duration::from_millis(200));
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

fn settings_text(config: &Config) -> Result<String, String> {
    toml::to_string_pretty(config).map_err(|error| error.to_string())
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    write_atomically(path, text.as_bytes()).map_err(|error| error.to_string())
}

/// Hands a written file over; what to say of it.
fn done(path: &Path) -> String {
    match platform::hand_over(path) {
        Some(name) => format!("{name} is downloaded."),
        None => format!("{} is written.", path.display()),
    }
}

fn png(image: &egui::ColorImage) -> Result<Vec<u8>, String> {
    let [width, height] = image.size.map(|side| side as u32);
    let pixels: Vec<u8> = image.pixels.iter().flat_map(|pixel| pixel.to_array()).collect();
    let picture = image::RgbaImage::from_raw(width, height, pixels).ok_or("the picture has no pixels")?;
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).map_err(|error| error.to_string())?;
    Ok(bytes.into_inner())
}
