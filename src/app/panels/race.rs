//! Racing configurations at equal cost: the entrants, the progress, the result.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use eframe::egui::{self, DragValue, RichText, TextEdit, Ui};

use super::studied::{Seeds, progress_ui, runs_ui, start_button};
use super::{Asked, Entry, News, Panel, PanelContext, Shown};
use crate::app::drawing::charts::{picture_ui, table_ui};
use crate::app::drawing::tokens::Tokens;
use crate::app::worker::Order;
use crate::app::worker::board::{Board, Snapshot};
use crate::app::worker::studies::Studied;
use crate::app::worker::studying::Study;
use crate::format::{about, decimal, magnitude, percent};
use crate::lab::{Config, EngineChoice};
use crate::network::layers_of;
use crate::study::{Configuration, PLAN_FILE, Plan, Race, Until, check_names};
use crate::words::{in_english, say};

/// The panel in the list.
pub const ENTRY: Entry = Entry {
    name: "race",
    tab: || say!("commands-tab-race"),
    command: || say!("commands-show-race"),
    make: || Box::new(RacePanel::default()),
};

/// What is to race.
#[derive(Default)]
struct RacePanel {
    /// Configurations by name.
    entrants: Vec<(String, Config)>,
    seeds: Seeds,
    cost: Option<u64>,
    /// Whether what the last race was made of has been taken over.
    taken: bool,
}

impl Panel for RacePanel {
    fn ui(&mut self, ui: &mut Ui, context: &mut PanelContext<'_>) {
        let PanelContext { board, snapshot, engine, asked, .. } = context;
        egui::ScrollArea::vertical().show(ui, |ui| {
            ui.label(say!("race-question"));
            self.take_last(board);
            self.entrants_ui(ui, board, snapshot, asked);
            self.start_ui(ui, board, snapshot, *engine, asked);
            let Some(studied) = &board.race else { return };
            ui.separator();
            if studied.is_done() {
                ui.label(say!("race-ended", cost = magnitude(studied.race.cost)));
            }
            runs_ui(ui, "race", studied, asked);
            if studied.race.runs.is_empty() {
                return;
            }
            // First what everybody waits for.
            match studied.is_done() {
                true => table_ui(ui, "race", &studied.race.table()),
                false => standings_ui(ui, &studied.race),
            }
            picture_ui(ui, &studied.race.picture());
            if studied.is_done()
                && let Some(differences) = studied.race.differences()
            {
                ui.add_space(8.0);
                table_ui(ui, "differences", &differences);
            }
        });
    }

    fn csv(&self, shown: &Shown<'_>) -> Result<String, String> {
        let studied = finished(shown)?;
        Ok(in_english(|| studied.race.curves_csv()))
    }

    fn svg(&self, shown: &Shown<'_>) -> Result<String, String> {
        let studied = finished(shown)?;
        Ok(studied.race.picture().svg())
    }

    fn hear(&mut self, news: &News<'_>) {
        match news {
            News::EntrantSettings { index, config } => {
                if let Some((_, settings)) = self.entrants.get_mut(*index) {
                    settings.clone_from(config);
                }
            }
            News::RaceAgainstNotGrowing(snapshot) => {
                self.taken = true;
                self.entrants.clear();
                self.add("grown", snapshot.config.clone());
                self.add("not grown", Config { rounds: 0, ..snapshot.config.clone() });
                let seed = snapshot.config.seed;
                self.seeds.0 = format!("{seed}, {}, {}", seed + 1, seed + 2);
            }
            _ => {}
        }
    }
}

/// The race that ran to its end, or what is said where there is none.
fn finished(shown: &Shown<'_>) -> Result<Arc<Studied>, String> {
    let race = shown.board.race.clone().filter(|studied| studied.is_done());
    race.ok_or_else(|| say!("race-none").to_owned())
}

impl RacePanel {
    /// After a restart, takes over what the last race was made of, so that the same button goes on with it.
    fn take_last(&mut self, board: &Board) {
        let Some(studied) = board.race.as_ref().filter(|_| !self.taken) else { return };
        self.taken = true;
        if self.entrants.is_empty() {
            let configurations = studied.plan.configurations.iter();
            self.entrants = configurations.map(|one| (one.name.clone(), one.settings.clone())).collect();
            let seeds: Vec<String> = studied.plan.seeds.iter().map(u64::to_string).collect();
            self.seeds.0 = seeds.join(", ");
            self.cost = studied.plan.cost;
        }
    }

    fn entrants_ui(&mut self, ui: &mut Ui, board: &Board, snapshot: &Snapshot, asked: &mut Vec<Asked>) {
        ui.horizontal_wrapped(|ui| {
            if ui.button(say!("race-add")).on_hover_text(say!("race-add-hint")).clicked() {
                self.add("grown", snapshot.config.clone());
            }
            let layers = layers_of(&snapshot.state.model.network.architecture);
            let why = match layers {
                Some(_) => say!("race-add-fixed-hint"),
                None => say!("race-no-fixed-hint"),
            };
            let fixed = ui.add_enabled(layers.is_some(), egui::Button::new(say!("race-add-fixed")));
            if fixed.on_hover_text(why).on_disabled_hover_text(why).clicked()
                && let Some(preset) = layers
            {
                self.add("fixed", Config { preset, rounds: 0, ..snapshot.config.clone() });
            }
        });
        let mut dropped = None;
        for (index, (name, config)) in self.entrants.iter_mut().enumerate() {
            ui.horizontal(|ui| {
                let edit = ui.add(TextEdit::singleline(name).desired_width(120.0));
                edit.widget_info(|| {
                    let label = say!("race-entrant-name", number = index + 1);
                    egui::WidgetInfo::labeled(egui::Role::TextInput, true, label)
                });
                if ui.small_button(say!("race-settings")).clicked() {
                    asked.push(Asked::EntrantSettings { index, config: Box::new(config.clone()) });
                }
                if ui.small_button(say!("race-remove")).clicked() {
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
        if self.entrants.is_empty() && board.race.is_none() {
            ui.label(RichText::new(say!("race-add-two")).weak());
        }
    }

    /// Adds a configuration, under a name that is free.
    fn add(&mut self, name: &str, config: Config) {
        let free = |name: &str| self.entrants.iter().all(|(other, _)| other != name);
        let numbered = (2..).map(|number| format!("{name} {number}"));
        let name = std::iter::once(name.to_owned()).chain(numbered).find(|name| free(name));
        self.entrants.extend(name.map(|name| (name, config)));
    }

    fn start_ui(
        &mut self,
        ui: &mut Ui,
        board: &Board,
        snapshot: &Snapshot,
        engine: EngineChoice,
        asked: &mut Vec<Asked>,
    ) {
        ui.horizontal_wrapped(|ui| {
            self.seeds.ui(ui);
            let mut limited = self.cost.is_some();
            let hint = say!("race-limit-hint");
            if ui.checkbox(&mut limited, say!("race-limit")).on_hover_text(hint).changed() {
                self.cost = limited.then_some(1_000_000_000_000);
            }
            if let Some(cost) = &mut self.cost {
                let mut giga = *cost as f64 / 1e9;
                let field = DragValue::new(&mut giga).range(0.001..=1e9).speed(10.0).suffix(" GFLOP");
                ui.add(field).accessible_name(say!("race-limit-each"));
                *cost = (giga * 1e9) as u64;
            }
        });
        let plan = self.plan();
        ui.horizontal_wrapped(|ui| {
            let ready = plan.is_ok() && !board.busy;
            let left = |studied: &&Arc<Studied>| plan.as_ref().is_ok_and(|plan| studied.plan == *plan);
            let text = match board.race.as_ref().filter(left).map(|studied| studied.is_done()) {
                Some(false) => say!("race-resume"),
                _ => say!("race-start"),
            };
            if start_button(ui, ready, text)
                && let Ok(plan) = &plan
            {
                self.taken = true;
                let study = Study::Race { plan: plan.clone(), engine };
                asked.push(Asked::Order(Order::Study(Box::new(study))));
            }
            progress_ui(ui, board);
            let seconds =
                plan.as_ref().ok().filter(|_| !board.busy).and_then(|plan| foreseen(snapshot, plan));
            if let Some(seconds) = seconds {
                ui.label(RichText::new(about(seconds)).weak()).on_hover_text(say!("race-foreseen-hint"));
            }
        });
        if let Err(why) = plan
            && !self.entrants.is_empty()
        {
            ui.colored_label(Tokens::of(ui).alarm, why);
        }
    }

    fn plan(&self) -> Result<Plan, String> {
        if self.entrants.is_empty() {
            return Err(say!("race-no-entrants").into());
        }
        let seeds = self.seeds.parse()?;
        check_names(&self.entrants).map_err(|error| error.beside())?;
        let mut configurations = Vec::new();
        for (name, config) in &self.entrants {
            config.check().map_err(|error| format!("{name}: {}", error.beside()))?;
            // Seeds are the plan's.
            let settings = Config { seed: Config::default().seed, ..config.clone() };
            configurations.push(Configuration { name: name.clone(), seeds: None, layers_of: None, settings });
        }
        let plan = Plan { seeds, cost: self.cost, until: Until::Done, configurations };
        plan.check(Path::new(PLAN_FILE)).map_err(|error| error.to_string())?;
        Ok(plan)
    }
}

/// Seconds that a race may take, by the rounds of the run on the screen: all runs cost what the most
/// expensive does.
fn foreseen(snapshot: &Snapshot, plan: &Plan) -> Option<f64> {
    let rounds = &snapshot.state.rounds;
    let grown: Vec<f64> = rounds
        .iter()
        .filter(|round| round.after.is_some())
        .map(|round| round.steps.total().seconds)
        .collect();
    let trained = rounds.first().filter(|round| round.before.is_some())?.steps.train.seconds;
    let most = plan.configurations.iter().map(|one| one.settings.rounds).max()?;
    if most > 0 && grown.is_empty() {
        return None;
    }
    let round = grown.iter().sum::<f64>() / grown.len().max(1) as f64;
    Some(plan.runs().len() as f64 * (most as f64 * round + trained))
}

/// The configurations as they stand while runs are under way, the lowest loss first: name, runs, loss and
/// accuracy.
fn standings(race: &Race) -> Vec<(String, usize, f64, f64)> {
    let mut sums: BTreeMap<&str, (usize, f64, f64)> = BTreeMap::new();
    for run in &race.runs {
        let Some(last) = run.curve.last() else { continue };
        let sum = sums.entry(&run.name).or_default();
        *sum = (sum.0 + 1, sum.1 + last.quality.held_out.loss, sum.2 + last.quality.held_out.accuracy);
    }
    let mean = |(name, (count, loss, accuracy)): (&str, (usize, f64, f64))| {
        (name.to_owned(), count, loss / count as f64, accuracy / count as f64)
    };
    let mut all: Vec<_> = sums.into_iter().map(mean).collect();
    all.sort_by(|a, b| a.2.total_cmp(&b.2));
    all
}

fn standings_ui(ui: &mut Ui, race: &Race) {
    egui::Grid::new("standings").num_columns(4).spacing([16.0, 3.0]).show(ui, |ui| {
        let heads =
            [say!("race-so-far"), say!("race-runs"), say!("race-held-out-loss"), say!("race-accuracy")];
        for text in heads {
            ui.label(RichText::new(text).small().weak());
        }
        ui.end_row();
        for (name, runs, loss, accuracy) in standings(race) {
            ui.label(name);
            ui.monospace(runs.to_string());
            ui.monospace(decimal(loss, 3));
            ui.monospace(percent(accuracy));
            ui.end_row();
        }
    });
}

/// A configuration in a few words.
fn in_words(config: &Config) -> String {
    let Config { preset, rounds, learning, .. } = config;
    if *rounds == 0 {
        return say!("race-fixed", preset = preset);
    }
    let families: Vec<&str> = config.families.iter().map(|family| family.name()).collect();
    say!(
        "race-grows",
        preset = preset,
        rounds = *rounds,
        families = families.join(", "),
        learner = learning.learner.name(),
        estimator = learning.estimator.name()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_different_and_what_is_wrong_is_said() {
        let mut tab = RacePanel::default();
        assert!(tab.plan().unwrap_err().contains("found none"));
        tab.add("fixed", Config { rounds: 0, ..Config::default() });
        tab.add("fixed", Config::default());
        assert_eq!(tab.entrants[1].0, "fixed 2");
        let plan = tab.plan().unwrap();
        assert_eq!((plan.runs().len(), plan.cost), (6, None));
        tab.seeds.0 = "1, x".into();
        assert!(tab.plan().unwrap_err().contains("\"x\""));
        tab.seeds.0 = "4 4".into();
        assert!(tab.plan().unwrap_err().contains("4 twice"));
        tab.seeds.0 = "4".into();
        tab.entrants[1].1.training.batch = 0;
        let why = tab.plan().unwrap_err();
        assert!(why.contains("fixed 2") && why.contains("training.batch"), "{why}");
    }
}
