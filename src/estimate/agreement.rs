//! How well estimated and actual gains agree.

use serde::{Deserialize, Serialize};

/// Agreement of estimates with actuals over the candidates of a family.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Candidates.
    pub n: usize,
    /// Pearson's correlation; none with fewer than two candidates or without spread.
    pub pearson: Option<f64>,
    /// Spearman's rank correlation; none as above.
    pub spearman: Option<f64>,
    /// Slope Σea/Σee of actual against estimated through the origin; none if every estimate is 0.
    pub slope: Option<f64>,
}

impl Agreement {
    /// Compares two equally long lists.
    pub fn of(estimated: &[f64], actual: &[f64]) -> Self {
        let squares: f64 = estimated.iter().map(|e| e * e).sum();
        let products: f64 = estimated.iter().zip(actual).map(|(e, a)| e * a).sum();
        Self {
            n: estimated.len(),
            pearson: pearson(estimated, actual),
            spearman: spearman(estimated, actual),
            slope: (squares > 0.0).then(|| products / squares),
        }
    }
}

/// Pearson's correlation.
pub fn pearson(x: &[f64], y: &[f64]) -> Option<f64> {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_x, mean_y) = (mean(x), mean(y));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (a, b) in x.iter().zip(y) {
        xx += (a - mean_x).powi(2);
        yy += (b - mean_y).powi(2);
        xy += (a - mean_x) * (b - mean_y);
    }
    (x.len() >= 2 && xx > 0.0 && yy > 0.0).then(|| xy / (xx * yy).sqrt())
}

/// Spearman's correlation: Pearson's of the ranks, ties sharing their mean rank.
pub fn spearman(x: &[f64], y: &[f64]) -> Option<f64> {
    pearson(&ranks(x), &ranks(y))
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&a, &b| values[a].total_cmp(&values[b]).then(a.cmp(&b)));
    let mut ranks = vec![0.0; values.len()];
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let first = order.partition_point(|&other| values[other] < values[tied[0]]);
        for &index in tied {
            ranks[index] = first as f64 + (tied.len() - 1) as f64 / 2.0;
        }
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        // Worked by hand: means 2 and 3, Σxy = 5, Σxx = 2, Σyy = 14.
        let agreement = Agreement::of(&[1.0, 2.0, 3.0], &[1.0, 2.0, 6.0]);
        assert!((agreement.pearson.unwrap() - 5.0 / 28f64.sqrt()).abs() < 1e-12);
        assert_eq!(agreement.spearman, Some(1.0));
        assert!((agreement.slope.unwrap() - 23.0 / 14.0).abs() < 1e-12);
    }

    #[test]
    fn ties_share_their_mean_rank() {
        assert_eq!(ranks(&[5.0, 1.0, 5.0, 0.0]), [2.5, 1.0, 2.5, 0.0]);
    }

    #[test]
    fn no_spread_is_no_correlation() {
        let agreement = Agreement::of(&[0.0, 0.0], &[1.0, 2.0]);
        assert_eq!((agreement.pearson, agreement.spearman, agreement.slope), (None, None, None));
    }
}
