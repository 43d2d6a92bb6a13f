//! Where the panels stand.

use std::time::Duration;

use eframe::egui::{self, Align, Frame, Layout, Margin, RichText, Ui};

use super::Screen;
use crate::app::controls::Controls;
use crate::app::drawing::landmarks;
use crate::app::drawing::tokens::Tokens;
use crate::app::panels::channel::channel_ui;
use crate::app::panels::explain::{HIDDEN, explain_ui};
use crate::app::panels::stages::{sentence, stages_ui};
use crate::app::panels::{News, PANELS, PanelContext};
use crate::app::shell::transport::transport_ui;
use crate::app::worker::board::{Board, Snapshot};
use crate::lab::Round;

/// How long a complaint stays.
const COMPLAINT: Duration = Duration::from_secs(8);

impl Screen {
    pub(super) fn panels_ui(&mut self, ui: &mut Ui, board: &Board) {
        let tokens = Tokens::of(ui);
        let bar = Frame::new().fill(tokens.panel).inner_margin(Margin::symmetric(12, 7));
        let (mut actions, mut asked) = (Vec::new(), Vec::new());
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
        let Some(snapshot) = board.snapshot.clone() else {
            return waiting_ui(ui, board);
        };
        self.look(&snapshot);
        self.ask_first(&snapshot, board);
        self.tell_panels(&News::Frame(&snapshot));
        self.recorded_ui(ui, board, &snapshot);
        if !controls.hides("stages") {
            let stages = egui::Panel::top("stages").frame(bar).show(ui, |ui| {
                stages_ui(ui, board, &snapshot);
                let (text, mut status) = sentence(board, &snapshot);
                let hidden = |round: &Round| self.view.hides(&snapshot, round);
                if board.progress.is_none() && self.view.record(&snapshot).is_some_and(hidden) {
                    // It would tell the best estimate.
                    status = HIDDEN.into();
                }
                ui.horizontal_wrapped(|ui| {
                    ui.label(text);
                    ui.label(RichText::new(status).color(tokens.accent));
                });
            });
            landmarks::note(ui.ctx(), "stages", stages.response.rect);
        }
        self.trouble_ui(ui, board);
        self.lesson_ui(ui, board, &snapshot);
        if !controls.hides("formula") {
            let formula = egui::Panel::bottom("formula").frame(bar).show(ui, |ui| {
                controls.dim(ui, "formula");
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
            landmarks::note(ui.ctx(), "formula", formula.response.rect);
        }
        let width = ui.available_width();
        let side = Frame::new().fill(tokens.panel).inner_margin(Margin::symmetric(12, 8));
        let centre = Frame::new().fill(tokens.back).inner_margin(Margin::symmetric(12, 8));
        if controls.hides("network") {
            // Then the numbers have all the room.
            egui::CentralPanel::default().frame(side).show(ui, |ui| {
                if !controls.hides("numbers") {
                    self.numbers_ui(ui, board, &snapshot);
                }
            });
            return;
        }
        if !controls.hides("numbers") {
            // A window of another size begins with its own share, and remembers what it is drawn to.
            let numbers = egui::Id::unique(("numbers", (width / 320.0) as u32));
            let right = egui::Panel::right(numbers)
                .frame(side)
                .default_size(0.41 * width)
                .size_range(360.0..=0.6 * width);
            let right = right.show(ui, |ui| self.numbers_ui(ui, board, &snapshot));
            landmarks::note(ui.ctx(), "panel", right.response.rect.shrink(2.0));
        }
        if self.view.channel.is_some() && !controls.hides("channel") {
            let height = ui.available_height();
            let below = egui::Panel::bottom("channel").frame(side).default_size((0.42 * height).min(260.0));
            let close = below
                .size_range(170.0..=0.6 * height)
                .resizable(true)
                .show(ui, |ui| channel_ui(ui, board, &snapshot, &mut self.view, &mut self.pictures));
            if close.inner {
                self.view.channel = None;
            }
        }
        landmarks::note(ui.ctx(), "network", ui.available_rect_before_wrap().shrink(2.0));
        egui::CentralPanel::default().frame(centre).show(ui, |ui| {
            controls.dim(ui, "network");
            self.network.ui(ui, board, &snapshot, &mut self.view, &mut self.pictures);
        });
    }

    /// The panels behind tabs.
    fn numbers_ui(&mut self, ui: &mut Ui, board: &Board, snapshot: &Snapshot) {
        let mut shown = self.shown();
        let controls = Controls::of(ui.ctx());
        controls.dim(ui, "numbers");
        ui.horizontal_wrapped(|ui| {
            for (place, entry) in PANELS.iter().enumerate().filter(|(_, entry)| !controls.hides(entry.name)) {
                let tab = egui::Button::selectable(shown == place, entry.tab);
                let tab = ui.add_enabled(!controls.freezes(entry.name), tab);
                landmarks::note(ui.ctx(), entry.name, tab.rect);
                if tab.clicked() {
                    (shown, self.view.tab) = (place, entry.name);
                }
            }
        });
        ui.separator();
        let mut asked = Vec::new();
        let (view, engine) = (&mut self.view, self.engine);
        let mut context = PanelContext { board, snapshot, view, engine, asked: &mut asked };
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
        let Some((text, advice)) = complaint.or(failure) else { return };
        let tokens = Tokens::of(ui);
        // Opaque: behind this panel there is nothing, which is black.
        let fill = tokens.panel.lerp_to_gamma(tokens.alarm, 0.14);
        let frame = Frame::new().fill(fill).inner_margin(Margin::symmetric(12, 6));
        egui::Panel::top("trouble").frame(frame).show(ui, |ui| {
            // The button takes its place first, at the right; the text has the rest of the width.
            ui.with_layout(Layout::right_to_left(Align::TOP), |ui| {
                if ui.small_button("Dismiss").clicked() {
                    self.complaint = None;
                    self.worker.shared.write(|board| board.failure = None);
                }
                ui.with_layout(Layout::left_to_right(Align::TOP).with_main_wrap(true), |ui| {
                    ui.label(RichText::new("!").strong().color(tokens.alarm));
                    ui.label(RichText::new(text).color(tokens.alarm));
                    ui.label(advice);
                });
            });
        });
        ui.ctx().request_repaint_after(Duration::from_secs(1));
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
