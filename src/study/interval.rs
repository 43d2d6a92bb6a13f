//! Means over seeds with their 95 % intervals.

/// A mean difference over seeds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Seeds that both have.
    pub seeds: usize,
    /// Mean of the differences.
    pub mean: f64,
    /// Half the width of its 95 % interval, by Student's t; none for a single seed.
    pub half_width: Option<f64>,
}

impl Difference {
    /// Of these differences, one a seed; none without any.
    pub fn of(differences: &[f64]) -> Option<Self> {
        if differences.is_empty() {
            return None;
        }
        let (mean, spread) = mean_and_spread(differences);
        let seeds = differences.len();
        let half_width = (seeds > 1).then(|| t_95(seeds - 1) * spread / (seeds as f64).sqrt());
        Some(Self { seeds, mean, half_width })
    }
}

/// The 97.5 % quantile of Student's t with `freedom` degrees of freedom: 95 % lie between minus and plus this value.
fn t_95(freedom: usize) -> f64 {
    /// For 1 to 10 degrees of freedom, from tables.
    const FEW: [f64; 10] = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281];
    if let Some(quantile) = FEW.get(freedom.wrapping_sub(1)) {
        return *quantile;
    }
    // The expansion around the normal quantile (Abramowitz and Stegun 26.7.5): from 11 on it is right to 0.001.
    let (z, n) = (1.959_964_f64, freedom as f64);
    let (z3, z5, z7) = (z.powi(3), z.powi(5), z.powi(7));
    let first = (z3 + z) / 4.0;
    let second = (5.0 * z5 + 16.0 * z3 + 3.0 * z) / 96.0;
    let third = (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / 384.0;
    z + first / n + second / n.powi(2) + third / n.powi(3)
}

/// Mean and standard deviation (of the sample; 0 for one).
pub fn mean_and_spread(numbers: &[f64]) -> (f64, f64) {
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let squares: f64 = numbers.iter().map(|number| (number - mean).powi(2)).sum();
    (mean, if numbers.len() > 1 { (squares / (count - 1.0)).sqrt() } else { 0.0 })
}

/// The mean, and half the width of its 95 % interval by Student's t; 0 for a single number.
pub fn mean_and_half_width(numbers: &[f64]) -> (f64, f64) {
    let found = Difference::of(numbers);
    found.map_or((f64::NAN, 0.0), |found| (found.mean, found.half_width.unwrap_or(0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_and_spreads_as_worked_by_hand() {
        assert_eq!(mean_and_spread(&[2.0]), (2.0, 0.0));
        assert_eq!(mean_and_spread(&[1.0, 3.0, 5.0]), (3.0, 2.0));
        assert_eq!(mean_and_half_width(&[0.5]), (0.5, 0.0));
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (freedom, table) in
            [(1, 12.7062), (10, 2.2281), (11, 2.2010), (20, 2.0860), (30, 2.0423), (120, 1.9799)]
        {
            assert!((t_95(freedom) - table).abs() < 1e-3, "{freedom}: {}", t_95(freedom));
        }
    }

    #[test]
    fn an_interval_as_worked_by_hand() {
        // Mean 2, standard deviation 1, three seeds: 4.3027 · 1 / √3.
        let difference = Difference::of(&[1.0, 2.0, 3.0]).unwrap();
        assert_eq!((difference.seeds, difference.mean), (3, 2.0));
        assert!((difference.half_width.unwrap() - 2.4842).abs() < 1e-3);
        assert_eq!(Difference::of(&[0.5]).unwrap().half_width, None);
        assert_eq!(Difference::of(&[]), None);
    }
}
