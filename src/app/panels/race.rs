//! Racing configurations at equal cost: the entrants, the progress, the result.

use std::sync::Arc;

use eframe::egui::{self, DragValue, RichText, TextEdit, Ui};

use super::{Asked, Entry, News, Panel, PanelContext, Shown};
use crate::app::drawing::charts::{picture_ui, table_ui};
use crate::app::drawing::tokens::Tokens;
use crate::app::worker::Order;
use crate::app::worker::board::{Board, Snapshot};
use crate::app::worker::studying::Study;
use crate::format::magnitude;
use crate::lab::{Config, EngineChoice};
use crate::network::layers_of;
use crate::study::{Entrant, Race, check_names, check_seeds};

/// The panel in the list.
pub const ENTRY: Entry = Entry {
    name: "race",
    tab: "Race",
    command: "Race configurations",
    make: || Box::new(RacePanel::default()),
};

/// What is to race.
#[derive(Default)]
struct RacePanel {
    /// Configurations by name.
    entrants: Vec<(String, Config)>,
    seeds: Seeds,
    cost: Option<u64>,
}

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

impl Panel for RacePanel {
    fn ui(&mut self, ui: &mut Ui, context: &mut PanelContext<'_>) {
        let PanelContext { board, snapshot, engine, asked, .. } = context;
        egui::ScrollArea::vertical().show(ui, |ui| {
            ui.label("Which configuration gives the best network for the same arithmetic? Every run may spend the same FLOPs on training, learning, estimating and measuring.");
            self.entrants_ui(ui, board, snapshot, asked);
            self.start_ui(ui, board, *engine, asked);
            if let Some(race) = &board.race {
                ui.separator();
                match (race.cost, &board.study) {
                    (0, None) => {
                        ui.label("This race was stopped early.");
                    }
                    (0, Some(_)) => {}
                    (cost, _) => {
                        ui.label(format!("Each run ended at {}FLOP in all.", magnitude(cost)));
                    }
                }
                picture_ui(ui, &race.picture());
                if race.cost > 0 {
                    table_ui(ui, "race", &race.table());
                }
            }
        });
    }

    fn csv(&self, shown: &Shown<'_>) -> Result<String, String> {
        Ok(finished(shown)?.curves_csv())
    }

    fn svg(&self, shown: &Shown<'_>) -> Result<String, String> {
        finished(shown)?.picture().svg().map_err(|error| error.to_string())
    }

    fn hear(&mut self, news: &News<'_>) {
        if let News::EntrantSettings { index, config } = news
            && let Some((_, settings)) = self.entrants.get_mut(*index)
        {
            settings.clone_from(config);
        }
    }
}

/// The race that ran to its end, or what is said where there is none.
fn finished(shown: &Shown<'_>) -> Result<Arc<Race>, String> {
    let race = shown.board.race.clone().filter(|race| race.cost > 0);
    race.ok_or_else(|| "No race has been run to its end yet.".to_owned())
}

impl RacePanel {
    fn entrants_ui(&mut self, ui: &mut Ui, board: &Board, snapshot: &Snapshot, asked: &mut Vec<Asked>) {
        let mut dropped = None;
        for (index, (name, config)) in self.entrants.iter_mut().enumerate() {
            ui.horizontal(|ui| {
                let edit = ui.add(TextEdit::singleline(name).desired_width(120.0));
                edit.widget_info(|| {
                    egui::WidgetInfo::labeled(
                        egui::Role::TextInput,
                        true,
                        format!("Name of configuration {}", index + 1),
                    )
                });
                if ui.small_button("Settings…").clicked() {
                    asked.push(Asked::EntrantSettings { index, config: Box::new(config.clone()) });
                }
                if ui.small_button("Remove").clicked() {
                    dropped = Some(index);
                }
                let words = in_words(config);
                let label = egui::Label::new(RichText::new(&words).small().weak()).truncate();
                ui.add(label).on_hover_text(words);
            });
        }
        if let Some(index) = dropped {
            self.entrants.remove(index);
        }
        ui.horizontal_wrapped(|ui| {
            if ui
                .button("Add this run's settings")
                .on_hover_text("Then change something in them: another estimator, family or budget, or another learner by a file of settings")
                .clicked()
            {
                self.add("grown", snapshot.config.clone());
            }
            let layers = layers_of(&snapshot.state.model.network.architecture);
            let why = match layers {
                Some(_) => "A network as large as this run's is now, which never grows",
                None => "Only chains of convolutions without norms can be written as a fixed network",
            };
            let fixed =
                ui.add_enabled(layers.is_some(), egui::Button::new("Add a fixed network of this size"));
            if fixed.on_hover_text(why).on_disabled_hover_text(why).clicked()
                && let Some(preset) = layers
            {
                self.add("fixed", Config { preset, rounds: 0, ..snapshot.config.clone() });
            }
        });
        if self.entrants.is_empty() && board.race.is_none() {
            ui.label(RichText::new("Add two or more, and start the race.").weak());
        }
    }

    /// Adds a configuration, under a name that is free.
    fn add(&mut self, name: &str, config: Config) {
        let free = |name: &str| self.entrants.iter().all(|(other, _)| other != name);
        let numbered = (2..).map(|number| format!("{name} {number}"));
        let name = std::iter::once(name.to_owned()).chain(numbered).find(|name| free(name));
        self.entrants.extend(name.map(|name| (name, config)));
    }

    fn start_ui(&mut self, ui: &mut Ui, board: &Board, engine: EngineChoice, asked: &mut Vec<Asked>) {
        ui.horizontal_wrapped(|ui| {
            self.seeds.ui(ui);
            let mut limited = self.cost.is_some();
            let hint = "Otherwise all spend what the most expensive takes by its own settings";
            if ui.checkbox(&mut limited, "Limit the cost").on_hover_text(hint).changed() {
                self.cost = limited.then_some(1_000_000_000_000);
            }
            if let Some(cost) = &mut self.cost {
                let mut giga = *cost as f64 / 1e9;
                ui.add(DragValue::new(&mut giga).range(0.001..=1e9).speed(10.0).suffix(" GFLOP"));
                *cost = (giga * 1e9) as u64;
            }
        });
        let study = self.study(engine);
        ui.horizontal(|ui| {
            let ready = study.is_ok() && !board.busy;
            if start_button(ui, ready, "Start the race")
                && let Ok(study) = &study
            {
                asked.push(Asked::Order(Order::Study(Box::new(study.clone()))));
            }
            study_ui(ui, board);
        });
        if let Err(why) = study
            && !self.entrants.is_empty()
        {
            ui.colored_label(Tokens::of(ui).alarm, why);
        }
    }

    fn study(&self, engine: EngineChoice) -> Result<Study, String> {
        if self.entrants.is_empty() {
            return Err("Configurations: found none, expected two or more".into());
        }
        let seeds = self.seeds.parse()?;
        check_names(&self.entrants).map_err(|error| error.beside())?;
        let mut entrants = Vec::new();
        for (name, config) in &self.entrants {
            for &seed in &seeds {
                let config = Config { seed, ..config.clone() };
                config.check().map_err(|error| format!("{name}: {}", error.beside()))?;
                entrants.push(Entrant { name: name.clone(), config });
            }
        }
        Ok(Study::Race { entrants, cost: self.cost, engine })
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
pub fn study_ui(ui: &mut Ui, board: &Board) {
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
    ui.label(format!("{}{stage}", notes.text)).on_hover_text("Cancel or Esc stops it");
}

/// A configuration in a few words.
fn in_words(config: &Config) -> String {
    let Config { preset, rounds, learning, .. } = config;
    if *rounds == 0 {
        return format!("{preset}, does not grow");
    }
    let families: Vec<&str> = config.families.iter().map(|family| family.name()).collect();
    let growth = if *rounds == 1 { "1 round".to_owned() } else { format!("{rounds} rounds") };
    format!("{preset}, {growth} of {} by {} ({})", families.join(", "), learning.learner, learning.estimator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_different_and_what_is_wrong_is_said() {
        let mut tab = RacePanel::default();
        assert!(tab.study(EngineChoice::Candle).unwrap_err().contains("found none"));
        tab.add("fixed", Config { rounds: 0, ..Config::default() });
        tab.add("fixed", Config::default());
        assert_eq!(tab.entrants[1].0, "fixed 2");
        match tab.study(EngineChoice::Candle).unwrap() {
            Study::Race { entrants, cost, .. } => assert_eq!((entrants.len(), cost), (6, None)),
            other => panic!("{other:?}"),
        }
        tab.seeds.0 = "1, x".into();
        assert!(tab.study(EngineChoice::Candle).unwrap_err().contains("\"x\""));
        tab.seeds.0 = "4 4".into();
        assert!(tab.study(EngineChoice::Candle).unwrap_err().contains("4 twice"));
        tab.seeds.0 = "4".into();
        tab.entrants[1].1.training.batch = 0;
        let why = tab.study(EngineChoice::Candle).unwrap_err();
        assert!(why.contains("fixed 2") && why.contains("training.batch"), "{why}");
    }
}
