//! Where the panels stand.

use std::time::Duration;

use eframe::egui::{self, Align, Frame, Layout, Margin, RichText, Ui};

use super::Screen;
use crate::app::controls::Controls;
use crate::app::drawing::landmarks;
use crate::app::drawing::tokens::Tokens;
use crate::app::panels::ending::ending_ui;
use crate::app::panels::explain::explain_ui;
use crate::app::panels::sentences::{Said, looking_back, sentence};
use crate::app::panels::stages::stages_ui;
use crate::app::panels::timeline::{is_roomy, timeline_ui};
use crate::app::panels::{News, PANELS, PanelContext};
use crate::app::shell::action::Action;
use crate::app::shell::transport::transport_ui;
use crate::app::worker::board::{Board, Repair, Snapshot};
use crate::words::say;

/// With less width, in points, one panel is shown at a time.
const NARROW: f32 = 1100.0;
/// With less width the panels are in a list instead of behind tabs.
const LISTED: f32 = 640.0;
/// The network's name among the panels, where it is one of them.
const NETWORK: &str = "network";
/// How long a complaint stays.
const COMPLAINT: Duration = Duration::from_secs(8);

impl Screen {
    pub(super) fn panels_ui(&mut self, ui: &mut Ui, board: &Board) {
        let tokens = Tokens::of(ui);
        let bar = Frame::new().fill(tokens.panel).inner_margin(Margin::symmetric(12, 7));
        let (mut actions, mut asked) = (Vec::new(), Vec::new());
        self.channel_open = false;
        let controls = Controls::of(ui.ctx());
        if !controls.hides("bar") {
            egui::Panel::top("transport").frame(bar).show(ui, |ui| {
                controls.dim(ui, "bar");
                transport_ui(ui, board, &mut self.view, &mut actions, &mut asked);
            });
        }
        let context = ui.ctx().clone();
        for action in actions {
            self.act(action, &context, board);
        }
        asked.into_iter().for_each(|asked| self.obey(asked));
        let Some(now) = board.snapshot.clone() else {
            return self.waiting_ui(ui, board);
        };
        self.look(&now);
        self.ask_first(&now, board);
        self.tell_panels(&News::Frame(&now));
        self.recorded_ui(ui, board, &now);
        if !controls.hides("stages") {
            let stages = egui::Panel::top("stages").frame(bar).show(ui, |ui| {
                stages_ui(ui, board, &now, &mut self.view);
                let wanted = is_roomy(ui.ctx()) && self.guide.is_none() && now.pasts().len() > 1;
                if wanted && !controls.hides("history") {
                    ui.add_enabled_ui(!controls.freezes("history"), |ui| {
                        timeline_ui(ui, &now, &mut self.view)
                    });
                }
                let snapshot = self.looked_at(&now);
                let said = match snapshot.is_past() {
                    true => looking_back(&snapshot, &self.view),
                    false => sentence(board, &now, &self.view),
                };
                said_ui(ui, said, &tokens);
            });
            landmarks::note(ui.ctx(), "stages", stages.response.rect);
        }
        self.trouble_ui(ui, board);
        self.stopping_ui(ui, board);
        // A lesson at the left takes of the panels' room, but not one of them away.
        let whole = ui.available_width();
        self.lesson_ui(ui, board, &now);
        let snapshot = self.looked_at(&now);
        if !controls.hides("formula") {
            let formula = egui::Panel::bottom("formula").frame(bar).show(ui, |ui| {
                controls.dim(ui, "formula");
                match self.view.record(&snapshot) {
                    Some(round) => explain_ui(ui, &snapshot, round, &self.view),
                    None => {
                        ui.label(RichText::new(say!("screen-no-formula")).weak());
                    }
                }
                if let Some(notice) = board.notices.last().filter(|_| board.is_news) {
                    ui.label(RichText::new(notice).small().weak()).on_hover_text(board.notices.join("\n"));
                }
            });
            landmarks::note(ui.ctx(), "formula", formula.response.rect);
        }
        let width = ui.available_width();
        let side = Frame::new().fill(tokens.panel).inner_margin(Margin::symmetric(12, 8));
        let (network, numbers) = (!controls.hides("network"), !controls.hides("numbers"));
        if !network || (whole < NARROW && numbers) {
            egui::CentralPanel::default().frame(side).show(ui, |ui| match (network, numbers) {
                (true, _) => self.one_ui(ui, board, &snapshot),
                // Then the numbers have all the room.
                (false, true) => {
                    self.tabs_ui(ui);
                    self.numbers_ui(ui, board, &snapshot);
                }
                (false, false) => {}
            });
            return;
        }
        if numbers {
            // A window of another size begins with its own share, and remembers what it is drawn to.
            let numbers = egui::Id::unique(("numbers", (width / 320.0) as u32));
            let right = egui::Panel::right(numbers)
                .frame(side)
                .default_size(0.41 * width)
                .size_range(360.0..=0.6 * width);
            let right = right.show(ui, |ui| {
                self.tabs_ui(ui);
                self.numbers_ui(ui, board, &snapshot);
            });
            landmarks::note(ui.ctx(), "panel", right.response.rect.shrink(2.0));
        }
        self.centre_ui(ui, board, &snapshot);
    }

    /// The tabs of the panels beside the network.
    fn tabs_ui(&mut self, ui: &mut Ui) {
        let shown = self.shown();
        let controls = Controls::of(ui.ctx());
        ui.horizontal_wrapped(|ui| {
            // So that at 1280 points they stand in one line in every language.
            ui.spacing_mut().item_spacing.x = 4.0;
            for (place, entry) in PANELS.iter().enumerate().filter(|(_, entry)| !controls.hides(entry.name)) {
                let tab = egui::Button::selectable(shown == place, (entry.tab)());
                let tab = ui.add_enabled(!controls.freezes(entry.name), tab);
                landmarks::note(ui.ctx(), entry.name, tab.rect);
                if tab.clicked() {
                    self.view.tab = entry.name;
                }
            }
        });
        ui.separator();
    }

    /// The network, above the channel that is looked at.
    fn centre_ui(&mut self, ui: &mut Ui, board: &Board, snapshot: &Snapshot) {
        let tokens = Tokens::of(ui);
        let controls = Controls::of(ui.ctx());
        let centre = Frame::new().fill(tokens.back).inner_margin(Margin::symmetric(12, 8));
        if self.view.channel.is_some() && !controls.hides("channel") {
            let side = Frame::new().fill(tokens.panel).inner_margin(Margin::symmetric(12, 8));
            let height = ui.available_height();
            let below = egui::Panel::bottom("channel").frame(side).default_size((0.5 * height).min(300.0));
            let (mut asked, view, engine) = (Vec::new(), &mut self.view, self.engine);
            let mut context = PanelContext { board, snapshot, view, engine, asked: &mut asked };
            let close = below
                .size_range(170.0..=0.6 * height)
                .resizable(true)
                .show(ui, |ui| self.channel.ui(ui, &mut context, &mut self.pictures));
            if close.inner {
                self.view.channel = None;
            }
            self.channel_open = self.view.channel.is_some();
            asked.into_iter().for_each(|asked| self.obey(asked));
        }
        landmarks::note(ui.ctx(), "network", ui.available_rect_before_wrap().shrink(2.0));
        egui::CentralPanel::default().frame(centre).show(ui, |ui| {
            controls.dim(ui, "network");
            self.network.ui(ui, board, snapshot, &mut self.view, &mut self.pictures);
        });
    }

    /// One panel at a time: the network, or one of those behind tabs.
    fn one_ui(&mut self, ui: &mut Ui, board: &Board, snapshot: &Snapshot) {
        let controls = Controls::of(ui.ctx());
        let names: Vec<(&'static str, &'static str)> = [(NETWORK, say!("screen-network-tab"))]
            .into_iter()
            .chain(PANELS.iter().map(|entry| (entry.name, (entry.tab)())))
            .filter(|(name, _)| !controls.hides(name))
            .collect();
        let known = PANELS.iter().any(|entry| entry.name == self.view.tab);
        let mut shown = if known { self.view.tab } else { NETWORK };
        let mut tabs = |ui: &mut Ui| {
            for (name, tab) in &names {
                let button = egui::Button::selectable(shown == *name, *tab);
                let tab = ui.add_enabled(!controls.freezes(name) || *name == NETWORK, button);
                if *name != NETWORK {
                    landmarks::note(ui.ctx(), name, tab.rect);
                }
                if tab.clicked() {
                    shown = *name;
                }
            }
        };
        if ui.available_width() < LISTED {
            let of_shown = |(name, _): &&(&str, &str)| *name == if known { self.view.tab } else { NETWORK };
            let tab = names.iter().find(of_shown).map_or("", |(_, tab)| *tab);
            let list = egui::ComboBox::from_id_salt("panels").width(200.0).selected_text(tab);
            list.show_ui(ui, |ui| tabs(ui)).response.accessible_name(say!("screen-panel-list"));
        } else {
            ui.horizontal_wrapped(|ui| tabs(ui));
        }
        // Only what was picked is kept: a wider window begins with the first of its panels.
        if known || shown != NETWORK {
            self.view.tab = shown;
        }
        ui.separator();
        match shown {
            NETWORK => self.centre_ui(ui, board, snapshot),
            _ => {
                landmarks::note(ui.ctx(), "panel", ui.available_rect_before_wrap());
                self.numbers_ui(ui, board, snapshot);
            }
        }
    }

    /// The panel that is shown, below the card of a finished run.
    fn numbers_ui(&mut self, ui: &mut Ui, board: &Board, snapshot: &Snapshot) {
        let shown = self.shown();
        Controls::of(ui.ctx()).dim(ui, "numbers");
        let mut asked = Vec::new();
        let (view, engine) = (&mut self.view, self.engine);
        let mut context = PanelContext { board, snapshot, view, engine, asked: &mut asked };
        ending_ui(ui, &mut context);
        self.panels[shown].ui(ui, &mut context);
        asked.into_iter().for_each(|asked| self.obey(asked));
    }

    /// What went wrong, in words, with what to do next.
    fn trouble_ui(&mut self, ui: &mut Ui, board: &Board) {
        if self.complaint.as_ref().is_some_and(|(_, since)| since.elapsed() > COMPLAINT) {
            self.complaint = None;
        }
        let complaint = self.complaint.as_ref().map(|(text, _)| (text.clone(), String::new()));
        let failure = board.failure.as_ref().map(|failure| (failure.text.clone(), failure.advice.clone()));
        let repair =
            board.failure.as_ref().filter(|_| complaint.is_none()).and_then(|failure| failure.repair);
        let Some((text, advice)) = complaint.or(failure) else { return };
        let tokens = Tokens::of(ui);
        // Opaque: behind this panel there is nothing, which is black.
        let fill = tokens.panel.lerp_to_gamma(tokens.alarm, 0.14);
        let frame = Frame::new().fill(fill).inner_margin(Margin::symmetric(12, 6));
        egui::Panel::top("trouble").frame(frame).show(ui, |ui| {
            // The button takes its place first, at the right; the text has the rest of the width.
            ui.with_layout(Layout::right_to_left(Align::TOP), |ui| {
                if ui.small_button(say!("screen-dismiss")).clicked() {
                    self.complaint = None;
                    self.worker.shared.write(|board| board.failure = None);
                }
                self.repair_ui(ui, board, repair);
                ui.with_layout(Layout::left_to_right(Align::TOP).with_main_wrap(true), |ui| {
                    ui.label(RichText::new("!").strong().color(tokens.alarm));
                    ui.label(RichText::new(text).color(tokens.alarm));
                    ui.label(advice);
                });
            });
        });
        ui.ctx().request_repaint_after(Duration::from_secs(1));
    }

    /// The button that does something about a failure, if there is one and it can be done now.
    fn repair_ui(&mut self, ui: &mut Ui, board: &Board, repair: Option<Repair>) {
        let Some((text, action)) = repair.map(repairing) else { return };
        if action.is_enabled(board) && ui.small_button(text).clicked() {
            let context = ui.ctx().clone();
            self.act(action, &context, board);
        }
    }

    /// What is shown before there is a run: what it waits for, or why there is none.
    fn waiting_ui(&mut self, ui: &mut Ui, board: &Board) {
        let tokens = Tokens::of(ui);
        egui::CentralPanel::default().show(ui, |ui| {
            ui.add_space(ui.available_height() * 0.4);
            ui.vertical_centered(|ui| match (&board.failure, &board.opening) {
                (Some(failure), _) => {
                    ui.colored_label(tokens.alarm, &failure.text);
                    ui.label(&failure.advice);
                    self.repair_ui(ui, board, failure.repair);
                }
                (None, opening) => {
                    ui.spinner();
                    ui.label(opening.as_deref().unwrap_or(say!("screen-starting")));
                }
            });
        });
    }
}

/// What a button that repairs says and does.
fn repairing(repair: Repair) -> (&'static str, Action) {
    match repair {
        Repair::Setup => (say!("screen-repair-setup"), Action::NewRun),
        Repair::TakeBack => (say!("screen-repair-take-back"), Action::Undo),
        Repair::GoOn => (say!("screen-repair-again"), Action::PlayPause),
        Repair::OpenAnother => (say!("screen-repair-another"), Action::OpenRun),
    }
}

/// What is happening, what there is to see, and how the last stage went: what is bad is never in the colour
/// of success.
fn said_ui(ui: &mut Ui, said: Said, tokens: &Tokens) {
    ui.horizontal_wrapped(|ui| {
        if let Some(question) = said.question {
            ui.label(RichText::new(question).strong().color(tokens.accent))
                .on_hover_text(say!("screen-question-hint"));
        }
        ui.label(said.now);
    });
    ui.horizontal_wrapped(|ui| {
        ui.label(said.status.text);
        if let Some(bad) = said.status.bad {
            ui.label(RichText::new(bad).color(tokens.alarm));
        }
        if let Some(next) = said.next {
            ui.label(RichText::new(next).color(tokens.weak));
        }
    });
}
