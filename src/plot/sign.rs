//! A family's sign as an element of a chart in a file.

use plotters::element::{ComposedElement, EmptyElement};
use plotters::prelude::*;

use crate::morphism::{Mark, Shape};

type Pixel = (i32, i32);

/// A sign's surface and its line.
pub type Sign<C, B> = ComposedElement<C, B, Polygon<Pixel>, PathElement<Pixel>>;

/// A sign at a place.
pub fn sign<C, B: DrawingBackend>(at: C, mark: Mark, colour: RGBColor) -> Sign<C, B> {
    let line = line(mark.shape).to_vec();
    let surface = if mark.filled && is_closed(mark.shape) { line.clone() } else { Vec::new() };
    EmptyElement::at(at)
        + Polygon::new(surface, colour.filled())
        + PathElement::new(line, colour.stroke_width(1))
}

fn is_closed(shape: Shape) -> bool {
    !matches!(shape, Shape::Plus | Shape::Cross | Shape::Asterisk)
}

/// The line that draws a sign, in pixels from its middle, y downwards.
fn line(shape: Shape) -> &'static [Pixel] {
    match shape {
        Shape::Circle => &[(-2, -4), (2, -4), (4, -2), (4, 2), (2, 4), (-2, 4), (-4, 2), (-4, -2), (-2, -4)],
        Shape::Diamond => &[(0, -4), (4, 0), (0, 4), (-4, 0), (0, -4)],
        Shape::Square => &[(-3, -3), (3, -3), (3, 3), (-3, 3), (-3, -3)],
        Shape::Up => &[(0, -4), (4, 3), (-4, 3), (0, -4)],
        Shape::Down => &[(0, 4), (4, -3), (-4, -3), (0, 4)],
        Shape::Left => &[(-4, 0), (3, -4), (3, 4), (-4, 0)],
        Shape::Right => &[(4, 0), (-3, -4), (-3, 4), (4, 0)],
        // The line comes back to the middle between two strokes.
        Shape::Plus => &[(-4, 0), (4, 0), (0, 0), (0, -4), (0, 4)],
        Shape::Cross => &[(-4, -4), (4, 4), (0, 0), (-4, 4), (4, -4)],
        Shape::Asterisk => &[(-4, 0), (4, 0), (0, 0), (-2, -4), (2, 4), (0, 0), (-2, 4), (2, -4)],
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
