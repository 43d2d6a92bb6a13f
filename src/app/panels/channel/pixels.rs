//! A place of the activation taken apart: the pixels under the kernel times its weights, and what norm and ReLU make
//! of the sum. Where a split of the channel is learned, its two children stand beside it.

use std::sync::Arc;

use eframe::egui::{self, Align2, FontId, Rect, RichText, Sense, Ui, vec2};

use crate::app::drawing::tokens::Tokens;
use crate::app::view::{View, present_round};
use crate::app::worker::board::{Look, Moment, Snapshot};
use crate::format::decimal;
use crate::morphism::{Family, Morphism, apply};
use crate::network::{CloseUp, Layer, Network, Share, Step, product};
use crate::words::{local, say};

/// Input channels that are shown, those that add most.
const SHOWN: usize = 3;
/// Size of a number's cell, in points.
const CELL: egui::Vec2 = vec2(31.0, 18.0);
/// Kernels up to this size are drawn with their numbers.
const NUMBERED: usize = 3;

/// The network with a channel split.
struct Children {
    network: Network,
    /// The second child's number; the first has its parent's.
    second: usize,
    /// How much of φ.
    scale: f32,
    /// Whether the validation images found that no step along φ helps.
    is_unwanted: bool,
}

/// What is kept between frames: the children that were made last, with the moment and the split they are of.
#[derive(Default)]
pub struct Pixels {
    children: Option<((Moment, String), Option<Children>)>,
}

impl Pixels {
    /// Draws a place of a channel of a layer.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        snapshot: &Snapshot,
        view: &View,
        look: &Look,
        (layer, channel, place): (&Layer, usize, (usize, usize)),
    ) {
        let network = &look.model.network;
        let input = network.architecture.node(&layer.name).ok().and_then(|node| node.inputs.first());
        let input = input.and_then(|input| look.outputs.get(input));
        let Some(input) = input else {
            ui.label(RichText::new(say!("channel-not-computed")).weak());
            return;
        };
        let of = |network, channel| CloseUp::of(network, &layer.name, channel, input, place);
        let parent = match of(network, channel) {
            Ok(parent) => parent,
            Err(error) => return drop(ui.label(RichText::new(error.to_string()).weak())),
        };
        let mut seen = vec![(say!("channel-this"), parent)];
        // A split is of the network as it is now, which the activations may not be yet.
        let is_present = Arc::ptr_eq(&look.model, &snapshot.state.model);
        let children = self.children(snapshot, view, &layer.name, channel).filter(|_| is_present);
        if let Some(children) = children {
            let both =
                [(say!("channel-first-child"), channel), (say!("channel-second-child"), children.second)];
            seen.extend(
                both.into_iter().filter_map(|(name, child)| Some((name, of(&children.network, child).ok()?))),
            );
        }
        seen_ui(ui, &seen);
        if seen[0].1.node != layer.shown {
            ui.label(RichText::new(say!("channel-shortcut")).small().weak());
        }
        if let Some(children) = children {
            let text = match children.is_unwanted {
                false => say!("channel-children-part", scale = decimal(f64::from(children.scale), 2)),
                true => say!("channel-children-all").to_owned(),
            };
            let text = format!("{text} {}", say!("channel-children-halves"));
            ui.label(RichText::new(text).small().weak());
        }
    }

    /// The children of a channel, where a split of it is learned and may be seen: the selected one, else the
    /// first.
    fn children(
        &mut self,
        snapshot: &Snapshot,
        view: &View,
        layer: &str,
        channel: usize,
    ) -> Option<&Children> {
        let round = present_round(snapshot)?;
        let of_channel = |morphism: &&Morphism| {
            let candidate = &morphism.candidate;
            matches!(candidate.family, Family::Split | Family::SplitSymmetric)
                && (candidate.layer(), candidate.channel()) == (layer, Some(channel))
        };
        let splits = || snapshot.state.morphisms.iter().filter(of_channel);
        let selected = splits().find(|split| Some(split.candidate.id()) == view.candidate);
        let split = selected.or_else(|| splits().next()).filter(|_| !view.hides(snapshot, round))?;
        let of = (snapshot.moment(), split.candidate.id());
        if self.children.as_ref().is_none_or(|(shown, _)| *shown != of) {
            self.children = Some((of, children(snapshot, split)));
        }
        self.children.as_ref()?.1.as_ref()
    }
}

fn children(snapshot: &Snapshot, split: &Morphism) -> Option<Children> {
    let is_unwanted = split.is_neutral();
    let scale = if is_unwanted { 1.0 } else { split.scale };
    let grown = apply(&snapshot.state.model, &[Morphism { scale, ..split.clone() }]).ok()?;
    let weight = grown.network.tensor(&format!("{}.weight", split.candidate.layer())).ok()?;
    let second = weight.dim(0).ok()?.checked_sub(1)?;
    Some(Children { network: grown.network, second, scale, is_unwanted })
}

/// The sums in words, then the numbers that they are made of.
fn seen_ui(ui: &mut Ui, seen: &[(&str, CloseUp)]) {
    let (_, parent) = &seen[0];
    let picked: Vec<usize> = parent.shares.iter().take(SHOWN).map(|share| share.channel).collect();
    for (name, one) in seen {
        let text = sentence(one, &picked);
        let text = RichText::new(format!("{name}: {text}")).monospace().size(11.5);
        ui.add(egui::Label::new(text).wrap()).on_hover_text(steps_sentence(one));
    }
    let tokens = Tokens::of(ui);
    let largest = |values: &mut dyn Iterator<Item = f64>| values.fold(1e-12, |most, one| one.abs().max(most));
    let of_all = |of: fn(&Share) -> Vec<f64>| largest(&mut parent.shares.iter().flat_map(of));
    let most = [
        of_all(|share| share.pixels.iter().map(|pixel| pixel.map_or(0.0, f64::from)).collect()),
        of_all(|share| share.weights.iter().copied().map(f64::from).collect()),
        of_all(|share| products(share).collect()),
    ];
    egui::Grid::new("pixels and weights").spacing(vec2(10.0, 6.0)).show(ui, |ui| {
        let small = |ui: &mut Ui, text: &str| drop(ui.label(RichText::new(text).small().weak()));
        small(ui, say!("channel-input"));
        small(ui, say!("channel-pixels-under"));
        small(ui, say!("channel-times-kernel"));
        small(ui, say!("channel-products"));
        small(ui, say!("channel-sum"));
        for (name, _) in &seen[1..] {
            small(ui, &say!("channel-child-kernel", child = *name));
            small(ui, say!("channel-sum"));
        }
        ui.end_row();
        for channel in &picked {
            let shares = seen.iter().filter_map(|(_, one)| one.shares.iter().find(|s| s.channel == *channel));
            for (place, share) in shares.enumerate() {
                let kernel = Cells { side: parent.kernel, share, tokens: &tokens };
                let weight = |at: usize| Some(f64::from(share.weights[at]));
                if place == 0 {
                    small(ui, &format!("{channel}"));
                    kernel.ui(ui, most[0], |at| share.pixels[at].map(f64::from));
                    kernel.ui(ui, most[1], weight);
                    kernel.ui(ui, most[2], |at| Some(product(share.pixels[at], share.weights[at])));
                } else {
                    kernel.ui(ui, most[1], weight);
                }
                ui.label(RichText::new(signed(share.sum)).monospace().size(11.5));
            }
            ui.end_row();
        }
    });
}

fn products(share: &Share) -> impl Iterator<Item = f64> {
    share.pixels.iter().zip(&share.weights).map(|(pixel, weight)| product(*pixel, *weight))
}

/// How numbers under a kernel are drawn.
struct Cells<'a> {
    /// Rows and columns.
    side: usize,
    /// The input channel, for what is said under the pointer.
    share: &'a Share,
    tokens: &'a Tokens,
}

impl Cells<'_> {
    /// Draws a number for each place, in colours up to `most`; beyond the image there is none.
    fn ui(&self, ui: &mut Ui, most: f64, number: impl Fn(usize) -> Option<f64>) {
        let cell = if self.side <= NUMBERED { CELL } else { CELL * NUMBERED as f32 / self.side as f32 };
        let (rect, response) = ui.allocate_exact_size(cell * self.side as f32, Sense::hover());
        let of = |at: usize| {
            let corner = rect.min + vec2((at % self.side) as f32 * cell.x, (at / self.side) as f32 * cell.y);
            Rect::from_min_size(corner, cell).shrink(0.5)
        };
        for at in 0..self.side * self.side {
            let Some(number) = number(at) else {
                ui.painter().rect_filled(of(at), 0.0, self.tokens.back);
                continue;
            };
            // Never so strong that the number could not be read on it.
            let end = if number > 0.0 { self.tokens.warm } else { self.tokens.cold };
            let colour = self.tokens.raised.lerp_to_gamma(end, 0.55 * (number / most).abs() as f32);
            ui.painter().rect_filled(of(at), 1.0, colour);
            if self.side <= NUMBERED {
                let (place, font) = (of(at).center(), FontId::proportional(10.0));
                ui.painter().text(place, Align2::CENTER_CENTER, figures(number), font, self.tokens.text);
            }
        }
        response.on_hover_ui_at_pointer(|ui| {
            let pointed = ui.ctx().pointer_latest_pos();
            let under = (0..self.side * self.side).find(|at| pointed.is_some_and(|to| of(*at).contains(to)));
            if let Some(at) = under {
                ui.label(self.product_sentence(at));
            }
        });
    }

    fn product_sentence(&self, at: usize) -> String {
        let weight = f64::from(self.share.weights[at]);
        match self.share.pixels[at] {
            Some(pixel) => {
                let all = product(Some(pixel), self.share.weights[at]);
                format!("{} × {} = {}", figures(f64::from(pixel)), figures(weight), figures(all))
            }
            None => say!("channel-beyond", weight = figures(weight)),
        }
    }
}

/// The sum in numbers that add up as they stand: the picked input channels, the others together, the bias, and
/// what follows.
fn sentence(seen: &CloseUp, picked: &[usize]) -> String {
    let of = |channel: &usize| seen.shares.iter().find(|share| share.channel == *channel).map(|one| one.sum);
    let others: f64 =
        seen.shares.iter().filter(|share| !picked.contains(&share.channel)).map(|share| share.sum).sum();
    let mut parts: Vec<f64> = picked.iter().filter_map(of).collect();
    let (count, shown) = (seen.shares.len() - parts.len(), parts.len());
    parts.extend((count > 0).then_some(others));
    parts.push(seen.bias);
    let told = adding_up(&parts);
    let mut text = told[..shown].iter().map(|one| signed(*one)).collect::<Vec<_>>().join(" ");
    if count > 0 {
        let others = say!("channel-others", count = count);
        text.push_str(&format!("  {others} {}", signed(told[shown])));
    }
    let sum: f64 = told.iter().sum();
    let bias = say!("channel-bias");
    text.push_str(&format!("  {bias} {} = {}", signed(told[told.len() - 1]), plain(sum)));
    for (step, value) in &seen.steps {
        let name = if *step == Step::Relu { "ReLU" } else { say!("channel-norm") };
        text.push_str(&format!(" → {name} {}", plain(*value)));
    }
    text
}

/// What norm and ReLU do, with their numbers.
fn steps_sentence(seen: &CloseUp) -> String {
    let mut text = say!("channel-steps").to_owned();
    for (step, value) in &seen.steps {
        let made = match step {
            Step::Norm { mean, deviation, weight, bias } => say!(
                "channel-norm-step",
                mean = signed(-mean),
                deviation = plain(*deviation),
                weight = plain(*weight),
                bias = signed(*bias)
            ),
            Step::Relu => say!("channel-relu-step").to_owned(),
        };
        text.push_str(&format!("\n{made} = {}", plain(*value)));
    }
    text
}

/// Numbers rounded to three decimals so that they add up to their rounded sum: each is at most one in the last
/// place off.
fn adding_up(parts: &[f64]) -> Vec<f64> {
    let (mut exact, mut told) = (0.0, 0.0);
    let next = |part: &f64| {
        exact += part;
        let before = told;
        told = (exact * 1e3_f64).round();
        (told - before) / 1e3
    };
    parts.iter().map(next).collect()
}

fn signed(value: f64) -> String {
    without_lost_sign(format!("{value:+.3}"), "+0.000")
}

fn plain(value: f64) -> String {
    without_lost_sign(format!("{value:.3}"), "0.000")
}

/// Three figures, and no more than three decimals.
fn figures(value: f64) -> String {
    let decimals = (2.0 - value.abs().max(1e-9).log10().floor()).clamp(0.0, 3.0) as usize;
    without_lost_sign(format!("{value:.decimals$}"), "0")
}

/// The number as the language writes it; `zero` in place of one that is rounded to −0.
fn without_lost_sign(text: String, zero: &str) -> String {
    let is_lost = text.starts_with('-') && text.parse() == Ok(0.0_f64);
    local(if is_lost { zero.to_owned() } else { text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_parts_add_up_as_they_stand() {
        let parts = [0.12345, -0.07861, 1.0004, 0.0004, 0.0004, -0.9999, 0.0004];
        let told = adding_up(&parts);
        let thousandths: Vec<i64> = told.iter().map(|one| (one * 1e3).round() as i64).collect();
        let sum: f64 = parts.iter().sum();
        assert_eq!(thousandths.iter().sum::<i64>(), (sum * 1e3).round() as i64);
        for (told, part) in told.iter().zip(parts) {
            assert!((told - part).abs() < 1e-3, "{told} for {part}");
        }
    }

    #[test]
    fn a_sum_is_told_with_the_channels_that_add_most() {
        let share =
            |channel, sum: f64| Share { channel, pixels: vec![Some(1.0)], weights: vec![sum as f32], sum };
        let mut seen = CloseUp {
            kernel: 1,
            shares: vec![share(4, 0.5), share(0, -0.25), share(2, 0.125), share(1, 0.06), share(3, 0.06)],
            bias: -0.6,
            sum: -0.105,
            steps: vec![(Step::Relu, 0.0)],
            node: "relu1".into(),
        };
        let text = sentence(&seen, &[4, 0, 2]);
        assert_eq!(text, "+0.500 -0.250 +0.125  2 other channels +0.120  bias -0.600 = -0.105 → ReLU 0.000");
        seen.shares.truncate(2);
        assert!(sentence(&seen, &[4, 0]).starts_with("+0.500 -0.250  bias -0.600 = -0.350"));
        // A child's channels stand in its parent's order.
        assert!(sentence(&seen, &[0, 4]).starts_with("-0.250 +0.500  bias"));
    }

    #[test]
    fn numbers_have_three_figures() {
        let numbers = [0.12345, -0.5, 12.345, -123.45, -0.0001, 0.0].map(figures);
        assert_eq!(numbers, ["0.123", "-0.500", "12.3", "-123", "0", "0.000"]);
        assert_eq!([signed(-0.0001), plain(-0.0001), signed(0.25)], ["+0.000", "0.000", "+0.250"]);
    }
}
