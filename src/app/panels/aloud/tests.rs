use std::sync::Arc;

use pollster::block_on;

use super::*;
use crate::app::panels::explain::HIDDEN;
use crate::app::panels::sentences::after;
use crate::app::view::Prediction;
use crate::app::worker::board::{Failure, Progress};
use crate::data;
use crate::engine::Engine;
use crate::lab::fake::FakeEngine;
use crate::lab::{Command, Config, Lab, Unobserved};
use crate::morphism::Family;

/// The board after each stage of a run of one round, the beginning first.
fn boards() -> Vec<Board> {
    let mut config = Config { preset: "2-M-3".into(), rounds: 1, ..Config::default() };
    config.families = vec![Family::Split, Family::Prune, Family::Widen];
    config.data.train = Some(20);
    config.data.held_out = Some(20);
    config.training.epochs = 1;
    let data = Arc::new(data::load(&config.data, config.seed).unwrap());
    let mut lab = Lab::new(config, data).unwrap();
    let mut engine = FakeEngine::default();
    let board = |lab: &Lab, engine: &FakeEngine| Board {
        snapshot: Some(Arc::new(Snapshot::of(lab, 1, &engine.info(), "", None))),
        ..Board::default()
    };
    let mut boards = vec![board(&lab, &engine)];
    while !lab.is_done() {
        block_on(lab.execute(&mut engine, Command::Step, &Unobserved)).unwrap();
        boards.push(board(&lab, &engine));
    }
    boards
}

fn snapshot(board: &Board) -> &Snapshot {
    board.snapshot.as_deref().unwrap()
}

/// The first board that waits for a stage.
fn before_stage(stage: Stage) -> Board {
    boards().into_iter().find(|board| snapshot(board).state.stage == stage).unwrap()
}

#[test]
fn after_every_stage_what_it_did_and_what_is_next_are_said_in_the_screens_words() {
    let view = View::default();
    let boards = boards();
    let done = boards.iter().zip(&boards[1..]).map(|(was, now)| (snapshot(was).state.stage, now));
    let mut told = 0;
    for (stage, now) in done {
        let text = said(now, &view);
        let shown = snapshot(now);
        assert!(text.starts_with(&format!("{} is done. ", title(stage))), "{text}");
        assert!(text.contains(&before(shown.state.stage, shown)), "{text}");
        let invites = text.ends_with("Press Play, or One stage.");
        assert_eq!(invites, shown.state.stage != Stage::Done, "{text}");
        let round =
            shown.state.rounds.iter().rev().find(|round| stage != Stage::Grow || round.after.is_some());
        let images = shown.data.held_out.len();
        if let Some(did) = round.and_then(|round| after(stage, &shown.state, round, images)) {
            assert!(text.contains(&did.text), "{did:?} in {text}");
            told += 1;
        }
    }
    assert!(told >= 6, "{told} stages said what they did");
}

#[test]
fn what_is_under_way_is_said_once_and_not_counted() {
    let mut board = before_stage(Stage::Learn);
    let mut progress = Progress::of((Stage::Learn, 1));
    progress.advance(3, 10, Some(0.5));
    board.progress = Some(progress);
    let early = said(&board, &View::default());
    assert!(
        early.contains("Propose is done.") && early.contains("Learn is under way. Learn the best"),
        "{early}"
    );
    progress.advance(7, 10, Some(0.4));
    board.progress = Some(progress);
    assert_eq!(said(&board, &View::default()), early);
    board.opening = Some("Fetching the images, file 1 of 2: 0.1 of 4.3 MB".into());
    assert_eq!(said(&board, &View::default()), "Fetching the images, file 1 of 2.");
}

#[test]
fn failures_and_news_are_said() {
    let mut board = before_stage(Stage::Propose);
    board.notice("The GPU was lost".into());
    assert!(said(&board, &View::default()).ends_with("One stage. The GPU was lost."));
    board.is_news = false;
    assert!(said(&board, &View::default()).ends_with("One stage."));
    let failure = Failure { text: "It broke.".into(), advice: "Press Play.".into(), repair: None };
    board.failure = Some(failure);
    assert_eq!(said(&board, &View::default()), "It broke. Press Play.");
    assert_eq!(said(&Board::default(), &View::default()), "");
}

#[test]
fn the_best_are_in_the_order_of_their_estimates_and_get_their_actual_gains() {
    assert_eq!(best(snapshot(&before_stage(Stage::Learn)), &View::default()), None);
    let estimated = before_stage(Stage::Measure);
    let listed = best(snapshot(&estimated), &View::default()).unwrap();
    let round = snapshot(&estimated).state.record(1).unwrap();
    let of = format!("the best 5 of {} changes", round.candidates.len());
    assert!(listed.title.contains(&of), "{}", listed.title);
    assert!(listed.rows.iter().all(|[_, _, actual, why]| actual == "not measured" && why == "not decided"));
    let mut estimates: Vec<f64> =
        round.candidates.iter().filter_map(|one| one.estimate_by(round.estimator)).collect();
    estimates.sort_by(|a, b| b.total_cmp(a));
    let shown: Vec<&String> = listed.rows.iter().map(|row| &row[1]).collect();
    assert_eq!(
        shown,
        estimates[..5].iter().map(|value| gain(*value)).collect::<Vec<_>>().iter().collect::<Vec<_>>()
    );

    let measured = before_stage(Stage::Choose);
    let round = snapshot(&measured).state.record(1).unwrap();
    for [name, _, actual, _] in best(snapshot(&measured), &View::default()).unwrap().rows {
        let candidate = round.candidates.iter().find(|candidate| candidate.title() == name).unwrap();
        assert_eq!(actual, gain(candidate.actual.unwrap()));
    }
    let decided = best(snapshot(&before_stage(Stage::Grow)), &View::default()).unwrap();
    assert!(decided.rows.iter().all(|row| row[3] != "not decided"), "{decided:?}");
}

#[test]
fn gains_that_are_to_be_predicted_are_not_told() {
    let board = before_stage(Stage::Choose);
    let prediction = Prediction { of: (1, 1), order: Vec::new(), revealed: false };
    let view = View { prediction: Some(prediction), ..View::default() };
    assert_eq!(best(snapshot(&board), &view), None);
    let text = said(&board, &view);
    assert!(text.contains(HIDDEN) && !text.contains("correlation"), "{text}");
}

#[test]
fn the_network_is_told_layer_by_layer_with_what_is_new() {
    let lines = network(snapshot(&before_stage(Stage::Grow)));
    assert_eq!(lines[0], "conv1: 2 channels of 32×32, kernels 3×3, pooling (max).");
    assert!(lines[2].starts_with("At the end 10 classes: airplane, automobile"), "{}", lines[2]);
    let grown = boards().into_iter().find(|board| snapshot(board).state.round == 2).unwrap();
    let round = snapshot(&grown).state.record(1).unwrap();
    assert!(!round.chosen().is_empty());
    let lines = network(snapshot(&grown));
    let (layer, growth) = (&snapshot(&grown).diagram.layers[0], Growth::of(snapshot(&grown)));
    let new = growth.column(layer).iter().filter(|slot| slot.is_new()).count();
    assert_eq!(lines[0].contains(&format!("{new} new")), new > 0, "{lines:?}");
    assert!(lines.iter().any(|line| line.contains(" new and") || line.contains(" pruned")), "{lines:?}");
}

#[test]
fn how_the_run_stands_is_told() {
    let board = before_stage(Stage::Choose);
    let text = standing(&board, snapshot(&board));
    assert!(
        text.contains("Round 1, stage choose, waiting.") && text.contains("estimated and measured"),
        "{text}"
    );
    let recorded = Snapshot { recorded: true, ..snapshot(&board).clone() };
    assert!(standing(&Board { busy: true, ..board.clone() }, &recorded).contains("at work"));
    assert!(standing(&board, &recorded).ends_with("it goes on from here."));
    let at = *recorded.pasts().first().unwrap();
    let earlier = standing(&board, &recorded.looked_at(at).unwrap());
    let told = format!("You look at an earlier moment: {}.", recorded.name_of(at));
    assert!(earlier.starts_with(&told) && !earlier.contains("Computing"), "{earlier}");
}
