//! Every candidate in a table, to sort, to filter, and to choose from by hand.

use eframe::egui::{self, RichText, Ui};
use egui_extras::{Column, TableBuilder};

use super::cloud::{empty_ui, round_ui};
use super::outcomes::Outcomes;
use super::{Asked, Entry, News, Panel, PanelContext, trials};
use crate::app::controls::Controls;
use crate::app::drawing::tokens::{ROW, Tokens};
use crate::app::view::{SortBy, View};
use crate::app::worker::Order;
use crate::app::worker::board::{Board, Snapshot};
use crate::format::{gain, signed};
use crate::lab::{CandidateRecord, Command, Round, Stage};
use crate::morphism::{Family, morph};

/// The panel in the list.
pub const ENTRY: Entry = Entry {
    name: "table",
    tab: "Candidates",
    command: "Show all candidates",
    make: || Box::new(Table::default()),
};

/// The candidates of a round, and what choices of them came to.
#[derive(Default)]
struct Table {
    outcomes: Outcomes,
}

impl Panel for Table {
    fn ui(&mut self, ui: &mut Ui, context: &mut PanelContext<'_>) {
        let PanelContext { board, snapshot, view, asked, .. } = context;
        if trials::table_ui(ui, snapshot) {
            return;
        }
        if let Some(round) = view.record(snapshot) {
            self.outcomes.ui(ui, snapshot.run, round.round);
        }
        if let Some(ids) = table_ui(ui, board, snapshot, view) {
            asked.push(Asked::Order(Order::Do(Command::Choose(ids))));
        }
    }

    fn hear(&mut self, news: &News<'_>) {
        if let News::Frame(snapshot) = news {
            self.outcomes.note(snapshot);
        }
    }
}

/// Draws it, and returns the ids to choose instead if the choice was edited.
fn table_ui(ui: &mut Ui, board: &Board, snapshot: &Snapshot, view: &mut View) -> Option<Vec<String>> {
    let Some(round) = view.record(snapshot) else {
        empty_ui(ui, "No candidates yet.", "The stage Propose lists them, after the first training.");
        return None;
    };
    ui.horizontal_wrapped(|ui| {
        round_ui(ui, snapshot, view);
        let filter = egui::TextEdit::singleline(&mut view.filter)
            .hint_text("Filter, such as conv2")
            .desired_width(130.0);
        let response = ui.add(filter);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Filter candidates"));
        for family in round.families() {
            let mut on = !view.hidden.contains(&family);
            if ui
                .toggle_value(&mut on, morph(family).about().mark.glyph())
                .on_hover_text(family.name())
                .changed()
            {
                if on {
                    view.hidden.remove(&family)
                } else {
                    view.hidden.insert(family)
                };
            }
        }
    });
    let editable = snapshot.state.record(snapshot.state.round).is_some_and(|present| {
        present.round == round.round && present.decided && snapshot.state.stage != Stage::Train
    }) && matches!(snapshot.state.stage, Stage::Grow | Stage::Measure)
        && !board.busy
        && !Controls::of(ui.ctx()).freezes("choice");
    let chosen = round.chosen();
    let sum: f64 = round
        .candidates
        .iter()
        .filter(|candidate| candidate.chosen)
        .filter_map(|candidate| candidate.validation)
        .sum();
    if round.decided && !view.hides(snapshot, round) {
        ui.horizontal_wrapped(|ui| {
            ui.label(format!(
                "{} chosen; the sum of their single gains on the validation images is {}.",
                chosen.len(),
                gain(sum)
            ));
            if editable {
                ui.label(RichText::new("Tick others to choose yourself.").color(Tokens::of(ui).accent));
            }
        });
    }
    rows_ui(ui, snapshot, view, round, editable)
}

fn rows_ui(
    ui: &mut Ui,
    snapshot: &Snapshot,
    view: &mut View,
    round: &Round,
    editable: bool,
) -> Option<Vec<String>> {
    let rows = sorted(snapshot, view, round);
    let mut edited = None;
    let columns = [
        (SortBy::Name, "Candidate", "What would change"),
        (SortBy::Parameters, "Parameters", "How many it adds"),
        (SortBy::Scale, "Scale", "How far along the learned direction to go; 0 is not worth it"),
        (SortBy::Estimated, "Estimated", "Gain by the formula"),
        (SortBy::Actual, "Actual", "Gain when really made"),
        (SortBy::Error, "Error", "Actual minus estimated"),
    ];
    let table = TableBuilder::new(ui)
        .striped(true)
        .sense(egui::Sense::click())
        .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
        .column(Column::exact(26.0))
        .column(Column::remainder().at_least(110.0).clip(true))
        .columns(Column::auto().at_least(58.0), 5)
        .min_scrolled_height(120.0)
        .auto_shrink(false);
    let header = table.header(ROW, |mut header| {
        header.col(|ui| {
            ui.label("■").on_hover_text("Chosen");
        });
        for (column, name, hint) in columns {
            header.col(|ui| {
                let arrow = match (view.sort.0 == column, view.sort.1) {
                    (true, true) => " ▴",
                    (true, false) => " ▾",
                    _ => "",
                };
                let label = RichText::new(format!("{name}{arrow}")).small();
                if ui.add(egui::Button::new(label).frame(false)).on_hover_text(hint).clicked() {
                    view.sort = (column, view.sort.0 == column && !view.sort.1);
                }
            });
        }
    });
    header.body(|body| {
        body.rows(ROW, rows.len(), |mut row| {
            let candidate = rows[row.index()];
            let id = candidate.id();
            row.set_selected(view.candidate.as_ref() == Some(&id));
            row.set_hovered(view.hovered.as_ref() == Some(&id));
            row.col(|ui| {
                let mut on = candidate.chosen;
                if !editable {
                    ui.add(egui::Label::new(if on { "■" } else { "" }).selectable(false));
                    return;
                }
                let possible = candidate.scale.is_some_and(|scale| scale > 0.0);
                let response = ui.add_enabled(possible, egui::Checkbox::without_text(&mut on));
                response.widget_info(|| {
                    egui::WidgetInfo::selected(egui::Role::CheckBox, possible, on, format!("Choose {id}"))
                });
                if response.changed() {
                    let mut ids = round.chosen();
                    if on {
                        ids.push(id.clone())
                    } else {
                        ids.retain(|other| *other != id)
                    }
                    edited = Some(ids);
                }
            });
            cells_ui(&mut row, snapshot, view, round, candidate);
            let response = row.response();
            if response.hovered() {
                view.hovering = Some(id);
            }
            if response.clicked() {
                view.look_at(candidate);
            }
        });
    });
    edited
}

fn cells_ui(
    row: &mut egui_extras::TableRow<'_, '_>,
    snapshot: &Snapshot,
    view: &View,
    round: &Round,
    candidate: &CandidateRecord,
) {
    let number = |text: String| RichText::new(text).monospace().size(11.5);
    let known = |value: Option<f64>| value.map_or("–".into(), gain);
    let estimated = view.estimate(snapshot, round, candidate);
    let actual = view.actual(snapshot, round, candidate);
    row.col(|ui| {
        let channel = candidate.channel().map_or(String::new(), |channel| format!(" {channel}"));
        let text = format!(
            "{} {} {}{channel}",
            morph(candidate.family).about().mark.glyph(),
            candidate.family,
            candidate.at.name()
        );
        ui.add(egui::Label::new(text).selectable(false).truncate());
    });
    let error = estimated.zip(actual).map(|(estimated, actual)| actual - estimated);
    for text in [
        signed(candidate.params_delta),
        candidate.scale.map_or("–".into(), |scale| format!("{scale:.2}")),
        known(estimated),
        known(actual),
        known(error),
    ] {
        row.col(|ui| {
            ui.add(egui::Label::new(number(text)).selectable(false));
        });
    }
}

fn sorted<'a>(snapshot: &Snapshot, view: &View, round: &'a Round) -> Vec<&'a CandidateRecord> {
    let wanted = |candidate: &&CandidateRecord| {
        let hidden: &std::collections::BTreeSet<Family> = &view.hidden;
        !hidden.contains(&candidate.family) && candidate.id().contains(view.filter.trim())
    };
    let mut rows: Vec<&CandidateRecord> = round.candidates.iter().filter(wanted).collect();
    let (column, ascending) = view.sort;
    let estimated = |candidate: &CandidateRecord| view.estimate(snapshot, round, candidate);
    let actual = |candidate: &CandidateRecord| view.actual(snapshot, round, candidate);
    let key = |candidate: &CandidateRecord| -> f64 {
        let value = match column {
            SortBy::Name => Some(0.0),
            SortBy::Parameters => Some(candidate.params_delta as f64),
            SortBy::Scale => candidate.scale.map(f64::from),
            SortBy::Estimated => estimated(candidate),
            SortBy::Actual => actual(candidate),
            SortBy::Error => estimated(candidate).zip(actual(candidate)).map(|(a, b)| (b - a).abs()),
        };
        value.unwrap_or(f64::NEG_INFINITY)
    };
    // Stable: equal ones stay in the order of the files.
    match ascending {
        true => rows.sort_by(|a, b| key(a).total_cmp(&key(b))),
        false => rows.sort_by(|a, b| key(b).total_cmp(&key(a))),
    }
    if column == SortBy::Name && ascending {
        rows.reverse();
    }
    rows
}
