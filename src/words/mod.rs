//! The languages of the screen: which one a person reads, how it writes numbers, and every text in it.
//!
//! A language belongs to the thread that draws: what other threads write (files, reports, messages of the engine) is
//! English, whatever the screen shows.

mod catalogue;
mod language;

pub use catalogue::{term, text, with};
pub use language::{Language, chosen, in_english, in_language, local};

/// A text of the screen, by its name in `assets/words`: a `&'static str`, or a `String` where values are put into it.
///
/// Whole numbers are put in as they are, and choose between singular and plural; all others as text that
/// [`crate::format`] made.
macro_rules! say {
    ($name:literal) => {
        $crate::words::text($name)
    };
    ($name:literal, $($value:ident = $given:expr),+ $(,)?) => {
        $crate::words::with($name, [$((stringify!($value), ($given).into())),+])
    };
}
pub(crate) use say;
