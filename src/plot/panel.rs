//! A chart: its axes, and the series in it as points, lines or clusters of bars.

use super::axis::{Axis, Ruler, Scale};
use super::mark::{mark, sign};
use super::scene::{Anchor, Ink, Place, Scene, text_width};
use crate::morphism::Mark;

/// Height of the numbers at the ticks.
const SMALL: f32 = 10.5;
/// Height of labels.
const LABEL: f32 = 11.5;
/// Height of a line of a note.
const NOTE: f32 = 14.0;
/// Half the size of a mark.
const MARK: f32 = 3.6;

/// A point of a series.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Place along the x axis.
    pub x: f64,
    /// Place along the y axis.
    pub y: f64,
    /// Half the length of the interval around it along x; 0 for none.
    pub dx: f64,
    /// The same along y.
    pub dy: f64,
}

/// The mark and the colour of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Look {
    /// One of a list whose neighbours differ in both.
    Numbered(usize),
    /// These.
    Sign(Mark, Ink),
}

impl Look {
    /// The colour.
    pub(super) fn ink(self) -> Ink {
        match self {
            Look::Numbered(number) => Ink::Series(number),
            Look::Sign(_, ink) => ink,
        }
    }

    /// Draws the mark.
    pub(super) fn draw(self, scene: &mut Scene, at: Place, radius: f32) {
        match self {
            Look::Numbered(number) => mark(scene, number, at, radius),
            Look::Sign(mark, ink) => sign(scene, mark.shape, mark.filled, at, radius, ink),
        }
    }
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// A mark at each point.
    Points,
    /// Marks, and a line from each to the next.
    Line,
    /// A line alone, for many points.
    Curve,
    /// A dashed line from top to bottom through each point, its mark at the top: moments.
    Upright,
    /// A bar from 0 to each point; those of several series at one place stand side by side.
    Bars,
}

/// Points of one kind.
#[derive(Clone, Debug)]
pub struct Series {
    /// What they are.
    pub name: String,
    /// Its mark and its colour.
    pub look: Look,
    /// How it is drawn.
    pub drawn: Drawn,
    /// The points.
    pub points: Vec<Point>,
}

/// A chart.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The title above it.
    pub title: String,
    /// The axis along the bottom.
    pub x: Axis,
    /// The axis at the left; names run downwards.
    pub y: Axis,
    /// Whether both axes have one range and a line shows where they are equal.
    pub diagonal: bool,
    /// What it shows.
    pub series: Vec<Series>,
    /// Columns of the picture that it takes.
    pub span: usize,
    /// What has to be known to read it.
    pub notes: Vec<String>,
}

/// The place of a chart's axes in a picture.
struct Frame {
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
    x: Ruler,
    y: Ruler,
    /// Whether y runs downwards.
    down: bool,
}

impl Frame {
    fn x(&self, value: f64) -> f32 {
        self.left + (self.right - self.left) * self.x.place(value) as f32
    }

    fn y(&self, value: f64) -> f32 {
        self.height(self.y.place(value))
    }

    /// The height of a place along the y axis.
    fn height(&self, place: f64) -> f32 {
        let along = if self.down { place } else { 1.0 - place } as f32;
        self.top + (self.bottom - self.top) * along
    }
}

impl Panel {
    /// Draws it into an area from its upper left corner on.
    pub(super) fn draw(&self, scene: &mut Scene, at: Place, size: (f32, f32)) {
        let frame = self.frame(at, size);
        self.draw_axes(scene, &frame, at, size);
        if self.diagonal {
            let (low, high) = ((frame.left, frame.bottom), (frame.right, frame.top));
            scene.dashes(vec![low, high], Ink::Weak);
        }
        for (index, series) in self.series.iter().enumerate() {
            match series.drawn {
                Drawn::Bars => self.draw_bars(scene, &frame, index),
                Drawn::Points | Drawn::Line | Drawn::Curve => self.draw_points(scene, &frame, series),
                Drawn::Upright => self.draw_uprights(scene, &frame, series),
            }
        }
    }

    /// Points that the axes have a place for.
    fn points<'a>(&self, series: &'a Series) -> impl Iterator<Item = &'a Point> {
        let logarithmic = self.x.scale == Scale::Logarithmic;
        series.points.iter().filter(move |point| {
            point.x.is_finite() && point.y.is_finite() && (!logarithmic || point.x >= 0.0)
        })
    }

    fn frame(&self, (left, top): Place, (width, height): (f32, f32)) -> Frame {
        let points: Vec<&Point> = self.series.iter().flat_map(|series| self.points(series)).collect();
        let ends = |of: fn(&Point) -> (f64, f64)| -> Vec<f64> {
            points.iter().map(|point| of(point)).flat_map(|(at, half)| [at - half, at + half]).collect()
        };
        let (mut x, mut y) = (ends(|point| (point.x, point.dx)), ends(|point| (point.y, point.dy)));
        if self.series.iter().any(|series| series.drawn == Drawn::Bars) {
            y.push(0.0);
        }
        if self.diagonal {
            x.extend(&y);
            y.clone_from(&x);
        }
        let (x, y) = (self.x.ruler(x.into_iter()), self.y.ruler(y.into_iter()));
        let widest = y.ticks.iter().map(|(_, text)| text_width(text, SMALL)).fold(0.0, f32::max);
        let title = if y.title.is_empty() { 2.0 } else { 20.0 };
        let below = 38.0 + NOTE * self.notes.len() as f32;
        let above = if self.title.is_empty() { 10.0 } else { 26.0 };
        Frame {
            left: (left + title + widest + 8.0).min(left + 0.6 * width),
            right: left + width - 14.0,
            top: top + above,
            bottom: top + height - below,
            x,
            y,
            down: matches!(self.y.scale, Scale::Names(_)),
        }
    }

    fn draw_axes(&self, scene: &mut Scene, frame: &Frame, at: Place, (width, height): (f32, f32)) {
        let Frame { left, right, top, bottom, .. } = *frame;
        scene.text(&self.title, (left, at.1 + 13.0), 12.5, Ink::Text, Anchor::Start).bold = true;
        for (place, text) in &frame.y.ticks {
            let y = frame.height(*place);
            scene.line(vec![(left, y), (right, y)], 1.0, Ink::Grid);
            scene.text(text, (left - 6.0, y), SMALL, Ink::Text, Anchor::End);
        }
        let room = (right - left) / frame.x.ticks.len().max(1) as f32;
        let widest = frame.x.ticks.iter().map(|(_, text)| text_width(text, SMALL)).fold(0.0, f32::max);
        let each = ((widest + 4.0) / room.max(1.0)).ceil().max(1.0) as usize;
        let along = |place: f64| left + (right - left) * place as f32;
        for (index, (place, text)) in frame.x.ticks.iter().enumerate() {
            let x = along(*place);
            scene.line(vec![(x, bottom), (x, bottom + 4.0)], 1.0, Ink::Text);
            if index % each == 0 {
                scene.text(text, (x, bottom + 12.0), SMALL, Ink::Text, Anchor::Middle);
            }
        }
        for place in &frame.x.minor {
            scene.line(vec![(along(*place), bottom), (along(*place), bottom + 2.5)], 1.0, Ink::Text);
        }
        scene.line(vec![(left, top), (left, bottom)], 1.0, Ink::Text);
        scene.line(vec![(left, bottom), (right, bottom)], 1.0, Ink::Text);
        if let Some(gap) = frame.x.gap.map(along) {
            scene.rectangle((gap - 3.0, bottom - 2.0), (gap + 3.0, bottom + 2.0), Ink::Ground);
            for side in [gap - 3.0, gap + 3.0] {
                scene.line(vec![(side - 2.0, bottom + 5.0), (side + 2.0, bottom - 5.0)], 1.0, Ink::Text);
            }
        }
        let middle = ((left + right) / 2.0, bottom + 28.0);
        scene.text(&frame.x.title, middle, LABEL, Ink::Text, Anchor::Middle);
        if !frame.y.title.is_empty() {
            let middle = (at.0 + 10.0, (top + bottom) / 2.0);
            scene.text(&frame.y.title, middle, LABEL, Ink::Text, Anchor::Middle).upwards = true;
        }
        for (line, note) in self.notes.iter().enumerate() {
            let y = at.1 + height - NOTE * (self.notes.len() - line) as f32 + 4.0;
            scene.text(note, (at.0 + width / 2.0, y), 10.0, Ink::Weak, Anchor::Middle);
        }
    }

    fn draw_points(&self, scene: &mut Scene, frame: &Frame, series: &Series) {
        let ink = series.look.ink();
        let place = |point: &Point| (frame.x(point.x), frame.y(point.y));
        if series.drawn != Drawn::Points {
            // What lies beyond the break is not on the way.
            let on_the_way = |point: &&Point| frame.x.gap.is_none() || point.x > 0.0;
            let line: Vec<Place> = self.points(series).filter(on_the_way).map(place).collect();
            if line.len() > 1 {
                scene.line(line, 1.6, ink);
            }
        }
        if series.drawn == Drawn::Curve {
            return;
        }
        for point in self.points(series) {
            let (x, y) = place(point);
            if point.dy > 0.0 {
                let (low, high) = (frame.y(point.y - point.dy), frame.y(point.y + point.dy));
                interval(scene, (x, low), (x, high), ink);
            }
            if point.dx > 0.0 {
                let (low, high) = (frame.x(point.x - point.dx), frame.x(point.x + point.dx));
                interval(scene, (low, y), (high, y), ink);
            }
        }
        for point in self.points(series) {
            series.look.draw(scene, place(point), MARK);
            scene.spot(place(point), 6.0, self.said(series, point));
        }
    }

    fn draw_uprights(&self, scene: &mut Scene, frame: &Frame, series: &Series) {
        for point in self.points(series) {
            let (x, top) = (frame.x(point.x), frame.top);
            scene.dashes(vec![(x, top), (x, frame.bottom)], series.look.ink());
            series.look.draw(scene, (x, top), MARK);
            scene.spot((x, top), 6.0, format!("{}\n{}: {}", series.name, self.x.label, self.x.said(point.x)));
        }
    }

    fn draw_bars(&self, scene: &mut Scene, frame: &Frame, index: usize) {
        let bars: Vec<usize> =
            (0..self.series.len()).filter(|index| self.series[*index].drawn == Drawn::Bars).collect();
        let among = bars.iter().position(|bar| *bar == index).unwrap_or(0) as f32;
        let cluster = 0.82 * (frame.x(1.0) - frame.x(0.0));
        let width = cluster / bars.len().max(1) as f32;
        let series = &self.series[index];
        for point in self.points(series) {
            let from = frame.x(point.x) - cluster / 2.0 + width * among;
            let (zero, end) = (frame.y(0.0), frame.y(point.y));
            scene.rectangle((from, zero.min(end)), (from + 0.88 * width, zero.max(end)), series.look.ink());
            let middle = from + 0.44 * width;
            if point.dy > 0.0 {
                let (low, high) = (frame.y(point.y - point.dy), frame.y(point.y + point.dy));
                interval(scene, (middle, low), (middle, high), Ink::Text);
            }
            scene.spot((middle, end), (width / 2.0).max(3.0), self.said(series, point));
        }
        if among as usize + 1 == bars.len() {
            scene.line(vec![(frame.left, frame.y(0.0)), (frame.right, frame.y(0.0))], 1.0, Ink::Text);
        }
    }

    /// What a point says of itself.
    fn said(&self, series: &Series, point: &Point) -> String {
        let axis = |axis: &Axis, value: f64, half: f64| {
            let label = if axis.label.is_empty() { String::new() } else { format!("{}: ", axis.label) };
            let interval = if half > 0.0 { format!(" ± {}", axis.said(half)) } else { String::new() };
            format!("{label}{}{interval}", axis.said(value))
        };
        format!("{}\n{}\n{}", series.name, axis(&self.x, point.x, point.dx), axis(&self.y, point.y, point.dy))
    }
}

/// An interval with its ends, along one axis.
fn interval(scene: &mut Scene, from: Place, to: Place, ink: Ink) {
    scene.line(vec![from, to], 1.1, ink);
    let across = if from.0 == to.0 { (2.5, 0.0) } else { (0.0, 2.5) };
    for end in [from, to] {
        scene.line(
            vec![(end.0 - across.0, end.1 - across.1), (end.0 + across.0, end.1 + across.1)],
            1.1,
            ink,
        );
    }
}
