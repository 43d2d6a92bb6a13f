//! The marks of series and families. Shapes differ, so that colour is never all that tells things apart.

use super::scene::{COLOURS, Ink, Item, Place, Scene};
use crate::morphism::Shape;

/// The filled marks of the first series, in the order of the colours; open ones follow.
const FILLED: [Shape; COLOURS] = [
    Shape::Circle,
    Shape::Square,
    Shape::Up,
    Shape::Diamond,
    Shape::Down,
    Shape::Cross,
    Shape::Plus,
    Shape::Asterisk,
];
const OPEN: [Shape; 4] = [Shape::Circle, Shape::Square, Shape::Up, Shape::Diamond];

/// How many series look different.
pub const LOOKS: usize = FILLED.len() + OPEN.len();

/// Draws the mark of series `look`, `radius` large.
pub fn mark(scene: &mut Scene, look: usize, at: Place, radius: f32) {
    let ink = Ink::Series(look);
    match OPEN.get((look % LOOKS).wrapping_sub(FILLED.len())) {
        Some(shape) => sign(scene, *shape, false, at, radius, ink),
        None => sign(scene, FILLED[look % LOOKS], true, at, radius, ink),
    }
}

/// Draws a shape, filled if it has a surface and `filled` says so.
pub fn sign(scene: &mut Scene, shape: Shape, filled: bool, at: Place, radius: f32, ink: Ink) {
    for stroke in strokes(shape) {
        let points: Vec<Place> = stroke.iter().map(|(x, y)| (at.0 + x * radius, at.1 + y * radius)).collect();
        let closed = points.len() > 2;
        match closed && filled {
            // A rim of the ground's colour keeps marks apart that lie over one another.
            true => {
                scene.items.push(Item::Surface { points: points.clone(), ink });
                let rim = points.iter().chain(points.first()).copied().collect();
                scene.line(rim, 0.6, Ink::Ground);
            }
            false => {
                let end = points.first().filter(|_| closed).copied();
                scene.line(points.into_iter().chain(end).collect(), 1.5, ink);
            }
        }
    }
}

/// The strokes of a shape of radius 1: a polygon's corners, or pairs of ends.
fn strokes(shape: Shape) -> Vec<Vec<Place>> {
    let corners = |corners: &[Place]| vec![corners.to_vec()];
    match shape {
        Shape::Circle => {
            let corner = |index: i32| {
                let angle = std::f32::consts::TAU * index as f32 / 16.0;
                (angle.cos(), angle.sin())
            };
            vec![(0..16).map(corner).collect()]
        }
        Shape::Square => corners(&[(-0.87, -0.87), (0.87, -0.87), (0.87, 0.87), (-0.87, 0.87)]),
        Shape::Diamond => corners(&[(0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)]),
        Shape::Up => corners(&[(0.0, -1.15), (1.1, 0.85), (-1.1, 0.85)]),
        Shape::Down => corners(&[(0.0, 1.15), (1.1, -0.85), (-1.1, -0.85)]),
        Shape::Left => corners(&[(-1.15, 0.0), (0.85, -1.1), (0.85, 1.1)]),
        Shape::Right => corners(&[(1.15, 0.0), (-0.85, -1.1), (-0.85, 1.1)]),
        Shape::Plus => vec![vec![(-1.1, 0.0), (1.1, 0.0)], vec![(0.0, -1.1), (0.0, 1.1)]],
        Shape::Cross => vec![vec![(-0.9, -0.9), (0.9, 0.9)], vec![(-0.9, 0.9), (0.9, -0.9)]],
        Shape::Asterisk => vec![
            vec![(-1.1, 0.0), (1.1, 0.0)],
            vec![(-0.6, -1.0), (0.6, 1.0)],
            vec![(-0.6, 1.0), (0.6, -1.0)],
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::morphism::{Family, morph};

    #[test]
    fn every_series_and_every_family_is_drawn_in_its_own_way() {
        let mut drawn: Vec<(String, Scene)> = Vec::new();
        let mut see = |name: String, scene: Scene| {
            assert!(!scene.items.is_empty());
            for (other, same) in &drawn {
                assert!(*same != scene, "{name} is drawn like {other}");
            }
            drawn.push((name, scene));
        };
        for family in Family::ALL {
            let mut scene = Scene::default();
            let mark = morph(family).about().mark;
            sign(&mut scene, mark.shape, mark.filled, (0.0, 0.0), 4.0, Ink::Text);
            see(family.to_string(), scene);
        }
        for look in 0..LOOKS {
            // Without colours, as a grey print shows them.
            let mut scene = Scene::default();
            mark(&mut scene, look, (9.0, 0.0), 4.0);
            for item in &mut scene.items {
                if let Item::Line { ink, .. } | Item::Surface { ink, .. } = item {
                    *ink = Ink::Text;
                }
            }
            see(format!("series {look}"), scene);
        }
    }
}
