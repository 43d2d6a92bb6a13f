//! Plots, the same for the screen and for files: a [`Picture`] becomes a [`Scene`] of lines, surfaces and texts, which
//! the screen and the writers of SVG and PNG only draw.

mod axis;
mod bars;
mod blocks;
mod cells;
#[cfg(all(any(feature = "app", feature = "cli"), not(target_arch = "wasm32")))]
mod frames;
mod mark;
mod panel;
#[cfg(all(any(feature = "app", feature = "cli"), not(target_arch = "wasm32")))]
mod raster;
mod scene;
mod svg;

pub use axis::{Axis, Scale, Unit, knee, round_step};
pub use bars::{Bars, Row};
pub use blocks::{Block, Blocks, Bypass, Fate};
pub use cells::{Cell, Column};
#[cfg(all(any(feature = "app", feature = "cli"), not(target_arch = "wasm32")))]
pub use frames::{movie, png};
pub use mark::{LOOKS, mark, sign};
pub use panel::{Drawn, Look, Panel, Point, Series};
#[cfg(all(any(feature = "app", feature = "cli"), not(target_arch = "wasm32")))]
pub use raster::{Pixels, pixels};
pub use scene::{Anchor, Ink, Item, Place, Scene, Text, text_width};
pub use svg::{svg, svg_on};

/// The narrowest that a chart may be.
const LEAST: f32 = 215.0;
/// Width of a column in a file.
const COLUMN: f32 = 330.0;
/// Room around everything in a file.
const MARGIN: f32 = 14.0;

/// A picture of a run or a study.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The title above everything.
    pub title: String,
    /// Lines below it: sizes, and how to read it.
    pub notes: Vec<String>,
    /// What it shows.
    pub content: Content,
}

/// What a picture shows.
#[derive(Clone, Debug)]
pub enum Content {
    /// Charts, from left to right and in rows.
    Panels {
        /// Columns of the file; a chart takes one or more.
        columns: usize,
        /// The charts.
        panels: Vec<Panel>,
    },
    /// A network, coloured by what can be done to its channels.
    Cells(Vec<Column>),
    /// A network at several moments, one below another.
    Blocks(Vec<Blocks>),
    /// Things with their values.
    Bars(Bars),
    /// Several of these, one below another.
    Parts(Vec<Content>),
}

impl Content {
    /// Its width in a file.
    fn width(&self) -> f32 {
        match self {
            Content::Panels { columns, .. } => COLUMN * *columns as f32,
            Content::Cells(columns) => (130.0 * columns.len() as f32).max(640.0),
            Content::Blocks(moments) => blocks::width(moments),
            Content::Bars(_) => 2.0 * COLUMN,
            Content::Parts(parts) => parts.iter().map(Content::width).fold(0.0, f32::max),
        }
    }

    /// Draws it; where it ends.
    fn draw(&self, scene: &mut Scene, at: Place, width: f32) -> f32 {
        match self {
            Content::Cells(columns) => {
                cells::draw(scene, columns, at, width);
                at.1 + cells::height(columns)
            }
            Content::Panels { columns, panels } => draw_panels(scene, *columns, panels, at, width),
            Content::Blocks(moments) => blocks::draw(scene, moments, at, width),
            Content::Bars(bars) => bars.draw(scene, at, width),
            Content::Parts(parts) => {
                parts.iter().fold(at.1, |top, part| part.draw(scene, (at.0, top), width))
            }
        }
    }
}

impl Picture {
    /// The picture as the text of an SVG file.
    pub fn svg(&self) -> String {
        svg::svg(&self.page())
    }

    /// The picture with title and notes, for a file.
    pub fn page(&self) -> Scene {
        self.page_of(self.content.width())
    }

    /// The width that it takes in a file, without its margins.
    pub fn width(&self) -> f32 {
        self.content.width()
    }

    /// The picture with title and notes in a width without margins.
    pub fn page_of(&self, width: f32) -> Scene {
        let mut scene = Scene { width: width + 2.0 * MARGIN, ..Scene::default() };
        let mut top = MARGIN;
        for line in wrapped(&self.title, 14.0, width) {
            scene.text(line, (MARGIN, top + 8.0), 14.0, Ink::Text, Anchor::Start).bold = true;
            top += 20.0;
        }
        for line in self.notes.iter().flat_map(|note| wrapped(note, 10.5, width)) {
            scene.text(line, (MARGIN, top + 7.0), 10.5, Ink::Weak, Anchor::Start);
            top += 15.0;
        }
        let bottom = self.content.draw(&mut scene, (MARGIN, top + 10.0), width);
        scene.height = bottom + MARGIN;
        scene
    }

    /// The picture without title and notes, for a screen of this width.
    pub fn scene(&self, width: f32) -> Scene {
        let mut scene = Scene { width, ..Scene::default() };
        scene.height = self.content.draw(&mut scene, (0.0, 0.0), width);
        scene
    }
}

fn draw_panels(scene: &mut Scene, columns: usize, panels: &[Panel], at: Place, width: f32) -> f32 {
    // As many columns as there is room for, so that rows keep what belongs together in the file's rows.
    let fit = |count: &usize| columns.is_multiple_of(*count) && *count as f32 * LEAST <= width;
    let columns = (1..=columns.max(1)).rev().find(fit).unwrap_or(1);
    let column = width / columns as f32;
    let mut top = at.1;
    let mut named: Vec<(String, Look, bool)> = Vec::new();
    for row in rows(panels, columns) {
        let names = names(row);
        // Neighbours mostly show the same series: they are named once.
        if names.len() > 1 && names != named {
            let bars = row.iter().flat_map(|panel| &panel.series).all(|series| series.drawn == Drawn::Bars);
            top = legend(scene, &names, bars, (at.0, top), width) + 4.0;
            named = names;
        }
        let notes = row.iter().map(|panel| panel.notes.len()).max().unwrap_or(0) as f32;
        let narrowest = row.iter().map(|panel| panel.span.clamp(1, columns)).min().unwrap_or(1);
        let tallest = if narrowest > 1 { 540.0 } else { 290.0 };
        let height = (0.78 * column * narrowest as f32).clamp(185.0, tallest) + 14.0 * notes;
        let mut left = at.0;
        for panel in row {
            let wide = column * panel.span.clamp(1, columns) as f32;
            panel.draw(scene, (left, top), (wide - 8.0, height));
            left += wide;
        }
        top += height + 12.0;
    }
    top
}

/// The panels in rows of so many columns.
fn rows(panels: &[Panel], columns: usize) -> Vec<&[Panel]> {
    let mut rows = Vec::new();
    let (mut start, mut taken) = (0, 0);
    for (index, panel) in panels.iter().enumerate() {
        let span = panel.span.clamp(1, columns);
        if taken + span > columns {
            rows.push(&panels[start..index]);
            (start, taken) = (index, 0);
        }
        taken += span;
    }
    rows.push(&panels[start..]);
    rows
}

/// The series of a row, each once, with their looks, and whether they are lines without marks.
fn names(row: &[Panel]) -> Vec<(String, Look, bool)> {
    let mut names: Vec<(String, Look, bool)> = Vec::new();
    for series in row.iter().filter(|panel| panel.series.len() > 1).flat_map(|panel| &panel.series) {
        // Where colours tell something else, the legend is about marks.
        let look = match series.look {
            Look::Sign(mark, Ink::Along(_)) => Look::Sign(mark, Ink::Text),
            look => look,
        };
        let entry = (series.name.clone(), look, series.drawn == Drawn::Curve);
        if !names.contains(&entry) {
            names.push(entry);
        }
    }
    names
}

/// The marks of series with their names, in as many lines as they need; where it ends.
fn legend(scene: &mut Scene, names: &[(String, Look, bool)], bars: bool, at: Place, width: f32) -> f32 {
    let (mut x, mut y) = (at.0 + 4.0, at.1 + 9.0);
    for (name, look, line) in names {
        let wide = 32.0 + text_width(name, 11.5);
        if x + wide > at.0 + width && x > at.0 + 4.0 {
            (x, y) = (at.0 + 4.0, y + 17.0);
        }
        match (bars, line) {
            (true, _) => scene.rectangle((x, y - 4.5), (x + 9.0, y + 4.5), look.ink()),
            (false, true) => scene.line(vec![(x, y), (x + 10.0, y)], 1.6, look.ink()),
            (false, false) => look.draw(scene, (x + 5.0, y), 4.2),
        }
        scene.text(name, (x + 14.0, y), 11.5, Ink::Text, Anchor::Start);
        x += wide;
    }
    y + 14.0
}

/// A text in lines of this width.
fn wrapped(text: &str, size: f32, width: f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is a first line");
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        match text_width(&longer, size) > width && !line.is_empty() {
            true => lines.push(word.to_owned()),
            false => *line = longer,
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel(x: Axis, drawn: Drawn, points: &[(f64, f64)]) -> Panel {
        let points = points.iter().map(|&(x, y)| Point { x, y, dx: 0.0, dy: 0.1 }).collect();
        let series = |name: &str, look, points| Series {
            name: name.into(),
            look: Look::Numbered(look),
            drawn,
            points,
        };
        Panel {
            title: "A title".into(),
            x,
            y: Axis::linear("loss", Unit::Plain("nats")),
            diagonal: false,
            series: vec![series("ours", 0, points), series("none", 1, Vec::new())],
            span: 1,
            notes: Vec::new(),
        }
    }

    fn picture(panels: Vec<Panel>) -> Picture {
        Picture {
            title: "Three".into(),
            notes: vec!["how to read it".into()],
            content: Content::Panels { columns: 2, panels },
        }
    }

    fn spots(scene: &Scene) -> Vec<&str> {
        let mut said = Vec::new();
        for item in &scene.items {
            if let Item::Spot { text, .. } = item {
                said.push(text.as_str());
            }
        }
        said
    }

    #[test]
    fn every_panel_is_drawn_with_what_an_axis_cannot_hold_at_its_edge() {
        let points = [(1e6, 1.5), (1e9, 0.5), (0.0, 7.0), (f64::NAN, 1.0)];
        let cost = || Axis::logarithmic("cost", Unit::Count("FLOP"));
        let panels = vec![
            panel(cost(), Drawn::Line, &points),
            panel(cost(), Drawn::Points, &[]),
            panel(
                Axis::names("layer", vec!["conv1".into(), "conv2".into()]),
                Drawn::Bars,
                &[(0.0, 0.3), (1.0, -0.2)],
            ),
        ];
        let scene = picture(panels.clone()).scene(700.0);
        let said = spots(&scene);
        assert_eq!(said.len(), 3 + 2);
        assert_eq!(said[2], "ours\ncost: 0 FLOP\nloss: 7 nats ± 0.1 nats");
        assert_eq!(said[4], "ours\nlayer: conv2\nloss: −0.2 nats ± 0.1 nats");
        let places = scene.items.iter().filter_map(|item| match item {
            Item::Text(text) => Some(text.at),
            Item::Line { points, .. } | Item::Surface { points, .. } => points.first().copied(),
            Item::Spot { .. } => None,
        });
        for (x, y) in places {
            assert!((0.0..=700.0).contains(&x) && (0.0..=scene.height).contains(&y), "{x} {y}");
        }
        let text = picture(panels).svg();
        assert!(text.starts_with("<svg") && text.trim_end().ends_with("</svg>") && !text.contains("NaN"));
        for (part, count) in [(">A title<", 3), (">ours<", 1), (">Three<", 1), (">how to read it<", 1)] {
            assert_eq!(text.matches(part).count(), count, "{part}");
        }
    }

    #[test]
    fn a_narrow_screen_has_fewer_columns() {
        let one = || panel(Axis::linear("x", Unit::Plain("")), Drawn::Points, &[(1.0, 2.0)]);
        let picture = picture(vec![one(), one(), one(), one()]);
        let lefts = |width: f32| {
            let scene = picture.scene(width);
            let mut lefts = std::collections::BTreeSet::new();
            for item in &scene.items {
                if let Item::Text(text) = item
                    && text.text == "A title"
                {
                    lefts.insert(text.at.0 as i32);
                }
            }
            lefts.len()
        };
        assert_eq!((lefts(250.0), lefts(700.0)), (1, 2));
    }

    #[test]
    fn long_texts_are_wrapped_between_words() {
        assert_eq!(wrapped("one two three", 10.0, 45.0), ["one two", "three"]);
        assert_eq!(wrapped("unbreakable", 10.0, 5.0), ["unbreakable"]);
    }
}
