//! When AutoGrow closes a group.

use super::super::autogrow::AutoGrow;
use super::*;

#[test]
fn a_group_closes_where_the_lowest_loss_stands_still() {
    let autogrow = AutoGrow { trials: 2, threshold: 0.05 };
    let stands = |losses: &[f64], grown: &[Option<usize>]| {
        let stands = autogrow.stands(losses, grown);
        (stands.closed.into_iter().collect::<Vec<_>>(), stands.last)
    };
    let grown = [None, Some(0), Some(1), Some(0), Some(1), Some(1)];
    // Without two trials of history nothing closes, however flat it is.
    assert_eq!(stands(&[2.0, 2.0], &grown[..2]), (vec![], Some(0)));
    assert_eq!(stands(&[2.0, 2.0, 1.9], &grown[..3]), (vec![], Some(1)), "fell by 0.1 within two");
    // A rise is forgiven: the lowest so far counts.
    assert_eq!(stands(&[2.0, 1.9, 2.5, 1.84], &grown[..4]), (vec![], Some(0)));
    assert_eq!(stands(&[2.0, 1.9, 2.5, 1.86], &grown[..4]), (vec![0], Some(0)), "fell by 0.04");
    let losses = [2.0, 1.9, 2.5, 1.86, 1.8, 1.79];
    assert_eq!(stands(&losses, &grown), (vec![0], Some(1)), "0.07 is enough for the other");
    assert_eq!(stands(&[1.0; 6], &grown), (vec![0, 1], Some(1)));
}

#[test]
fn open_groups_grow_in_turn_until_all_are_closed() {
    let kind = Kind::AutoGrow { window: 2, threshold: 0.05 };
    let search = Search { kind, short_epochs: 1, ..Search::default() };
    // It falls for five trials, then no more.
    let tree = searched(&search, 40, &mut |tree, _| 2.0 - 0.1 * (tree.len().min(6) as f64));
    let layers: Vec<&str> = tree.trials().skip(1).map(|trial| trial.changes[0].layer()).collect();
    // What the new layer, the last of its name, sees.
    let sides: Vec<usize> = tree
        .trials()
        .skip(1)
        .map(|trial| {
            let parent = tree.get(trial.parent.unwrap()).unwrap();
            let new = |name: &&str| parent.architecture.node(name).is_err();
            let new = trial.architecture.convolutions().find(new).unwrap();
            trial.architecture.shapes().unwrap()[trial.architecture.index(new).unwrap()].height
        })
        .collect();
    assert_eq!(sides[..6], [32, 16, 32, 16, 32, 16], "{layers:?}");
    assert!(tree.len() < 12, "it ends: {layers:?}");
    assert!(
        tree.trials().skip(1).all(|trial| trial.changes[0].family == Family::Deepen && trial.lesson.constant)
    );
    let parents: Vec<usize> = tree.trials().skip(1).map(|trial| trial.parent.unwrap()).collect();
    assert_eq!(parents, (0..tree.len() - 1).collect::<Vec<_>>(), "one after the other");
    // What comes after conv2 sees its pool's images; of each group the last layer, then what was put after it.
    assert_eq!(layers[..2], ["conv1", "conv3"]);
    assert!(!["conv1", "conv2", "conv3"].contains(&layers[2]), "{layers:?}");
}
