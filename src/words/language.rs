//! Which language the texts of the screen are in, and how it writes numbers.

use std::cell::Cell;

use crate::names::named;

named! {
    /// A language of the screen.
    #[derive(Default)]
    pub enum Language, called "language" {
        /// English, which every text is written in first.
        #[default]
        English = "en",
        /// German.
        German = "de",
        /// French.
        French = "fr",
        /// Spanish.
        Spanish = "es",
    }
}

thread_local! {
    static CHOSEN: Cell<Language> = const { Cell::new(Language::English) };
}

impl Language {
    /// What it calls itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::German => "Deutsch",
            Language::French => "Français",
            Language::Spanish => "Español",
        }
    }

    /// That of a tag such as `de-CH` or `fr_FR.UTF-8`, if the screen has it.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let name = tag.split(['-', '_', '.']).next()?;
        Language::ALL.into_iter().find(|language| language.name().eq_ignore_ascii_case(name))
    }

    /// What stands between the whole and the rest of a number, and between its thousands.
    fn separators(self) -> (char, char) {
        match self {
            Language::English => ('.', ','),
            Language::German | Language::Spanish => (',', '.'),
            // Thousands are parted by a space at which no line breaks.
            Language::French => (',', '\u{a0}'),
        }
    }
}

/// The language of this thread's texts.
pub fn chosen() -> Language {
    CHOSEN.get()
}

/// What `make` makes, with the texts and numbers of `language`; outside of this everything is English.
pub fn in_language<T>(language: Language, make: impl FnOnce() -> T) -> T {
    /// Puts the language back, even where `make` panics.
    struct Back(Language);
    impl Drop for Back {
        fn drop(&mut self) {
            CHOSEN.set(self.0);
        }
    }
    let _back = Back(CHOSEN.replace(language));
    make()
}

/// What `make` makes in English, whatever the language of this thread: names that programs read, and files.
pub fn in_english<T>(make: impl FnOnce() -> T) -> T {
    in_language(Language::English, make)
}

/// A number, written as in English, as this thread's language writes it.
pub fn local(number: String) -> String {
    if chosen() == Language::English {
        return number;
    }
    let (decimal, thousands) = chosen().separators();
    let letters = number.chars().map(|letter| match letter {
        '.' => decimal,
        ',' => thousands,
        other => other,
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_known_by_their_tags() {
        let tags = ["de-CH", "fr_FR.UTF-8", "ES", "en", "C", "nl-NL", ""];
        let found = tags.map(Language::of_tag);
        let expected = [Some(Language::German), Some(Language::French), Some(Language::Spanish)];
        assert_eq!(found[..3], expected);
        assert_eq!(found[3..], [Some(Language::English), None, None, None]);
    }

    #[test]
    fn numbers_follow_the_language_of_their_thread() {
        let number = || local("-1,234.56".into());
        let written = Language::ALL.map(|language| {
            in_language(language, || {
                let elsewhere = std::thread::spawn(|| local("-1,234.56".into())).join().unwrap();
                assert_eq!((elsewhere, in_english(number)), ("-1,234.56".into(), "-1,234.56".into()));
                number()
            })
        });
        assert_eq!(written, ["-1,234.56", "-1.234,56", "-1\u{a0}234,56", "-1.234,56"]);
        assert_eq!(number(), "-1,234.56");
    }
}
