//! What the chosen changes should gain one by one, what together, and what came: three bars, drawn
//! anew at every
//! tick of the choice.

use eframe::egui::{Align2, Color32, FontId, Rect, Sense, Ui, pos2, vec2};

use crate::app::drawing::tokens::Tokens;
use crate::format::brief;
use crate::lab::Round;
use crate::words::say;

/// Height of a bar with its space.
const PITCH: f32 = 17.0;
/// Room for the names of the bars.
const NAMES: f32 = 150.0;
/// Room for a number behind a bar.
const NUMBER: f32 = 66.0;

/// The bars of a round: names, hints and gains on the validation images; none where its choice was not joint.
fn bars(round: &Round) -> Option<[(&'static str, &'static str, Option<f64>); 3]> {
    let joint = round.joint.filter(|_| !round.chosen().is_empty())?;
    Some([
        (say!("promises-summed"), say!("promises-summed-hint"), Some(joint.sum_of_single)),
        (say!("promises-joint"), say!("promises-joint-hint"), Some(joint.promised)),
        (say!("promises-came"), say!("promises-came-hint"), joint.came),
    ])
}

/// Draws them, if there are any.
pub fn promises_ui(ui: &mut Ui, round: &Round) {
    let Some(bars) = bars(round) else { return };
    let tokens = Tokens::of(ui);
    let colours = [tokens.weak, tokens.cold, tokens.accent];
    let known = bars.iter().filter_map(|(_, _, gain)| *gain);
    let (low, high) = known.fold((0.0_f64, 0.0_f64), |(low, high), gain| (low.min(gain), high.max(gain)));
    let (rect, _) =
        ui.allocate_exact_size(vec2(ui.available_width(), PITCH * bars.len() as f32 + 4.0), Sense::hover());
    let left = rect.left() + NAMES;
    let room = (rect.width() - NAMES - NUMBER).max(10.0);
    let place = |gain: f64| left + room * ((gain - low) / (high - low).max(1e-12)) as f32;
    let painter = ui.painter().clone();
    let text = |at, anchor: Align2, text: String, colour: Color32| {
        painter.text(at, anchor, text, FontId::proportional(11.5), colour);
    };
    for (index, ((name, hint, gain), colour)) in bars.into_iter().zip(colours).enumerate() {
        let y = rect.top() + PITCH * (index as f32 + 0.5);
        let row = Rect::from_min_size(pos2(rect.left(), y - PITCH / 2.0), vec2(rect.width(), PITCH));
        text(pos2(rect.left(), y), Align2::LEFT_CENTER, name.to_owned(), tokens.text);
        let said = gain.map_or(say!("promises-unknown").to_owned(), brief);
        let response = ui.interact(row, ui.scope_id().with(("promise", index)), Sense::hover());
        response.widget_info(|| {
            eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Label, true, format!("{name}: {said}"))
        });
        response.on_hover_text(hint);
        let end = gain.map_or(left, |gain| {
            // What came below nothing is bad news.
            let colour = if gain < 0.0 { tokens.alarm } else { colour };
            let bar = Rect::from_x_y_ranges(
                place(gain.min(0.0))..=place(gain.max(0.0)).max(place(gain.min(0.0)) + 1.5),
                y - 4.0..=y + 4.0,
            );
            painter.rect_filled(bar, 2.0, colour);
            bar.right()
        });
        text(pos2(end + 5.0, y), Align2::LEFT_CENTER, said, tokens.weak);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::Estimator;
    use crate::lab::{CandidateRecord, JointRecord};
    use crate::morphism::{Candidate, CostDelta, Family};

    #[test]
    fn there_are_bars_once_changes_are_chosen_together() {
        let mut round = Round::new(1, Estimator::Sampled);
        round.joint = Some(JointRecord { sum_of_single: 0.07, promised: 0.03, ..JointRecord::default() });
        assert_eq!(bars(&round), None, "nothing is chosen");
        let candidate = Candidate::named(Family::Split, "conv1", Some(0)).unwrap();
        let record = CandidateRecord::new(&candidate, &CostDelta { parameters: 0, flops: 0 });
        round.candidates.push(CandidateRecord { chosen: true, ..record });
        let gains = bars(&round).unwrap().map(|(_, _, gain)| gain);
        assert_eq!(gains, [Some(0.07), Some(0.03), None]);
    }
}
