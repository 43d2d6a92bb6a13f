//! Lessons on the screen, taken through the accessibility tree with real, tiny runs.

use std::path::Path;
use std::time::Duration;

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Theme};
use egui_kittest::kittest::{NodeT, Queryable};
use seedling::app::worker::board::Snapshot;
use seedling::app::{Places, Start};
use seedling::lab::{Config, EngineChoice, Stage};
use seedling::lesson::{Ask, Lesson, Until, built_in};
use seedling::morphism::morph;

use super::giving::drop_on;
use super::{App, config, open, press, stage, wait, window};

/// Settings so small that a lesson takes seconds.
fn small(settings: &Config) -> Config {
    let tiny = config();
    let mut data = tiny.data.clone();
    data.classes = settings.data.classes.clone();
    let Config { rounds, strategy, budget, .. } = settings.clone();
    Config { rounds, strategy, budget, data, ..tiny }
}

fn lesson(name: &str) -> Lesson {
    let mut lesson = built_in(name).unwrap().unwrap();
    lesson.settings = lesson.settings.as_ref().map(small);
    for step in &mut lesson.steps {
        if let Ask::Do(Until::Race(race)) = &mut step.ask {
            race.seeds = vec![1, 2];
            race.entrants.iter_mut().for_each(|entrant| entrant.settings = small(&entrant.settings));
        }
    }
    lesson
}

fn begin(lesson: Lesson, at: Option<usize>, home: &Path, theme: Theme) -> App {
    let start = Start {
        config: config(),
        engine: EngineChoice::Candle,
        home: Some(home.to_owned()),
        recorded: true,
        lesson: Some((lesson, at)),
        images: Places { cache: Some("no cache".into()), from: None },
        ..Start::default()
    };
    window(start, theme)
}

/// Draws frames until a text is there.
fn until_said(app: &mut App, text: &str) {
    for _ in 0..3000 {
        app.run_steps(2);
        if app.query_all_by_label_contains(text).count() > 0 {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("waited in vain for \"{text}\": {:?}", app.state().board().failure);
}

fn is_enabled(app: &App, button: &str) -> bool {
    !app.get_by_role_and_label(Role::Button, button).accesskit_node().is_disabled()
}

/// Goes on to the step with this question.
fn next(app: &mut App, question: &str) {
    assert!(is_enabled(app, "Next"), "not answered before \"{question}\"");
    press(app, "Next");
    until_said(app, question);
}

fn type_into(app: &mut App, role: Role, field: &str, text: &str) {
    app.get_by_role_and_label(role, field).focus();
    app.run_steps(2);
    app.get_by_role_and_label(role, field).type_text(text);
    app.run_steps(3);
}

fn snapshot(app: &App) -> std::sync::Arc<Snapshot> {
    app.state().board().snapshot.unwrap()
}

/// Selects a change by its cell and its line in the channel's panel.
fn select(app: &mut App, id: &str) {
    let round = snapshot(app).state.record(1).unwrap().clone();
    let candidate = round.candidates.iter().find(|candidate| candidate.id() == id).unwrap();
    let cell = format!("{} channel {}", candidate.layer(), candidate.channel().unwrap_or(0));
    if app.state().view.channel.is_some() {
        app.state_mut().view.channel = None;
        app.run_steps(3);
    }
    press(app, &cell);
    app.run_steps(6);
    let glyph = morph(candidate.family).about().mark.glyph();
    let chosen = if candidate.chosen { ", chosen" } else { "" };
    let whole = if candidate.channel().is_none() { ", the whole layer" } else { "" };
    let line = format!("{glyph} {}{whole}{chosen}", candidate.family);
    // It may stand below what the panel shows.
    app.get_by_role_and_label(Role::Button, &line).click_accesskit();
    app.run_steps(3);
    assert_eq!(app.state().view.candidate.as_deref(), Some(id));
}

/// Candidates of the first round, the largest error first.
fn by_error(app: &App) -> Vec<String> {
    let round = snapshot(app).state.record(1).unwrap().clone();
    let mut errors: Vec<(String, f64)> = round
        .candidates
        .iter()
        .filter_map(|one| Some((one.id(), (one.estimate_by(round.estimator)? - one.actual?).abs())))
        .collect();
    errors.sort_by(|a, b| b.1.total_cmp(&a.1));
    errors.into_iter().map(|(id, _)| id).collect()
}

#[test]
fn the_first_lesson_is_taken_from_its_start_to_its_card() {
    let (home, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut app = begin(lesson("first"), None, home.path(), Theme::Dark);
    until_said(&mut app, "Which estimate was worst?");
    // A wrong answer says so, and Next stays shut; then the right one.
    let errors = by_error(&app);
    assert!(!is_enabled(&app, "Check") && !is_enabled(&app, "Next"));
    select(&mut app, &errors[errors.len() - 1]);
    press(&mut app, "Check");
    app.get_by_label_contains("Another one was off by");
    press(&mut app, "Hint");
    app.get_by_label_contains("straight up or down to the slanted line");
    assert!(!is_enabled(&app, "Next"));
    select(&mut app, &errors[0]);
    press(&mut app, "Check");
    app.get_by_label_contains("no other estimate was clearly further");

    // By keys alone: typed, and sent by Enter. No number, a wrong one twice, then the answer is shown.
    next(&mut app, "How often would it be right by chance?");
    wait(&mut app, "the lesson's own run", |board| {
        !board.busy && board.snapshot.as_ref().is_some_and(|snapshot| !snapshot.recorded)
    });
    let write = |app: &mut App, text: &str| {
        while app.state().board().busy {
            app.run_steps(1);
        }
        type_into(app, Role::TextInput, "Your answer", text);
        app.key_press(Key::Enter);
        app.run_steps(3);
    };
    write(&mut app, "often");
    app.get_by_label_contains("expected a number");
    for _ in 0.."often".len() {
        app.get_by_role_and_label(Role::TextInput, "Your answer").focus();
        app.run_steps(2);
        app.key_press(Key::Backspace);
    }
    app.run_steps(2);
    write(&mut app, "9");
    app.get_by_label_contains("Think of a coin");
    assert!(app.query_by_label("Show the answer").is_none());
    write(&mut app, "0");
    press(&mut app, "Show the answer");
    app.get_by_label_contains("It is 50 %.");

    next(&mut app, "Is it better on images it has seen?");
    until_said(&mut app, "On the new images");
    let before = snapshot(&app).state.record(1).unwrap().before.unwrap();
    let new = usize::from(before.held_out.accuracy > before.train.unwrap().accuracy);
    let options = ["On the images that it has seen", "On the new images"];
    press(&mut app, options[1 - new]);
    press(&mut app, "Check");
    app.get_by_label_contains("Look again");
    press(&mut app, options[new]);
    press(&mut app, "Check");
    app.get_by_label_contains("Only the new ones");

    next(&mut app, "Which channel would you split, which remove?");
    until_said(&mut app, "To split: none yet");
    press(&mut app, "conv1 channel 1");
    press(&mut app, "Split it");
    app.state_mut().view.channel = None;
    app.run_steps(3);
    assert!(!is_enabled(&app, "Keep this"));
    press(&mut app, "conv2 channel 0");
    press(&mut app, "Remove it");
    press(&mut app, "Keep this");
    app.get_by_label_contains("Split channel 1 of conv1; Prune channel 0 of conv2");

    next(&mut app, "Which of six changes helps most?");
    until_said(&mut app, "Which of these changes lowers");
    assert!(snapshot(&app).state.record(1).unwrap().candidates.iter().any(|one| one.actual.is_some()));
    let order = app.state().view.prediction.clone().unwrap().order;
    press(&mut app, &format!("Down: {}", order[0]));
    press(&mut app, "Keep this order");

    next(&mut app, "Which card did you misjudge most?");
    until_said(&mut app, "pairs in the right order");
    let order = app.state().view.prediction.clone().unwrap().order;
    let actual = |app: &App, id: &String| {
        let round = snapshot(app).state.record(1).unwrap().clone();
        round.candidates.iter().find(|one| one.id() == *id).unwrap().actual.unwrap()
    };
    let off: Vec<usize> = (0..order.len())
        .map(|place| {
            let own = actual(&app, &order[place]);
            let above = order.iter().filter(|other| actual(&app, other) > own).count();
            let equal = order.iter().filter(|other| actual(&app, other) == own).count();
            place.saturating_sub(above + equal - 1).max(above.saturating_sub(place))
        })
        .collect();
    let most = off.iter().max().unwrap();
    let wrong = off.iter().position(|other| other < most);
    if let Some(wrong) = wrong {
        app.state_mut().view.candidate = Some(order[wrong].clone());
        app.run_steps(3);
        press(&mut app, "Check");
        app.get_by_label_contains("Compare your place");
    }
    app.state_mut().view.candidate = Some(order[off.iter().position(|other| other == most).unwrap()].clone());
    app.run_steps(3);
    press(&mut app, "Check");
    app.get_by_label_contains("You had ");

    next(&mut app, "Where does the straight line stop being true?");
    until_said(&mut app, "Nothing is selected yet.");
    press(&mut app, "conv1 channel 1");
    wait(&mut app, "the curves", |board| board.along.is_some());
    let along = app.state().board().along.unwrap().1;
    if let Some(at) = seedling::lesson::parting(&along) {
        type_mark(&mut app, if at < 0.7 { 1.4 } else { 0.1 });
        press(&mut app, "Check");
        app.get_by_label_contains("Not at");
        type_mark(&mut app, at);
        press(&mut app, "Check");
        app.get_by_label_contains("slope alone expects too much");
    } else {
        panic!("tangent and truth never part: {along:?}");
    }

    next(&mut app, "Which formula is nearest to the truth?");
    for formula in ["first-order", "rank1", "gauss-newton", "sampled", "linearised"] {
        if !is_enabled(&app, "Next") {
            app.get_by_role_and_label(Role::RadioButton, formula).click();
            app.run_steps(3);
            press(&mut app, "Check");
        }
    }
    app.get_by_label_contains("on average.");

    next(&mut app, "Can you beat the method?");
    until_said(&mut app, "Ticked by the method");
    let round = snapshot(&app).state.record(1).unwrap().clone();
    let chosen = round.chosen();
    let free = round.candidates.iter().find(|one| {
        let taken = |other: &&seedling::lab::CandidateRecord| other.chosen && other.layer() == one.layer();
        let free = !round.candidates.iter().any(|other| taken(&other));
        free && one.scale.is_some_and(|scale| scale > 0.0) && one.family.name() == "split"
    });
    let id = if chosen.len() < 3 { free.expect("a split").id() } else { chosen[0].clone() };
    app.state_mut().view.filter = id.clone();
    app.run_steps(3);
    until_said(&mut app, &format!("Choose {id}"));
    press(&mut app, &format!("Choose {id}"));
    until_said(&mut app, "Ticked by you");
    press(&mut app, "Grow by these");
    until_said(&mut app, "was to be expected");
    if !is_enabled(&app, "Next") {
        press(&mut app, "Back to before the growth");
        until_said(&mut app, "Grow by these");
        press(&mut app, "Grow by these");
        wait(&mut app, "the growth", |board| !board.busy && stage(board) == Some(Stage::Train));
        press(&mut app, "Show the answer");
    }

    next(&mut app, "Is growing worth it?");
    press(&mut app, "Start the lesson's race");
    until_said(&mut app, "look at the accuracies");
    next(&mut app, "Who won?");
    for option in ["Grown", "Not grown", "Within the spread: nobody can tell"] {
        if !is_enabled(&app, "Next") {
            app.get_by_role_and_label(Role::RadioButton, option).click();
            app.run_steps(3);
            press(&mut app, "Check");
        }
    }
    app.get_by_label_contains("from beginning to beginning that varies by");

    next(&mut app, "What did you find out?");
    type_into(&mut app, Role::MultilineTextInput, "Your sentence", "Too short");
    press(&mut app, "Keep this");
    app.get_by_label_contains("A sentence of 5 words or more");
    type_into(&mut app, Role::MultilineTextInput, "Your sentence", " for five words");
    press(&mut app, "Keep this");
    press(&mut app, "To my card");
    // A dialog takes some frames to find its size.
    app.run_steps(6);

    // The card, as a text and as a picture.
    for (button, name) in [("Save as text…", "card.txt"), ("Save as PNG…", "card.png")] {
        press(&mut app, button);
        type_into(&mut app, Role::TextInput, "Path", &out.path().join(name).display().to_string());
        press(&mut app, "OK");
    }
    let text = std::fs::read_to_string(out.path().join("card.txt")).unwrap();
    assert!(text.starts_with("Seedling: Grow your first network\n"), "{text}");
    for part in ["Which estimate was worst?", "right, try 2", "shown: 50 %", "Too short for five words"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let picture = image::open(out.path().join("card.png")).unwrap();
    assert!(picture.width() > 1000 && picture.height() > 500);
    let kept = std::fs::read_to_string(home.path().join("lessons/first.toml")).unwrap();
    assert!(kept.contains("finished = true"), "{kept}");
}

/// Moves the mark of the curves, as its slider's keys would.
fn type_mark(app: &mut App, at: f64) {
    let slider = app.get_by_role_and_label(Role::Slider, "Mark");
    slider.focus();
    app.run_steps(2);
    for _ in 0..150 {
        app.key_press(Key::ArrowLeft);
    }
    app.run_steps(2);
    for _ in 0..(at * 100.0).round() as usize {
        app.key_press(Key::ArrowRight);
    }
    app.run_steps(3);
}

#[test]
fn a_step_in_the_middle_brings_the_run_there_by_itself() {
    let home = tempfile::tempdir().unwrap();
    let first = lesson("first");
    let at = first.place("order");
    let mut app = begin(first, at, home.path(), Theme::Dark);
    until_said(&mut app, "Which of these changes lowers");
    assert_eq!(stage(&app.state().board()), Some(Stage::Choose));
    press(&mut app, "Leave the lesson");
    assert!(app.query_by_label("Keep this order").is_none());
}

#[test]
fn progress_is_there_again_and_another_run_is_noticed() {
    let home = tempfile::tempdir().unwrap();
    let promises = lesson("promises");
    let mut app = begin(promises.clone(), None, home.path(), Theme::Dark);
    until_said(&mut app, "Two glasses of water");
    until_said(&mut app, "Together they always help");
    app.get_by_role_and_label(Role::RadioButton, "Together they always help as much as the two gains added")
        .click();
    app.run_steps(3);
    press(&mut app, "Check");
    app.get_by_label_contains("no longer there for the second one");
    app.get_by_label_contains("If both changes repair the same").click();
    app.run_steps(3);
    press(&mut app, "Check");
    next(&mut app, "How much of the sum will come?");
    drop(app);
    let mut app = begin(promises, None, home.path(), Theme::Dark);
    until_said(&mut app, "How much of the sum will come?");
    until_said(&mut app, "%");
    press(&mut app, "Back");
    until_said(&mut app, "Mistakes can be repaired only once");
}

#[test]
fn a_lesson_is_begun_from_the_introduction_the_menu_and_by_dropping_its_file() {
    let mut app = open(config(), None, Theme::Dark);
    app.key_press(Key::F1);
    app.run_steps(8);
    press(&mut app, "Start the lesson");
    until_said(&mut app, "Which estimate was worst?");
    press(&mut app, "Leave the lesson");
    press(&mut app, "Run");
    press(&mut app, "Lessons…");
    app.run_steps(8);
    press(&mut app, "Open the lesson Gains do not add");
    until_said(&mut app, "Two glasses of water");
    press(&mut app, "Leave the lesson");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    let step = "[[step]]\nname = \"one\"\ntitle = \"My question\"\ntext = \"A.\"\nask = \"read\"\n";
    let head = "title = \"Mine\"\nsummary = \"S\"\nminutes = 1\nrecorded = \"airplanes\"\n";
    std::fs::write(&path, format!("{head}{step}")).unwrap();
    drop_on(&mut app, &path, "My question");
    until_said(&mut app, "I have read it");
    press(&mut app, "I have read it");
    assert!(is_enabled(&app, "To my card"));
    std::fs::write(&path, format!("{head}{}", step.replace("read", "sing"))).unwrap();
    drop_on(&mut app, &path, "found \"sing\", expected one of read");
}

#[test]
fn the_program_opens_on_a_recorded_run_that_goes_on_and_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let start = Start {
        engine: EngineChoice::Candle,
        home: Some(home.path().to_owned()),
        recorded: true,
        quiet: true,
        images: Places { cache: Some("no cache".into()), from: None },
        ..Start::default()
    };
    let mut app = window(start, Theme::Dark);
    wait(&mut app, "the recorded run", |board| board.snapshot.is_some() && !board.busy);
    app.get_by_label_contains("This run was recorded");
    assert_eq!(stage(&app.state().board()), Some(Stage::Choose));
    assert!(!by_error(&app).is_empty(), "points to look at");
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "looking at it leaves nothing");
    press(&mut app, "Undo");
    wait(&mut app, "the moment before", |board| !board.busy && stage(board) == Some(Stage::Measure));
    press(&mut app, "Redo");
    wait(&mut app, "the moment after", |board| !board.busy && stage(board) == Some(Stage::Choose));
    press(&mut app, "One stage");
    wait(&mut app, "the choice", |board| !board.busy && stage(board) == Some(Stage::Grow));
    assert!(app.query_by_label_contains("This run was recorded").is_none());
    let folder = std::fs::read_dir(home.path()).unwrap().next().unwrap().unwrap().path();
    for name in
        ["run.json", "session.safetensors", "round-01.safetensors", "losses.csv", "morphisms-01.safetensors"]
    {
        assert!(folder.join(name).is_file(), "{name}");
    }
}

#[test]
fn one_click_leads_from_the_recorded_run_to_a_new_one() {
    let start = Start {
        engine: EngineChoice::Candle,
        recorded: true,
        quiet: true,
        images: Places { cache: Some("no cache".into()), from: None },
        ..Start::default()
    };
    let mut app = window(start, Theme::Dark);
    wait(&mut app, "the recorded run", |board| board.snapshot.is_some() && !board.busy);
    press(&mut app, "Start a run of your own");
    wait(&mut app, "the new run", |board| !board.busy && stage(board) == Some(Stage::Seed));
}
