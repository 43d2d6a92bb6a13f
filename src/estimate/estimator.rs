//! The formulas for the change of one example's loss, from what backward passes give.
//!
//! Every formula needs only inner products of the site's change Δz with cotangents pulled back from the
//! logits: with the residual r = p − onehot(y) (giving a = g·Δz), with p − onehot(ŷ) for a label ŷ drawn from
//! p, or with each logit (giving d = JΔz). A [`Bank`] says which of them are available; the inner products are
//! the *responses*.

use crate::names::named;

named! {
    /// A formula for the change of the loss. Sources: "The estimators" of the method's description in the
    /// README; rank-1 and Gauss–Newton after Lawton et al. (arXiv 2411.05855), in our own reconstruction.
    pub enum Estimator, called "estimator" {
        /// First order: a.
        FirstOrder = "first-order",
        /// Rank-1: a + a²/(4·max(L, ε)), that is L(1 + a/2L)² − L.
        Rank1 = "rank1",
        /// Gauss–Newton: a + ½(Σ pₖdₖ² − (Σ pₖdₖ)²).
        GaussNewton = "gauss-newton",
        /// Sampled: a + ½(ĝ·Δz)², ĝ from one label drawn from p: unbiased for Gauss–Newton.
        Sampled = "sampled",
        /// Linearised: logsumexp(o + d) − (o + d)ᵧ − L.
        Linearised = "linearised",
    }
}

/// Scales that backtracking tries, best first on ties; 0 means "not worth it".
pub const SCALES: [f32; 7] = [1.0, 0.75, 0.5, 0.35, 0.25, 0.1, 0.0];

/// The floor under the loss that rank-1 divides by.
pub const RANK1_EPSILON: f64 = 1e-6;

/// Which cotangents were pulled back to the sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bank {
    /// The residual alone.
    Residual,
    /// The residual, then the sampled residual.
    Sampled,
    /// Each logit: everything else follows from these.
    Logits,
}

impl Estimator {
    /// How many there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Its position in [`Self::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }

    /// The cheapest bank that this estimator can be computed from.
    pub fn bank(self) -> Bank {
        match self {
            Estimator::FirstOrder | Estimator::Rank1 => Bank::Residual,
            Estimator::Sampled => Bank::Sampled,
            Estimator::GaussNewton | Estimator::Linearised => Bank::Logits,
        }
    }

    /// The predicted change of one example's loss. The bank must hold what this estimator needs.
    pub fn predict(self, bank: Bank, responses: &[f64], example: &Local) -> f64 {
        let a = example.first_order(bank, responses);
        match self {
            Estimator::FirstOrder => a,
            Estimator::Rank1 => a + a * a / (4.0 * example.loss.max(RANK1_EPSILON)),
            Estimator::GaussNewton => {
                let (mut mean, mut square) = (0.0, 0.0);
                for (p, d) in example.probabilities.iter().zip(responses) {
                    mean += p * d;
                    square += p * d * d;
                }
                a + 0.5 * (square - mean * mean)
            }
            Estimator::Sampled => a + 0.5 * example.sampled(bank, responses).powi(2),
            Estimator::Linearised => {
                let moved: Vec<f64> = example.logits.iter().zip(responses).map(|(o, d)| o + d).collect();
                log_sum_exp(&moved) - moved[example.label] - example.loss
            }
        }
    }

    /// The derivatives of [`Self::predict`] with respect to the responses, into `derivatives`.
    pub fn differentiate(self, bank: Bank, responses: &[f64], example: &Local, derivatives: &mut [f64]) {
        derivatives.fill(0.0);
        // The part through a, and the part through the sampled response.
        let (by_a, by_sampled) = match self {
            Estimator::FirstOrder => (1.0, 0.0),
            Estimator::Rank1 => {
                let a = example.first_order(bank, responses);
                (1.0 + a / (2.0 * example.loss.max(RANK1_EPSILON)), 0.0)
            }
            Estimator::Sampled => (1.0, example.sampled(bank, responses)),
            Estimator::GaussNewton => {
                let mean: f64 = example.probabilities.iter().zip(responses).map(|(p, d)| p * d).sum();
                for ((slot, p), d) in derivatives.iter_mut().zip(&example.probabilities).zip(responses) {
                    *slot = p * (d - mean);
                }
                (1.0, 0.0)
            }
            Estimator::Linearised => {
                let moved: Vec<f64> = example.logits.iter().zip(responses).map(|(o, d)| o + d).collect();
                derivatives.copy_from_slice(&softmax(&moved));
                derivatives[example.label] -= 1.0;
                return;
            }
        };
        match bank {
            Bank::Residual => derivatives[0] += by_a,
            Bank::Sampled => {
                derivatives[0] += by_a;
                derivatives[1] += by_sampled;
            }
            Bank::Logits => {
                for (k, (slot, p)) in derivatives.iter_mut().zip(&example.probabilities).enumerate() {
                    *slot += by_a * (p - f64::from(u8::from(k == example.label)));
                    *slot += by_sampled * (p - f64::from(u8::from(k == example.drawn)));
                }
            }
        }
    }
}

/// What the network answers for one example.
#[derive(Clone, Debug)]
pub struct Local {
    /// Logits o.
    pub logits: Vec<f64>,
    /// Probabilities p.
    pub probabilities: Vec<f64>,
    /// Label y.
    pub label: usize,
    /// A label ŷ drawn from p.
    pub drawn: usize,
    /// Loss L in nats.
    pub loss: f64,
}

impl Local {
    /// From the logits, the label, and a uniform number in [0, 1) that draws ŷ.
    pub fn new(logits: Vec<f64>, label: usize, uniform: f64) -> Self {
        let probabilities = softmax(&logits);
        let mut cumulative = 0.0;
        let drawn = probabilities.iter().position(|p| {
            cumulative += p;
            uniform < cumulative
        });
        let loss = log_sum_exp(&logits) - logits[label];
        let drawn = drawn.unwrap_or(logits.len() - 1);
        Self { logits, probabilities, label, drawn, loss }
    }

    fn residual(&self, label: usize) -> impl Iterator<Item = f64> {
        self.probabilities.iter().enumerate().map(move |(k, p)| p - f64::from(u8::from(k == label)))
    }

    /// The first-order change a = r·d.
    pub fn first_order(&self, bank: Bank, responses: &[f64]) -> f64 {
        match bank {
            Bank::Residual | Bank::Sampled => responses[0],
            Bank::Logits => self.residual(self.label).zip(responses).map(|(r, d)| r * d).sum(),
        }
    }

    fn sampled(&self, bank: Bank, responses: &[f64]) -> f64 {
        match bank {
            Bank::Residual => f64::NAN,
            Bank::Sampled => responses[1],
            Bank::Logits => self.residual(self.drawn).zip(responses).map(|(r, d)| r * d).sum(),
        }
    }

    /// The cotangents of `bank` at the logits, one after the other, each as long as the logits.
    pub fn cotangents(&self, bank: Bank) -> Vec<f64> {
        let classes = self.logits.len();
        match bank {
            Bank::Residual => self.residual(self.label).collect(),
            Bank::Sampled => self.residual(self.label).chain(self.residual(self.drawn)).collect(),
            Bank::Logits => {
                (0..classes * classes).map(|i| f64::from(u8::from(i / classes == i % classes))).collect()
            }
        }
    }
}

impl Bank {
    /// Number of cotangents for `classes` classes.
    pub fn size(self, classes: usize) -> usize {
        match self {
            Bank::Residual => 1,
            Bank::Sampled => 2,
            Bank::Logits => classes,
        }
    }

    /// The cheapest bank that serves all of `estimators`.
    pub fn serving(estimators: &[Estimator]) -> Bank {
        let banks: Vec<Bank> = estimators.iter().map(|estimator| estimator.bank()).collect();
        [Bank::Logits, Bank::Sampled].into_iter().find(|bank| banks.contains(bank)).unwrap_or(Bank::Residual)
    }
}

/// Softmax, shifted by the largest logit.
pub fn softmax(logits: &[f64]) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = logits.iter().map(|logit| (logit - largest).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}

/// log Σ exp, shifted by the largest logit.
pub fn log_sum_exp(logits: &[f64]) -> f64 {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + logits.iter().map(|logit| (logit - largest).exp()).sum::<f64>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> (Local, Vec<f64>) {
        (Local::new(vec![0.3, -1.2, 0.8, 0.1], 2, 0.2), vec![0.05, -0.2, 0.1, 0.03])
    }

    fn responses(example: &Local, bank: Bank, d: &[f64]) -> Vec<f64> {
        example
            .cotangents(bank)
            .chunks(d.len())
            .map(|row| row.iter().zip(d).map(|(c, d)| c * d).sum())
            .collect()
    }

    #[test]
    fn every_bank_gives_the_same_prediction() {
        let (example, d) = example();
        for estimator in Estimator::ALL {
            let cheap = estimator.bank();
            let from_cheap = estimator.predict(cheap, &responses(&example, cheap, &d), &example);
            let from_all = estimator.predict(Bank::Logits, &d, &example);
            assert!((from_cheap - from_all).abs() < 1e-14, "{estimator}");
        }
    }

    #[test]
    fn derivatives_match_central_differences() {
        let (example, d) = example();
        for estimator in Estimator::ALL {
            for bank in [estimator.bank(), Bank::Logits] {
                let at = responses(&example, bank, &d);
                let mut derivatives = vec![f64::NAN; at.len()];
                estimator.differentiate(bank, &at, &example, &mut derivatives);
                for (index, derivative) in derivatives.iter().enumerate() {
                    let shifted = |step: f64| {
                        let mut moved = at.clone();
                        moved[index] += step;
                        estimator.predict(bank, &moved, &example)
                    };
                    let difference = (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
                    assert!((derivative - difference).abs() < 1e-9, "{estimator} {bank:?} {index}");
                }
            }
        }
    }

    #[test]
    fn sampled_is_unbiased_for_gauss_newton() {
        let (example, d) = example();
        let expected = Estimator::GaussNewton.predict(Bank::Logits, &d, &example);
        let average: f64 = (0..4)
            .map(|drawn| {
                let at = Local { drawn, ..example.clone() };
                at.probabilities[drawn] * Estimator::Sampled.predict(Bank::Logits, &d, &at)
            })
            .sum();
        assert!((average - expected).abs() < 1e-14);
    }

    #[test]
    fn rank1_is_exact_for_changes_along_the_residual_in_its_own_model() {
        // L(1 + a/2L)² at a = −2L is zero: the whole loss goes.
        let (example, _) = example();
        let whole = Estimator::Rank1.predict(Bank::Residual, &[-2.0 * example.loss], &example);
        assert!((whole + example.loss).abs() < 1e-12);
    }

    #[test]
    fn linearised_is_the_true_change_for_a_linear_network() {
        let (example, d) = example();
        let moved: Vec<f64> = example.logits.iter().zip(&d).map(|(o, d)| o + d).collect();
        let truth = Local::new(moved, example.label, 0.0).loss - example.loss;
        assert!((Estimator::Linearised.predict(Bank::Logits, &d, &example) - truth).abs() < 1e-14);
    }

    #[test]
    fn labels_are_drawn_with_their_probabilities() {
        let drawn = |uniform| Local::new(vec![0.0, (3.0f64).ln()], 0, uniform).drawn;
        assert_eq!((drawn(0.0), drawn(0.249), drawn(0.251), drawn(0.999_999)), (0, 0, 1, 1));
    }
}
