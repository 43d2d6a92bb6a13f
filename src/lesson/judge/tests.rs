use std::sync::Arc;

use pollster::block_on;

use super::*;
use crate::data::{self, Class, Data};
use crate::engine::Score;
use crate::lab::fake::FakeEngine;
use crate::lab::{Along, Command, Config, JointRecord, Lab, Moment, Point, Quality, State, Unobserved};
use crate::lesson::{Answered, Course, Lesson};
use crate::study;

/// A run of two classes by the fake engine, until a stage is to be done.
fn run(until: Stage) -> (Lab, FakeEngine) {
    let mut config = Config { preset: "4-M-4".into(), rounds: 1, ..Config::default() };
    config.data.classes = Some(vec![Class::Name("airplane".into()), Class::Name("automobile".into())]);
    (config.data.train, config.data.held_out) = (Some(20), Some(20));
    config.training.epochs = 1;
    config.budget.max_candidates = 2;
    let images: Arc<Data> = Arc::new(data::load(&config.data, config.seed).unwrap());
    let mut lab = Lab::new(config, images).unwrap();
    let mut engine = FakeEngine::default();
    while lab.state().stage != until {
        block_on(lab.execute(&mut engine, Command::Step, &Unobserved)).unwrap();
    }
    (lab, engine)
}

fn facts(lab: &Lab) -> Facts<'_> {
    Facts { config: lab.config(), state: lab.state(), classes: 2, by_hand: false, along: None, race: None }
}

/// A step with these fields, after one that asks for an order and one that asks for a race.
fn step(fields: &str) -> Lesson {
    // What is only kept has no right answer to be told.
    let wrong =
        if fields.contains("\"write\"") || fields.contains("\"do\"") { "W" } else { "W {answer} {truth}" };
    let text = format!(
        "title = \"T\"\nsummary = \"S\"\nminutes = 5\n[settings]\nrounds = 1\n\
         [[step]]\nname = \"cards\"\ntitle = \"Q\"\ntext = \"A.\"\nask = \"order\"\n\
         [[step]]\nname = \"race\"\ntitle = \"Q\"\ntext = \"A.\"\nask = \"do\"\nuntil = \"race\"\n\
         [[step.entrant]]\nname = \"grown\"\n[[step.entrant]]\nname = \"not grown\"\nrounds = 0\n\
         [[step]]\nname = \"one\"\ntitle = \"Q\"\ntext = \"A.\"\nwrong = \"{wrong}\"\n\
         right = \"R {{answer}}\"\n{fields}\n"
    );
    Lesson::parse("l", "l.toml", &text).unwrap()
}

/// What is said of an answer to the step of these fields: the standing with the texts, or why it cannot be judged.
fn said(fields: &str, facts: Facts<'_>, answer: Answer) -> Result<(Standing, String), String> {
    said_after(fields, facts, answer, None)
}

fn said_after(
    fields: &str,
    facts: Facts<'_>,
    answer: Answer,
    order: Option<Vec<String>>,
) -> Result<(Standing, String), String> {
    let lesson = step(fields);
    let mut progress = Progress::default();
    if let Some(order) = order {
        let answered = Answered {
            answer: Answer::Order(order),
            words: String::new(),
            truth: None,
            standing: Standing::Kept,
            said: String::new(),
            tries: 1,
        };
        progress.answers.insert("cards".into(), answered);
    }
    let method = Method { chosen: Vec::new(), came: 0.01 };
    let context = Context { facts, progress: &progress, method: Some(&method), race: lesson.race_before(2) };
    judge(&lesson.steps[2], &context, &answer).map(|verdict| (verdict.standing, verdict.said))
}

fn candidate(id: &str) -> Answer {
    Answer::Candidate(id.to_owned())
}

#[test]
fn a_number_is_right_within_its_tolerance_and_no_further() {
    let (lab, _) = run(Stage::Seed);
    let fields = "ask = \"number\"\nunit = \"%\"\nwithin = 5\ncheck = \"chance-level\"";
    for (number, standing) in
        [(50.0, Standing::Right), (55.0, Standing::Right), (55.1, Standing::Wrong), (10.0, Standing::Wrong)]
    {
        assert_eq!(said(fields, facts(&lab), Answer::Number(number)).unwrap().0, standing, "{number}");
    }
    let wrong = said(fields, facts(&lab), Answer::Number(10.0)).unwrap().1;
    assert_eq!(wrong, "W 10 % 50 %");
    let four = Facts { classes: 4, ..facts(&lab) };
    assert_eq!(said(fields, four, Answer::Number(25.0)).unwrap().0, Standing::Right);
    assert!(said(fields, facts(&lab), Answer::Number(f64::NAN)).is_err());
    let fixed = "ask = \"number\"\nanswer = 3\nwithin = 0";
    assert_eq!(said(fixed, facts(&lab), Answer::Number(3.0)).unwrap().0, Standing::Right);
    assert_eq!(said(fixed, facts(&lab), Answer::Number(3.1)).unwrap().0, Standing::Wrong);
}

#[test]
fn the_worst_promise_is_the_largest_error_whichever_its_sign() {
    let (mut lab, mut engine) = run(Stage::Choose);
    let fields = "ask = \"candidate\"\ncheck = \"largest-error\"\nneeds = \"measure\"";
    let errors = facts(&lab).errors();
    let worst = errors.iter().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).unwrap().0.id();
    let other = errors.iter().find(|(one, error)| one.id() != worst && error.abs() < 1e-9).unwrap().0.id();
    assert_eq!(said(fields, facts(&lab), candidate(&worst)).unwrap().0, Standing::Right);
    let (standing, words) = said(fields, facts(&lab), candidate(&other)).unwrap();
    assert_eq!(standing, Standing::Wrong);
    let title = facts(&lab).title(&worst);
    assert!(words.contains(&title) && !title.contains(':'), "{words}");
    assert!(said(fields, facts(&lab), candidate("split:conv9:0")).unwrap_err().contains("conv9"));
    // Before the gains are measured nobody can tell.
    while lab.state().stage != Stage::Measure {
        block_on(lab.execute(&mut engine, Command::Undo, &Unobserved)).unwrap();
    }
    assert!(said(fields, facts(&lab), candidate(&worst)).unwrap_err().contains("stage measure"));
}

#[test]
fn the_best_estimate_is_the_largest_of_the_runs_own_formula() {
    let (lab, _) = run(Stage::Measure);
    let fields = "ask = \"candidate\"\ncheck = \"best-estimate\"";
    let round = facts(&lab).round().unwrap().clone();
    let estimate = |one: &&CandidateRecord| one.estimate_by(round.estimator).unwrap();
    let best = round.candidates.iter().max_by(|a, b| estimate(a).total_cmp(&estimate(b))).unwrap().id();
    let least = round.candidates.iter().min_by(|a, b| estimate(a).total_cmp(&estimate(b))).unwrap().id();
    assert_eq!(said(fields, facts(&lab), candidate(&best)).unwrap().0, Standing::Right);
    assert_eq!(said(fields, facts(&lab), candidate(&least)).unwrap().0, Standing::Wrong);
}

#[test]
fn the_most_misjudged_card_is_the_one_furthest_from_its_place() {
    let (lab, _) = run(Stage::Choose);
    let fields = "ask = \"candidate\"\ncheck = \"most-misjudged\"\nof = \"cards\"";
    let mut sorted: Vec<(String, f64)> = facts(&lab)
        .errors()
        .iter()
        .map(|(one, _)| (one.id(), one.actual.unwrap()))
        .filter(|(_, actual)| *actual != 0.0)
        .collect();
    sorted.sort_by(|a, b| b.1.total_cmp(&a.1));
    sorted.dedup_by(|a, b| a.1 == b.1);
    let mut order: Vec<String> = sorted.into_iter().map(|(id, _)| id).take(4).collect();
    assert_eq!(order.len(), 4);
    // The best comes last: it is three places off, each other one.
    let best = order.remove(0);
    order.push(best.clone());
    let answer = |id: &str| said_after(fields, facts(&lab), candidate(id), Some(order.clone()));
    assert_eq!(answer(&best).unwrap().0, Standing::Right);
    assert_eq!(answer(&order[0]).unwrap().0, Standing::Wrong);
    assert!(answer("split:conv9:9").is_err());
    assert!(said(fields, facts(&lab), candidate(&best)).unwrap_err().contains("Put the cards in order"));
    let lesson = step(&format!("{fields}\n")).steps[2].clone();
    let text = crate::lesson::Step { right: "{pairs} of {all}, {formula}".into(), ..lesson };
    let mut progress = Progress::default();
    let mut course = Course::new(Arc::new(step(fields)));
    course.answer(Answer::Order(order), facts(&lab)).unwrap();
    progress.answers = course.progress().answers.clone();
    let context = Context { facts: facts(&lab), progress: &progress, method: None, race: None };
    assert_eq!(judge(&text, &context, &candidate(&best)).unwrap().said, "3 of 6, 6");
}

#[test]
fn the_formula_with_the_smallest_mean_error_is_found_by_its_name() {
    let (lab, _) = run(Stage::Choose);
    let fields = "ask = \"choose\"\ncheck = \"smallest-mean-error\"\n\
                  options = [\"first-order\", \"rank1\", \"gauss-newton\", \"sampled\", \"linearised\"]";
    // The fake engine's truth is a tenth higher than its estimates for removals: the formula with the largest bias is best.
    let standings: Vec<Standing> =
        (0..5).map(|place| said(fields, facts(&lab), Answer::Choice(place)).unwrap().0).collect();
    assert_eq!(standings.iter().filter(|standing| **standing == Standing::Right).count(), 1, "{standings:?}");
    let mean = |estimator: Estimator| {
        let round = facts(&lab).round().unwrap();
        let error = |one: &CandidateRecord| (one.estimate_by(estimator).unwrap() - one.actual.unwrap()).abs();
        round.candidates.iter().map(error).sum::<f64>()
    };
    let best = (0..5).min_by(|a, b| mean(Estimator::ALL[*a]).total_cmp(&mean(Estimator::ALL[*b]))).unwrap();
    assert_eq!(standings[best], Standing::Right);
    assert!(said(fields, facts(&lab), Answer::Choice(5)).is_err());
}

#[test]
fn seen_images_are_compared_with_new_ones() {
    let (mut lab, _) = run(Stage::Propose);
    let fields = "ask = \"choose\"\ncheck = \"seen-or-new\"\noptions = [\"seen\", \"new\"]";
    let mut state = lab.state().clone();
    for (train, right) in [(0.9, 0), (0.5, 1)] {
        let round = Arc::make_mut(&mut state.rounds[0]);
        let before = round.before.as_mut().unwrap();
        before.train = Some(Score { loss: 0.1, accuracy: train });
        before.held_out.accuracy = 0.7;
        let data = lab.data().clone();
        lab = Lab::at(lab.config().clone(), data, state.clone());
        for place in 0..2 {
            let found = said(fields, facts(&lab), Answer::Choice(place)).unwrap().0;
            assert_eq!(found == Standing::Right, place == right, "{train} {place}");
        }
    }
}

#[test]
fn a_click_is_right_within_a_tenth_of_where_the_tangent_parts() {
    let (lab, _) = run(Stage::Choose);
    let fields = "ask = \"scale\"";
    let none = said(fields, facts(&lab), Answer::Number(0.3)).unwrap_err();
    assert!(none.contains("Choose a change first"), "{none}");
    let scales: Vec<f64> = (0..=12).map(|point| f64::from(point) / 8.0).collect();
    let along = Along {
        actual: scales.iter().map(|s| 2.0 * s - s * s).collect(),
        first_order: scales.iter().map(|s| 2.0 * s).collect(),
        scales,
        ..Along::default()
    };
    let looked = Facts { along: Some(&along), ..facts(&lab) };
    // They part near 0.32.
    for (number, standing) in [(0.3, Standing::Right), (0.4, Standing::Right), (0.5, Standing::Wrong)] {
        assert_eq!(said(fields, looked, Answer::Number(number)).unwrap().0, standing, "{number}");
    }
}

#[test]
fn a_vote_needs_two_channels_one_of_each_kind() {
    let (lab, _) = run(Stage::Learn);
    let fields = "ask = \"vote\"";
    let vote = |split: &str, prune: &str| Answer::Vote { split: split.into(), prune: prune.into() };
    let right = said(fields, facts(&lab), vote("split:conv1:0", "prune:conv1:1")).unwrap();
    assert_eq!(right.0, Standing::Right);
    let wrong = said(fields, facts(&lab), vote("prune:conv1:0", "prune:conv1:1")).unwrap();
    assert_eq!(wrong.0, Standing::Wrong);
    assert!(said(fields, facts(&lab), vote("split:conv1:0", "split:conv1:0")).is_err());
}

#[test]
fn picks_keep_to_their_budget_and_are_held_against_the_method() {
    let (mut lab, mut engine) = run(Stage::Grow);
    let fields = "ask = \"pick\"\nmost = 2\nparameters = 120";
    let ids: Vec<String> = facts(&lab)
        .round()
        .unwrap()
        .candidates
        .iter()
        .filter(|one| one.scale.is_some_and(|scale| scale > 0.0) && one.params_delta > 0)
        .map(CandidateRecord::id)
        .collect();
    let pick = |ids: &[String]| Answer::Pick(ids.to_vec());
    assert!(said(fields, facts(&lab), pick(&ids[..3])).unwrap_err().contains("tick 1 to 2"));
    assert!(said(fields, facts(&lab), pick(&[])).unwrap_err().contains("0 changes"));
    let tight = "ask = \"pick\"\nmost = 2\nparameters = 1";
    assert!(said(tight, facts(&lab), pick(&ids[..1])).unwrap_err().contains("at most 1"));
    let chosen = facts(&lab).round().unwrap().chosen();
    let mine = ids.iter().find(|id| !chosen.contains(id)).expect("another change").clone();
    let mine = std::slice::from_ref(&mine);
    assert!(said(fields, facts(&lab), pick(mine)).unwrap_err().contains("not the changes that are ticked"));
    block_on(lab.execute(&mut engine, Command::Choose(mine.to_vec()), &Unobserved)).unwrap();
    assert!(
        said(fields, Facts { by_hand: true, ..facts(&lab) }, pick(mine))
            .unwrap_err()
            .contains("Grow by your changes")
    );
    block_on(lab.execute(&mut engine, Command::Step, &Unobserved)).unwrap();
    let came = facts(&lab).round().unwrap().joint.unwrap().came.unwrap();
    assert!(said(fields, facts(&lab), pick(mine)).unwrap_err().contains("the method's own"));
    let expected = if came >= 0.01 { Standing::Right } else { Standing::Wrong };
    let (standing, words) = said(fields, Facts { by_hand: true, ..facts(&lab) }, pick(mine)).unwrap();
    assert_eq!(standing, expected);
    assert!(words.contains(&gain(came)), "{words}");
    // One change alone always keeps its sum.
    let adds = "ask = \"pick\"\nmost = 2\ncheck = \"adds-up\"";
    assert!(
        said(adds, Facts { by_hand: true, ..facts(&lab) }, pick(mine))
            .unwrap_err()
            .contains("two changes or more")
    );
}

#[test]
fn what_came_is_compared_with_the_sum_and_with_the_training_after() {
    let (mut lab, mut engine) = run(Stage::Train);
    while !lab.is_done() {
        block_on(lab.execute(&mut engine, Command::Step, &Unobserved)).unwrap();
    }
    let round = facts(&lab).round().unwrap().clone();
    let (before, after) = (round.before.unwrap().held_out.loss, round.after.unwrap().held_out.loss);
    let last = lab.state().record(2).unwrap().before.unwrap().held_out.loss;
    let joint = JointRecord { sum_of_single: 0.04, came: Some(0.03), ..JointRecord::default() };
    let mut state = lab.state().clone();
    Arc::make_mut(&mut state.rounds[0]).joint = Some(joint);
    let lab = Lab::at(lab.config().clone(), lab.data().clone(), state);
    for (check, truth, within) in [
        ("gain-at-once", before - after, 1e-6),
        ("gain-by-training", after - last, 1e-6),
        ("share-that-came", 75.0, 0.5),
    ] {
        let fields = format!("ask = \"number\"\nwithin = {within}\ncheck = \"{check}\"");
        assert_eq!(said(&fields, facts(&lab), Answer::Number(truth)).unwrap().0, Standing::Right, "{check}");
        let off = Answer::Number(truth + 2.0 * within);
        assert_eq!(said(&fields, facts(&lab), off).unwrap().0, Standing::Wrong, "{check}");
    }
}

#[test]
fn a_race_is_won_by_more_than_its_spread_or_by_nobody() {
    let (lab, _) = run(Stage::Seed);
    let fields = "ask = \"choose\"\ncheck = \"race-winner\"\noptions = [\"grown\", \"not\", \"spread\"]";
    let no_race = said(fields, facts(&lab), Answer::Choice(0)).unwrap_err();
    assert!(no_race.contains("race"), "{no_race}");
    let race = |grown: [f64; 3], fixed: [f64; 3]| {
        let run = |name: &str, accuracy: f64| {
            let held_out = Score { loss: 1.0, accuracy };
            let quality = Quality { parameters: 1, flops: 1, train: None, held_out };
            let point = Point { round: 1, moment: Moment::Trained, cost: 1, quality };
            let config = Config::default();
            study::Run { name: name.into(), config, curve: vec![point], images: 1 }
        };
        let grown = grown.into_iter().map(|accuracy| run("grown", accuracy));
        let fixed = fixed.into_iter().map(|accuracy| run("not grown", accuracy));
        study::Race { cost: 1, runs: grown.chain(fixed).collect() }
    };
    for (race, right) in [
        (race([0.9, 0.8, 0.85], [0.8, 0.7, 0.74]), 0),
        (race([0.8, 0.7, 0.74], [0.9, 0.8, 0.85]), 1),
        (race([0.9, 0.8, 0.85], [0.8, 0.9, 0.84]), 2),
        // Spread within each, but by seeds always the same difference.
        (race([0.9, 0.5, 0.7], [0.89, 0.49, 0.69]), 0),
    ] {
        let raced = Facts { race: Some(&race), ..facts(&lab) };
        for place in 0..3 {
            let found = said(fields, raced, Answer::Choice(place)).unwrap().0;
            assert_eq!(found == Standing::Right, place == right, "{place} {right}");
        }
    }
}

#[test]
fn what_is_to_be_done_counts_once_it_is_done() {
    let (mut lab, mut engine) = run(Stage::Propose);
    let done = |lab: &Lab, stage: Stage| {
        let fields = format!("ask = \"do\"\nuntil = \"{stage}\"");
        said(&fields, facts(lab), Answer::Done).map(|verdict| verdict.0)
    };
    assert_eq!(done(&lab, Stage::Train), Ok(Standing::Kept));
    for stage in [Stage::Propose, Stage::Learn, Stage::Estimate, Stage::Measure, Stage::Choose, Stage::Grow] {
        assert!(done(&lab, stage).unwrap_err().contains(stage.name()));
        block_on(lab.execute(&mut engine, Command::Step, &Unobserved)).unwrap();
        assert_eq!(done(&lab, stage), Ok(Standing::Kept), "{stage}");
    }
    assert!(done(&lab, Stage::Done).unwrap_err().contains("end"));
    // Estimates that are only foreseen, as the screen shows them during Learn.
    let foreseen = State { stage: Stage::Learn, round: 1, ..lab.state().clone() };
    let lab_then = Lab::at(lab.config().clone(), lab.data().clone(), foreseen);
    assert!(done(&lab_then, Stage::Estimate).is_err());
    block_on(lab.execute(&mut engine, Command::Undo, &Unobserved)).unwrap();
    assert!(done(&lab, Stage::Grow).is_err(), "what is undone is not done");
}

#[test]
fn a_sentence_has_words() {
    let (lab, _) = run(Stage::Seed);
    let fields = "ask = \"write\"\nwords = 3";
    assert!(
        said(fields, facts(&lab), Answer::Sentence("Too  short ".into())).unwrap_err().contains("this has 2")
    );
    let kept = said(fields, facts(&lab), Answer::Sentence(" Now it fits ".into())).unwrap();
    assert_eq!(kept, (Standing::Kept, "R Now it fits".into()));
    assert!(said(fields, facts(&lab), Answer::Done).is_err());
}
