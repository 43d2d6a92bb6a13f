//! A scene as pixels, with letters of the program's own: the same picture on every machine.

use epaint_default_fonts::{HACK_REGULAR, UBUNTU_LIGHT};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};
use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke, StrokeDash, Transform,
};

use super::scene::{Anchor, Ink, Item, Place, Scene, Text};

/// Fonts: a letter is taken from the first that has it.
const FONTS: [&[u8]; 2] = [UBUNTU_LIGHT, HACK_REGULAR];
/// The most pixels along one side.
const MOST: f32 = 16_000.0;

/// Pixels, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    /// In a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Red, green and blue of each.
    pub rgb: Vec<u8>,
}

/// Draws a scene on a dark or a light ground, `scale` pixels a point, or fewer where it would become too large.
pub fn pixels(scene: &Scene, dark: bool, scale: f32) -> Pixels {
    let (width, height) = (scene.width.ceil().max(1.0), scene.height.ceil().max(1.0));
    let scale = scale.min(MOST / width).min(MOST / height);
    let side = |points: f32| ((points * scale).round() as u32).max(1);
    let mut ground = Pixmap::new(side(width), side(height)).expect("neither empty nor too large");
    let [red, green, blue] = Ink::Ground.rgb(dark);
    ground.fill(Color::from_rgba8(red, green, blue, 255));
    let mut brush =
        Brush { ground, dark, scale: Transform::from_scale(scale, scale), letters: Letters::default() };
    for item in &scene.items {
        match item {
            Item::Line { points, width, ink, dashed } => brush.line(points, *width, *ink, *dashed),
            Item::Surface { points, ink } => brush.surface(points, *ink),
            Item::Text(text) => brush.text(text),
            Item::Spot { .. } => {}
        }
    }
    let ground = brush.ground;
    let rgb = ground.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    Pixels { width: ground.width(), height: ground.height(), rgb }
}

struct Brush {
    ground: Pixmap,
    dark: bool,
    scale: Transform,
    letters: Letters,
}

impl Brush {
    fn paint(&self, ink: Ink) -> Paint<'static> {
        let [red, green, blue] = ink.rgb(self.dark);
        let mut paint = Paint::default();
        paint.set_color_rgba8(red, green, blue, 255);
        paint
    }

    fn line(&mut self, points: &[Place], width: f32, ink: Ink, dashed: bool) {
        let Some(path) = path(points, false) else { return };
        let dash = if dashed { StrokeDash::new(vec![4.0, 3.0], 0.0) } else { None };
        let stroke = Stroke { width, dash, ..Stroke::default() };
        self.ground.stroke_path(&path, &self.paint(ink), &stroke, self.scale, None);
    }

    fn surface(&mut self, points: &[Place], ink: Ink) {
        let Some(path) = path(points, true) else { return };
        self.ground.fill_path(&path, &self.paint(ink), FillRule::Winding, self.scale, None);
    }

    fn text(&mut self, text: &Text) {
        let (path, width) = self.letters.written(&text.text, text.size);
        let Some(path) = path else { return };
        let back = match text.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => 0.5 * width,
            Anchor::End => width,
        };
        let turn = if text.upwards { Transform::from_rotate(-90.0) } else { Transform::identity() };
        // The line's middle is a third of its height above where letters stand.
        let place = Transform::from_translate(-back, 0.35 * text.size)
            .post_concat(turn)
            .post_translate(text.at.0, text.at.1)
            .post_concat(self.scale);
        let paint = self.paint(text.ink);
        self.ground.fill_path(&path, &paint, FillRule::Winding, place, None);
        if text.bold {
            // There is no bold font among them: a rim makes letters thicker.
            let (line_cap, line_join) = (LineCap::Round, LineJoin::Round);
            let stroke = Stroke { width: 0.055 * text.size, line_cap, line_join, ..Stroke::default() };
            self.ground.stroke_path(&path, &paint, &stroke, place, None);
        }
    }
}

/// The path along these corners; none if there are too few.
fn path(points: &[Place], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    let (first, rest) = points.split_first()?;
    path.move_to(first.0, first.1);
    rest.iter().for_each(|(x, y)| path.line_to(*x, *y));
    if closed {
        path.close();
    }
    path.finish()
}

struct Letters {
    fonts: [FontRef<'static>; FONTS.len()],
}

impl Default for Letters {
    fn default() -> Self {
        Self { fonts: FONTS.map(|font| FontRef::new(font).expect("a whole font")) }
    }
}

impl Letters {
    /// The font that has a letter, and the letter's number there.
    fn find(&self, letter: char) -> Option<(&FontRef<'static>, GlyphId)> {
        self.fonts.iter().find_map(|font| Some((font, font.charmap().map(letter)?)))
    }

    /// The outlines of a text that begins at 0 and stands at height 0, if it has any, and its width.
    fn written(&self, text: &str, size: f32) -> (Option<Path>, f32) {
        let mut pen = Pen { path: PathBuilder::new(), x: 0.0 };
        let points = Size::new(size);
        for letter in text.chars() {
            let Some((font, glyph)) = self.find(letter) else {
                pen.x += 0.56 * size;
                continue;
            };
            if let Some(outline) = font.outline_glyphs().get(glyph) {
                // A letter that the font has but cannot draw leaves its room empty.
                let _ = outline.draw(DrawSettings::unhinted(points, LocationRef::default()), &mut pen);
            }
            let metrics = font.glyph_metrics(points, LocationRef::default());
            pen.x += metrics.advance_width(glyph).unwrap_or(0.56 * size);
        }
        (pen.path.finish(), pen.x)
    }
}

/// Draws letters one after another; fonts count heights upwards.
struct Pen {
    path: PathBuilder,
    x: f32,
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.x + x, -y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.x + x, -y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.path.quad_to(self.x + x1, -y1, self.x + x, -y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.path.cubic_to(self.x + x1, -y1, self.x + x2, -y2, self.x + x, -y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene() -> Scene {
        Scene { width: 40.0, height: 20.0, ..Scene::default() }
    }

    /// The corners of what differs from the ground: left, top, right, bottom.
    fn inked(pixels: &Pixels) -> Option<[u32; 4]> {
        let mut found: Option<[u32; 4]> = None;
        for (index, pixel) in pixels.rgb.chunks_exact(3).enumerate() {
            if pixel != Ink::Ground.rgb(false) {
                let (x, y) = (index as u32 % pixels.width, index as u32 / pixels.width);
                let [left, top, right, bottom] = found.unwrap_or([x, y, x, y]);
                found = Some([left.min(x), top.min(y), right.max(x), bottom.max(y)]);
            }
        }
        found
    }

    #[test]
    fn surfaces_are_where_they_should_be_in_the_colours_of_their_ground() {
        let mut scene = scene();
        scene.rectangle((10.0, 5.0), (20.0, 15.0), Ink::Series(1));
        for dark in [false, true] {
            let pixels = pixels(&scene, dark, 2.0);
            assert_eq!((pixels.width, pixels.height, pixels.rgb.len()), (80, 40, 80 * 40 * 3));
            let at = |x: usize, y: usize| &pixels.rgb[3 * (80 * y + x)..][..3];
            assert_eq!((at(30, 20), at(50, 20)), (&Ink::Series(1).rgb(dark)[..], &Ink::Ground.rgb(dark)[..]));
        }
        assert_eq!(inked(&pixels(&scene, false, 2.0)), Some([20, 10, 39, 29]));
    }

    #[test]
    fn texts_lie_as_their_anchor_says_and_read_upwards_if_they_should() {
        let ink = |anchor: Anchor, upwards: bool| {
            let mut scene = scene();
            scene.text("mm", (20.0, 10.0), 8.0, Ink::Text, anchor).upwards = upwards;
            inked(&pixels(&scene, false, 1.0)).unwrap()
        };
        let [start, middle, end] =
            [Anchor::Start, Anchor::Middle, Anchor::End].map(|anchor| ink(anchor, false));
        assert!(start[0] >= 20 && end[2] <= 20 && middle[0] < 20 && middle[2] > 20, "{start:?} {end:?}");
        let wide = |[left, top, right, bottom]: [u32; 4]| right - left > bottom - top;
        assert!(wide(middle) && !wide(ink(Anchor::Middle, true)));
        // Upwards, the beginning is below.
        assert!(ink(Anchor::Start, true)[3] <= 10);
    }

    #[test]
    fn every_letter_that_pictures_use_can_be_drawn() {
        let letters = Letters::default();
        for letter in "aZ09 −–×±²³⁰¹⁴⁵⁶⁷⁸⁹⁻ρφΔλ:>%+()→…“”·".chars() {
            assert!(letters.find(letter).is_some(), "{letter}");
        }
        let (path, width) = letters.written("split:conv1", 10.0);
        assert!(path.is_some() && (30.0..80.0).contains(&width), "{width}");
    }

    #[test]
    fn a_scene_of_any_size_is_drawn() {
        assert_eq!(pixels(&Scene::default(), false, 1.0).rgb.len(), 3);
        let tall = Scene { width: 10.0, height: 1e6, ..Scene::default() };
        assert_eq!(pixels(&tall, false, 2.0).height, 16_000);
    }
}
