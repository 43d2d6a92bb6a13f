//! What the panels of studies share: seeds, the button that starts one, its progress and its runs.

use eframe::egui::{self, RichText, TextEdit, Ui};

use super::Asked;
use crate::app::drawing::tokens::Tokens;
use crate::app::worker::Order;
use crate::app::worker::board::{Board, inside};
use crate::app::worker::studies::{Studied, StudyRun};
use crate::study::{Standing, check_seeds};
use crate::words::say;

/// Height of a list of runs, at most.
const LIST: f32 = 120.0;

/// Seeds as typed.
pub struct Seeds(pub String);

impl Default for Seeds {
    fn default() -> Self {
        Self("1, 2, 3".into())
    }
}

impl Seeds {
    /// A field for them.
    pub fn ui(&mut self, ui: &mut Ui) {
        let label = ui.label(say!("studied-seeds")).on_hover_text(say!("studied-seeds-hint"));
        ui.add(TextEdit::singleline(&mut self.0).desired_width(90.0)).labelled_by(label.id);
    }

    /// The numbers.
    pub fn parse(&self) -> Result<Vec<u64>, String> {
        let parts = self.0.split([',', ' ']).filter(|part| !part.is_empty());
        let seeds = parts
            .map(|part| part.parse().map_err(|_| say!("studied-no-seed", found = part)))
            .collect::<Result<Vec<u64>, String>>()?;
        check_seeds(&seeds).map_err(|error| error.beside())?;
        Ok(seeds)
    }
}

/// The button that starts a study.
pub fn start_button(ui: &mut Ui, ready: bool, text: &str) -> bool {
    let tokens = Tokens::of(ui);
    let (fill, colour) = if ready { (tokens.accent, tokens.on_accent) } else { (tokens.raised, tokens.weak) };
    let button = egui::Button::new(RichText::new(text).color(colour)).fill(fill);
    ui.add_enabled(ready, button.min_size(egui::vec2(110.0, 26.0))).clicked()
}

/// How far a study is, or why none can start now.
pub fn progress_ui(ui: &mut Ui, board: &Board) {
    let Some(notes) = &board.study else {
        if board.busy {
            ui.label(RichText::new(say!("studied-busy")).weak());
        }
        return;
    };
    ui.spinner();
    let stage = notes.progress.filter(|progress| progress.total > 0).map_or(String::new(), |progress| {
        format!(", {} {:.0} %", inside(progress.stage), 100.0 * progress.fraction())
    });
    ui.label(format!("{}{stage}", notes.text)).on_hover_text(say!("studied-cancel-hint"));
}

/// How far a run is, as [`Standing::name`] says it.
fn standing_name(standing: Standing) -> &'static str {
    match standing {
        Standing::Missing => say!("studied-missing"),
        Standing::Begun => say!("studied-begun"),
        Standing::Grown => say!("studied-grown"),
        Standing::Done => say!("studied-done"),
    }
}

/// The study's runs, each a button that opens it.
pub fn runs_ui(ui: &mut Ui, name: &str, studied: &Studied, asked: &mut Vec<Asked>) {
    let done = studied.runs.iter().filter(|run| run.standing == Standing::Done).count();
    let title = say!("studied-runs", done = done, all = studied.runs.len());
    egui::CollapsingHeader::new(RichText::new(title).small())
        .id_salt(("runs", name))
        .default_open(true)
        .show(ui, |ui| {
            egui::ScrollArea::vertical().id_salt(("run list", name)).max_height(LIST).show(ui, |ui| {
                ui.horizontal_wrapped(|ui| {
                    for run in &studied.runs {
                        run_ui(ui, run, asked);
                    }
                });
            });
        });
}

fn run_ui(ui: &mut Ui, run: &StudyRun, asked: &mut Vec<Asked>) {
    let text = match run.standing {
        Standing::Done => run.id.clone(),
        standing => format!("{} ({})", run.id, standing_name(standing)),
    };
    let there = run.standing != Standing::Missing;
    let button = ui.add_enabled(there, egui::Button::new(RichText::new(text).small()).small());
    let open = button.on_hover_text(say!("studied-open-hint"));
    if open.on_disabled_hover_text(say!("studied-missing-hint")).clicked() {
        asked.push(Asked::Order(Order::Open { folder: run.folder.clone() }));
    }
}
