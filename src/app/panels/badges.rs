//! Signs on the network's cells, so that nothing is told by colour alone. Of what is chosen: the family's own sign
//! on a channel, a line below a column for what changes a whole layer. Of gains: a bar across what is worth
//! splitting or pruning. Around cells: a ring close by for what is new, one farther out for what is looked at.

use std::collections::BTreeMap;

use eframe::egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, vec2};

use crate::app::drawing::tokens::{STRONG, Tokens};
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

/// What stands for a gain besides its colour: a bar from top to bottom, as a split would part the cell, or one
/// across, as for what may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    /// Splitting gains much.
    Upright,
    /// Pruning costs little.
    Level,
}

impl Bar {
    /// That of a score, 1 where splitting gains most and −1 where pruning costs least; none in between.
    pub fn of(score: f32) -> Option<Self> {
        (score.abs() >= STRONG).then_some(if score > 0.0 { Bar::Upright } else { Bar::Level })
    }

    /// Draws it on a cell that has room for it.
    pub fn draw(self, painter: &Painter, cell: Rect, tokens: &Tokens) {
        if cell.width() < LEAST {
            return;
        }
        let reach = 0.22 * cell.width();
        let along = if self == Bar::Upright { vec2(0.0, reach) } else { vec2(reach, 0.0) };
        let line = Stroke::new((0.07 * cell.width()).clamp(1.2, 2.2), tokens.back);
        painter.line_segment([cell.center() - along, cell.center() + along], line);
    }
}

/// Why a cell has rings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rings {
    /// No training has touched it yet.
    pub new: bool,
    /// The candidate that is explained is about it.
    pub spoken: bool,
    /// Its panel is open.
    pub selected: bool,
}

impl Rings {
    /// Distance from the cell, width and colour of each.
    fn lines(self, tokens: &Tokens) -> Vec<(f32, f32, Color32)> {
        let Self { new, spoken, selected } = self;
        let close = new.then_some((1.0, 2.0, tokens.new));
        // What is new keeps its ring.
        let out = if new { 3.5 } else { 1.0 };
        let far = match (selected, spoken) {
            (true, _) => Some((out, 2.5, tokens.text)),
            (false, true) => Some((out, 2.0, tokens.accent)),
            (false, false) => None,
        };
        close.into_iter().chain(far).collect()
    }

    /// Draws them.
    pub fn draw(self, painter: &Painter, cell: Rect, tokens: &Tokens) {
        for (out, width, colour) in self.lines(tokens) {
            let line = Stroke::new(width, colour);
            painter.rect_stroke(cell.expand(out), 0.2 * cell.width(), line, StrokeKind::Outside);
        }
        if self.new && cell.width() >= LEAST {
            painter.circle_filled(cell.left_top() + vec2(0.5, 0.5), 3.0, tokens.new);
        }
    }
}

/// A dashed outline: a channel that goes or is gone.
pub fn ghost(painter: &Painter, cell: Rect, colour: Color32, tokens: &Tokens) {
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
    use crate::app::drawing::tokens::DARK;
    use crate::estimate::Estimator;
    use crate::lab::CandidateRecord;
    use crate::morphism::{Candidate, CostDelta};

    #[test]
    fn what_is_worth_splitting_and_what_may_go_differ_without_their_colours() {
        assert_eq!([Bar::of(1.0), Bar::of(STRONG)], [Some(Bar::Upright); 2]);
        assert_eq!([Bar::of(-1.0), Bar::of(-STRONG)], [Some(Bar::Level); 2]);
        assert_eq!([Bar::of(0.0), Bar::of(0.3), Bar::of(-0.3)], [None; 3]);
    }

    #[test]
    fn a_new_cell_that_is_looked_at_has_both_rings() {
        let count = |new, spoken, selected| Rings { new, spoken, selected }.lines(&DARK).len();
        assert_eq!(
            [count(false, false, false), count(true, false, false), count(false, true, true)],
            [0, 1, 1]
        );
        let both = Rings { new: true, spoken: false, selected: true }.lines(&DARK);
        // The outer one begins where the inner one has ended.
        assert!(both[1].0 > both[0].0 + both[0].1, "{both:?}");
    }

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
