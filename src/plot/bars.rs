//! Things with their values, a row each: as bars from 0, and as numbers.

use super::axis::Axis;
use super::mark::sign;
use super::scene::{Anchor, Ink, Place, Scene, text_width};
use crate::format::gain;
use crate::morphism::Mark;

/// Height of a bar, with the gap to the next.
const BAR: f32 = 8.0;
/// Room between rows.
const BETWEEN: f32 = 7.0;
/// Width of a column of numbers.
const NUMBER: f32 = 74.0;
/// Height of names.
const NAME: f32 = 11.5;
/// Height of numbers.
const SMALL: f32 = 10.0;
/// The colour of what is marked.
const MARKED: Ink = Ink::Series(5);

/// Rows of bars.
#[derive(Clone, Debug)]
pub struct Bars {
    /// What all the values are.
    pub axis: Axis,
    /// The name of each value of a row, with its colour.
    pub values: Vec<(String, Ink)>,
    /// What details are.
    pub detail: String,
    /// What marked rows are.
    pub marked: String,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A thing with its values.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its sign.
    pub sign: Mark,
    /// Its name.
    pub name: String,
    /// A number to know beside it.
    pub detail: String,
    /// Its values, in the order of the names; none where it is not known.
    pub values: Vec<Option<f64>>,
    /// Whether it is marked.
    pub marked: bool,
}

impl Bars {
    /// Draws them; where they end.
    pub(super) fn draw(&self, scene: &mut Scene, at: Place, width: f32) -> f32 {
        let widest = |of: fn(&Row) -> &str, size: f32, least: f32| {
            self.rows.iter().map(|row| text_width(of(row), size)).fold(least, f32::max)
        };
        let names = 24.0 + widest(|row| &row.name, NAME, 60.0);
        let details = names + 8.0 + widest(|row| &row.detail, SMALL, text_width(&self.detail, SMALL));
        let numbers = at.0 + width - NUMBER * self.values.len() as f32;
        let (left, right) = (at.0 + details + 14.0, numbers - 6.0);
        let height = BAR * self.values.len() as f32 + BETWEEN;
        let top = at.1 + 22.0;
        let bottom = top + height * self.rows.len() as f32;

        let known = self.rows.iter().flat_map(|row| &row.values).flatten().copied();
        let ruler = self.axis.ruler(known.chain([0.0]));
        let along = |value: f64| left + (right - left) * ruler.place(value) as f32;
        self.draw_heads(scene, at, details, numbers);
        for (index, _) in self.rows.iter().enumerate().filter(|(_, row)| row.marked) {
            let from = top + height * index as f32;
            scene.rectangle((at.0, from), (at.0 + width, from + height), Ink::Split(0.16));
            scene.rectangle((at.0, from), (at.0 + 4.0, from + height), MARKED);
        }
        for (place, text) in &ruler.ticks {
            let x = left + (right - left) * *place as f32;
            scene.line(vec![(x, top), (x, bottom)], 1.0, Ink::Grid);
            scene.text(text, (x, bottom + 10.0), SMALL, Ink::Text, Anchor::Middle);
        }
        for (index, row) in self.rows.iter().enumerate() {
            let from = top + height * index as f32;
            let middle = from + height / 2.0;
            sign(scene, row.sign.shape, row.sign.filled, (at.0 + 13.0, middle), 3.4, Ink::Text);
            scene.text(&row.name, (at.0 + 22.0, middle), NAME, Ink::Text, Anchor::Start).bold = row.marked;
            scene.text(&row.detail, (at.0 + details, middle), SMALL, Ink::Weak, Anchor::End);
            for (number, (value, (_, ink))) in row.values.iter().zip(&self.values).enumerate() {
                let column = numbers + NUMBER * (number + 1) as f32 - 4.0;
                let Some(value) = value else {
                    scene.text("\u{2013}", (column, middle), SMALL, Ink::Weak, Anchor::End);
                    continue;
                };
                let upper = from + BETWEEN / 2.0 + BAR * number as f32;
                let (zero, end) = (along(0.0), along(*value));
                scene.rectangle((zero.min(end), upper), (zero.max(end), upper + BAR - 1.0), *ink);
                let text = gain(*value).replace('-', "\u{2212}");
                scene.text(text, (column, middle), SMALL, Ink::Text, Anchor::End);
            }
        }
        scene.line(vec![(along(0.0), top), (along(0.0), bottom)], 1.0, Ink::Text);
        let title = ((left + right) / 2.0, bottom + 26.0);
        scene.text(&ruler.title, title, NAME, Ink::Text, Anchor::Middle);
        bottom + 36.0
    }

    /// What marks and columns are.
    fn draw_heads(&self, scene: &mut Scene, at: Place, details: f32, numbers: f32) {
        let y = at.1 + 9.0;
        if self.rows.iter().any(|row| row.marked) {
            scene.rectangle((at.0, y - 6.0), (at.0 + 4.0, y + 6.0), MARKED);
            scene.text(&self.marked, (at.0 + 10.0, y), SMALL, Ink::Text, Anchor::Start).bold = true;
        }
        scene.text(&self.detail, (at.0 + details, y), SMALL, Ink::Weak, Anchor::End);
        for (number, (name, ink)) in self.values.iter().enumerate() {
            let left = numbers + NUMBER * number as f32 + 14.0;
            scene.rectangle((left, y - 4.0), (left + 8.0, y + 4.0), *ink);
            scene.text(name, (left + 12.0, y), SMALL, Ink::Text, Anchor::Start);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::morphism::Shape;
    use crate::plot::{Item, Unit};

    #[test]
    fn a_row_has_its_bars_from_zero_and_its_numbers() {
        let row = |values: [Option<f64>; 2], marked| Row {
            sign: Mark::filled(Shape::Circle),
            name: "split:conv1:3".into(),
            detail: "+12".into(),
            values: values.to_vec(),
            marked,
        };
        let bars = Bars {
            axis: Axis::linear("gain", Unit::Plain("nats")),
            values: vec![("estimated".into(), Ink::Series(0)), ("actual".into(), Ink::Series(1))],
            detail: "parameters".into(),
            marked: "chosen".into(),
            rows: vec![row([Some(0.2), Some(-0.1)], true), row([Some(0.1), None], false)],
        };
        let mut scene = Scene::default();
        let bottom = bars.draw(&mut scene, (10.0, 20.0), 660.0);
        let wide = |ink: Ink| -> Vec<(f32, f32)> {
            let bars = scene.items.iter().filter_map(|item| match item {
                Item::Surface { points, ink: other } if *other == ink => Some((points[0].0, points[2].0)),
                _ => None,
            });
            // Without the square beside the column's name.
            bars.skip(1).collect()
        };
        let (estimated, actual) = (wide(Ink::Series(0)), wide(Ink::Series(1)));
        let zero = estimated[0].0;
        assert_eq!((estimated.len(), actual.len()), (2, 1));
        assert_eq!((estimated[1].0, actual[0].1), (zero, zero));
        let ratio = (zero - actual[0].0) / (estimated[0].1 - zero);
        assert!((ratio - 0.5).abs() < 1e-3, "{ratio}");
        let texts: Vec<&str> = scene
            .items
            .iter()
            .filter_map(|item| if let Item::Text(text) = item { Some(text.text.as_str()) } else { None })
            .collect();
        for part in ["chosen", "estimated", "+0.20000", "\u{2212}0.10000", "\u{2013}", "gain (nats)"] {
            assert!(texts.contains(&part), "{part} in {texts:?}");
        }
        let lowest = scene.items.iter().filter_map(|item| match item {
            Item::Text(text) => Some(text.at.1),
            _ => None,
        });
        assert!(lowest.fold(0.0, f32::max) < bottom);
    }
}
