//! What the commands besides a step do, and when they are refused.

use super::*;

#[test]
fn undo_and_redo_lead_to_the_same_end() {
    undo_and_redo(&settings());
    undo_and_redo(&careful());
}

fn undo_and_redo(config: &Config) {
    let mut straight = lab(config);
    run(&mut straight, &mut FakeEngine::default(), &Log::default());

    let mut winding = lab(config);
    let mut engine = FakeEngine::default();
    assert!(command(&mut winding, Command::Undo).unwrap_err().to_string().contains("beginning"));
    step(&mut winding, &mut engine).unwrap();
    step(&mut winding, &mut engine).unwrap();
    assert_eq!(winding.state().step, 8);
    command(&mut winding, Command::Undo).unwrap();
    assert_eq!((winding.state().stage, winding.state().step), (Stage::Train, 0));
    until(&mut winding, &mut engine, Stage::Grow);
    let before_growth = numbers(winding.state());
    step(&mut winding, &mut engine).unwrap();
    step(&mut winding, &mut engine).unwrap();
    command(&mut winding, Command::Undo).unwrap();
    command(&mut winding, Command::Undo).unwrap();
    assert_eq!(numbers(winding.state()), before_growth);
    command(&mut winding, Command::Redo).unwrap();
    assert_eq!(winding.state().round, 2);
    command(&mut winding, Command::GoTo(1)).unwrap();
    assert_eq!(winding.state().stage, Stage::Train);
    assert!(command(&mut winding, Command::GoTo(99)).unwrap_err().to_string().contains("found position 99"));
    run(&mut winding, &mut engine, &Log::default());
    assert_eq!(numbers(winding.state()), numbers(straight.state()));
    assert!(command(&mut winding, Command::Redo).is_err());
}

#[test]
fn a_choice_can_be_edited_before_growth_only_and_must_be_possible() {
    let mut lab = lab(&Config { measure: config::Measure::Chosen, ..settings() });
    let mut engine = FakeEngine::default();
    let choose = |ids: &[&str]| Command::Choose(ids.iter().map(|id| (*id).to_owned()).collect());
    assert!(command(&mut lab, choose(&[])).unwrap_err().to_string().contains("found the stage seed"));
    until(&mut lab, &mut engine, Stage::Grow);
    let alive: Vec<String> = {
        let round = lab.state().record(1).unwrap();
        round.candidates.iter().filter(|record| record.scale > Some(0.0)).map(|record| record.id()).collect()
    };
    assert!(command(&mut lab, choose(&["split:conv9:0"])).unwrap_err().to_string().contains("conv9"));
    let prunes: Vec<&str> =
        alive.iter().map(String::as_str).filter(|id| id.starts_with("prune:conv1")).collect();
    assert_eq!(prunes.len(), 4);
    assert!(command(&mut lab, choose(&prunes)).unwrap_err().to_string().contains("last channel"));
    command(&mut lab, choose(&prunes[..1])).unwrap();
    assert_eq!(lab.state().stage, Stage::Measure);
    step(&mut lab, &mut engine).unwrap();
    let round = lab.state().record(1).unwrap();
    assert_eq!(round.chosen(), prunes[..1]);
    assert_eq!(round.candidates.iter().filter(|record| record.actual.is_some()).count(), 1);
    step(&mut lab, &mut engine).unwrap();
    assert!(command(&mut lab, choose(&[])).is_err());
}

#[test]
fn extending_a_finished_run_equals_a_longer_one() {
    let mut longer = lab(&Config { rounds: 2, ..settings() });
    run(&mut longer, &mut FakeEngine::default(), &Log::default());
    let mut extended = lab(&settings());
    let mut engine = FakeEngine::default();
    run(&mut extended, &mut engine, &Log::default());
    assert!(command(&mut extended, Command::Extend(0)).unwrap_err().to_string().contains("at least 1"));
    command(&mut extended, Command::Extend(2)).unwrap();
    assert!(!extended.is_done());
    run(&mut extended, &mut engine, &Log::default());
    assert_eq!(numbers(extended.state()), numbers(longer.state()));
}
