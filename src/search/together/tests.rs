use super::*;
use crate::engine::JointTable;
use crate::morphism::{Candidate, CostDelta, Family};

fn offer(family: Family, layer: &str, channel: Option<usize>, gain: f64) -> Offer {
    let candidate = Candidate::named(family, layer, channel).unwrap();
    let id = candidate.id();
    let cost = CostDelta { parameters: 100, flops: 1000 };
    Offer { candidate, id, gain, cost, scale: 1.0, channels: 9, ticket: 0.5 }
}

fn split(channel: usize) -> Offer {
    offer(Family::Split, "conv1", Some(channel), 0.1)
}

/// Two classes, every example of the first; what each candidate adds to its logit in each example.
fn table(margins: &[&[f32]]) -> JointTable {
    let examples = margins[0].len();
    let change = |margin: &&[f32]| margin.iter().flat_map(|d| [*d, 0.0]).collect();
    JointTable {
        classes: 2,
        labels: vec![0; examples],
        logits: vec![0.0; 2 * examples],
        changes: margins.iter().map(change).collect(),
    }
}

fn choose(table: &JointTable, offers: &[Offer], penalties: &[f64], budget: &Budget) -> Promise {
    // A network of 1,000 parameters.
    let mut grown = |positions: &[usize]| -> Result<Cost, String> {
        let added: i64 = positions.iter().map(|position| offers[*position].cost.parameters).sum();
        Ok(Cost { parameters: (1_000 + added) as u64, flops: 0 })
    };
    together(&Joint::new(table), offers, penalties, budget, &mut grown).unwrap()
}

#[test]
fn what_helps_is_made_what_harms_is_not_and_the_promise_is_the_loss_it_saves() {
    let table = table(&[&[0.5, 0.0], &[0.0, 0.3], &[-0.1, -0.1]]);
    let offers: Vec<Offer> = (0..3).map(split).collect();
    let promise = choose(&table, &offers, &[0.0; 3], &Budget::default());
    assert_eq!(promise.shares, [1.0, 1.0, 0.0]);
    let loss = |margin: f64| (1.0 + (-margin).exp()).ln();
    let expected = loss(0.0) - (loss(0.5) + loss(f64::from(0.3f32))) / 2.0;
    assert!((promise.promised - expected).abs() < 1e-12, "{promise:?}");
    assert!((promise.sum_of_single - 0.2).abs() < 1e-12);
    // Half of both: the joint estimate at half the shares.
    let half = promise.times(&Joint::new(&table), &offers, 0.5);
    let expected = loss(0.0) - (loss(0.25) + loss(0.5 * f64::from(0.3f32))) / 2.0;
    assert!((half.promised - expected).abs() < 1e-12 && half.shares == [0.5, 0.5, 0.0], "{half:?}");
}

#[test]
fn beyond_training_what_training_does_anyway_is_not_worth_its_price() {
    // Both help as much; the first where the existing weights' own step helps as well.
    let table = table(&[&[0.5, 0.0], &[0.0, 0.4]]);
    let offers: Vec<Offer> = (0..2).map(split).collect();
    let own = [3.0, 0.0, 0.0, 0.0];
    let budget = Budget::default();
    assert_eq!(choose(&table, &offers, &[1e-3; 2], &budget).made(), [0, 1]);
    let mut grown = |_: &[usize]| Ok::<Cost, String>(Cost { parameters: 0, flops: 0 });
    let joint = Joint::beyond(&table, &own);
    let promise = together(&joint, &offers, &[1e-3; 2], &budget, &mut grown).unwrap();
    assert_eq!(promise.shares, [0.0, 1.0]);
    // At once comes what the second brings.
    let promise = promise.times(&Joint::new(&table), &offers, 1.0);
    let expected = (2f64.ln() - (1.0 + (-f64::from(0.4f32)).exp()).ln()) / 2.0;
    assert!((promise.promised - expected).abs() < 1e-12, "{promise:?}");
}

#[test]
fn a_penalty_decides_who_takes_part_but_does_not_shrink_the_shares() {
    // Alone on its example, its best share is 1/2; a second example pulls the other way.
    let table = table(&[&[2.0, -1.0]]);
    let free = choose(&table, &[split(0)], &[0.0], &Budget::default()).shares[0];
    assert!(free > 0.1 && free < 1.0, "{free}");
    let penalised = choose(&table, &[split(0)], &[0.02], &Budget::default()).shares[0];
    // The solver's tolerance of 1e-9 nats, by a curvature of ¼.
    assert!((penalised - free).abs() < 2e-8, "{penalised} {free}");
    assert_eq!(choose(&table, &[split(0)], &[0.3], &Budget::default()).shares[0], 0.0);
}

#[test]
fn of_two_that_exclude_each_other_the_worthier_stays_and_the_rest_is_solved_again() {
    let mut offers = vec![split(0), offer(Family::Prune, "conv1", Some(0), 0.2), split(1)];
    let table = table(&[&[0.5, 0.1], &[0.4, 0.0], &[0.1, 0.2]]);
    let promise = choose(&table, &offers, &[0.0; 3], &Budget::default());
    assert_eq!(promise.made(), [0, 2]);
    offers[0].scale = 0.0;
    assert_eq!(choose(&table, &offers, &[0.0; 3], &Budget::default()).made(), [1, 2]);
}

#[test]
fn budgets_leave_out_the_least_worth() {
    let table = table(&[&[0.1, 0.0], &[0.5, 0.1], &[0.0, 0.4], &[0.05, 0.05], &[0.3, 0.3]]);
    let offers: Vec<Offer> = (0..5).map(split).collect();
    let most = |max_candidates| Budget { max_candidates, ..Budget::default() };
    assert_eq!(choose(&table, &offers, &[0.0; 5], &most(5)).made(), [0, 1, 2, 3, 4]);
    assert_eq!(choose(&table, &offers, &[0.0; 5], &most(3)).made(), [1, 2, 4]);
    assert_eq!(choose(&table, &offers, &[0.0; 5], &most(0)).made(), [0; 0]);
    let parameters = Budget { max_candidates: 9, max_parameters: Some(1_299), max_flops: None };
    assert_eq!(choose(&table, &offers, &[0.0; 5], &parameters).made().len(), 2);
}

#[test]
fn what_cannot_be_scaled_is_made_whole_or_not_at_all() {
    // Half of the prune would be best; the whole is better than nothing, then worse.
    for (margins, expected) in [([2.0, -0.8], 1.0), ([2.0, -1.7], 0.0)] {
        let table = table(&[&margins]);
        let learned = choose(&table, &[split(0)], &[0.0], &Budget::default());
        assert!(learned.shares[0] > 0.0 && learned.shares[0] < 1.0, "{learned:?}");
        let prune = offer(Family::Prune, "conv1", Some(0), 0.1);
        let promise = choose(&table, std::slice::from_ref(&prune), &[0.0], &Budget::default());
        assert_eq!(promise.shares, [expected], "{margins:?}");
        let joint = Joint::new(&table);
        assert_eq!(promise.times(&joint, &[prune], 0.5).shares, [expected]);
    }
}

#[test]
fn what_cannot_be_scaled_takes_part_only_if_it_pays_alone() {
    let table = table(&[&[0.5], &[0.5]]);
    let budget = Budget::default();
    let choose = |gain: f64, penalty: f64| {
        let offers = [split(0), offer(Family::Prune, "conv1", Some(1), gain)];
        choose(&table, &offers, &[0.0, penalty], &budget).made()
    };
    assert_eq!(choose(0.01, 0.0), [0, 1]);
    assert_eq!(choose(-0.01, 0.0), [0], "the joint estimate alone must not decide");
    // What a prune saves counts: its penalty is negative.
    assert_eq!(choose(-0.01, -0.02), [0, 1]);
    assert_eq!(choose(0.01, 0.02), [0]);
}

#[test]
fn what_stands_alone_is_made_only_if_it_beats_all_the_others_together() {
    let remove = offer(Family::RemoveLayer, "conv2", None, 0.1);
    let offers = [split(0), split(1), remove];
    let rivals = |margin: f32| table(&[&[0.3], &[0.3], &[margin]]);
    assert_eq!(choose(&rivals(0.5), &offers, &[0.0; 3], &Budget::default()).made(), [0, 1]);
    assert_eq!(choose(&rivals(0.7), &offers, &[0.0; 3], &Budget::default()).made(), [2]);
    assert_eq!(choose(&rivals(0.7), &offers, &[0.0, 0.0, 0.1], &Budget::default()).made(), [0, 1]);
}

#[test]
fn what_a_person_ticks_is_made_and_promised_as_the_problem_says() {
    let table = table(&[&[0.5, -0.1], &[-0.2, -0.2], &[0.3, 0.2]]);
    let offers = [split(0), split(1), offer(Family::Prune, "conv2", Some(0), 0.1)];
    let ticked = promise(&Joint::new(&table), &offers, &[0, 1, 2]);
    assert_eq!(ticked.made(), [0, 1, 2]);
    assert_eq!((ticked.shares[1], ticked.shares[2]), (THRESHOLD, 1.0));
    let one = promise(&Joint::new(&table), &offers, &[2]);
    assert_eq!(one.made(), [2]);
    assert!((one.sum_of_single - 0.1).abs() < 1e-12 && one.promised > 0.0);
}
