//! A family's change as a small drawing: the layers as columns of channels, what comes in yellow, what goes in blue.

use eframe::egui::{Color32, Painter, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::app::drawing::tokens::Tokens;
use crate::morphism::Family;

/// Its size, in points.
const SIZE: (f32, f32) = (84.0, 34.0);
/// Across: the layer's input, the layer, what reads it.
const COLUMNS: [f32; 3] = [10.0, 42.0, 74.0];
/// Down: channels.
const ROWS: [f32; 3] = [8.0, 17.0, 26.0];

/// Draws it.
pub fn sketch_ui(ui: &mut Ui, family: Family) {
    let (rect, _) = ui.allocate_exact_size(vec2(SIZE.0, SIZE.1), Sense::hover());
    let sketch = Sketch { painter: ui.painter(), origin: rect.min, tokens: Tokens::of(ui) };
    sketch.family(family);
}

struct Sketch<'a> {
    painter: &'a Painter,
    origin: Pos2,
    tokens: Tokens,
}

impl Sketch<'_> {
    fn family(&self, family: Family) {
        let Tokens { weak, new, cold, .. } = self.tokens;
        let [before, layer, reader] = COLUMNS;
        if family == Family::Kernel {
            return self.kernel();
        }
        self.column(before, &ROWS, weak);
        self.column(reader, &ROWS, weak);
        self.line(&[(before + 5.0, ROWS[1]), (layer - 5.0, ROWS[1])], weak);
        self.line(&[(layer + 5.0, ROWS[1]), (reader - 5.0, ROWS[1])], weak);
        match family {
            Family::Split | Family::SplitSymmetric => {
                self.column(layer, &[ROWS[0] - 3.0, ROWS[2] + 3.0], weak);
                self.column(layer, &[ROWS[1] - 3.5, ROWS[1] + 3.5], new);
            }
            Family::Prune | Family::PruneMean => {
                self.column(layer, &[ROWS[0], ROWS[2]], weak);
                self.cross((layer, ROWS[1]), cold);
            }
            Family::Widen => {
                self.column(layer, &[ROWS[0] - 3.0, ROWS[1] - 3.0, ROWS[2] - 3.0], weak);
                self.column(layer, &[ROWS[2] + 5.0], new);
            }
            Family::Deepen => {
                self.column(layer, &ROWS, weak);
                self.column((layer + reader) / 2.0, &ROWS, new);
            }
            Family::Residual => {
                self.column(layer, &ROWS, weak);
                self.line(&[(layer, 3.0), (layer + 8.0, 1.0), (reader - 8.0, 1.0), (reader, 3.0)], new);
                self.column(layer + 11.0, &[4.0, 9.0], new);
                self.column(reader - 11.0, &[4.0, 9.0], new);
            }
            Family::Skip => {
                self.column(layer, &ROWS, weak);
                self.line(&[(before, 3.0), (before + 8.0, 1.0), (reader - 8.0, 1.0), (reader, 3.0)], new);
            }
            Family::RemoveLayer => {
                self.column(layer, &ROWS, cold);
                self.cross((layer, ROWS[1]), cold);
            }
            Family::RemoveSkip => {
                self.column(layer, &ROWS, weak);
                self.line(&[(before, 3.0), (before + 8.0, 1.0), (reader - 8.0, 1.0), (reader, 3.0)], cold);
                self.cross((layer, 2.0), cold);
            }
            Family::Kernel => {}
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
            let colour = if inside { weak } else { new };
            self.painter.rect(cell, 0.0, colour, Stroke::NONE, StrokeKind::Inside);
        }
    }

    fn at(&self, (x, y): (f32, f32)) -> Pos2 {
        pos2(self.origin.x + x, self.origin.y + y)
    }

    fn column(&self, x: f32, rows: &[f32], colour: Color32) {
        for &row in rows {
            self.painter.circle_filled(self.at((x, row)), 3.0, colour);
        }
    }

    fn line(&self, points: &[(f32, f32)], colour: Color32) {
        let points = points.iter().map(|point| self.at(*point)).collect();
        self.painter.line(points, Stroke::new(1.5, colour));
    }

    fn cross(&self, (x, y): (f32, f32), colour: Color32) {
        self.line(&[(x - 4.0, y - 4.0), (x + 4.0, y + 4.0)], colour);
        self.line(&[(x - 4.0, y + 4.0), (x + 4.0, y - 4.0)], colour);
    }
}
