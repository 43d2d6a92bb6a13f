//! Trade-offs between two objectives, both to be small: who dominates whom, crowding, and the dominated area.
//!
//! After NSGA-II (Deb, Pratap, Agarwal, Meyarivan, "A fast and elitist multiobjective genetic algorithm", 2002).

use super::id::TrialId;
use super::tree::Tree;

/// What is traded off against what.
pub type Objectives = [f64; 2];

/// Parameters (their logarithm) and validation loss of every trial that has one.
pub fn objectives(tree: &Tree) -> Vec<(TrialId, Objectives)> {
    let of = |id: TrialId| Some((id, [(tree.get(id)?.parameters as f64).ln(), tree.loss(id)]));
    (0..tree.len()).filter_map(of).filter(|(_, [_, loss])| loss.is_finite()).collect()
}

/// Whether `a` is as good as `b` in both, and better in one.
pub fn dominates(a: &Objectives, b: &Objectives) -> bool {
    a.iter().zip(b).all(|(a, b)| a <= b) && a != b
}

/// The places of the points that none dominates; of equal points the first alone.
pub fn front(points: &[Objectives]) -> Vec<usize> {
    let beaten = |place: usize| {
        let point = &points[place];
        let by =
            |(other, rival): (usize, &Objectives)| dominates(rival, point) || rival == point && other < place;
        points.iter().enumerate().any(by)
    };
    (0..points.len()).filter(|place| !beaten(*place)).collect()
}

/// How alone each point is: the sum over both objectives of the distance between its neighbours, as a share of the whole
/// range; infinite at the ends. (A public port divides by minimum − maximum, which turns the sign.)
pub fn crowding(points: &[Objectives]) -> Vec<f64> {
    let mut distances = vec![0.0; points.len()];
    for objective in 0..2 {
        let mut order: Vec<usize> = (0..points.len()).collect();
        order.sort_by(|a, b| points[*a][objective].total_cmp(&points[*b][objective]).then(a.cmp(b)));
        let (Some(first), Some(last)) = (order.first(), order.last()) else { break };
        let range = points[*last][objective] - points[*first][objective];
        (distances[*first], distances[*last]) = (f64::INFINITY, f64::INFINITY);
        for around in order.windows(3) {
            if range > 0.0 {
                distances[around[1]] += (points[around[2]][objective] - points[around[0]][objective]) / range;
            }
        }
    }
    distances
}

/// The places of so many points that are least crowded, in their order.
pub fn least_crowded(points: &[Objectives], most: usize) -> Vec<usize> {
    let distances = crowding(points);
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by(|a, b| distances[*b].total_cmp(&distances[*a]).then(a.cmp(b)));
    order.truncate(most);
    order.sort_unstable();
    order
}

/// The area that the points dominate below and left of `worst`.
pub fn hypervolume(points: &[Objectives], worst: Objectives) -> f64 {
    let mut best: Vec<Objectives> = front(points).into_iter().map(|place| points[place]).collect();
    best.retain(|point| point.iter().zip(worst).all(|(value, worst)| *value < worst));
    best.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let ends = best.iter().skip(1).map(|point| point[0]).chain([worst[0]]);
    best.iter().zip(ends).map(|(point, end)| (end - point[0]) * (worst[1] - point[1])).sum()
}
