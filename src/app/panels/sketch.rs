//! A family's change as a small drawing: the layers as columns of channels, what comes in yellow with rings and thick lines,
//! what goes in blue with crosses.

use eframe::egui::{Color32, Painter, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::app::drawing::tokens::Tokens;
use crate::morphism::sketch::{COLUMNS, Ink, ROWS, SIZE, Sketch, Stroke as Part};
use crate::morphism::{Family, morph};

/// Draws it.
pub fn sketch_ui(ui: &mut Ui, family: Family) {
    let (rect, _) = ui.allocate_exact_size(vec2(SIZE.0, SIZE.1), Sense::hover());
    let pen = Pen { painter: ui.painter(), origin: rect.min, tokens: Tokens::of(ui) };
    match morph(family).about().sketch {
        Sketch::Layers(strokes) => pen.layers(strokes),
        Sketch::Ring => pen.kernel(),
    }
}

struct Pen<'a> {
    painter: &'a Painter,
    origin: Pos2,
    tokens: Tokens,
}

impl Pen<'_> {
    fn colour(&self, ink: Ink) -> Color32 {
        match ink {
            Ink::Kept => self.tokens.weak,
            Ink::New => self.tokens.new,
            Ink::Gone => self.tokens.cold,
        }
    }

    /// The middle layer's change, between the layer before and the one after.
    fn layers(&self, strokes: &[Part]) {
        let [before, layer, reader] = COLUMNS;
        self.column(before, &ROWS, Ink::Kept);
        self.column(reader, &ROWS, Ink::Kept);
        self.line(&[(before + 5.0, ROWS[1]), (layer - 5.0, ROWS[1])], Ink::Kept);
        self.line(&[(layer + 5.0, ROWS[1]), (reader - 5.0, ROWS[1])], Ink::Kept);
        for stroke in strokes {
            match *stroke {
                Part::Channels { x, rows, ink } => self.column(x, rows, ink),
                Part::Line(points, ink) => self.line(points, ink),
                Part::Cross(at, ink) => self.cross(at, ink),
            }
        }
    }

    /// A kernel of 3×3 in a ring.
    fn kernel(&self) {
        let Tokens { weak, new, .. } = self.tokens;
        let side = 6.0;
        for (row, column) in (0..25).map(|index| (index / 5, index % 5)) {
            let inside = (1..4).contains(&row) && (1..4).contains(&column);
            let corner = self.at((SIZE.0 / 2.0 + (column as f32 - 2.5) * side, 2.0 + row as f32 * side));
            let cell = Rect::from_min_size(corner, vec2(side - 1.0, side - 1.0));
            let (fill, line) = match inside {
                true => (weak, Stroke::NONE),
                false => (Color32::TRANSPARENT, Stroke::new(1.3, new)),
            };
            self.painter.rect(cell, 0.0, fill, line, StrokeKind::Inside);
        }
    }

    fn at(&self, (x, y): (f32, f32)) -> Pos2 {
        pos2(self.origin.x + x, self.origin.y + y)
    }

    fn column(&self, x: f32, rows: &[f32], ink: Ink) {
        for &row in rows {
            let (at, colour) = (self.at((x, row)), self.colour(ink));
            match ink {
                Ink::New => {
                    self.painter.circle(at, 4.2, Color32::TRANSPARENT, Stroke::new(1.0, colour));
                    self.painter.circle_filled(at, 2.4, colour);
                }
                Ink::Kept | Ink::Gone => {
                    self.painter.circle_filled(at, 3.0, colour);
                }
            }
        }
    }

    fn line(&self, points: &[(f32, f32)], ink: Ink) {
        let points = points.iter().map(|point| self.at(*point)).collect();
        let width = if ink == Ink::New { 2.4 } else { 1.5 };
        self.painter.line(points, Stroke::new(width, self.colour(ink)));
    }

    fn cross(&self, (x, y): (f32, f32), ink: Ink) {
        self.line(&[(x - 4.0, y - 4.0), (x + 4.0, y + 4.0)], ink);
        self.line(&[(x - 4.0, y + 4.0), (x + 4.0, y - 4.0)], ink);
    }
}
