//! How often equal networks pass for better, and better ones for better.

use super::super::ev3::Ev3;
use super::super::proof::{least_gain, upper_tail};
use super::*;
use crate::random::Stream;

const IMAGES: usize = 130;

/// Losses of two networks on the same images, with this correlation, the second one's mean lower by `better`.
fn losses(stream: &mut Stream, correlation: f64, better: f64) -> (Vec<f32>, Vec<f32>) {
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for _ in 0..IMAGES {
        let (common, a, b) = (stream.normal(), stream.normal(), stream.normal());
        let (shared, own) = (correlation.sqrt(), (1.0 - correlation).sqrt());
        old.push((2.0 + shared * common + own * a) as f32);
        new.push((2.0 - better + shared * common + own * b) as f32);
    }
    (old, new)
}

/// The share of draws in which `test` accepts.
fn accepted(test: Proof, correlation: f64, better: f64, proposals: usize, draws: u64) -> f64 {
    let mut stream = Stream::new(2, "losses", 0);
    let mut count = 0;
    for _ in 0..draws {
        let (old, new) = losses(&mut stream, correlation, better);
        count += u64::from(test.holds(&old, &new, 1.96, proposals));
    }
    count as f64 / draws as f64
}

#[test]
fn equal_networks_pass_as_rarely_as_each_test_says() {
    let draws = 20_000;
    let within = |found: f64, chance: f64| {
        // Student's t and the spread of estimated errors add a little at so many images.
        let error = (chance * (1.0 - chance) / draws as f64).sqrt();
        assert!((found - chance).abs() < 3.0 * error + 0.08 * chance, "{found} {chance}");
    };
    within(accepted(Proof::Paired, 0.5, 0.0, 1, draws), upper_tail(1.96));
    within(accepted(Proof::Paired, 0.5, 0.0, 4, draws), upper_tail(1.96) / 4.0);
    // Intervals of 1.96 errors each that do not overlap: √2 · 1.96 errors of an uncorrelated difference.
    within(accepted(Proof::Interval, 0.0, 0.0, 1, draws), upper_tail(1.96 * 2f64.sqrt()));
    assert!(accepted(Proof::Interval, 0.5, 0.0, 1, draws) < 4e-4, "correlated: hardly ever");
}

#[test]
fn a_paired_test_proves_what_intervals_do_not() {
    // Three standard errors of the paired difference at correlation ½.
    let better = 3.0 * (1.0 / IMAGES as f64).sqrt();
    let paired = accepted(Proof::Paired, 0.5, better, 1, 4_000);
    assert!((paired - (1.0 - upper_tail(3.0 - 1.96))).abs() < 0.03, "{paired}");
    assert!(accepted(Proof::Interval, 0.5, better, 1, 4_000) < 0.25);
    assert!((least_gain(0.1, 1.96, 1) - 0.196).abs() < 1e-6);
    assert!(least_gain(0.1, 1.96, 4) > least_gain(0.1, 1.96, 1));
}

#[test]
fn tails_are_those_of_tables() {
    for (z, tail) in
        [(0.0, 0.5), (1.0, 0.158_655_25), (1.96, 0.024_997_9), (3.0, 0.001_349_898), (-1.0, 0.841_344_75)]
    {
        assert!((upper_tail(z) - tail).abs() < 3e-7, "{z}: {}", upper_tail(z));
    }
}

/// An EV3 search whose proposals have these mean losses on all images alike, in turn.
fn explored(patience: usize, means: &[f64]) -> (Tree, Ev3) {
    let ev3 = Ev3 { patience, changes: 1, test: Proof::Paired, confidence: 1.96 };
    let kind = Kind::Ev3 { patience, changes: 1, test: Proof::Paired, confidence: 1.96 };
    let search = Search { kind, ..Search::default() };
    let noise = |trial: usize| {
        let mut stream = Stream::new(9, "noise", trial as u64);
        (0..90).map(|_| 0.05 * stream.normal()).collect::<Vec<f64>>()
    };
    let seeker = seeker(&search).unwrap();
    let mut tree = Tree::default();
    let with = |mut trial: Trial, mean: f64| {
        trial.losses = Arc::new(noise(trial.id).into_iter().map(|more| (mean + more) as f32).collect());
        judged(trial, mean)
    };
    tree.push(with(seed(), 2.0));
    on_ground(&search, |ground| {
        for mean in means {
            let Ask::Try(proposal) = next(seeker.as_ref(), ground, &tree).unwrap() else { panic!("a trial") };
            let trial = tried(&tree, proposal, *mean);
            tree.push(with(trial, *mean));
        }
    });
    (tree, ev3)
}

#[test]
fn only_a_proof_changes_the_stable_network_and_failures_make_it_grow() {
    // One clearly better proposal among four, then two iterations of nothing, then growth and one more.
    let flat = [1.5; 4];
    let means = [&[2.0, 1.5, 2.1, 2.2][..], &flat, &flat, &[1.5], &flat].concat();
    let (tree, ev3) = explored(2, &means);
    let first = ev3.stands(&part(&tree, 5));
    assert_eq!((first.working, first.stable, first.failed, first.iterations), (2, 2, 0, 1));
    let still = ev3.stands(&part(&tree, 13));
    assert_eq!((still.stable, still.failed, still.iterations), (2, 2, 3), "equal ones prove nothing");
    let expansion = tree.get(13).unwrap();
    assert!(!expansion.changes.is_empty() && expansion.parent == Some(still.working));
    let grown = ev3.stands(&part(&tree, 14));
    assert_eq!((grown.working, grown.failed), (13, 0));
    let all = ev3.stands(&tree);
    assert_eq!((all.stable, all.iterations), (2, 4));
    // The stable network only changes where an iteration ends with a proof.
    let stable: Vec<usize> = (1..=tree.len()).map(|count| ev3.stands(&part(&tree, count)).stable).collect();
    assert!(stable.windows(2).filter(|pair| pair[0] != pair[1]).count() == 1, "{stable:?}");
    let lessons: Vec<(bool, f64)> = tree
        .trials()
        .skip(5)
        .take(4)
        .map(|trial| (trial.lesson.teacher.is_some(), trial.lesson.rate))
        .collect();
    assert_eq!(
        lessons,
        [(false, 1.0), (false, 0.2), (false, 1.0), (false, 0.2)],
        "it is the stable one itself"
    );
    let imitating = tree.trials().filter(|trial| trial.lesson.teacher == Some(2)).count();
    assert!(imitating >= 2, "a working network that is not stable imitates that one: {imitating}");
}

/// The first trials of a tree.
fn part(tree: &Tree, count: usize) -> Tree {
    let mut part = Tree::default();
    tree.trials().take(count).for_each(|trial| part.push(trial.clone()));
    part
}
