//! How many images each part gets, and which: balanced over the classes, by the run's seed.

use super::{DataConfig, DataError};
use crate::random::Stream;

/// Images of the held-out part, if the settings name no number.
const HELD_OUT: usize = 1000;

/// The sizes of the three parts.
#[derive(Debug, PartialEq)]
pub(super) struct Sizes {
    pub train: usize,
    pub validation: usize,
    pub held_out: usize,
}

/// The sizes of the parts, from the settings and from how many images the chosen classes have, with notices for the
/// user.
pub(super) fn sizes(
    config: &DataConfig,
    training: usize,
    test: usize,
) -> Result<(Sizes, Vec<String>), DataError> {
    let asked = [("train", config.train), ("validation", config.validation), ("held-out", config.held_out)];
    for (part, size) in asked {
        if size == Some(0) {
            return Err(DataError::EmptyPart { part });
        }
    }
    let too_many = |part, asked, available| DataError::TooMany { part, asked, available };
    let mut notices = Vec::new();
    let fifth = (training / 5).max(1);
    let (train, validation) = match (config.train, config.validation) {
        (None, None) => (training.saturating_sub(fifth), fifth),
        (None, Some(validation)) if validation >= training => {
            return Err(too_many("validation, with at least one left to train on", validation, training - 1));
        }
        (None, Some(validation)) => (training - validation, validation),
        (Some(train), _) if train > training => return Err(too_many("train", train, training)),
        (Some(train), Some(validation)) if validation > training - train => {
            return Err(too_many("train and validation", train.saturating_add(validation), training));
        }
        (Some(train), Some(validation)) => (train, validation),
        (Some(train), None) if train + (train / 4).max(1) <= training => (train, (train / 4).max(1)),
        (Some(train), None) => {
            let used = training.saturating_sub(fifth);
            notices.push(format!(
                "{train} of the {training} training images were asked for, which leaves too few for \
                 validation: {used} are trained on and {fifth} are for validation."
            ));
            (used, fifth)
        }
    };
    if train == 0 {
        return Err(DataError::EmptyPart { part: "train" });
    }
    let held_out = config.held_out.unwrap_or(test.min(HELD_OUT));
    if held_out > test {
        return Err(too_many("held-out", held_out, test));
    }
    Ok((Sizes { train, validation, held_out }, notices))
}

/// Positions, ascending, of two disjoint balanced choices of `first` and `second` images among those of
/// `labels` whose class is chosen. `purpose` names the random streams, one a class, so that a class's order
/// does not depend on the other classes. There must be `first + second` such images.
pub(super) fn choose(
    labels: &[u8],
    classes: &[u8],
    (first, second): (usize, usize),
    seed: u64,
    purpose: &str,
) -> (Vec<usize>, Vec<usize>) {
    let shuffled: Vec<Vec<usize>> = classes
        .iter()
        .map(|&class| {
            let mut positions: Vec<usize> = (0..labels.len()).filter(|&at| labels[at] == class).collect();
            Stream::new(seed, purpose, u64::from(class)).shuffle(&mut positions);
            positions
        })
        .collect();
    let available: Vec<usize> = shuffled.iter().map(Vec::len).collect();
    let both = level(&available, first + second);
    let seconds = proportional(&both, second);
    let (mut chosen, mut others) = (Vec::with_capacity(first), Vec::with_capacity(second));
    for ((positions, both), second) in shuffled.iter().zip(both).zip(seconds) {
        others.extend_from_slice(&positions[..second]);
        chosen.extend_from_slice(&positions[second..both]);
    }
    chosen.sort_unstable();
    others.sort_unstable();
    (chosen, others)
}

/// `total` shared out as evenly as `available` allows; what does not divide goes to the first classes.
fn level(available: &[usize], total: usize) -> Vec<usize> {
    let mut shares = vec![0; available.len()];
    let mut left = total;
    loop {
        let open: Vec<usize> = (0..shares.len()).filter(|&c| shares[c] < available[c]).collect();
        if left == 0 || open.is_empty() {
            return shares;
        }
        let each = left / open.len();
        for class in open {
            let more = each.max(1).min(available[class] - shares[class]).min(left);
            shares[class] += more;
            left -= more;
        }
    }
}

/// `total` shared out in proportion to `counts`, none above its count; largest remainders first.
pub(super) fn proportional(counts: &[usize], total: usize) -> Vec<usize> {
    let sum = counts.iter().sum::<usize>().max(1) as u128;
    let exact = |count: usize| count as u128 * total as u128;
    let mut shares: Vec<usize> = counts.iter().map(|&count| (exact(count) / sum) as usize).collect();
    let left = total - shares.iter().sum::<usize>();
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|&class| std::cmp::Reverse(exact(counts[class]) % sum));
    for &class in order.iter().take(left) {
        shares[class] += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn config(train: Option<usize>, validation: Option<usize>, held_out: Option<usize>) -> DataConfig {
        DataConfig { train, validation, held_out, ..DataConfig::default() }
    }

    #[test]
    fn sizes_follow_the_rules() {
        let given = |train, validation, held_out| {
            let (sizes, notices) = sizes(&config(train, validation, held_out), 2000, 1500).unwrap();
            (sizes.train, sizes.validation, sizes.held_out, notices.len())
        };
        assert_eq!(given(None, None, None), (1600, 400, 1000, 0));
        assert_eq!(given(Some(1000), None, Some(1500)), (1000, 250, 1500, 0));
        assert_eq!(given(Some(1600), None, None), (1600, 400, 1000, 0));
        assert_eq!(given(Some(2000), None, None), (1600, 400, 1000, 1));
        assert_eq!(given(Some(1601), None, None), (1600, 400, 1000, 1));
        assert_eq!(given(Some(1999), Some(1), None), (1999, 1, 1000, 0));
        assert_eq!(given(None, Some(500), Some(1)), (1500, 500, 1, 0));
        assert_eq!(given(Some(2), None, None), (2, 1, 1000, 0));
    }

    #[test]
    fn impossible_sizes_are_named() {
        let problem = |train, validation, held_out| {
            sizes(&config(train, validation, held_out), 2000, 1000).unwrap_err().to_string()
        };
        assert_eq!(problem(Some(0), None, None), "train: found 0 images, expected at least one");
        assert_eq!(problem(None, Some(0), None), "validation: found 0 images, expected at least one");
        assert_eq!(problem(None, None, Some(0)), "held-out: found 0 images, expected at least one");
        assert!(problem(Some(2001), None, None).starts_with("train: 2001 images asked for, 2000 available"));
        assert!(
            problem(Some(1800), Some(201), None)
                .starts_with("train and validation: 2001 images asked for, 2000")
        );
        assert!(problem(None, Some(2000), None).contains("2000 images asked for, 1999 available"));
        assert!(
            problem(None, None, Some(1001)).starts_with("held-out: 1001 images asked for, 1000 available")
        );
        assert!(problem(Some(usize::MAX), Some(usize::MAX), None).starts_with("train: "));
        let one = sizes(&config(None, None, None), 1, 1).unwrap_err();
        assert!(matches!(one, DataError::EmptyPart { part: "train" }));
    }

    #[test]
    fn scarce_classes_give_all_they_have() {
        assert_eq!(level(&[3, 100, 100], 53), [3, 25, 25]);
        assert_eq!(level(&[10, 10, 10], 8), [3, 3, 2]);
        assert_eq!(level(&[1, 2, 3], 6), [1, 2, 3]);
        assert_eq!(proportional(&[5, 100, 0], 21), [1, 20, 0]);
    }

    proptest! {
        #[test]
        fn choices_are_disjoint_ascending_exact_and_balanced(
            labels in prop::collection::vec(0u8..5, 10..300), part in 0.0..1.0f64, split in 0.0..1.0f64, seed: u64,
        ) {
            let classes = [3u8, 0, 4];
            let counts: Vec<usize> =
                classes.iter().map(|c| labels.iter().filter(|l| *l == c).count()).collect();
            let total = (counts.iter().sum::<usize>() as f64 * part) as usize;
            let second = (total as f64 * split) as usize;
            let (a, b) = choose(&labels, &classes, (total - second, second), seed, "test");
            prop_assert_eq!((a.len(), b.len()), (total - second, second));
            prop_assert!(a.is_sorted_by(|x, y| x < y) && b.is_sorted_by(|x, y| x < y));
            prop_assert!(a.iter().all(|at| b.binary_search(at).is_err()));
            prop_assert!(a.iter().chain(&b).all(|&at| classes.contains(&labels[at])));
            let of = |part: &[usize], class: u8| part.iter().filter(|&&at| labels[at] == class).count();
            let most = classes.iter().map(|&c| of(&a, c) + of(&b, c)).max().unwrap();
            for (&class, &count) in classes.iter().zip(&counts) {
                let both = of(&a, class) + of(&b, class);
                // Below the best-served class by more than one only if it has no more.
                prop_assert!(both + 1 >= most || both == count);
                let share = both as f64 * second as f64 / total.max(1) as f64;
                prop_assert!((of(&b, class) as f64 - share).abs() < 1.0);
            }
            prop_assert_eq!((a, b), choose(&labels, &classes, (total - second, second), seed, "test"));
        }
    }

    #[test]
    fn a_class_is_chosen_alike_beside_any_others() {
        let labels: Vec<u8> = (0..300).map(|at| (at % 3) as u8).collect();
        let of_class_2 = |classes: &[u8], seed| -> Vec<usize> {
            let (chosen, _) = choose(&labels, classes, (10 * classes.len(), 0), seed, "test");
            chosen.into_iter().filter(|at| at % 3 == 2).collect()
        };
        assert_eq!(of_class_2(&[0, 2], 7), of_class_2(&[2, 1, 0], 7));
        assert_ne!(of_class_2(&[0, 2], 7), of_class_2(&[0, 2], 8));
    }
}
