//! Who lives, who dies, who has children.

use super::super::evolution::Evolution;
use super::*;

fn members(tree: &Tree) -> Vec<&Trial> {
    tree.trials().filter(|trial| trial.parent.is_some() && !trial.is_copy()).collect()
}

#[test]
fn the_population_fills_from_the_seed_then_the_oldest_leaves() {
    let evolution = Evolution { population: 4, sample: 2, changes: 1, control: false };
    let kind = Kind::Evolution { population: 4, sample: 2, changes: 1 };
    let search = Search { kind, control: false, ..Search::default() };
    // The third trial is the best ever, and dies.
    let tree = searched(&search, 20, &mut |tree, _| if tree.len() == 3 { 1.0 } else { 2.0 });
    let parents: Vec<_> = tree.trials().skip(1).map(|trial| trial.parent.unwrap()).collect();
    assert_eq!(parents[..4], [0, 0, 0, 0]);
    for (birth, parent) in parents.iter().enumerate().skip(4) {
        // The living before trial `birth + 1` are the four before it.
        assert!((birth - 3..=birth).contains(parent), "trial {} from {parent}", birth + 1);
    }
    assert_eq!(evolution.living(&tree), [17, 18, 19, 20]);
    let seeker = seeker(&search).unwrap();
    assert_eq!(seeker.incumbent(&tree), 3, "the best ever is kept though dead");
    assert!(seeker.live(&tree).contains(&3));
}

#[test]
fn the_best_of_a_sample_with_replacement_is_the_parent() {
    let kind = Kind::Evolution { population: 3, sample: 2, changes: 1 };
    let search = Search { kind, control: false, ..Search::default() };
    let seeker = seeker(&search).unwrap();
    let mut filled = Tree::default();
    filled.push(seed());
    let change = || vec![Candidate::named(Family::Widen, "conv1", None).unwrap()];
    for loss in [1.0, 1.5, 2.0] {
        let trial = tried(&filled, Proposal::child(0, change(), Reason::Seed), loss);
        filled.push(trial);
    }
    let (mut counts, runs) = ([0.0; 3], 9_000);
    let budget = Budget::default();
    for seed in 0..runs {
        let ground = Ground { seed, search: &search, budget: &budget, candidates: &candidates };
        let Ask::Try(proposal) = seeker.ask(&ground, &filled).unwrap() else { panic!("a child") };
        counts[proposal.parent - 1] += 1.0;
    }
    // The best of two draws out of three: 5, 3 and 1 of the nine pairs.
    for (count, chance) in counts.into_iter().zip([5.0 / 9.0, 3.0 / 9.0, 1.0 / 9.0]) {
        let (share, error) = (count / runs as f64, (chance * (1.0 - chance) / runs as f64).sqrt());
        assert!((share - chance).abs() < 4.0 * error, "{share} {chance}");
    }
}

#[test]
fn by_gains_beyond_training_age_is_no_merit() {
    // Every trial is only better for having trained longer than its parent.
    let longer = |tree: &Tree, proposal: &Proposal| {
        let parent = tree.loss(proposal.parent);
        if proposal.changes.is_empty() { parent - 0.1 } else { parent - 0.1 + 1e-3 * (tree.len() % 7) as f64 }
    };
    let mean_depth = |control: bool| {
        let kind = Kind::Evolution { population: 4, sample: 4, changes: 1 };
        let tree = searched(&Search { kind, control, ..Search::default() }, 60, &mut { longer });
        let depth = |trial: &Trial| {
            let mut depth = 0;
            let mut at = trial.parent;
            while let Some(parent) = at {
                (depth, at) = (depth + 1, tree.get(parent).unwrap().parent);
            }
            depth
        };
        let depths: Vec<usize> = members(&tree).into_iter().map(depth).collect();
        depths.iter().sum::<usize>() as f64 / depths.len() as f64
    };
    let (by_loss, by_gain) = (mean_depth(false), mean_depth(true));
    assert!(by_loss > by_gain, "{by_loss} {by_gain}");
}
