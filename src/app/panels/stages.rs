//! The step machine as a row of named stages, each with a sentence before and after; a click on one that is done shows
//! what it found. Where there is little room, only the present one has its name.

use eframe::egui::{
    self, Align2, Color32, CursorIcon, FontId, Painter, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2,
};

use super::sentences::{after, before, order};
use crate::app::drawing::tokens::Tokens;
use crate::app::view::View;
use crate::app::worker::board::{self, Board, Past, Snapshot, inside};
use crate::lab::Stage;
use crate::words::say;

const CHIP_HEIGHT: f32 = 34.0;
/// The narrowest chip that has room for its name with a tick before it.
const NAMED: f32 = 88.0;
/// Space between chips.
const GAP: f32 = 6.0;

/// Draws the row of the run as it stands.
pub fn stages_ui(ui: &mut Ui, board: &Board, snapshot: &Snapshot, view: &mut View) {
    let tokens = Tokens::of(ui);
    let state = &snapshot.state;
    let last_training = state.round > snapshot.config.growth_rounds();
    ui.horizontal(|ui| {
        let title = match (state.stage, last_training) {
            (Stage::Done, _) => say!("stages-finished").to_owned(),
            (_, true) => say!("stages-last-training").to_owned(),
            _ if state.search.is_some() => match state.trial() {
                Some(trial) => say!("stages-trial", trial = trial.id),
                None => say!("stages-search").to_owned(),
            },
            _ => say!("stages-round", round = state.round, rounds = snapshot.config.growth_rounds()),
        };
        ui.add_sized(
            vec2(108.0, CHIP_HEIGHT),
            egui::Label::new(egui::RichText::new(title).strong()).truncate(),
        );
        let stages = if last_training { vec![Stage::Train, Stage::Done] } else { order(snapshot) };
        let present = stages.iter().position(|stage| *stage == state.stage).unwrap_or(stages.len());
        let widths = widths(ui.available_width(), stages.len(), present.min(stages.len() - 1));
        ui.spacing_mut().item_spacing.x = GAP;
        for (position, &stage) in stages.iter().enumerate() {
            let progress = board.progress.filter(|progress| progress.stage == stage);
            let standing = match position.cmp(&present) {
                std::cmp::Ordering::Less => Standing::Done,
                std::cmp::Ordering::Equal => Standing::Present,
                std::cmp::Ordering::Greater => Standing::Later,
            };
            let fraction = progress.map(|progress| progress.fraction()).or_else(|| {
                let (step, of) = match &state.partly {
                    Some(partly) => (partly.steps, snapshot.config.learning.steps),
                    None => (state.step, snapshot.phase_steps),
                };
                (step > 0 && standing == Standing::Present).then(|| step as f32 / of.max(1) as f32)
            });
            let done = standing == Standing::Done;
            let sense = if done { Sense::click() } else { Sense::hover() };
            let (rect, response) = ui.allocate_exact_size(vec2(widths[position], CHIP_HEIGHT), sense);
            let found = snapshot.found_at(stage).filter(|_| done).map(Past::Position);
            let looked_at = found.is_some() && found == view.past(snapshot);
            let outline = match (looked_at, done && response.has_focus(), done && response.hovered()) {
                (true, _, _) => Some(tokens.text),
                (_, true, _) => Some(tokens.accent),
                (_, _, true) => Some(tokens.weak),
                _ => None,
            };
            chip_ui(ui, rect, stage, standing, fraction, outline);
            response.widget_info(|| {
                let (role, said) = match standing {
                    Standing::Done => (egui::Role::Button, say!("stages-done", stage = inside(stage))),
                    Standing::Present => (egui::Role::Label, say!("stages-present", stage = inside(stage))),
                    Standing::Later => (egui::Role::Label, say!("stages-later", stage = inside(stage))),
                };
                egui::WidgetInfo::labeled(role, true, said)
            });
            if response.clicked() {
                view.tab = seen_in(stage);
                if let Some(found) = found {
                    view.look_back(snapshot, found);
                }
            }
            let response = if done { response.on_hover_cursor(CursorIcon::PointingHand) } else { response };
            response.on_hover_ui(|ui| {
                ui.set_max_width(300.0);
                ui.label(before(stage, snapshot));
                // What it found would tell of gains that are to be predicted first.
                let record = state.record(state.round).filter(|round| done && !view.hides(snapshot, round));
                let images = snapshot.data.held_out.len();
                if let Some(told) = record.and_then(|round| after(stage, state, round, images)) {
                    ui.strong(told.text);
                    ui.colored_label(tokens.alarm, told.bad.unwrap_or_default());
                }
                if done {
                    ui.label(egui::RichText::new(say!("stages-click-hint")).small().weak());
                }
            });
        }
    });
}

/// The panel in which it is seen what a stage found.
fn seen_in(stage: Stage) -> &'static str {
    match stage {
        Stage::Seed | Stage::Train | Stage::Assess | Stage::Adopt | Stage::Done => "curves",
        Stage::Propose | Stage::Choose | Stage::Grow => "table",
        Stage::Learn | Stage::Estimate | Stage::Measure | Stage::Ask => "cloud",
    }
}

/// Widths of so many chips: equal ones if their names have room, else small ones beside the present one.
fn widths(space: f32, count: usize, present: usize) -> Vec<f32> {
    let space = space - GAP * (count - 1) as f32;
    let equal = space / count as f32;
    if equal >= NAMED {
        return vec![equal.min(280.0); count];
    }
    let named = NAMED.min(space);
    let small = ((space - named) / (count.max(2) - 1) as f32).max(0.0);
    (0..count).map(|position| if position == present { named } else { small }).collect()
}

#[derive(Clone, Copy, PartialEq)]
enum Standing {
    Done,
    Present,
    Later,
}

/// Draws a chip; `outline` is the colour of its edge, if not the usual one.
fn chip_ui(
    ui: &Ui,
    rect: Rect,
    stage: Stage,
    standing: Standing,
    fraction: Option<f32>,
    outline: Option<Color32>,
) {
    let (painter, tokens) = (ui.painter(), Tokens::of(ui));
    let (fill, line, text) = match standing {
        Standing::Done => (tokens.raised, tokens.line, tokens.text),
        Standing::Present => (tokens.accent.gamma_multiply(0.22), tokens.accent, tokens.text),
        Standing::Later => (tokens.panel, tokens.line, tokens.weak),
    };
    let width = if standing == Standing::Present { 2.0 } else { 1.0 };
    let edge = outline.map_or(Stroke::new(width, line), |colour| Stroke::new(1.8, colour));
    painter.rect(rect, 7.0, fill, edge, StrokeKind::Inside);
    let name = board::title(stage);
    let named = rect.width() >= NAMED - 1.0;
    if standing == Standing::Done && rect.width() >= 12.0 {
        let x = if named { rect.left() + 14.0 } else { rect.center().x };
        tick(painter, pos2(x, rect.center().y), tokens.accent);
    }
    if named || standing == Standing::Present {
        painter.text(rect.center(), Align2::CENTER_CENTER, name, FontId::proportional(13.5), text);
    }
    if let Some(fraction) = fraction {
        let bar =
            Rect::from_min_size(rect.left_bottom() - vec2(0.0, 4.0), vec2(rect.width() * fraction, 4.0));
        painter.rect_filled(bar, 2.0, tokens.accent);
    }
}

/// Draws a tick.
fn tick(painter: &Painter, at: Pos2, colour: Color32) {
    let points = [at + vec2(-4.0, 0.0), at + vec2(-1.0, 3.5), at + vec2(5.0, -4.0)];
    painter.line(points.to_vec(), Stroke::new(1.8, colour));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chips_fill_what_there_is_and_the_present_one_keeps_its_name() {
        assert_eq!(widths(8.0 * 100.0 + 7.0 * GAP, 8, 3), [100.0; 8]);
        let narrow = widths(270.0, 8, 3);
        assert_eq!(narrow[3], NAMED);
        assert!((narrow.iter().sum::<f32>() + 7.0 * GAP - 270.0).abs() < 0.01, "{narrow:?}");
        assert_eq!(widths(400.0, 2, 1), [197.0; 2]);
    }
}
