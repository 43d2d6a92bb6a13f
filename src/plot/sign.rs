//! A family's sign as an element of a chart in a file.

use plotters::element::{DynElement, EmptyElement, IntoDynElement};
use plotters::prelude::*;

use crate::morphism::{Mark, Shape};

/// Half a sign's width, in pixels.
const REACH: i32 = 4;

/// A sign at a place.
pub fn sign<'a, B: DrawingBackend + 'a, C: Clone + 'a>(
    at: C,
    mark: Mark,
    colour: RGBColor,
) -> DynElement<'a, B, C> {
    let place = EmptyElement::at(at);
    let style = if mark.filled { colour.filled() } else { colour.stroke_width(1) };
    let line = |points: &[(i32, i32)]| PathElement::new(points.to_vec(), colour.stroke_width(1));
    match lines(mark.shape) {
        [] => (place + Circle::new((0, 0), REACH, style)).into_dyn(),
        [outline] if mark.filled => (place + Polygon::new(outline.to_vec(), style)).into_dyn(),
        [only] => (place + line(only)).into_dyn(),
        [first, second] => (place + line(first) + line(second)).into_dyn(),
        [first, second, third, ..] => (place + line(first) + line(second) + line(third)).into_dyn(),
    }
}

/// The lines of a sign in a square from −4 to 4, y downwards; a circle has none.
fn lines(shape: Shape) -> &'static [&'static [(i32, i32)]] {
    match shape {
        Shape::Circle => &[],
        Shape::Diamond => &[&[(0, -4), (4, 0), (0, 4), (-4, 0), (0, -4)]],
        Shape::Square => &[&[(-3, -3), (3, -3), (3, 3), (-3, 3), (-3, -3)]],
        Shape::Up => &[&[(0, -4), (4, 3), (-4, 3), (0, -4)]],
        Shape::Down => &[&[(0, 4), (4, -3), (-4, -3), (0, 4)]],
        Shape::Left => &[&[(-4, 0), (3, -4), (3, 4), (-4, 0)]],
        Shape::Right => &[&[(4, 0), (-3, -4), (-3, 4), (4, 0)]],
        Shape::Plus => &[&[(-4, 0), (4, 0)], &[(0, -4), (0, 4)]],
        Shape::Cross => &[&[(-4, -4), (4, 4)], &[(-4, 4), (4, -4)]],
        Shape::Asterisk => &[&[(-4, 0), (4, 0)], &[(-2, -4), (2, 4)], &[(-2, 4), (2, -4)]],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::morphism::{Family, morph};

    #[test]
    fn every_family_is_drawn_in_its_own_way() {
        let mut seen: BTreeMap<String, Family> = BTreeMap::new();
        for family in Family::ALL {
            let mut svg = String::new();
            {
                let root = SVGBackend::with_string(&mut svg, (20, 20)).into_drawing_area();
                let mark = morph(family).about().mark;
                root.draw(&sign((10, 10), mark, BLACK)).unwrap();
                root.present().unwrap();
            }
            if let Some(other) = seen.insert(svg, family) {
                panic!("{family} is drawn like {other}");
            }
        }
    }
}
