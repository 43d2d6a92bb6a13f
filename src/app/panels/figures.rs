//! Our versions of the paper's figures, made here.

use eframe::egui::{self, Ui};

use super::studied::{Seeds, progress_ui, runs_ui, start_button};
use super::{Asked, Entry, Panel, PanelContext, Shown};
use crate::app::drawing::charts::{picture_ui, table_ui};
use crate::app::drawing::tokens::Tokens;
use crate::app::worker::Order;
use crate::app::worker::studying::Study;
use crate::study::figures::Request;
use crate::study::{FIGURES, Figure};
use crate::words::say;

/// The panel in the list.
pub const ENTRY: Entry = Entry {
    name: "figures",
    tab: || say!("commands-tab-figures"),
    command: || say!("commands-show-figures"),
    make: || Box::new(FiguresPanel::default()),
};

/// What is to be made.
struct FiguresPanel {
    /// The figure shown.
    number: u8,
    full: bool,
    seeds: Seeds,
}

impl Default for FiguresPanel {
    fn default() -> Self {
        Self { number: FIGURES[0].0, full: false, seeds: Seeds::default() }
    }
}

impl Panel for FiguresPanel {
    fn ui(&mut self, ui: &mut Ui, context: &mut PanelContext<'_>) {
        let PanelContext { board, snapshot, engine, asked, .. } = context;
        ui.horizontal_wrapped(|ui| {
            for (number, _) in FIGURES {
                let name = say!("figures-name", number = number);
                ui.selectable_value(&mut self.number, number, name).on_hover_text(what(number));
            }
        });
        ui.label(say!("figures-version", number = self.number, what = what(self.number)));
        ui.horizontal_wrapped(|ui| {
            ui.selectable_value(&mut self.full, false, say!("figures-small"))
                .on_hover_text(say!("figures-small-hint"));
            ui.selectable_value(&mut self.full, true, say!("figures-full"))
                .on_hover_text(say!("figures-full-hint"));
            self.seeds.ui(ui);
        });
        let seeds = self.seeds.parse();
        ui.horizontal(|ui| {
            let begun = board.figures.get(&self.number).is_some_and(|studied| !studied.is_done());
            let text = if begun { say!("figures-resume") } else { say!("figures-make") };
            if start_button(ui, seeds.is_ok() && !board.busy, text)
                && let Ok(seeds) = &seeds
            {
                let request = Request {
                    quick: !self.full,
                    data: snapshot.config.data.dir.clone(),
                    seeds: seeds.clone(),
                };
                let study = Study::Figure { number: self.number, request, engine: *engine };
                asked.push(Asked::Order(Order::Study(Box::new(study))));
            }
            progress_ui(ui, board);
        });
        if let Err(why) = seeds {
            ui.colored_label(Tokens::of(ui).alarm, why);
        }
        let Some(studied) = board.figures.get(&self.number) else { return };
        ui.separator();
        runs_ui(ui, &self.number.to_string(), studied, asked);
        let Some(figure) = &studied.figure else { return };
        egui::ScrollArea::vertical().show(ui, |ui| {
            ui.strong(&figure.picture.title);
            ui.push_id(self.number, |ui| {
                picture_ui(ui, &figure.picture);
                for (index, table) in figure.tables.iter().enumerate() {
                    ui.add_space(8.0);
                    table_ui(ui, &format!("{} {index}", self.number), table);
                }
            });
        });
    }

    fn csv(&self, shown: &Shown<'_>) -> Result<String, String> {
        Ok(self.finished(shown)?.csv.clone())
    }

    fn svg(&self, shown: &Shown<'_>) -> Result<String, String> {
        Ok(self.finished(shown)?.picture.svg())
    }
}

/// What a figure shows, as [`FIGURES`] has it.
fn what(number: u8) -> &'static str {
    match number {
        2 => say!("figures-network"),
        3 => say!("figures-estimates"),
        4 => say!("figures-learners"),
        5 => say!("figures-race"),
        _ => FIGURES.iter().find(|(other, _)| *other == number).map_or("", |(_, what)| *what),
    }
}

impl FiguresPanel {
    /// The figure shown, or what is said where it has not been made.
    fn finished(&self, shown: &Shown<'_>) -> Result<Figure, String> {
        let studied = shown.board.figures.get(&self.number);
        studied
            .and_then(|studied| studied.figure.clone())
            .ok_or_else(|| say!("figures-not-made", number = self.number))
    }
}
