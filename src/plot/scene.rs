//! A picture as lines, surfaces and texts at their places: the same for the screen and for a file, which only draw it.

/// A place in points, from the upper left corner, y downwards.
pub type Place = (f32, f32);

/// A colour by its meaning; light and dark grounds have their own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ink {
    /// Text, axes.
    Text,
    /// Text that can be skipped.
    Weak,
    /// Lines behind everything.
    Grid,
    /// The ground itself.
    Ground,
    /// A series, by its number.
    Series(usize),
    /// A layer, by its place along the network, from 0 to 1.
    Along(f64),
    /// What splitting promises, from 0 to 1.
    Split(f64),
    /// How little pruning costs, from 0 to 1.
    Prune(f64),
}

/// Colours that people with colour blindness can tell apart: those of Okabe and Ito, without the yellow, which a white
/// ground swallows, and the black, which is the text's.
const SERIES: [[u8; 3]; 7] = [
    [0, 114, 178],
    [213, 94, 0],
    [0, 158, 115],
    [204, 121, 167],
    [86, 180, 233],
    [230, 159, 0],
    [120, 120, 120],
];

/// How many colours series have; the last is the text's.
pub const COLOURS: usize = SERIES.len() + 1;

impl Ink {
    /// Red, green and blue, on a light or a dark ground.
    pub fn rgb(self, dark: bool) -> [u8; 3] {
        match (self, dark) {
            (Ink::Text, false) => [28, 33, 39],
            (Ink::Text, true) => [226, 230, 235],
            (Ink::Weak, false) => [92, 101, 112],
            (Ink::Weak, true) => [155, 163, 173],
            (Ink::Grid, false) => [226, 229, 233],
            (Ink::Grid, true) => [48, 53, 60],
            (Ink::Ground, false) => [255, 255, 255],
            (Ink::Ground, true) => [24, 27, 31],
            (Ink::Series(index), dark) => match SERIES.get(index % COLOURS) {
                None => Ink::Text.rgb(dark),
                Some(colour) if dark => mix(*colour, [255, 255, 255], 0.25),
                Some(colour) => *colour,
            },
            (Ink::Along(place), dark) => viridis(place, dark),
            (Ink::Split(share), dark) => mix(faint(dark), Ink::Series(1).rgb(dark), share),
            (Ink::Prune(share), dark) => mix(faint(dark), Ink::Series(0).rgb(dark), share),
        }
    }
}

/// Dark to light along the network, as on Viridis. The ends of that scale are too near to black and white to be seen on
/// such a ground.
fn viridis(along: f64, dark: bool) -> [u8; 3] {
    const VIRIDIS: [[u8; 3]; 6] =
        [[68, 1, 84], [65, 68, 135], [42, 120, 142], [34, 168, 132], [122, 209, 81], [253, 231, 37]];
    let (low, high) = if dark { (0.24, 1.0) } else { (0.0, 0.78) };
    let place = (low + (high - low) * along.clamp(0.0, 1.0)) * (VIRIDIS.len() - 1) as f64;
    let step = (place as usize).min(VIRIDIS.len() - 2);
    mix(VIRIDIS[step], VIRIDIS[step + 1], place - step as f64)
}

/// The end of a colour scale that shows nothing.
fn faint(dark: bool) -> [u8; 3] {
    if dark { [46, 51, 58] } else { [240, 242, 244] }
}

/// A mixture of two colours: the first at 0, the second at 1.
fn mix(from: [u8; 3], to: [u8; 3], share: f64) -> [u8; 3] {
    let share = share.clamp(0.0, 1.0);
    let part = |index: usize| f64::from(from[index]) * (1.0 - share) + f64::from(to[index]) * share;
    [0, 1, 2].map(|index| part(index).round() as u8)
}

/// Which end of a text lies at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// A text on a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// The middle of the line's height.
    pub at: Place,
    /// What it says.
    pub text: String,
    /// Height of its letters.
    pub size: f32,
    /// Its colour.
    pub ink: Ink,
    /// Where it lies.
    pub anchor: Anchor,
    /// Whether it reads upwards.
    pub upwards: bool,
    /// Whether it is bold.
    pub bold: bool,
}

/// A part of a picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A line.
    Line {
        /// Its corners.
        points: Vec<Place>,
        /// Its width.
        width: f32,
        /// Its colour.
        ink: Ink,
        /// Whether it is dashed.
        dashed: bool,
    },
    /// A convex surface.
    Surface {
        /// Its corners.
        points: Vec<Place>,
        /// Its colour.
        ink: Ink,
    },
    /// A text.
    Text(Text),
    /// Something to be pointed at.
    Spot {
        /// Its upper left and lower right corner.
        area: (Place, Place),
        /// What it says.
        text: String,
    },
}

/// A picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// Its width.
    pub width: f32,
    /// Its height.
    pub height: f32,
    /// What is in it; later parts lie on earlier ones.
    pub items: Vec<Item>,
}

/// How wide a text is, about: fonts differ.
pub fn text_width(text: &str, size: f32) -> f32 {
    0.56 * size * text.chars().count() as f32
}

impl Scene {
    /// Adds a line.
    pub fn line(&mut self, points: Vec<Place>, width: f32, ink: Ink) {
        self.items.push(Item::Line { points, width, ink, dashed: false });
    }

    /// Adds a dashed line.
    pub fn dashes(&mut self, points: Vec<Place>, ink: Ink) {
        self.items.push(Item::Line { points, width: 1.0, ink, dashed: true });
    }

    /// Adds a rectangle between two corners.
    pub fn rectangle(&mut self, from: Place, to: Place, ink: Ink) {
        let points = vec![from, (to.0, from.1), to, (from.0, to.1)];
        self.items.push(Item::Surface { points, ink });
    }

    /// Adds a text; what is returned can be changed.
    pub fn text(
        &mut self,
        text: impl Into<String>,
        at: Place,
        size: f32,
        ink: Ink,
        anchor: Anchor,
    ) -> &mut Text {
        let text = Text { at, text: text.into(), size, ink, anchor, upwards: false, bold: false };
        self.items.push(Item::Text(text));
        match self.items.last_mut() {
            Some(Item::Text(text)) => text,
            _ => unreachable!("it was just added"),
        }
    }

    /// Adds what is said where the pointer is near `at`.
    pub fn spot(&mut self, at: Place, reach: f32, text: String) {
        let area = ((at.0 - reach, at.1 - reach), (at.0 + reach, at.1 + reach));
        self.items.push(Item::Spot { area, text });
    }
}
