//! What the panels of studies share: seeds, the button that starts one, its progress and its runs.

use eframe::egui::{self, RichText, TextEdit, Ui};

use super::Asked;
use crate::app::drawing::tokens::Tokens;
use crate::app::worker::Order;
use crate::app::worker::board::Board;
use crate::app::worker::studies::{Studied, StudyRun};
use crate::study::{Standing, check_seeds};

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
        let label = ui
            .label("Seeds")
            .on_hover_text("Each repeats the race with other random choices; bars show the spread");
        ui.add(TextEdit::singleline(&mut self.0).desired_width(90.0)).labelled_by(label.id);
    }

    /// The numbers.
    pub fn parse(&self) -> Result<Vec<u64>, String> {
        let parts = self.0.split([',', ' ']).filter(|part| !part.is_empty());
        let seeds = parts
            .map(|part| {
                part.parse().map_err(|_| format!("Seeds: found \"{part}\", expected numbers such as 1, 2, 3"))
            })
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
            ui.label(RichText::new("The run is busy: pause it first.").weak());
        }
        return;
    };
    ui.spinner();
    let stage = notes.progress.filter(|progress| progress.total > 0).map_or(String::new(), |progress| {
        format!(", {} {:.0} %", progress.stage, 100.0 * progress.fraction())
    });
    ui.label(format!("{}{stage}", notes.text))
        .on_hover_text("Cancel stops it, and so does Esc, which asks first; every run is kept");
}

/// The study's runs, each a button that opens it.
pub fn runs_ui(ui: &mut Ui, name: &str, studied: &Studied, asked: &mut Vec<Asked>) {
    let done = studied.runs.iter().filter(|run| run.standing == Standing::Done).count();
    let title = format!("Runs: {done} of {} done", studied.runs.len());
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
        standing => format!("{} ({})", run.id, standing.name()),
    };
    let there = run.standing != Standing::Missing;
    let button = ui.add_enabled(there, egui::Button::new(RichText::new(text).small()).small());
    let open = button.on_hover_text("Opens this run here; a study under way stops, and can be resumed later");
    if open.on_disabled_hover_text("Nothing is there to be opened yet").clicked() {
        asked.push(Asked::Order(Order::Open { folder: run.folder.clone() }));
    }
}
