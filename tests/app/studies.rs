//! Races and figures on the screen: shown as they come, stopped, resumed after a restart, opened with a click.

use std::path::Path;

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Theme};
use egui_kittest::kittest::Queryable;
use seedling::app::worker::board::Board;
use seedling::lab::Stage;
use seedling::study::Standing;
use seedling::words::Language;

use super::{App, ask_for_path, config, open, press, stage, until, wait};

/// How many runs of the race are at least as far as this.
fn runs(board: &Board, least: Standing) -> usize {
    let far = |race: &std::sync::Arc<seedling::app::worker::studies::Studied>| {
        race.runs.iter().filter(|run| run.standing >= least).count()
    };
    board.race.as_ref().map_or(0, far)
}

/// The app at the panel of races, with two configurations.
fn at_a_race(home: &Path) -> App {
    let mut app = open(config(), Some(home), Theme::Dark);
    until(&mut app, Stage::Propose);
    press(&mut app, "Race");
    press(&mut app, "Add this run's settings");
    press(&mut app, "Add a fixed network of this size");
    app
}

#[test]
fn configurations_race_on_the_screen_and_leave_the_run_as_it_was() {
    let (home, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut app = at_a_race(home.path());
    app.get_by_role_and_label(Role::TextInput, "Name of configuration 2");
    app.get_by_role_and_label(Role::TextInput, "Seeds").focus();
    app.run_steps(2);
    app.get_by_role_and_label(Role::TextInput, "Seeds").type_text(", x");
    app.run_steps(3);
    app.get_by_label_contains("found \"x\"");
    app.key_press(Key::Backspace);
    app.key_press(Key::Backspace);
    app.key_press(Key::Backspace);
    app.run_steps(3);
    press(&mut app, "Start the race");
    wait(&mut app, "a run of the race", |board| runs(board, Standing::Grown) > 0);
    assert_eq!(stage(&app.state().board()), Some(Stage::Propose));
    wait(&mut app, "the race", |board| runs(board, Standing::Done) == 6 && !board.busy);
    let studied = app.state().board().race.unwrap();
    let race = &studied.race;
    let ends: Vec<u64> = race.runs.iter().map(|run| run.curve.last().unwrap().cost).collect();
    assert!(ends.iter().all(|end| *end <= race.cost && 10 * end > 9 * race.cost), "{ends:?} {}", race.cost);
    app.get_by_label_contains("Each run ended at");
    app.get_by_label("accuracy, held out");
    app.get_by_label("against grown");
    for (what, name) in [("export csv", "r.csv"), ("export svg", "r.svg")] {
        ask_for_path(&mut app, what, &out.path().join(name).display().to_string());
    }
    let read = |name: &str| std::fs::read_to_string(out.path().join(name)).unwrap();
    assert_eq!(read("r.csv"), race.curves_csv());
    assert!(read("r.svg").contains("Runs at equal cost"));
    assert_eq!(stage(&app.state().board()), Some(Stage::Propose), "the run is where it was");
    until(&mut app, Stage::Learn);
}

#[test]
fn how_far_a_race_is_stands_in_the_language_of_the_screen() {
    let home = tempfile::tempdir().unwrap();
    let mut app = at_a_race(home.path());
    app.state_mut().view.language = Language::German;
    app.run_steps(3);
    press(&mut app, "Rennen starten");
    let said =
        |board: &Board, what: &str| board.study.as_ref().is_some_and(|notes| notes.text.contains(what));
    wait(&mut app, "the first run", |board| said(board, "grown-1: Wachstum, 1 von 6"));
    wait(&mut app, "the last training", |board| said(board, "letztes Training"));
    wait(&mut app, "a foreseen time", |board| said(board, ", noch etwa "));
}

#[test]
fn a_race_is_resumed_after_a_restart_and_its_runs_open_with_a_click() {
    let home = tempfile::tempdir().unwrap();
    let mut app = at_a_race(home.path());
    press(&mut app, "Start the race");
    wait(&mut app, "a run of the race", |board| runs(board, Standing::Grown) > 0);
    press(&mut app, "Cancel the stage under way");
    wait(&mut app, "the end", |board| !board.busy);
    let board = app.state().board();
    assert!(board.failure.is_none(), "{:?}", board.failure);
    assert!(board.notices.iter().any(|notice| notice.contains("every run is kept")), "{:?}", board.notices);
    let before = runs(&board, Standing::Grown);
    assert!((1..6).contains(&before), "{before} were grown: stopped too late to show anything");
    drop(app);
    let mut app = open(config(), Some(home.path()), Theme::Dark);
    wait(&mut app, "the race of before", |board| board.race.is_some());
    assert!(runs(&app.state().board(), Standing::Grown) >= before);
    press(&mut app, "Race");
    app.get_by_label("Runs: 0 of 6 done");
    let folder = home.path().join("studies/0001 race/runs/grown-1");
    let written = |name: &str| std::fs::metadata(folder.join(name)).unwrap().modified().unwrap();
    let grown = written("round-01.safetensors");
    // What the race is made of is there again, so that the same button goes on.
    press(&mut app, "Resume the race");
    wait(&mut app, "the race", |board| runs(board, Standing::Done) == 6 && !board.busy);
    assert_eq!(written("round-01.safetensors"), grown, "nothing was done twice");
    assert!(!home.path().join("studies/0002 race").exists());
    press(&mut app, "fixed-2");
    wait(&mut app, "the run", |board| {
        let folder = board.snapshot.as_ref().and_then(|snapshot| snapshot.folder.clone());
        !board.busy && folder.is_some_and(|folder| folder.ends_with("fixed-2"))
    });
    assert_eq!(stage(&app.state().board()), Some(Stage::Done));
    app.get_by_label("Runs: 6 of 6 done");
}

#[test]
fn a_figure_is_made_on_the_screen_or_given_up() {
    let (home, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut app = open(config(), Some(home.path()), Theme::Dark);
    press(&mut app, "Figures");
    ask_for_path(&mut app, "export svg", &out.path().join("f.svg").display().to_string());
    app.get_by_label_contains("Figure 2 has not been made yet");
    press(&mut app, "Make figure");
    wait(&mut app, "its training", |board| {
        board.study.as_ref().is_some_and(|notes| notes.progress.is_some_and(|progress| progress.done > 0))
    });
    press(&mut app, "Cancel the stage under way");
    wait(&mut app, "the end", |board| !board.busy);
    let board = app.state().board();
    assert!(board.failure.is_none() && board.figures[&2].figure.is_none());
    drop(app);
    let mut app = open(config(), Some(home.path()), Theme::Dark);
    wait(&mut app, "the figure of before", |board| !board.figures.is_empty());
    press(&mut app, "Figures");
    app.get_by_label("Runs: 0 of 1 done");
    press(&mut app, "Resume the figure");
    wait(&mut app, "figure 2", |board| {
        !board.busy && board.figures.get(&2).is_some_and(|studied| studied.figure.is_some())
    });
    drop(app);
    let mut app = open(config(), Some(home.path()), Theme::Light);
    wait(&mut app, "figure 2 of before", |board| !board.figures.is_empty());
    press(&mut app, "Figures");
    app.get_by_label_contains("400 training images");
    app.get_by_label("by sampled");
    ask_for_path(&mut app, "export svg", &out.path().join("f.svg").display().to_string());
    let picture = std::fs::read_to_string(out.path().join("f.svg")).unwrap();
    assert!(picture.contains("conv5") && picture.contains("seed 1"));
}

#[test]
fn without_a_place_for_its_runs_a_study_says_so() {
    let mut app = open(config(), None, Theme::Dark);
    press(&mut app, "Figures");
    press(&mut app, "Make figure");
    wait(&mut app, "the failure", |board| board.failure.is_some());
    app.get_by_label_contains("no folder on this machine to keep its runs in");
}
