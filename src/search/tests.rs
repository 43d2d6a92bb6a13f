use super::*;
use crate::morphism::Family;

/// Everything offered, accepted.
fn choose<E>(
    strategy: &Strategy,
    budget: &Budget,
    offers: &[Offer],
    grown: &mut dyn FnMut(&[usize]) -> Result<Cost, E>,
) -> Result<Vec<usize>, E> {
    let mut picker = Picker::new(strategy, budget, offers);
    while let Some(position) = picker.next(grown)? {
        picker.accept(position);
    }
    Ok(picker.chosen().to_vec())
}

fn offer(family: Family, layer: &str, channel: usize, gain: f64, parameters: i64) -> Offer {
    let candidate = Candidate::named(family, layer, Some(channel)).unwrap();
    let id = candidate.id();
    let cost = CostDelta { parameters, flops: parameters * 100 };
    Offer { candidate, id, gain, cost, scale: 1.0, channels: 2, ticket: 0.5 }
}

fn pick(strategy: Strategy, budget: Budget, offers: &[Offer]) -> Vec<String> {
    // A network of 1,000 parameters and 100,000 FLOPs.
    let mut grown = |positions: &[usize]| -> Result<Cost, String> {
        let sum =
            |of: fn(&Offer) -> i64| positions.iter().map(|&position| of(&offers[position])).sum::<i64>();
        Ok(Cost {
            parameters: (1_000 + sum(|offer| offer.cost.parameters)) as u64,
            flops: (100_000 + sum(|offer| offer.cost.flops)) as u64,
        })
    };
    let chosen = choose(&strategy, &budget, offers, &mut grown).unwrap();
    chosen.into_iter().map(|position| offers[position].id.clone()).collect()
}

fn worth(lambda_parameters: f64) -> Strategy {
    Strategy::Worth { lambda_parameters, lambda_flops: 0.0 }
}

#[test]
fn worth_weighs_gain_against_cost_and_pays_for_pruning() {
    let offers = [
        offer(Family::Split, "conv1", 0, 0.010, 100),
        offer(Family::Split, "conv1", 1, 0.012, 900),
        offer(Family::Split, "conv2", 0, 0.001, 500),
        offer(Family::Prune, "conv2", 1, -0.001, -300),
    ];
    let chosen = pick(worth(1e-5), Budget::default(), &offers);
    assert_eq!(chosen, ["split:conv1:0", "split:conv1:1", "prune:conv2:1"]);
}

#[test]
fn ratios_rank_free_candidates_first_and_never_take_a_loss() {
    let offers = [
        offer(Family::Split, "conv1", 0, 0.010, 100),
        offer(Family::Split, "conv1", 1, 0.012, 900),
        offer(Family::Prune, "conv2", 0, 0.001, -300),
        offer(Family::Prune, "conv3", 1, -0.001, -300),
    ];
    let expected = ["prune:conv2:0", "split:conv1:0", "split:conv1:1"];
    assert_eq!(pick(Strategy::GainPerParameter, Budget::default(), &offers), expected);
    assert_eq!(pick(Strategy::GainPerFlop, Budget::default(), &offers), expected);
    assert_eq!(pick(Strategy::TopK { k: 1 }, Budget::default(), &offers), ["split:conv1:1"]);
}

#[test]
fn budgets_pass_over_what_does_not_fit() {
    let offers = [
        offer(Family::Split, "conv1", 0, 0.03, 600),
        offer(Family::Split, "conv1", 1, 0.02, 600),
        offer(Family::Split, "conv2", 0, 0.01, 300),
    ];
    let budget = |max_parameters, max_flops| Budget { max_candidates: 8, max_parameters, max_flops };
    let expected = ["split:conv1:0", "split:conv2:0"];
    assert_eq!(pick(worth(0.0), budget(Some(2_000), None), &offers), expected);
    assert_eq!(pick(worth(0.0), budget(None, Some(190_000)), &offers), expected);
    let two = Budget { max_candidates: 2, ..Budget::default() };
    assert_eq!(pick(worth(0.0), two, &offers), ["split:conv1:0", "split:conv1:1"]);
}

#[test]
fn conflicts_last_channels_and_zero_scales_stay_out() {
    let mut offers = vec![
        offer(Family::Prune, "conv1", 0, 0.03, -10),
        offer(Family::Split, "conv1", 0, 0.02, 10),
        offer(Family::Prune, "conv1", 1, 0.01, -10),
        offer(Family::Split, "conv2", 0, 0.05, 10),
    ];
    offers[3].scale = 0.0;
    // conv1 has two channels: after the first is pruned the second must stay.
    assert_eq!(pick(worth(0.0), Budget::default(), &offers), ["prune:conv1:0"]);
    assert_eq!(check(&offers, &[0, 2]), Err("prune:conv1:1".into()));
    assert_eq!(check(&offers, &[1, 3]), Err("split:conv2:0".into()));
    assert_eq!(check(&offers, &[1, 1]), Err("split:conv1:0".into()));
    assert_eq!(check(&offers, &[1]), Ok(()));
}

#[test]
fn what_is_not_accepted_blocks_nothing() {
    let offers = [
        offer(Family::Split, "conv1", 0, 0.03, 10),
        offer(Family::Prune, "conv1", 0, 0.02, -10),
        offer(Family::Split, "conv1", 1, 0.01, 10),
    ];
    let (strategy, budget) = (worth(0.0), Budget { max_candidates: 1, ..Budget::default() });
    let mut grown = |_: &[usize]| -> Result<Cost, String> { Ok(Cost::default()) };
    let mut picker = Picker::new(&strategy, &budget, &offers);
    assert_eq!(picker.next(&mut grown), Ok(Some(0)));
    assert_eq!(picker.next(&mut grown), Ok(Some(1)));
    picker.accept(1);
    assert_eq!((picker.next(&mut grown), picker.chosen()), (Ok(None), &[1][..]));
}

#[test]
fn ties_are_broken_by_id_whatever_the_order() {
    let mut offers: Vec<Offer> = (0..6).map(|c| offer(Family::Split, "conv1", c, 0.01, 10)).collect();
    let budget = Budget { max_candidates: 3, ..Budget::default() };
    let expected = ["split:conv1:0", "split:conv1:1", "split:conv1:2"];
    assert_eq!(pick(worth(0.0), budget.clone(), &offers), expected);
    offers.reverse();
    assert_eq!(pick(worth(0.0), budget, &offers), expected);
}

#[test]
fn strategies_have_their_form_in_toml() {
    #[derive(Deserialize)]
    struct File {
        strategy: Strategy,
    }
    let read = |text: &str| toml::from_str::<File>(text).map(|file| file.strategy);
    assert_eq!(read("[strategy]\nkind = \"worth\"").unwrap(), worth(1e-6));
    let joint = Strategy::Joint { lambda_parameters: 1e-6, lambda_flops: 0.0, beyond_training: false };
    assert_eq!(read("[strategy]\nkind = \"joint\"").unwrap(), joint);
    assert_eq!(read("[strategy]\nkind = \"top-k\"\nk = 3").unwrap(), Strategy::TopK { k: 3 });
    let message = read("[strategy]\nkind = \"joint\"\nlambda = 1.0").unwrap_err().to_string();
    assert!(message.contains("lambda"), "{message}");
    assert!(read("[strategy]\nkind = \"luck\"").unwrap_err().to_string().contains("luck"));
}

#[test]
fn a_random_choice_follows_tickets_whatever_the_gains_and_keeps_to_its_number() {
    let ticket = |offer: Offer, ticket: f64| Offer { ticket, ..offer };
    let offers = [
        ticket(offer(Family::Split, "conv1", 0, 0.010, 100), 0.2),
        ticket(offer(Family::Split, "conv1", 1, -0.012, 900), 0.9),
        ticket(offer(Family::Split, "conv2", 0, 0.0, 500), 0.6),
        ticket(Offer { scale: 0.0, ..offer(Family::Split, "conv2", 1, 0.5, 500) }, 0.95),
    ];
    let budget = Budget { max_candidates: 2, ..Budget::default() };
    assert_eq!(pick(Strategy::Random, budget, &offers), ["split:conv1:1", "split:conv2:0"]);
    assert!(!Strategy::Random.asks_gains() && Strategy::default().asks_gains());
}
