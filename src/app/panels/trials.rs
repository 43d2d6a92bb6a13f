//! A search on the screen: the tree of its trials, what was believed beside what came, and every trial in a table. They stand
//! where the candidates of growth rounds stand otherwise.

use eframe::egui::{self, RichText, Ui};
use egui_extras::{Column, TableBuilder};

use super::Shown;
use crate::app::drawing::charts::picture_ui;
use crate::app::drawing::tokens::{ROW, Tokens};
use crate::app::worker::board::Snapshot;
use crate::format::{decimal, gain, signed};
use crate::lab::trials_csv;
use crate::plot::Picture;
use crate::search::trials::{Tree, Trial, TrialId, picture};
use crate::words::{in_english, say};

/// The trials of the run, if it is a search, and the one that it would go on with.
pub fn trials(snapshot: &Snapshot) -> Option<(&Tree, TrialId)> {
    snapshot.state.trials(&snapshot.config)
}

/// The tree and the cloud of beliefs, if the run is a search; whether it is.
pub fn tree_ui(ui: &mut Ui, snapshot: &Snapshot) -> bool {
    if trials(snapshot).is_none() {
        return false;
    }
    sentences_ui(ui, snapshot);
    match drawn(snapshot) {
        Some(picture) => {
            let area = egui::ScrollArea::vertical().auto_shrink(false);
            area.show(ui, |ui| picture_ui(ui, &picture));
        }
        None => {
            ui.label(say!("trials-none-next"));
        }
    }
    true
}

/// What the strategy is, what it does now, and why.
fn sentences_ui(ui: &mut Ui, snapshot: &Snapshot) {
    let Some((tree, incumbent)) = trials(snapshot) else { return };
    ui.label(RichText::new(snapshot.config.search.kind.after()).small().weak());
    match snapshot.state.trial() {
        Some(trial) => ui.label(say!("trials-now", trial = trial.id, why = trial.why_in_words())),
        None => match tree.get(incumbent) {
            Some(best) => {
                ui.label(format!("{} {}", say!("trials-best", trial = incumbent), best.why_in_words()))
            }
            None => return,
        },
    };
    ui.add_space(4.0);
}

fn drawn(snapshot: &Snapshot) -> Option<Picture> {
    let (tree, incumbent) = trials(snapshot)?;
    picture(tree, incumbent, snapshot.config.search.kind.after())
}

/// The picture as SVG; none where the run is no search.
pub fn svg(shown: &Shown<'_>) -> Option<Result<String, String>> {
    trials(shown.snapshot)?;
    let svg = drawn(shown.snapshot).map(|picture| picture.svg());
    Some(svg.ok_or_else(|| say!("trials-none").into()))
}

/// The trials as CSV; none where the run is no search.
pub fn csv(shown: &Shown<'_>) -> Option<String> {
    trials(shown.snapshot).map(|(tree, incumbent)| in_english(|| trials_csv(tree, incumbent)))
}

/// Every trial, the newest first, if the run is a search; whether it is.
pub fn table_ui(ui: &mut Ui, snapshot: &Snapshot) -> bool {
    let Some((tree, incumbent)) = trials(snapshot) else { return false };
    sentences_ui(ui, snapshot);
    let columns = [
        (say!("trials-loss"), say!("trials-loss-hint")),
        (say!("trials-predicted"), say!("trials-predicted-hint")),
        (say!("trials-at-once"), say!("trials-at-once-hint")),
        (say!("trials-in-the-end"), say!("trials-in-the-end-hint")),
        (say!("trials-parameters"), say!("trials-parameters-hint")),
    ];
    let table = TableBuilder::new(ui)
        .striped(true)
        .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
        .column(Column::exact(44.0))
        .column(Column::remainder().at_least(110.0).clip(true))
        .columns(Column::auto().at_least(58.0), columns.len())
        .min_scrolled_height(120.0)
        .auto_shrink(false);
    let table = table.header(ROW, |mut header| {
        for name in [say!("trials-trial"), say!("trials-changes")] {
            header.col(|ui| {
                ui.label(RichText::new(name).small());
            });
        }
        for (name, hint) in columns {
            header.col(|ui| {
                ui.label(RichText::new(name).small()).on_hover_text(hint);
            });
        }
    });
    let seed = tree.get(0).map_or(0, |seed| seed.parameters as i64);
    table.body(|body| {
        body.rows(ROW, tree.len(), |mut row| {
            let Some(trial) = tree.get(tree.len() - 1 - row.index()) else { return };
            row.col(|ui| {
                let text = RichText::new(trial.id.to_string());
                let accent = Tokens::of(ui).accent;
                let text = if trial.id == incumbent { text.strong().color(accent) } else { text };
                ui.label(text).on_hover_text(trial.why_in_words());
            });
            row.col(|ui| {
                ui.add(egui::Label::new(changes(trial)).truncate());
            });
            let known = |value: Option<f64>| value.map_or("–".into(), gain);
            let loss = trial.judged.map(|judged| decimal(judged.loss, 4));
            for text in [
                loss.unwrap_or_else(|| say!("trials-diverged").into()),
                known(trial.predicted.map(|belief| belief.mean)),
                known(trial.immediate),
                known(tree.gain(trial.id)),
                signed(trial.parameters as i64 - seed),
            ] {
                row.col(|ui| {
                    ui.label(RichText::new(text).monospace().size(11.5));
                });
            }
        });
    });
    true
}

fn changes(trial: &Trial) -> String {
    match (trial.parent, trial.changes.is_empty()) {
        (None, _) => say!("trials-the-seed").to_owned(),
        (Some(parent), true) => say!("trials-trained-on", parent = parent),
        (Some(parent), false) => format!("{parent}: {}", trial.said()),
    }
}
