//! What mutations draw.

use super::super::density::{Density, draw};
use super::super::mutate::mutate;
use super::*;
use crate::morphism::compatible;
use crate::random::Stream;

/// Pearson's χ² of counts that should be equal, and the value that one in ten thousand exceeds (Wilson and Hilferty, 1931).
fn chi_squared(counts: &[usize]) -> (f64, f64) {
    let expected = counts.iter().sum::<usize>() as f64 / counts.len() as f64;
    let found = counts.iter().map(|count| (*count as f64 - expected).powi(2) / expected).sum();
    let freedom = (counts.len() - 1) as f64;
    let ninth = 2.0 / (9.0 * freedom);
    (found, freedom * (1.0 - ninth + 3.719 * ninth.sqrt()).powi(3))
}

#[test]
fn a_family_then_its_place_is_drawn_uniformly() {
    let architecture = preset("3-4-M-4", 3).unwrap();
    let mut families: BTreeMap<Family, BTreeMap<String, usize>> = BTreeMap::new();
    on_ground(&Search::default(), |ground| {
        for index in 0..10_000 {
            let mut stream = Stream::new(3, "draws", index);
            let [change] = &mutate(ground, &architecture, 1, &mut stream).unwrap()[..] else { panic!("one") };
            *families.entry(change.family).or_default().entry(change.id()).or_default() += 1;
        }
    });
    let of_families: Vec<usize> = families.values().map(|places| places.values().sum()).collect();
    assert_eq!(of_families.len(), 3);
    let (found, most) = chi_squared(&of_families);
    assert!(found < most, "families {of_families:?}");
    for (family, count) in [(Family::Split, 11), (Family::Widen, 3), (Family::Deepen, 3)] {
        let places: Vec<usize> = families[&family].values().copied().collect();
        let (found, most) = chi_squared(&places);
        assert!(places.len() == count && found < most, "{family}: {places:?}");
    }
}

#[test]
fn many_changes_go_together_and_widenings_add_up() {
    let architecture = preset("3-4-M-4", 3).unwrap();
    let mut widest = 0;
    on_ground(&Search::default(), |ground| {
        for index in 0..200 {
            let changes = mutate(ground, &architecture, 6, &mut Stream::new(4, "draws", index)).unwrap();
            assert_eq!(changes.iter().map(|change| change.width).sum::<usize>(), 6);
            compatible(&architecture, &changes).unwrap();
            widest = widest.max(changes.iter().map(|change| change.width).max().unwrap());
        }
    });
    assert!(widest >= 3, "{widest}");
    let budget =
        Budget { max_parameters: Some(architecture.cost().unwrap().parameters), ..Budget::default() };
    let (search, candidates) = (Search::default(), &candidates);
    let ground = Ground { seed: 5, search: &search, budget: &budget, candidates };
    assert_eq!(mutate(&ground, &architecture, 3, &mut Stream::new(4, "draws", 0)).unwrap(), [], "no room");
}

#[test]
fn rare_places_are_drawn_by_their_density() {
    // By hand: deviation √(2/3), bandwidth n^(−1/5) of it.
    let points = [1.0, 2.0, 3.0];
    let width = (2.0f64 / 3.0).sqrt() * 3f64.powf(-0.2);
    let at = |x: f64| {
        let kernel = |point: f64| (-(x - point).powi(2) / (2.0 * width * width)).exp();
        points.into_iter().map(kernel).sum::<f64>() / (3.0 * width * (2.0 * std::f64::consts::PI).sqrt())
    };
    let density = Density::new(points.to_vec());
    for x in [0.0, 1.0, 2.2] {
        assert!((density.at(x) - at(x)).abs() < 1e-12);
    }
    let weights: Vec<f64> = points.iter().map(|x| density.rarity(*x)).collect();
    let total: f64 = weights.iter().sum();
    let mut counts = [0usize; 3];
    (0..30_000).for_each(|index| counts[draw(&weights, &mut Stream::new(6, "draws", index))] += 1);
    for (count, weight) in counts.iter().zip(&weights) {
        let (share, chance) = (*count as f64 / 30_000.0, weight / total);
        assert!(
            (share - chance).abs() < 4.0 * (chance * (1.0 - chance) / 30_000.0).sqrt(),
            "{share} {chance}"
        );
    }
    assert!(weights[0] > weights[1], "ends are rarer");
    assert_eq!(Density::new(vec![2.0, 2.0]).rarity(5.0), 1.0, "nothing tells equal ones apart");
}
