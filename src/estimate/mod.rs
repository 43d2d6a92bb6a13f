//! Estimated gains: the estimators, the scales tried, and how well estimates agree with actual gains.

mod agreement;
mod estimates;
mod estimator;

pub use agreement::{Agreement, pearson, spearman};
pub use estimates::ByEstimator;
pub use estimator::{Bank, Estimator, Local, RANK1_EPSILON, SCALES, log_sum_exp, softmax};
