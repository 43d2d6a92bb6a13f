//! What the selected change gains along its scale: the truth beside tangent and formula.

use eframe::egui::{RichText, Ui};

use super::selected::selected;
use crate::app::panels::along::{HEIGHT, along_ui};
use crate::app::panels::{Asked, PanelContext};
use crate::app::worker::Order;
use crate::format::{brief as gain, decimal};
use crate::lab::Along;
use crate::morphism::morph;
use crate::words::say;

/// Height of the slider and the numbers below the curves, in points.
const BELOW: f32 = 58.0;

/// Draws the curves, or what makes them.
pub fn scale_ui(ui: &mut Ui, context: &mut PanelContext<'_>, layer: &str, mark: &mut f64) {
    let (board, snapshot) = (context.board, context.snapshot);
    let round = snapshot.state.round;
    let candidate = match selected(context, layer) {
        Ok((candidate, _)) if morph(candidate.family).is_learned() => candidate,
        Ok(_) => {
            return drop(ui.label(RichText::new(say!("channel-not-learned-kind")).weak()));
        }
        Err(why) => return drop(ui.label(RichText::new(why).weak())),
    };
    let id = candidate.id();
    let is_it = |along: &Along| (along.id.as_str(), along.round) == (id.as_str(), round);
    let shown = board.along.as_ref().filter(|(run, along)| *run == snapshot.run && is_it(along));
    let Some((_, along)) = shown else {
        ui.label(say!("channel-scale-question"));
        let follow = say!("channel-follow", change = candidate.title());
        let button = ui.add_enabled_ui(!board.busy, |ui| ui.button(follow));
        if button.inner.clicked() {
            context.asked.push(Asked::Order(Order::Along { id }));
        }
        return;
    };
    let formula = snapshot.config.learning.estimator.name();
    // Below it stand the slider and the numbers.
    let height = (ui.available_height() - BELOW).clamp(90.0, HEIGHT);
    along_ui(ui, along, formula, height, mark);
    // Of the computed points, the nearest to the mark.
    let far = |place: &usize| (along.scales[*place] - *mark).abs();
    let nearest = (0..along.scales.len()).min_by(|a, b| far(a).total_cmp(&far(b)));
    if let Some(place) = nearest {
        let of = |gains: &[f64]| gains.get(place).map_or_else(|| "-".to_owned(), |one| gain(*one));
        let text = say!(
            "channel-scale-at",
            scale = decimal(along.scales[place], 2),
            truth = of(&along.actual),
            tangent = of(&along.first_order),
            formula = formula,
            estimate = of(&along.estimated)
        );
        ui.label(RichText::new(text).monospace().size(11.5));
    }
}
