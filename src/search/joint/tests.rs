use serde::Deserialize;
use web_time::Instant;

use super::*;
use crate::random::Stream;

fn table(labels: Vec<u8>, classes: usize, logits: Vec<f32>, changes: Vec<Vec<f32>>) -> JointTable {
    JointTable { classes, labels, logits, changes }
}

/// A random table: examples that are mostly right, changes that mostly help a little.
fn random(candidates: usize, examples: usize, classes: usize, seed: u64) -> JointTable {
    let mut stream = Stream::new(seed, "joint test", 0);
    let labels: Vec<u8> = (0..examples).map(|_| stream.below(classes) as u8).collect();
    let mut logits = stream.normals(examples * classes, 1.0);
    for (row, label) in logits.chunks_mut(classes).zip(&labels) {
        row[usize::from(*label)] += 0.5;
    }
    let change = |stream: &mut Stream| {
        let mut change = stream.normals(examples * classes, 0.5);
        let help = 0.05 * stream.normal() as f32;
        for (row, label) in change.chunks_mut(classes).zip(&labels) {
            row[usize::from(*label)] += help;
        }
        change
    };
    let changes = (0..candidates).map(|_| change(&mut stream)).collect();
    table(labels, classes, logits, changes)
}

fn objective(joint: &Joint, penalties: &[f64], shares: &[f64]) -> f64 {
    joint.loss(shares) + penalties.iter().zip(shares).map(|(p, s)| p * s).sum::<f64>()
}

#[test]
fn one_candidate_and_two_classes_have_a_closed_form() {
    // Margin m = 0.2 + 3s of the right class: the slope −3σ(−m) + ¾ is 0 where σ(−m) = ¼, m = ln 3.
    let table = table(vec![0], 2, vec![0.2, 0.0], vec![vec![1.0, -2.0]]);
    let shares = Joint::new(&table).solve(&[0.75], &[FREE], &[0.0]);
    let expected = (3f64.ln() - f64::from(0.2f32)) / 3.0;
    assert!((shares[0] - expected).abs() < 1e-9, "{shares:?} {expected}");
    // σ(−0.2)·3 = 1.35 is the slope at 0: a dearer candidate stays out; a free one goes all the way.
    assert_eq!(Joint::new(&table).solve(&[1.36], &[FREE], &[0.9]), [0.0]);
    assert_eq!(Joint::new(&table).solve(&[0.0], &[FREE], &[0.0]), [1.0]);
}

#[test]
fn at_the_solution_no_share_wants_to_move() {
    for seed in 0..20 {
        let table = random(25, 60, 4, seed);
        let joint = Joint::new(&table);
        let mut bounds = vec![FREE; 25];
        (bounds[3], bounds[4]) = (OUT, WHOLE);
        let penalties: Vec<f64> = (0..25).map(|c| 0.001 * (c % 3) as f64 - 0.0005).collect();
        let shares = joint.solve(&penalties, &bounds, &[0.0; 25]);
        assert_eq!((shares[3], shares[4]), (0.0, 1.0));
        let slope = |c: usize| {
            let at = |step: f64| {
                let mut moved = shares.clone();
                moved[c] += step;
                objective(&joint, &penalties, &moved)
            };
            (at(1e-5) - at(-1e-5)) / 2e-5
        };
        let mut inside = 0;
        for c in (0..25).filter(|c| bounds[*c] == FREE) {
            // A slope g that is left over costs g²/2h of the loss, h ≈ 0.2 its curvature: below 1e-8 that drowns in f64's
            // rounding, so that no step can be told from none. Central differences add 1e-11 to 1e-10.
            match shares[c] {
                0.0 => assert!(slope(c) > -1e-8, "{seed} {c} {}", slope(c)),
                1.0 => assert!(slope(c) < 1e-8, "{seed} {c} {}", slope(c)),
                _ => {
                    assert!(slope(c).abs() < 1e-8, "{seed} {c} {} {}", shares[c], slope(c));
                    inside += 1;
                }
            }
        }
        assert!(inside > 0, "{shares:?}");
    }
}

#[test]
fn the_start_does_not_matter() {
    let table = random(12, 100, 3, 7);
    let joint = Joint::new(&table);
    let [low, high] = [0.0, 1.0].map(|start| joint.solve(&[1e-3; 12], &[FREE; 12], &[start; 12]));
    for (low, high) in low.iter().zip(&high) {
        assert!((low - high).abs() < 1e-6, "{low} {high}");
    }
}

/// The optima of an independent solver, see scripts/make-joint-optima.
#[derive(Deserialize)]
struct Optimum {
    seed: u32,
    candidates: usize,
    examples: usize,
    classes: usize,
    penalty: f64,
    objective: f64,
    shares: Vec<f64>,
}

/// The script's table: numbers from a linear congruential generator.
fn congruential(optimum: &Optimum) -> JointTable {
    let mut state = optimum.seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1u32 << 24) as f32 - 0.5
    };
    let labels: Vec<u8> =
        (0..optimum.examples).map(|_| ((next() + 0.5) * optimum.classes as f32) as u8).collect();
    let numbers = optimum.examples * optimum.classes;
    let logits = (0..numbers).map(|_| 2.0 * next()).collect();
    let changes = (0..optimum.candidates).map(|_| (0..numbers).map(|_| next()).collect()).collect();
    table(labels, optimum.classes, logits, changes)
}

#[test]
fn the_optima_are_those_of_another_solver() {
    let optima: Vec<Optimum> =
        serde_json::from_str(include_str!("../joint_optima.json")).expect("the script's output");
    assert_eq!(optima.len(), 6);
    for optimum in optima {
        let table = congruential(&optimum);
        let joint = Joint::new(&table);
        let penalties = vec![optimum.penalty; optimum.candidates];
        let bounds = vec![FREE; optimum.candidates];
        let shares = joint.solve(&penalties, &bounds, &vec![0.0; optimum.candidates]);
        let found = objective(&joint, &penalties, &shares);
        assert!((found - optimum.objective).abs() < 1e-9, "{} {found} {}", optimum.seed, optimum.objective);
        for (found, expected) in shares.iter().zip(&optimum.shares) {
            assert!((found - expected).abs() < 1e-4, "{} {found} {expected}", optimum.seed);
        }
    }
}

#[test]
fn twins_share_what_one_alone_would_have() {
    let single = random(6, 80, 3, 11);
    let alone = Joint::new(&single).solve(&[1e-3; 6], &[FREE; 6], &[0.0; 6]);
    let twin = (0..6).find(|c| alone[*c] > 0.1 && alone[*c] < 1.0).expect("a share inside the box");
    let mut table = single.clone();
    table.changes.push(single.changes[twin].clone());
    let shares = Joint::new(&table).solve(&[1e-3; 7], &[FREE; 7], &[0.0; 7]);
    assert!((shares[twin] - shares[6]).abs() < 1e-6, "{shares:?}");
    assert!((shares[twin] + shares[6] - alone[twin]).abs() < 1e-6, "{shares:?} {alone:?}");
}

#[test]
fn a_worth_is_what_leaving_out_costs() {
    let table = random(5, 50, 3, 2);
    let joint = Joint::new(&table);
    let shares = [0.5, 0.0, 1.0, 0.25, 0.1];
    let worths = joint.worths(&shares);
    for c in 0..5 {
        let mut without = shares;
        without[c] = 0.0;
        assert!((worths[c] - (joint.loss(&without) - joint.loss(&shares))).abs() < 1e-14);
    }
    assert_eq!(worths[1], 0.0);
    assert!((joint.gain(&shares) - (joint.loss(&[0.0; 5]) - joint.loss(&shares))).abs() < 1e-15);
}

/// What the own step adds, as the last candidate of a table that has it among them.
fn with_own(table: &JointTable) -> (JointTable, Vec<f32>) {
    let mut table = table.clone();
    let own = table.changes.pop().expect("candidates");
    (table, own)
}

#[test]
fn beyond_training_is_the_problem_with_one_more_column_that_costs_nothing() {
    for seed in 0..5 {
        let mut whole = random(9, 60, 4, seed);
        // Longer than a share of 1 may want.
        whole.changes[8].iter_mut().for_each(|number| *number *= 0.2);
        let (table, own) = with_own(&whole);
        let (all, joint) = (Joint::new(&whole), Joint::beyond(&table, &own));
        let mut bounds = vec![FREE; 9];
        bounds[8] = OWN;
        let mut penalties = vec![1e-3; 9];
        penalties[8] = 0.0;
        let expected = all.solve(&penalties, &bounds, &[0.0; 9]);
        let shares = joint.solve(&[1e-3; 8], &[FREE; 8], &[0.0; 8]);
        for (found, expected) in shares.iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-6, "{seed} {found} {expected}");
        }
        // The own share is none of the caller's: whatever it is, every loss is the lowest that it leaves.
        let lowest = |shares: &[f64]| {
            let tried = (0..=10_000).map(|step| all.loss(&[shares, &[step as f64 * 1e-3]].concat()));
            tried.fold(f64::INFINITY, f64::min)
        };
        for shares in [vec![0.0; 8], shares.clone()] {
            let (found, tried) = (joint.loss(&shares), lowest(&shares));
            assert!(found <= tried + 1e-12 && found > tried - 1e-6, "{seed} {found} {tried}");
        }
        let nothing = [0.0; 8];
        assert!((joint.gain(&shares) - (joint.loss(&nothing) - joint.loss(&shares))).abs() < 1e-15);
        let mut without = shares.clone();
        without[2] = 0.0;
        let worth = if shares[2] > 0.0 { joint.loss(&without) - joint.loss(&shares) } else { 0.0 };
        assert!((joint.worths(&shares)[2] - worth).abs() < 1e-12, "{seed}");
    }
}

#[test]
fn what_training_would_do_for_nothing_gains_nothing_beyond_it() {
    // Two examples of class 0. Training helps the first alone, as does candidate 0; candidate 1 helps the second.
    let table = table(
        vec![0, 0],
        2,
        vec![0.0; 4],
        vec![vec![0.5, 0.0, 0.0, 0.0], vec![0.0, 0.0, 0.5, 0.0], vec![-0.5, 0.0, 0.25, 0.0]],
    );
    let own = vec![1.0, 0.0, 0.0, 0.0];
    let fall = |margin: f64| (2f64.ln() - (1.0 + (-margin).exp()).ln()) / 2.0;
    let bounds = [FREE, FREE, WHOLE];
    let alone = Joint::new(&table).alone(&bounds);
    assert!((alone[0] - fall(0.5)).abs() < 1e-9 && (alone[1] - fall(0.5)).abs() < 1e-9, "{alone:?}");
    assert!((alone[2] - fall(-0.5) - fall(0.25)).abs() < 1e-9, "whole or not at all: {alone:?}");
    let joint = Joint::beyond(&table, &own);
    // It goes as far as it may: 10 of its lengths.
    assert!((joint.own_share() - 10.0).abs() < 1e-9);
    let beyond = joint.alone(&bounds);
    assert!((beyond[0] - (fall(10.5) - fall(10.0))).abs() < 1e-9, "{beyond:?}");
    assert!((beyond[1] - fall(0.5)).abs() < 1e-9, "{beyond:?}");
    assert!((Joint::new(&table).own_share(), joint.alone(&[OUT; 3])) == (0.0, vec![0.0; 3]));
}

#[test]
fn three_hundred_candidates_take_two_seconds_at_most() {
    let table = random(300, 1_000, 10, 5);
    let joint = Joint::new(&table);
    let started = Instant::now();
    let shares = joint.solve(&[1e-5; 300], &[FREE; 300], &[0.0; 300]);
    let seconds = started.elapsed().as_secs_f64();
    let inside = shares.iter().filter(|share| **share > 0.0 && **share < 1.0).count();
    assert!(inside > 50, "{inside}");
    // Other tests may have the processor meanwhile: three times the goal.
    assert!(seconds < 6.0, "{seconds}");
    println!("{seconds} s, {inside} shares inside");
}
