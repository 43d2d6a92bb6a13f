//! The lessons that come with the program.

use super::error::LessonError;
use super::kinds::{Lesson, RECORDED};

/// Names and texts, in the order in which they are offered.
const ALL: [(&str, &str); 4] = [
    ("first", include_str!("../../assets/lessons/first.toml")),
    ("promises", include_str!("../../assets/lessons/promises.toml")),
    ("growth", include_str!("../../assets/lessons/growth.toml")),
    ("choosers", include_str!("../../assets/lessons/choosers.toml")),
];

/// The names of the lessons that come with the program.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|(name, _)| *name)
}

/// The lesson of this name that comes with the program; none where no lesson has it.
pub fn built_in(name: &str) -> Option<Result<Lesson, LessonError>> {
    let (name, text) = ALL.iter().find(|(other, _)| *other == name)?;
    Some(Lesson::parse(name, &format!("assets/lessons/{name}.toml"), text))
}

/// The recorded run of this name that comes with the program (assets/recorded/README.md says how it was made). A page fetches
/// it beside its program, and has none where that failed.
pub fn recorded(name: &str) -> Option<&'static [u8]> {
    (name == RECORDED).then(the_recorded).flatten()
}

#[cfg(not(target_arch = "wasm32"))]
fn the_recorded() -> Option<&'static [u8]> {
    Some(include_bytes!("../../assets/recorded/airplanes.seedling"))
}

#[cfg(target_arch = "wasm32")]
fn the_recorded() -> Option<&'static [u8]> {
    FETCHED.get().map(Vec::as_slice)
}

#[cfg(target_arch = "wasm32")]
static FETCHED: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();

/// Takes the recorded run that the page has fetched. Only the first call counts.
#[cfg(target_arch = "wasm32")]
pub fn provide_recorded(run: Vec<u8>) {
    let _ = FETCHED.set(run);
}
