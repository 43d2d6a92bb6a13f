//! Joint choice: several candidates at once do not simply add, so their shares are solved for together.

use crate::engine::JointTable;

/// Sweeps of coordinate descent at most; each costs one pass over the table.
const SWEEPS: usize = 500;
/// Largest change of a share in a sweep at which the solution counts as found.
const TOLERANCE: f64 = 1e-9;
/// Floor under an example's loss, which a√-derivative divides by.
const LOSS_FLOOR: f64 = 1e-6;

/// The rank-1 Gauss–Newton problem of a table: with ρₙ = √Lₙ and Bₙₘ = aₙₘ/(2√Lₙ) the loss of the network
/// with shares s of its candidates is (1/N)‖ρ + Bs‖² (method of the README, "rank-1": L(1 + a/2L)²).
pub struct Joint {
    roots: Vec<f64>,
    /// One column of B for each candidate.
    columns: Vec<Vec<f64>>,
}

impl Joint {
    /// From the engine's table.
    pub fn new(table: &JointTable) -> Self {
        let roots: Vec<f64> =
            table.losses.iter().map(|&loss| f64::from(loss).max(LOSS_FLOOR).sqrt()).collect();
        let column = |a: &Vec<f32>| {
            a.iter().zip(&roots).map(|(&a, root)| f64::from(a) / (2.0 * root)).collect::<Vec<f64>>()
        };
        let columns = table.first_order.iter().map(column).collect();
        Self { roots, columns }
    }

    /// Number of candidates.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// The objective at shares `s`: (1/N)‖ρ + Bs‖² + penalties·s.
    #[cfg(test)]
    pub fn objective(&self, penalties: &[f64], s: &[f64]) -> f64 {
        let mut residual = self.roots.clone();
        for (column, share) in self.columns.iter().zip(s) {
            for (r, b) in residual.iter_mut().zip(column) {
                *r += b * share;
            }
        }
        let squares: f64 = residual.iter().map(|r| r * r).sum();
        squares / self.roots.len() as f64 + penalties.iter().zip(s).map(|(p, s)| p * s).sum::<f64>()
    }

    /// The shares s in 0…1 that minimise (1/N)‖ρ + Bs‖² + penalties·s, by cyclic coordinate descent (the
    /// problem is convex, so the order only changes the way there). Candidates with `allowed` false stay at 0.
    pub fn solve(&self, penalties: &[f64], allowed: &[bool]) -> Vec<f64> {
        let examples = self.roots.len().max(1) as f64;
        let mut shares = vec![0.0; self.columns.len()];
        let mut residual = self.roots.clone();
        let squares: Vec<f64> =
            self.columns.iter().map(|column| column.iter().map(|b| b * b).sum::<f64>()).collect();
        for _ in 0..SWEEPS {
            let mut largest = 0f64;
            for (m, column) in self.columns.iter().enumerate() {
                if !allowed[m] {
                    continue;
                }
                let product: f64 = column.iter().zip(&residual).map(|(b, r)| b * r).sum();
                let gradient = 2.0 * product / examples + penalties[m];
                let curvature = 2.0 * squares[m] / examples;
                let target = if curvature > 0.0 {
                    (shares[m] - gradient / curvature).clamp(0.0, 1.0)
                } else {
                    f64::from(u8::from(gradient < 0.0))
                };
                let step = target - shares[m];
                if step != 0.0 {
                    for (r, b) in residual.iter_mut().zip(column) {
                        *r += b * step;
                    }
                    shares[m] = target;
                    largest = largest.max(step.abs());
                }
            }
            if largest < TOLERANCE {
                break;
            }
        }
        shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    fn table(candidates: usize, examples: usize, seed: u64) -> JointTable {
        let mut stream = Stream::new(seed, "joint test", 0);
        let losses = (0..examples).map(|_| 0.2 + 2.0 * stream.uniform() as f32).collect();
        let first_order = (0..candidates)
            .map(|_| stream.normals(examples, 0.3).iter().map(|a| a - 0.05).collect())
            .collect();
        JointTable { losses, first_order }
    }

    #[test]
    fn one_candidate_has_the_closed_form() {
        // L = 1, a = −1: (1 − s/2)² + 0.8 s has its minimum where −(1 − s/2) + 0.8 = 0, s = 0.4.
        let joint = Joint::new(&JointTable { losses: vec![1.0], first_order: vec![vec![-1.0]] });
        let shares = joint.solve(&[0.8], &[true]);
        assert!((shares[0] - 0.4).abs() < 1e-12, "{shares:?}");
    }

    #[test]
    fn no_small_move_inside_the_box_lowers_the_objective() {
        let joint = Joint::new(&table(12, 60, 3));
        let penalties: Vec<f64> = (0..12).map(|m| 0.002 * f64::from(m) - 0.004).collect();
        let shares = joint.solve(&penalties, &[true; 12]);
        let best = joint.objective(&penalties, &shares);
        assert!(shares.iter().any(|s| *s > 0.05) && shares.iter().any(|s| *s < 0.05), "{shares:?}");
        for m in 0..12 {
            for step in [-1e-3, 1e-3] {
                let mut moved = shares.clone();
                moved[m] = (moved[m] + step).clamp(0.0, 1.0);
                assert!(joint.objective(&penalties, &moved) >= best - 1e-12, "{m} {step}");
            }
        }
    }

    #[test]
    fn twins_share_what_one_alone_would_get_and_the_forbidden_stay_out() {
        // Strong enough that the best share is inside the box.
        let mut one = table(1, 40, 5);
        one.first_order[0].iter_mut().for_each(|a| *a *= 2.0);
        let twins = JointTable {
            losses: one.losses.clone(),
            first_order: vec![one.first_order[0].clone(), one.first_order[0].clone()],
        };
        let alone = Joint::new(&one).solve(&[0.0], &[true])[0];
        assert!((0.1..0.9).contains(&alone), "{alone}");
        let both = Joint::new(&twins).solve(&[0.0; 2], &[true; 2]);
        assert!((both[0] + both[1] - alone).abs() < 1e-6, "{alone} {both:?}");
        let second = Joint::new(&twins).solve(&[0.0; 2], &[false, true]);
        assert_eq!(second[0], 0.0);
        assert!((second[1] - alone).abs() < 1e-6);
    }
}
