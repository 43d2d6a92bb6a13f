//! Our versions of the paper's figures, made here.

use eframe::egui::{self, RichText, Ui};

use super::race::{Seeds, start_button, study_ui};
use crate::app::drawing::charts::{picture_ui, table_ui};
use crate::app::drawing::tokens::Tokens;
use crate::app::worker::board::{Board, Snapshot};
use crate::app::worker::studying::Study;
use crate::lab::EngineChoice;
use crate::study::FIGURES;
use crate::study::figures::Request;

/// What is to be made.
pub struct FiguresTab {
    /// The figure shown.
    pub number: u8,
    full: bool,
    seeds: Seeds,
}

impl Default for FiguresTab {
    fn default() -> Self {
        Self { number: FIGURES[0].0, full: false, seeds: Seeds::default() }
    }
}

impl FiguresTab {
    /// Draws it; a figure to make.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        board: &Board,
        snapshot: &Snapshot,
        engine: EngineChoice,
    ) -> Option<Study> {
        let mut asked = None;
        ui.horizontal_wrapped(|ui| {
            for (number, what) in FIGURES {
                ui.selectable_value(&mut self.number, number, format!("Figure {number}")).on_hover_text(what);
            }
        });
        let what = FIGURES.iter().find(|(number, _)| *number == self.number).map_or("", |(_, what)| what);
        ui.label(format!("Our version of the paper's figure {}: {what}.", self.number));
        ui.horizontal_wrapped(|ui| {
            ui.selectable_value(&mut self.full, false, "Small sizes")
                .on_hover_text("Minutes on two cores; noisy");
            ui.selectable_value(&mut self.full, true, "Full sizes").on_hover_text("Up to hours on two cores");
            self.seeds.ui(ui);
        });
        let seeds = self.seeds.parse();
        ui.horizontal(|ui| {
            if start_button(ui, seeds.is_ok() && !board.busy, "Make it")
                && let Ok(seeds) = &seeds
            {
                let request = Request {
                    quick: !self.full,
                    data: snapshot.config.data.dir.clone(),
                    seeds: seeds.clone(),
                };
                asked = Some(Study::Figure { number: self.number, request, engine });
            }
            study_ui(ui, board);
        });
        if let Err(why) = seeds {
            ui.colored_label(Tokens::of(ui).alarm, why);
        }
        let Some(figure) = board.figures.get(&self.number) else { return asked };
        ui.separator();
        egui::ScrollArea::vertical().show(ui, |ui| {
            ui.label(RichText::new(&figure.title).small().weak());
            ui.push_id(self.number, |ui| {
                picture_ui(ui, &figure.picture);
                for (index, table) in figure.tables.iter().enumerate() {
                    ui.add_space(8.0);
                    table_ui(ui, &format!("{} {index}", self.number), table);
                }
            });
        });
        asked
    }
}
