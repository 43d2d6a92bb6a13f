//! The sign of a family in plots, the same on screen and in files.

/// A sign's outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// ●
    Circle,
    /// ◆
    Diamond,
    /// ■
    Square,
    /// ▲
    Up,
    /// ▼
    Down,
    /// ◀
    Left,
    /// ▶
    Right,
    /// +
    Plus,
    /// ×
    Cross,
    /// ∗
    Asterisk,
}

/// A family's sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Its outline.
    pub shape: Shape,
    /// Whether it is filled; crosses and stars have nothing to fill.
    pub filled: bool,
}

impl Mark {
    /// A filled sign.
    pub const fn filled(shape: Shape) -> Self {
        Self { shape, filled: true }
    }

    /// An outline.
    pub const fn open(shape: Shape) -> Self {
        Self { shape, filled: false }
    }

    /// The sign as a letter.
    pub fn glyph(self) -> &'static str {
        match (self.shape, self.filled) {
            (Shape::Circle, true) => "●",
            (Shape::Circle, false) => "○",
            (Shape::Diamond, true) => "◆",
            (Shape::Diamond, false) => "◇",
            (Shape::Square, true) => "■",
            (Shape::Square, false) => "□",
            (Shape::Up, true) => "▲",
            (Shape::Up, false) => "△",
            (Shape::Down, true) => "▼",
            (Shape::Down, false) => "▽",
            (Shape::Left, true) => "◀",
            (Shape::Left, false) => "◁",
            (Shape::Right, true) => "▶",
            (Shape::Right, false) => "▷",
            (Shape::Plus, _) => "+",
            (Shape::Cross, _) => "×",
            (Shape::Asterisk, _) => "∗",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::morphism::{Family, morph};

    #[test]
    fn families_have_signs_of_their_own() {
        let glyphs: BTreeSet<_> =
            Family::ALL.iter().map(|family| morph(*family).about().mark.glyph()).collect();
        assert_eq!(glyphs.len(), Family::ALL.len(), "{glyphs:?}");
    }
}
