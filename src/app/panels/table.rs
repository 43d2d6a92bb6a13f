//! Every candidate in a table, to sort, to filter, and to choose from by hand.

use eframe::egui::{self, Response, RichText, Role, Ui};
use egui_extras::{Column, TableBuilder};

use super::cloud::{empty_ui, round_ui};
use super::explain::family_sentence;
use super::outcomes::Outcomes;
use super::promises::promises_ui;
use super::why::reason;
use super::{Asked, Entry, News, Panel, PanelContext, trials};
use crate::app::controls::Controls;
use crate::app::drawing::tokens::{ROW, Tokens};
use crate::app::view::{SortBy, View};
use crate::app::worker::Order;
use crate::app::worker::board::{Board, Snapshot};
use crate::format::{brief as gain, decimal, signed};
use crate::lab::{CandidateRecord, Command, Round, Stage};
use crate::morphism::{Family, morph};
use crate::words::say;

/// The panel in the list.
pub const ENTRY: Entry = Entry {
    name: "table",
    tab: || say!("commands-tab-table"),
    command: || say!("commands-show-table"),
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
        empty_ui(ui, say!("cloud-none"), say!("table-none-next"));
        return None;
    };
    ui.horizontal_wrapped(|ui| {
        round_ui(ui, snapshot, view);
        let filter =
            egui::TextEdit::singleline(&mut view.filter).hint_text(say!("table-filter")).desired_width(130.0);
        let response = ui.add(filter);
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::TextInput, true, say!("table-filter-name"))
        });
        let families = round.families();
        for &family in &families {
            let mut on = !view.hidden.contains(&family);
            let mark = morph(family).about().mark.glyph();
            // Many have no room for their names.
            let text = if families.len() > 6 { mark.to_owned() } else { format!("{mark} {family}") };
            let toggle = ui.toggle_value(&mut on, text);
            // A bare mark has no name of its own.
            let said = say!("table-show-family", family = family.name());
            toggle.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, on, &said));
            if toggle.on_hover_text(format!("{family}: {}", family_sentence(family))).changed() {
                view.show_family(family, on);
            }
        }
    });
    let editable = snapshot.state.record(snapshot.state.round).is_some_and(|present| {
        present.round == round.round && present.decided && snapshot.state.stage != Stage::Train
    }) && matches!(snapshot.state.stage, Stage::Grow | Stage::Measure)
        && !board.busy
        && !snapshot.is_past()
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
            ui.label(say!("table-chosen", count = chosen.len(), gain = gain(sum)));
            if editable {
                ui.label(RichText::new(say!("table-tick")).color(Tokens::of(ui).accent));
            }
        });
    }
    if round.decided && !view.hides(snapshot, round) {
        promises_ui(ui, round);
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
    if rows.is_empty() {
        ui.label(RichText::new(say!("table-empty")).weak());
        return None;
    }
    let width = ui.available_width();
    let columns = columns(width, editable, round.is_followed());
    let mut edited = None;
    let mut table = TableBuilder::new(ui)
        .striped(true)
        .sense(egui::Sense::click())
        .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
        .min_scrolled_height(120.0)
        .auto_shrink(false);
    if editable {
        table = table.column(Column::exact(26.0));
    }
    for column in &columns {
        table = table.column(match column.by {
            SortBy::Name => Column::initial((0.3 * width).clamp(96.0, 128.0)).at_least(96.0).clip(true),
            SortBy::Why => Column::remainder().at_least(90.0).clip(true),
            _ => Column::exact(column.width),
        });
    }
    let header = table.header(ROW, |mut header| {
        if editable {
            named(&header.col(|_| {}).1, Role::ColumnHeader, || say!("table-boxes").into());
        }
        for column in &columns {
            let (_, cell) = header.col(|ui| {
                let arrow = match (view.sort.0 == column.by, view.sort.1) {
                    (true, true) => " ▴",
                    (true, false) => " ▾",
                    _ => "",
                };
                let label = RichText::new(format!("{}{arrow}", column.name)).small();
                if ui.add(egui::Button::new(label).frame(false)).on_hover_text(column.hint).clicked() {
                    view.sort = (column.by, view.sort.0 == column.by && !view.sort.1);
                }
            });
            named(&cell, Role::ColumnHeader, || say!("table-column", name = column.name));
        }
    });
    header.body(|body| {
        body.rows(ROW, rows.len(), |mut row| {
            let candidate = rows[row.index()];
            let id = candidate.id();
            row.set_selected(view.candidate.as_ref() == Some(&id));
            row.set_hovered(view.hovered.as_ref() == Some(&id));
            if editable {
                let (_, cell) = row.col(|ui| edited = tick_ui(ui, round, candidate).or(edited.take()));
                named(&cell, Role::Cell, || say!("table-box", candidate = &id));
            }
            for column in &columns {
                let (_, cell) = row.col(|ui| cell_ui(ui, column.by, snapshot, view, round, candidate));
                named(&cell, Role::Cell, || say!("table-cell", column = column.name, candidate = &id));
            }
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

/// Names a cell for screen readers: a click on it selects its row.
fn named(cell: &Response, role: Role, name: impl Fn() -> String) {
    cell.widget_info(|| egui::WidgetInfo::labeled(role, true, name()));
}

/// A column with what its head says.
#[derive(Debug)]
struct Shown {
    by: SortBy,
    name: &'static str,
    hint: &'static str,
    width: f32,
    /// The width of the table from which on it is shown.
    from: f32,
}

/// All columns, in their order; with what came in the end if some changes were followed.
fn all_columns(followed: bool) -> Vec<Shown> {
    let column = |by, name, hint, width, from| Shown { by, name, hint, width, from };
    let mut columns = vec![
        column(SortBy::Name, say!("table-candidate"), say!("table-candidate-hint"), 128.0, 0.0),
        column(SortBy::Why, say!("table-why"), say!("table-why-hint"), 90.0, 0.0),
        column(SortBy::Estimated, say!("table-estimated"), say!("table-estimated-hint"), 72.0, 0.0),
        column(SortBy::Actual, say!("table-actual"), say!("table-actual-hint"), 72.0, 380.0),
        column(SortBy::Error, say!("table-error"), say!("table-error-hint"), 72.0, 560.0),
        column(SortBy::Parameters, say!("table-parameters"), say!("table-parameters-hint"), 76.0, 480.0),
        column(SortBy::Scale, say!("table-scale"), say!("table-scale-hint"), 44.0, 640.0),
    ];
    if followed {
        let name = say!("trials-in-the-end");
        columns.insert(4, column(SortBy::InTheEnd, name, say!("cloud-in-the-end-hint"), 72.0, 480.0));
        // Those behind it make room.
        for column in &mut columns[5..] {
            column.from += 80.0;
        }
    }
    columns
}

/// The columns that have room in a table of this width; boxes to tick take some of it.
fn columns(width: f32, editable: bool, followed: bool) -> Vec<Shown> {
    let width = if editable { width - 26.0 } else { width };
    all_columns(followed).into_iter().filter(|column| column.from <= width).collect()
}

/// The box that chooses a candidate; the choice that it asks for, if it was ticked.
fn tick_ui(ui: &mut Ui, round: &Round, candidate: &CandidateRecord) -> Option<Vec<String>> {
    let tokens = Tokens::of(ui);
    // A striped row has the usual colour of boxes.
    let box_of = &mut ui.visuals_mut().widgets.inactive;
    (box_of.bg_fill, box_of.bg_stroke) = (tokens.back, egui::Stroke::new(1.0, tokens.weak));
    let id = candidate.id();
    let mut on = candidate.chosen;
    let possible = candidate.scale.is_some_and(|scale| scale > 0.0);
    let response = ui.add_enabled(possible, egui::Checkbox::without_text(&mut on));
    response.widget_info(|| {
        egui::WidgetInfo::selected(egui::Role::CheckBox, possible, on, say!("table-choose", candidate = &id))
    });
    response.changed().then(|| {
        let mut ids = round.chosen();
        if on {
            ids.push(id)
        } else {
            ids.retain(|other| *other != id)
        }
        ids
    })
}

fn cell_ui(
    ui: &mut Ui,
    column: SortBy,
    snapshot: &Snapshot,
    view: &View,
    round: &Round,
    candidate: &CandidateRecord,
) {
    let known = |value: Option<f64>| value.map_or("–".into(), gain);
    let estimated = view.estimate(snapshot, round, candidate);
    let actual = view.actual(snapshot, round, candidate);
    let text = match column {
        SortBy::Name => {
            let channel = candidate.channel().map_or(String::new(), |channel| format!(" {channel}"));
            let mark = morph(candidate.family).about().mark.glyph();
            let name = format!("{mark} {} {}{channel}", candidate.family, candidate.at.name());
            ui.add(egui::Label::new(name).selectable(false).truncate());
            return;
        }
        SortBy::Why => {
            let shown = reason(round, candidate).filter(|_| !view.hides(snapshot, round));
            let Some((short, long)) = shown else { return };
            let colour = if candidate.chosen { Tokens::of(ui).text } else { Tokens::of(ui).weak };
            let text = RichText::new(short).small().color(colour);
            let text = if candidate.chosen { text.strong() } else { text };
            ui.add(egui::Label::new(text).selectable(false).truncate()).on_hover_text(long);
            return;
        }
        SortBy::Parameters => signed(candidate.params_delta),
        SortBy::Scale => candidate.scale.map_or("–".into(), |scale| decimal(f64::from(scale), 2)),
        SortBy::Estimated => known(estimated),
        SortBy::Actual => known(actual),
        SortBy::InTheEnd => known(view.end(snapshot, round, candidate)),
        SortBy::Error => known(estimated.zip(actual).map(|(estimated, actual)| actual - estimated)),
    };
    ui.add(egui::Label::new(RichText::new(text).monospace().size(11.5)).selectable(false));
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
            SortBy::Why => Some(f64::from(u8::from(candidate.chosen))),
            SortBy::Parameters => Some(candidate.params_delta as f64),
            SortBy::Scale => candidate.scale.map(f64::from),
            SortBy::Estimated => estimated(candidate),
            SortBy::Actual => actual(candidate),
            SortBy::InTheEnd => view.end(snapshot, round, candidate),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_table_keeps_the_reason_and_all_columns_fit() {
        let names = |width| columns(width, true, false).iter().map(|column| column.name).collect::<Vec<_>>();
        assert_eq!(names(350.0), ["Candidate", "Why", "Estimated"]);
        assert_eq!(names(900.0).len(), all_columns(false).len());
        assert_eq!(columns(900.0, true, true).len(), all_columns(true).len());
        assert_eq!(all_columns(true).len(), all_columns(false).len() + 1);
        let widths = [330.0, 360.0, 480.0, 560.0, 640.0, 720.0, 900.0];
        for (width, followed) in widths.into_iter().flat_map(|width| [(width, false), (width, true)]) {
            let taken: f32 =
                columns(width, false, followed).iter().map(|column| column.width.min(96.0) + 8.0).sum();
            assert!(taken <= width + 8.0, "{taken} of {width}");
        }
    }
}
