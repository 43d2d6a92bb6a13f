use super::*;
use crate::lab::{Config, State};
use crate::lesson::{Answer, results};
use crate::network::{Model, Network, preset};

fn lesson() -> Arc<Lesson> {
    let text = "title = \"Two\"\nsummary = \"S\"\nminutes = 1\n[settings]\nrounds = 1\n\
        [[step]]\nname = \"chance\"\ntitle = \"By chance?\"\ntext = \"A.\"\nask = \"number\"\nunit = \"%\"\n\
        check = \"chance-level\"\nright = \"Yes\"\nwrong = \"No, not {answer}\"\n\
        [[step]]\nname = \"say\"\ntitle = \"Say it\"\ntext = \"A.\"\nask = \"write\"\nright = \"Kept\"\n";
    Arc::new(Lesson::parse("two", "two.toml", text).unwrap())
}

/// Takes a course's answer in a run of two classes that has not begun.
fn answer(course: &mut Course, answer: Answer) -> Result<Standing, String> {
    let config = Config::default();
    let network = Network::initialise(preset("2", 2).unwrap(), 1).unwrap();
    let state = State::new(Model::new(network));
    let facts = Facts { config: &config, state: &state, classes: 2, by_hand: false, along: None, race: None };
    course.answer(answer, facts).map(|answered| answered.standing)
}

#[test]
fn the_next_step_comes_once_this_one_is_answered_and_back_leads_back() {
    let mut course = Course::new(lesson());
    course.next();
    assert_eq!((course.progress().step, course.may_go_on()), (0, false));
    assert_eq!(answer(&mut course, Answer::Number(20.0)), Ok(Standing::Wrong));
    course.next();
    assert_eq!(course.progress().step, 0, "a wrong answer leads nowhere");
    assert_eq!(course.answered().unwrap().said, "No, not 20 %");
    assert_eq!(answer(&mut course, Answer::Number(50.0)), Ok(Standing::Right));
    assert_eq!(course.answered().unwrap().tries, 2);
    course.next();
    assert!(course.is_last());
    assert!(answer(&mut course, Answer::Sentence("No".into())).is_err());
    course.next();
    assert!(!course.progress().finished);
    answer(&mut course, Answer::Sentence("I know it now".into())).unwrap();
    course.next();
    assert!(course.progress().finished);
    course.back();
    assert_eq!((course.progress().finished, course.progress().step), (false, 1));
    course.back();
    course.back();
    assert_eq!(course.progress().step, 0);
}

#[test]
fn the_right_answer_is_shown_after_two_wrong_ones_only() {
    let mut course = Course::new(lesson());
    answer(&mut course, Answer::Number(1.0)).unwrap();
    course.show();
    assert!(!course.may_go_on() && !course.may_be_shown());
    answer(&mut course, Answer::Number(2.0)).unwrap();
    assert!(course.may_be_shown());
    course.show();
    assert_eq!(course.answered().unwrap().said, "It is 50 %.");
    assert!(course.may_go_on());
    assert_eq!(results(&course).score, (0, 1), "what was shown was not known");
}

#[test]
fn progress_is_taken_up_again_and_fits_a_lesson_that_was_changed() {
    let mut course = Course::new(lesson());
    answer(&mut course, Answer::Number(50.0)).unwrap();
    course.next();
    answer(&mut course, Answer::Sentence("I know \"it\" now".into())).unwrap();
    let text = toml::to_string(course.progress()).unwrap();
    let kept: Progress = toml::from_str(&text).unwrap();
    assert_eq!(Course::resume(lesson(), kept.clone()).progress(), course.progress());
    let mut shorter = Lesson::clone(&lesson());
    shorter.steps.truncate(1);
    let resumed = Course::resume(Arc::new(shorter), kept);
    assert_eq!(resumed.progress().step, 0);
    assert_eq!(resumed.progress().answers.len(), 1);
}

#[test]
fn results_say_what_was_guessed_and_written() {
    let mut course = Course::new(lesson());
    answer(&mut course, Answer::Number(20.0)).unwrap();
    answer(&mut course, Answer::Number(50.0)).unwrap();
    course.next();
    answer(&mut course, Answer::Sentence("I know it now".into())).unwrap();
    let results = results(&course);
    assert_eq!(results.score, (1, 1));
    assert_eq!(results.sentences, ["I know it now"]);
    let text = results.text();
    let expected = "Seedling: Two\n1 of 1 right\n\nBy chance?\n    50 % (right, try 2)\n\n\u{201c}I know it now\u{201d}\n";
    assert_eq!(text, expected);
}

#[test]
fn a_link_leads_to_any_step() {
    let mut course = Course::new(lesson());
    course.go_to(1);
    assert_eq!(course.step().name, "say");
    course.go_to(99);
    assert_eq!(course.step().name, "say");
}
