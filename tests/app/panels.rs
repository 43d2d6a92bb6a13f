//! Every registered panel draws, at the sizes and in the themes that there are.

use eframe::egui::accesskit::Role;
use eframe::egui::{Theme, vec2};
use egui_kittest::kittest::Queryable;
use seedling::app::{Action, PANELS};
use seedling::lab::Stage;

use super::{App, config, open, press, until};

/// Colours at the right, where panels draw.
fn colours(app: &mut App) -> Vec<[u8; 4]> {
    let picture = app.render().unwrap();
    let (width, height) = picture.dimensions();
    // A narrow window shows one panel at a time.
    let left = if width < 1100 { 2 } else { 65 };
    let inside = |x: u32, y: u32| x > width * left / 100 && (y > height / 4) && y < height * 8 / 10;
    picture.enumerate_pixels().filter(|(x, y, _)| inside(*x, *y)).map(|(_, _, pixel)| pixel.0).collect()
}

/// No two buttons of the bar lie over one another, and all are in the window.
fn bar_fits(app: &App, width: f32) {
    let wide: &[&str] = if width < 1080.0 { &[] } else { &["To the end of the round", "Run through"] };
    let names = ["Play", "One stage", "Cancel the stage under way", "Undo", "Redo"];
    let names = wide.iter().chain(&names).chain(&[
        "History",
        "New run…",
        "Run",
        "View",
        "All commands",
        "What is all this?",
    ]);
    let mut rects =
        names.map(|name| (name, app.get_by_role_and_label(Role::Button, name).rect())).collect::<Vec<_>>();
    rects.sort_by(|a, b| a.1.left().total_cmp(&b.1.left()));
    for pair in rects.windows(2) {
        assert!(pair[0].1.right() <= pair[1].1.left() + 0.5, "{pair:?} at {width}");
    }
    assert!(rects.iter().all(|(_, rect)| rect.left() >= 0.0 && rect.right() <= width), "{rects:?}");
}

#[test]
fn every_panel_draws_at_every_size_in_both_themes() {
    for theme in [Theme::Dark, Theme::Light] {
        let mut app = open(config(), None, theme);
        until(&mut app, Stage::Choose);
        for (width, height) in [(1280.0, 720.0), (960.0, 600.0)] {
            app.set_size(vec2(width, height));
            app.run_steps(12);
            bar_fits(&app, width);
            let mut drawn: Vec<(&str, Vec<[u8; 4]>)> = Vec::new();
            for entry in PANELS {
                let tab = app.get_by_role_and_label(Role::Button, (entry.tab)()).rect();
                assert!(
                    tab.right() <= width && (tab.left() > 0.3 * width || width < 1100.0),
                    "the tab of {} at {width}",
                    entry.name
                );
                press(&mut app, (entry.tab)());
                app.run_steps(9);
                assert_eq!(app.state().view.tab, entry.name);
                let picture = colours(&mut app);
                for (other, same) in &drawn {
                    assert!(*same != picture, "{} looks as {other} at {width}", entry.name);
                }
                drawn.push((entry.name, picture));
            }
        }
    }
}

#[test]
fn every_panel_has_its_tab_command_and_key() {
    let shows: Vec<Action> =
        Action::all().into_iter().filter(|action| matches!(action, Action::Show(_))).collect();
    assert_eq!(shows.len(), PANELS.len());
    let mut app = open(config(), None, Theme::Dark);
    for (place, (action, entry)) in shows.into_iter().zip(PANELS).enumerate() {
        assert_eq!(action, Action::Show(place));
        assert_eq!(action.label(), (entry.command)());
        let key = action.shortcut().expect("a key for each").logical_key;
        assert_eq!(key.name(), (place + 1).to_string());
        app.key_press(key);
        app.run_steps(3);
        assert_eq!(app.state().view.tab, entry.name);
        press(&mut app, "View");
        press(&mut app, (entry.command)());
        assert_eq!(app.state().view.tab, entry.name);
    }
}
