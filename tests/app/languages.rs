//! The screen in other languages: nothing stays English, and everything fits.

use eframe::egui::{Key, Modifiers, Theme};
use egui_kittest::kittest::{NodeT, Queryable};
use seedling::app::PANELS;
use seedling::lab::Stage;
use seedling::words::Language;

use super::sizes::{fits, resize};
use super::{App, config, open, press, until};

/// Widths and heights in points: a small window, a usual one, and a phone.
const SIZES: [(f32, f32); 4] = [(800.0, 600.0), (960.0, 600.0), (1280.0, 720.0), (390.0, 844.0)];
/// Words of English that no other language of the screen has, and that nearly every English sentence has one of.
const ENGLISH: [&str; 16] = [
    "the", "of", "and", "with", "which", "that", "this", "from", "each", "every", "its", "how", "what",
    "for", "to", "are",
];

fn speak(app: &mut App, language: Language) {
    app.state_mut().view.language = language;
    app.run_steps(4);
}

/// Everything on the screen that is written in English, whoever reads it: texts, names for screen readers.
fn english(app: &App) -> Vec<String> {
    let mut found = Vec::new();
    for node in app.query_all_by(|_| true) {
        let node = node.accesskit_node();
        for text in [node.label(), node.value(), node.description()].into_iter().flatten() {
            let mut words = text.split(|letter: char| !letter.is_alphanumeric());
            // A work is cited by its own title.
            let cited = text.contains("Learning Multiple Layers of Features");
            if words.any(|word| ENGLISH.contains(&word)) && !cited && !found.contains(&text) {
                found.push(text);
            }
        }
    }
    found
}

fn others() -> impl Iterator<Item = Language> {
    Language::ALL.into_iter().filter(|language| *language != Language::English)
}

#[test]
fn no_panel_and_no_dialog_stays_english() {
    for language in Language::ALL {
        // What was said in another language before stays as it was said.
        let mut app = open(config(), None, Theme::Light);
        speak(&mut app, language);
        until(&mut app, Stage::Grow);
        if language == Language::English {
            assert!(english(&app).len() > 5, "the English screen is English");
            continue;
        }
        let mut left = Vec::new();
        for entry in PANELS {
            app.state_mut().view.tab = entry.name;
            app.run_steps(6);
            left.extend(english(&app));
        }
        for (modifiers, key) in [
            (Modifiers::NONE, Key::F1),
            (Modifiers::COMMAND, Key::N),
            (Modifiers::COMMAND, Key::K),
            (Modifiers::COMMAND, Key::O),
        ] {
            app.key_press_modifiers(modifiers, key);
            app.run_steps(10);
            left.extend(english(&app));
            app.key_press(Key::Escape);
            app.run_steps(2);
            app.key_press(Key::Escape);
            app.run_steps(4);
        }
        left.sort();
        left.dedup();
        assert!(left.is_empty(), "{language}: {left:#?}");
    }
}

#[test]
fn every_panel_fits_in_every_language() {
    let mut app = open(config(), None, Theme::Dark);
    until(&mut app, Stage::Grow);
    for language in others() {
        speak(&mut app, language);
        for size in SIZES {
            let (width, height) = resize(&mut app, size);
            for entry in PANELS {
                app.state_mut().view.tab = entry.name;
                app.run_steps(6);
                fits(&app, &format!("{language}: {} at {size:?}", entry.name), width, height);
            }
        }
    }
}

#[test]
fn a_language_is_chosen_among_the_commands_and_names_for_programs_stay() {
    let mut app = open(config(), None, Theme::Light);
    app.key_press_modifiers(Modifiers::COMMAND, Key::K);
    app.run_steps(6);
    app.get_by_label("Search commands").type_text("Deutsch");
    app.run_steps(4);
    app.key_press(Key::Enter);
    app.run_steps(6);
    assert_eq!(app.state().view.language, Language::German);
    press(&mut app, "Kandidaten");
    assert_eq!(app.state().view.tab, "table");
    assert_eq!(app.state().last_action.map(|action| action.control()), Some("language-de".into()));
}
