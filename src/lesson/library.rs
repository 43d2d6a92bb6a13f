//! The lessons that come with the program.

use toml::{Table, Value};

use super::error::LessonError;
use super::kinds::{Lesson, RECORDED};
use crate::words::{Language, chosen};

/// A lesson's name, its file, and the files of its texts in the other languages, in the order of [`Language::ALL`].
macro_rules! lesson {
    ($name:literal) => {
        (
            $name,
            [
                include_str!(concat!("../../assets/lessons/", $name, ".toml")),
                include_str!(concat!("../../assets/lessons/de/", $name, ".toml")),
                include_str!(concat!("../../assets/lessons/fr/", $name, ".toml")),
                include_str!(concat!("../../assets/lessons/es/", $name, ".toml")),
            ],
        )
    };
}

/// All, in the order in which they are offered.
const ALL: [(&str, [&str; Language::ALL.len()]); 4] =
    [lesson!("first"), lesson!("promises"), lesson!("growth"), lesson!("choosers")];

/// The names of the lessons that come with the program.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|(name, _)| *name)
}

/// The lesson of this name that comes with the program, in the language of this thread; none where no lesson has it.
pub fn built_in(name: &str) -> Option<Result<Lesson, LessonError>> {
    let (name, texts) = ALL.iter().find(|(other, _)| *other == name)?;
    let file = format!("assets/lessons/{name}.toml");
    Some(Lesson::table(&file, texts[0]).and_then(|mut lesson| {
        let language = chosen();
        if language != Language::English {
            let file = format!("assets/lessons/{language}/{name}.toml");
            translate(&mut lesson, Lesson::table(&file, texts[language as usize])?);
            lesson.insert("language".into(), language.name().into());
        }
        Lesson::of_table(name, &file, lesson)
    }))
}

/// Puts the texts of a translation in the place of a lesson's own; steps are known by their names.
fn translate(lesson: &mut Table, mut texts: Table) {
    let mut translated = match texts.remove("step") {
        Some(Value::Array(steps)) => steps,
        _ => Vec::new(),
    };
    lesson.extend(texts);
    let Some(Value::Array(steps)) = lesson.get_mut("step") else { return };
    for step in steps.iter_mut().filter_map(Value::as_table_mut) {
        let own = translated.iter_mut().filter_map(Value::as_table_mut);
        if let Some(texts) = own.into_iter().find(|texts| texts.get("name") == step.get("name")) {
            step.extend(std::mem::take(texts));
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::in_language;

    /// The fields of a table that a person reads.
    fn texts(table: &Table) -> Vec<&str> {
        let read = ["title", "summary", "text", "right", "wrong", "hint", "options"];
        read.into_iter().filter(|field| table.contains_key(*field)).collect()
    }

    #[test]
    fn every_lesson_is_whole_in_every_language() {
        for (name, files) in ALL {
            let english = Lesson::table(name, files[0]).unwrap();
            let original = built_in(name).unwrap().unwrap();
            for language in Language::ALL.into_iter().skip(1) {
                let translated = Lesson::table(name, files[language as usize]).unwrap();
                assert_eq!(texts(&translated), texts(&english), "{language}/{name}");
                let steps = |table: &Table| table["step"].as_array().unwrap().clone();
                let (own, translated) = (steps(&english), steps(&translated));
                assert_eq!(own.len(), translated.len(), "{language}/{name}");
                for (own, translated) in own.iter().zip(&translated) {
                    let (own, translated) = (own.as_table().unwrap(), translated.as_table().unwrap());
                    assert_eq!(own["name"], translated["name"], "{language}/{name}");
                    let mut expected = texts(own);
                    expected.insert(0, "name");
                    let mut found: Vec<_> = translated.keys().map(String::as_str).collect();
                    expected.sort_unstable();
                    found.sort_unstable();
                    assert_eq!(found, expected, "{language}/{name}: {}", own["name"]);
                }
                let lesson = in_language(language, || built_in(name)).unwrap();
                let lesson = lesson.unwrap_or_else(|error| panic!("{error}"));
                assert_eq!((lesson.language.as_str(), lesson.minutes), (language.name(), original.minutes));
                for (step, own) in lesson.steps.iter().zip(&original.steps) {
                    assert_ne!(step.title, own.title, "{language}/{name}");
                    assert_eq!(
                        (&step.name, &step.check, &step.point_at),
                        (&own.name, &own.check, &own.point_at)
                    );
                }
            }
        }
    }
}
