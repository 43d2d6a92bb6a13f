//! Signs on the network's cells of what is chosen: the family's own sign on a channel, a line below a column
//! for what changes
//! a whole layer.

use std::collections::BTreeMap;

use eframe::egui::{Align2, FontId, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, vec2};

use crate::app::drawing::tokens::Tokens;
use crate::lab::Round;
use crate::morphism::{Family, morph};

/// The smallest cell that has room for a sign, in points.
const LEAST: f32 = 9.0;

/// What is chosen of a round.
#[derive(Default)]
pub struct Badges<'a> {
    channels: BTreeMap<(&'a str, usize), Family>,
    layers: BTreeMap<&'a str, Vec<Family>>,
}

impl<'a> Badges<'a> {
    /// Of the chosen candidates.
    pub fn of(round: &'a Round) -> Self {
        let mut badges = Self::default();
        for candidate in round.candidates.iter().filter(|candidate| candidate.chosen) {
            match candidate.channel() {
                Some(channel) => drop(badges.channels.insert((candidate.layer(), channel), candidate.family)),
                None => badges.layers.entry(candidate.layer()).or_default().push(candidate.family),
            }
        }
        badges
    }

    /// The family that is chosen for a channel.
    pub fn channel(&self, layer: &str, channel: usize) -> Option<Family> {
        self.channels.get(&(layer, channel)).copied()
    }

    /// What is chosen for a whole layer, in a line; empty if nothing is.
    pub fn layer(&self, layer: &str) -> String {
        let families = self.layers.get(layer).into_iter().flatten();
        let named = families.map(|family| format!("{} {family}", morph(*family).about().mark.glyph()));
        named.collect::<Vec<_>>().join(", ")
    }
}

/// Draws the sign of a chosen family on a cell: what goes becomes a ghost, anything else has a white ring.
pub fn badge(painter: &Painter, cell: Rect, family: Family, tokens: &Tokens) {
    let round = cell.width() * 0.18;
    if morph(family).removes_channel() {
        painter.rect_filled(cell, round, tokens.back.gamma_multiply(0.72));
        ghost(painter, cell, tokens.text, tokens);
        return;
    }
    painter.rect_stroke(cell.expand(1.0), round, Stroke::new(2.0, tokens.text), StrokeKind::Outside);
    if cell.width() >= LEAST {
        let centre = cell.right_top() + vec2(-0.5, 0.5);
        let radius = (0.3 * cell.width()).clamp(4.5, 7.0);
        painter.circle(centre, radius, tokens.back, Stroke::new(1.2, tokens.text));
        let font = FontId::proportional(1.45 * radius);
        painter.text(centre, Align2::CENTER_CENTER, morph(family).about().mark.glyph(), font, tokens.text);
    }
}

/// A dashed outline: a channel that goes or is gone.
pub fn ghost(painter: &Painter, cell: Rect, colour: eframe::egui::Color32, tokens: &Tokens) {
    let cell = cell.shrink(0.8);
    let corners: [Pos2; 5] =
        [cell.left_top(), cell.right_top(), cell.right_bottom(), cell.left_bottom(), cell.left_top()];
    painter.extend(Shape::dashed_line(&corners, Stroke::new(1.3, colour), 3.0, 2.5));
    if cell.width() >= LEAST {
        let line = Stroke::new(1.0, tokens.weak);
        painter.line_segment([cell.left_bottom(), cell.right_top()], line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::Estimator;
    use crate::lab::CandidateRecord;
    use crate::morphism::{Candidate, CostDelta};

    #[test]
    fn only_the_chosen_have_signs() {
        let mut round = Round::new(1, Estimator::Sampled);
        for (family, channel, chosen) in [
            (Family::Split, Some(0), true),
            (Family::Split, Some(1), false),
            (Family::Widen, None, true),
            (Family::Deepen, None, false),
        ] {
            let candidate = Candidate::named(family, "conv1", channel).unwrap();
            let record = CandidateRecord::new(&candidate, &CostDelta { parameters: 0, flops: 0 });
            round.candidates.push(CandidateRecord { chosen, ..record });
        }
        let badges = Badges::of(&round);
        assert_eq!(badges.channel("conv1", 0), Some(Family::Split));
        assert_eq!((badges.channel("conv1", 1), badges.channel("conv2", 0)), (None, None));
        assert_eq!((badges.layer("conv1").as_str(), badges.layer("conv2").as_str()), ("+ widen", ""));
    }
}
