//! The strategies by themselves: what they draw, whom they let live, what they prove.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::morphism::{Candidate, Family, MorphismError, propose};
use crate::network::{Architecture, preset};
use crate::search::Budget;

mod drawing;
mod evolving;
mod fronts;
mod growing;
mod proving;
mod saying;

/// The changes that these tests allow.
fn candidates(architecture: &Architecture) -> Result<Vec<Candidate>, MorphismError> {
    propose(architecture, &[Family::Split, Family::Widen, Family::Deepen])
}

/// Calls `with` on a ground of these settings.
fn on_ground<T>(search: &Search, with: impl FnOnce(&Ground) -> T) -> T {
    let budget = Budget::default();
    with(&Ground { seed: 5, search, budget: &budget, candidates: &candidates })
}

fn seed() -> Trial {
    let architecture = Arc::new(preset("3-4-M-4", 3).unwrap());
    let cost = architecture.cost().unwrap();
    judged(Trial::seed(architecture, cost.parameters, cost.flops), 2.0)
}

fn judged(mut trial: Trial, loss: f64) -> Trial {
    trial.judged = loss.is_finite().then_some(Judged { loss, error: 0.01, accuracy: 0.5 });
    trial
}

/// The trial that a proposal becomes.
fn tried(tree: &Tree, proposal: Proposal, loss: f64) -> Trial {
    let parent = tree.get(proposal.parent).unwrap();
    let mut trial = Trial {
        id: tree.len(),
        parent: Some(proposal.parent),
        changes: proposal.changes,
        scratch: proposal.scratch,
        lesson: proposal.lesson,
        ..parent.clone().because(proposal.why)
    };
    if !trial.changes.is_empty() {
        let grown = crate::morphism::rewrite_architecture(&parent.architecture, &trial.changes).unwrap();
        trial.parameters = grown.cost().unwrap().parameters;
        trial.architecture = Arc::new(grown);
    }
    judged(trial, loss)
}

/// A search of so many trials whose losses `loss` tells from the tree and the trial's number.
fn searched(search: &Search, trials: usize, loss: &mut dyn FnMut(&Tree, &Proposal) -> f64) -> Tree {
    let seeker = seeker(search).unwrap();
    let mut tree = Tree::default();
    tree.push(seed());
    on_ground(search, |ground| {
        while tree.len() <= trials {
            match next(seeker.as_ref(), ground, &tree).unwrap() {
                Ask::Try(proposal) => {
                    let loss = loss(&tree, &proposal);
                    let trial = tried(&tree, proposal, loss);
                    tree.push(trial);
                }
                Ask::Stop(_) => break,
            }
        }
    });
    tree
}

#[test]
fn a_tree_says_what_growth_gained_beyond_training() {
    let mut tree = Tree::default();
    tree.push(seed());
    let change = || vec![Candidate::named(Family::Widen, "conv1", None).unwrap()];
    let mut add = |parent, changes, loss| {
        let trial = tried(&tree, Proposal::child(parent, changes, Reason::Seed), loss);
        tree.push(trial);
    };
    add(0, change(), 1.8);
    add(0, Vec::new(), 1.7);
    add(1, Vec::new(), 1.5);
    add(1, change(), 1.6);
    add(1, change(), f64::INFINITY);
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    // Below the seed, above the seed trained on.
    near(tree.gain(1).unwrap(), -0.1);
    near(tree.gain(4).unwrap(), -0.1);
    near(tree.merit(4), -0.2);
    assert_eq!((tree.merit(0), tree.merit(2), tree.gain(5)), (0.0, 0.0, None));
    assert_eq!(tree.merit(5), f64::NEG_INFINITY);
    near(tree.merit(3), -0.1);
    assert_eq!(
        (tree.best(0..tree.len()), tree.best([5].into_iter()), tree.copy_of(1).unwrap().id),
        (3, 5, 3)
    );

    let saved = serde_json::to_string(&tree).unwrap();
    let mut again: Tree = serde_json::from_str(&saved).unwrap();
    assert_ne!(again, tree, "architectures are left out");
    again.rebuild(&seed().architecture).unwrap();
    assert_eq!(again, tree);
    let strange = saved.replace("\"layer\":\"conv1\"", "\"layer\":\"conv9\"");
    let mut strange: Tree = serde_json::from_str(&strange).unwrap();
    assert!(strange.rebuild(&seed().architecture).unwrap_err().1.contains("conv9"));
}

#[test]
fn a_table_of_logits_tells_each_images_loss_and_its_spread() {
    let table = crate::engine::JointTable {
        classes: 2,
        labels: vec![0, 1],
        logits: vec![0.0, 0.0, 1.0, 0.0],
        changes: vec![vec![2.0, 0.0, 0.0, 4.0]],
    };
    let of = |shares: &[f64]| losses_of(&table, shares);
    let loss = |own: f64, other: f64| (own.exp() + other.exp()).ln() - own;
    for (found, expected) in of(&[0.5]).into_iter().zip([loss(1.0, 0.0), loss(2.0, 1.0)]) {
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    }
    let spread = mean_and_error([1.0, 2.0, 3.0, 6.0].into_iter());
    // Variance 14/3 of four numbers.
    assert!((spread.mean - 3.0).abs() < 1e-12 && (spread.error - (14.0f64 / 12.0).sqrt()).abs() < 1e-12);
}

#[test]
fn settings_survive_files_and_numbers_of_other_kinds_are_refused() {
    for kind in Kind::ALL {
        let search = Search { kind, phi: PhiFrom::Learned, trials: Some(7), ..Search::default() };
        let text = toml::to_string(&search).unwrap();
        let again: Search = toml::from_str(&text).unwrap();
        match kind {
            Kind::Rounds => assert_eq!((text.trim(), again), ("kind = \"rounds\"", Search::default())),
            _ => assert_eq!(again, search, "{text}"),
        }
    }
    let message = toml::from_str::<Search>("kind = \"random\"\nsample = 3").unwrap_err().to_string();
    assert!(message.contains("search.sample") && message.contains("\"random\""), "{message}");
}

#[test]
fn before_the_first_change_of_a_parent_comes_its_copy() {
    for control in [true, false] {
        let kind = Kind::Evolution { population: 3, sample: 2, changes: 1 };
        let search = Search { kind, control, ..Search::default() };
        let tree = searched(&search, 30, &mut |tree, _| 2.0 - 0.01 * tree.len() as f64);
        let mut copies: BTreeMap<usize, usize> = BTreeMap::new();
        for trial in tree.trials().skip(1) {
            match trial.is_copy() {
                true => *copies.entry(trial.parent.unwrap()).or_default() += 1,
                false => assert_eq!(copies.contains_key(&trial.parent.unwrap()), control),
            }
        }
        assert_eq!(copies.is_empty(), !control);
        assert!(copies.values().all(|count| *count == 1), "{copies:?}");
    }
}
