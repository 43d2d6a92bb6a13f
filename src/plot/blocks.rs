//! A network as blocks, one a layer with a cell for each channel, at one moment or at several: what has just come is
//! marked, what has just gone is left as an empty outline.

use super::scene::{Anchor, Ink, Item, Place, Scene, text_width};
use crate::words::say;

/// What became of a layer, a channel or a shortcut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was there before.
    Kept,
    /// It is new.
    New,
    /// It has gone.
    Gone,
}

/// A layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Its name.
    pub name: String,
    /// What has to be said of it, in lines.
    pub details: Vec<String>,
    /// Its place along the network, from 0 to 1.
    pub along: f64,
    /// The layer's own fate.
    pub fate: Fate,
    /// Those of its channels.
    pub channels: Vec<Fate>,
}

/// A shortcut around blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bypass {
    /// The block whose output it takes; none for the image.
    pub from: Option<usize>,
    /// The block to whose output it is added.
    pub to: usize,
    /// Its fate.
    pub fate: Fate,
}

/// A network at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocks {
    /// The moment.
    pub title: String,
    /// What has to be known of the network then.
    pub said: String,
    /// How many classes it tells apart.
    pub classes: usize,
    /// Its layers, those that have gone among them.
    pub blocks: Vec<Block>,
    /// Its shortcuts.
    pub arcs: Vec<Bypass>,
}

/// The side of a cell, at most and at least, and the gap to the next.
const SIDES: (f32, f32) = (9.0, 3.0);
const GAP: f32 = 2.0;
/// The most rows of cells.
const ROWS: usize = 12;
/// The least that a block takes with the room to the next, and the most.
const PITCH: (f32, f32) = (66.0, 118.0);
/// Room between blocks.
const BETWEEN: f32 = 24.0;
/// Room for the image's name at the left, and for the classes' at the right.
const ENDS: (f32, f32) = (44.0, 64.0);
/// Height of names, of details, and of a line of them.
const NAME: f32 = 11.5;
const DETAIL: f32 = 9.5;
const LINE: f32 = 12.5;
/// Height of a shortcut above the one below it.
const LEVEL: f32 = 7.0;
/// The colour of what is new.
const NEW: Ink = Ink::Series(5);

/// The width that moments of a network need in a file.
pub(super) fn width(moments: &[Blocks]) -> f32 {
    let most = moments.iter().map(|moment| moment.blocks.len()).max().unwrap_or(0) as f32;
    (ENDS.0 + PITCH.0 * most + ENDS.1).max(660.0)
}

/// Draws the moments one below another, under what says how to read them; where they end.
pub(super) fn draw(scene: &mut Scene, moments: &[Blocks], at: Place, width: f32) -> f32 {
    legend(scene, at);
    moments.iter().fold(at.1 + 26.0, |top, moment| moment.draw(scene, (at.0, top), width))
}

/// What the cells mean.
fn legend(scene: &mut Scene, at: Place) {
    let (mut x, y) = (at.0, at.1 + 8.0);
    for (fate, text) in [
        (Fate::Kept, say!("pictures-a-channel")),
        (Fate::New, say!("pictures-new")),
        (Fate::Gone, say!("pictures-gone")),
    ] {
        cell(scene, (x, y - SIDES.0 / 2.0), SIDES.0, fate, 0.0);
        scene.text(text, (x + SIDES.0 + 5.0, y), 10.5, Ink::Text, Anchor::Start);
        x += SIDES.0 + 19.0 + text_width(text, 10.5);
    }
}

/// A channel.
fn cell(scene: &mut Scene, (left, top): Place, side: f32, fate: Fate, along: f64) {
    let end = (left + side, top + side);
    match fate {
        Fate::Kept => scene.rectangle((left, top), end, Ink::Along(along)),
        Fate::New => {
            scene.rectangle((left, top), end, NEW);
            scene.line(outline((left, top), end), 1.0, Ink::Text);
        }
        Fate::Gone => {
            scene.line(outline((left + 0.5, top + 0.5), (end.0 - 0.5, end.1 - 0.5)), 0.8, Ink::Weak)
        }
    }
}

fn outline(from: Place, to: Place) -> Vec<Place> {
    vec![from, (to.0, from.1), to, (from.0, to.1), from]
}

impl Blocks {
    fn draw(&self, scene: &mut Scene, at: Place, width: f32) -> f32 {
        scene.text(&self.title, (at.0, at.1 + 8.0), 12.5, Ink::Text, Anchor::Start).bold = true;
        let beside = at.0 + text_width(&self.title, 12.5) + 14.0;
        scene.text(&self.said, (beside, at.1 + 8.0), 10.5, Ink::Weak, Anchor::Start);

        let levels = self.levels();
        let above = levels.iter().max().map_or(0.0, |most| LEVEL * (most + 1) as f32 + 4.0);
        let names = at.1 + 28.0 + above;
        let lines = self.blocks.iter().map(|block| block.details.len()).max().unwrap_or(0) as f32;
        let top = names + LINE * (1.0 + lines) + 4.0;
        let count = self.blocks.len().max(1) as f32;
        let pitch = ((width - ENDS.0 - ENDS.1) / count).min(PITCH.1);
        let inner = pitch - BETWEEN;
        let lefts: Vec<f32> =
            (0..self.blocks.len()).map(|index| at.0 + ENDS.0 + pitch * index as f32).collect();
        let middle = top + 4.0 + SIDES.0 / 2.0;

        let image = say!("pictures-image");
        scene.text(image, (at.0, middle), DETAIL, Ink::Text, Anchor::Start);
        let mut from = at.0 + text_width(image, DETAIL) + 3.0;
        let mut bottom = middle + SIDES.0;
        for (block, left) in self.blocks.iter().zip(&lefts) {
            arrow(scene, (from, middle), (*left - 2.0, middle));
            let (right, end) = block.draw(scene, (*left, names), (top, inner));
            (from, bottom) = (right + 2.0, bottom.max(end));
        }
        let end = at.0 + ENDS.0 + pitch * count - 3.0;
        arrow(scene, (from, middle), (end, middle));
        scene.text(
            say!("pictures-classes", classes = self.classes),
            (end + 4.0, middle),
            DETAIL,
            Ink::Text,
            Anchor::Start,
        );

        // A shortcut leaves after its block and comes in after another one.
        let behind = |index: usize| lefts[index] + inner + BETWEEN / 2.0;
        for (arc, level) in self.arcs.iter().zip(&levels) {
            let start = arc.from.map_or(at.0 + ENDS.0 - 8.0, |from| behind(from) + 3.0);
            let (end, high) = (behind(arc.to) - 3.0, names - 10.0 - LEVEL * *level as f32);
            let points = vec![(start, middle), (start, high), (end, high), (end, middle)];
            let (ink, width) = match arc.fate {
                Fate::Kept => (Ink::Weak, 1.0),
                Fate::New => (NEW, 2.0),
                Fate::Gone => (Ink::Weak, 0.8),
            };
            scene.items.push(Item::Line { points, width, ink, dashed: arc.fate == Fate::Gone });
        }
        bottom + 20.0
    }

    /// How high above the blocks each shortcut runs: those inside others run lower.
    fn levels(&self) -> Vec<usize> {
        let span = |arc: &Bypass| (arc.from.map_or(0, |from| from + 1), arc.to + 1);
        let mut order: Vec<usize> = (0..self.arcs.len()).collect();
        order.sort_by_key(|&index| span(&self.arcs[index]).1 - span(&self.arcs[index]).0);
        let mut levels = vec![0; self.arcs.len()];
        for (done, &index) in order.iter().enumerate() {
            let (from, to) = span(&self.arcs[index]);
            let crossed = order[..done].iter().filter(|&&other| {
                let (start, end) = span(&self.arcs[other]);
                start < to && from < end
            });
            levels[index] = crossed.map(|&other| levels[other] + 1).max().unwrap_or(0);
        }
        levels
    }
}

impl Block {
    /// Draws it with its name at a height, its cells from `top` on in a width; its right and lower ends.
    fn draw(&self, scene: &mut Scene, (left, names): Place, (top, inner): (f32, f32)) -> (f32, f32) {
        let ink = if self.fate == Fate::Gone { Ink::Weak } else { Ink::Text };
        scene.text(&self.name, (left, names), NAME, ink, Anchor::Start).bold = true;
        for (line, detail) in self.details.iter().enumerate() {
            let y = names + LINE * (line + 1) as f32;
            scene.text(detail, (left, y), DETAIL, Ink::Weak, Anchor::Start);
        }
        let (side, across) = self.sizes(inner);
        for (channel, fate) in self.channels.iter().enumerate() {
            let (row, column) = (channel / across, channel % across);
            let place = |index: usize| 4.0 + (side + GAP) * index as f32;
            cell(scene, (left + place(column), top + place(row)), side, *fate, self.along);
        }
        let columns = across.min(self.channels.len());
        let right = left + 8.0 - GAP + (side + GAP) * columns as f32;
        let bottom = top + 8.0 - GAP + (side + GAP) * self.channels.len().div_ceil(across) as f32;
        let (width, ink) = match self.fate {
            Fate::Kept => (0.8, Ink::Weak),
            Fate::New => (2.0, NEW),
            Fate::Gone => (0.8, Ink::Weak),
        };
        let points = outline((left, top), (right, bottom));
        scene.items.push(Item::Line { points, width, ink, dashed: self.fate == Fate::Gone });
        (right, bottom)
    }

    /// The side of a cell, and how many stand beside one another.
    fn sizes(&self, inner: f32) -> (f32, usize) {
        let across = |side: f32| (((inner - 8.0 + GAP) / (side + GAP)) as usize).clamp(1, 8);
        let mut side = SIDES.0;
        // Small cells may be many beside one another.
        while side > SIDES.1 && self.channels.len().div_ceil(across(side)) > ROWS {
            side -= 1.0;
        }
        let many = ((inner - 8.0 + GAP) / (side + GAP)) as usize;
        (side, if side < SIDES.0 { many.max(1) } else { across(side) })
    }
}

fn arrow(scene: &mut Scene, from: Place, to: Place) {
    if to.0 - from.0 < 4.0 {
        return;
    }
    scene.line(vec![from, to], 1.0, Ink::Weak);
    scene.line(vec![(to.0 - 3.0, to.1 - 2.5), to, (to.0 - 3.0, to.1 + 2.5)], 1.0, Ink::Weak);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(blocks: usize, channels: &[Fate], arcs: Vec<Bypass>) -> Blocks {
        let block = |index: usize| Block {
            name: format!("conv{}", index + 1),
            details: vec!["8 × 32²".into()],
            along: 0.5,
            fate: Fate::Kept,
            channels: channels.to_vec(),
        };
        let blocks = (0..blocks).map(block).collect();
        Blocks { title: "Seed".into(), said: "small".into(), classes: 3, blocks, arcs }
    }

    fn drawn(network: Blocks) -> (Scene, f32) {
        let width = width(std::slice::from_ref(&network));
        let mut scene = Scene { width, ..Scene::default() };
        let bottom = draw(&mut scene, &[network], (0.0, 0.0), width);
        (scene, bottom)
    }

    #[test]
    fn a_channel_is_a_cell_that_shows_what_became_of_it() {
        let fates = [Fate::Kept, Fate::Kept, Fate::New, Fate::Gone];
        let (scene, _) = drawn(network(2, &fates, Vec::new()));
        let of = |ink: Ink| {
            let is = |item: &&Item| matches!(item, Item::Surface { ink: other, .. } if *other == ink);
            scene.items.iter().filter(is).count()
        };
        // What is new is in the legend as well; what is kept stands there in the first layer's colour.
        assert_eq!((of(Ink::Along(0.5)), of(NEW)), (4, 2 + 1));
        let thin = |item: &&Item| matches!(item, Item::Line { width, ink: Ink::Weak, .. } if *width == 0.8);
        assert_eq!(scene.items.iter().filter(thin).count(), 2 + 1 + 2, "two gone, the legend, two blocks");
    }

    #[test]
    fn nothing_leaves_the_picture_however_wide_and_deep_the_network_is() {
        for (blocks, channels) in [(1, 1), (5, 16), (30, 64), (3, 1000)] {
            let arcs = vec![Bypass { from: None, to: blocks - 1, fate: Fate::Gone }];
            let (scene, bottom) = drawn(network(blocks, &vec![Fate::Kept; channels], arcs));
            for item in &scene.items {
                let places = match item {
                    Item::Line { points, .. } | Item::Surface { points, .. } => points.clone(),
                    Item::Text(text) => vec![(text.at.0 + text_width(&text.text, text.size), text.at.1)],
                    Item::Spot { .. } => Vec::new(),
                };
                for (x, y) in places {
                    assert!(
                        (0.0..=scene.width).contains(&x) && (0.0..=bottom).contains(&y),
                        "{blocks} {item:?}"
                    );
                }
            }
            assert!(bottom < 700.0, "{blocks} of {channels}: {bottom}");
        }
    }

    #[test]
    fn shortcuts_around_others_run_above_them() {
        let arc = |from, to| Bypass { from, to, fate: Fate::Kept };
        let arcs = vec![arc(None, 3), arc(Some(0), 1), arc(Some(1), 2)];
        assert_eq!(network(4, &[Fate::Kept], arcs).levels(), [1, 0, 0]);
    }
}
