//! Fronts, crowding and areas against their definitions.

use super::super::fronts::{Objectives, crowding, dominates, front, hypervolume, least_crowded};
use super::super::pareto::Pareto;
use super::*;
use crate::random::Stream;

fn points(seed: u64, count: usize) -> Vec<Objectives> {
    let mut stream = Stream::new(seed, "points", 0);
    // A grid, so that there are ties.
    (0..count).map(|_| [stream.below(6) as f64, stream.below(6) as f64]).collect()
}

#[test]
fn a_front_is_what_nothing_dominates_and_of_equals_the_first() {
    for seed in 0..200 {
        let points = points(seed, 12);
        let mut expected = Vec::new();
        for (place, point) in points.iter().enumerate() {
            let mut stays = true;
            for (other, rival) in points.iter().enumerate() {
                let no_worse = rival[0] <= point[0] && rival[1] <= point[1];
                let better = rival[0] < point[0] || rival[1] < point[1];
                let beaten = no_worse && better || rival == point && other < place;
                stays &= !beaten;
            }
            if stays {
                expected.push(place);
            }
        }
        assert_eq!(front(&points), expected);
    }
    assert!(!dominates(&[1.0, 2.0], &[1.0, 2.0]) && dominates(&[1.0, 1.0], &[1.0, 2.0]));
}

#[test]
fn crowding_by_hand() {
    let points = [[0.0, 10.0], [1.0, 4.0], [2.0, 3.0], [4.0, 0.0]];
    let found = crowding(&points);
    // Neighbours' distances as shares of the ranges 4 and 10.
    let expected = [f64::INFINITY, 2.0 / 4.0 + 7.0 / 10.0, 3.0 / 4.0 + 4.0 / 10.0, f64::INFINITY];
    assert!(found.iter().zip(expected).all(|(a, b)| a == &b || (a - b).abs() < 1e-12), "{found:?}");
    assert_eq!(least_crowded(&points, 3), [0, 1, 3]);
    assert_eq!(crowding(&[[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]])[1], 0.0, "no range, no division");
}

#[test]
fn the_area_is_that_of_the_union_of_rectangles_and_never_shrinks() {
    for seed in 0..50 {
        let points = points(seed, 9);
        let mut before = 0.0;
        for count in 0..=points.len() {
            let found = hypervolume(&points[..count], [6.0, 6.0]);
            // Unit squares of the grid whose lower left corner is dominated.
            let covered = |x: usize, y: usize| {
                points[..count].iter().any(|point| point[0] <= x as f64 && point[1] <= y as f64)
            };
            let squares = (0..36).filter(|square| covered(square / 6, square % 6)).count();
            assert!((found - squares as f64).abs() < 1e-9, "{found} {squares}");
            assert!(found >= before);
            before = found;
        }
    }
}

#[test]
fn a_generation_leaves_the_front_of_all() {
    let kind = Kind::Pareto { population: 5, proposals: 6, trained: 3, changes: 2 };
    let search = Search { kind, control: false, ..Search::default() };
    let losses = &mut |tree: &Tree, _: &Proposal| 1.0 + Stream::new(8, "losses", tree.len() as u64).uniform();
    let tree = searched(&search, 25, losses);
    let pareto = Pareto { population: 5, proposals: 6, trained: 3, changes: 2, control: false };
    let (population, under_way) = pareto.stands(&tree);
    assert_eq!(under_way, [25]);
    assert!((2..=5).contains(&population.len()), "{population:?}");
    let of = |id: usize| [(tree.get(id).unwrap().parameters as f64).ln(), (tree.loss(id) / 0.005).floor()];
    for a in &population {
        assert!(population.iter().all(|b| !dominates(&of(*a), &of(*b))), "{population:?}");
    }
    let best = (0..25).min_by(|a, b| tree.loss(*a).total_cmp(&tree.loss(*b))).unwrap();
    assert!(population.contains(&best), "the lowest loss is on the front");
    let smallest = population.iter().map(|id| tree.get(*id).unwrap().parameters).min();
    assert_eq!(smallest, Some(tree.get(0).unwrap().parameters), "nothing here shrinks: the seed stays");
    // All children of a generation come from the front before it.
    let (before, _) = pareto.stands(&first(&tree, 22));
    for trial in tree.trials().skip(22).take(3) {
        assert!(before.contains(&trial.parent.unwrap()));
    }
}

/// The first trials of a tree.
fn first(tree: &Tree, count: usize) -> Tree {
    let mut part = Tree::default();
    tree.trials().take(count).for_each(|trial| part.push(trial.clone()));
    part
}
