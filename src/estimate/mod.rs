//! What a change promises: estimators, the scales they choose from, and how well they agree with what came.

mod agreement;
mod estimates;
mod estimator;

pub use agreement::{Agreement, pearson, spearman};
pub use estimates::ByEstimator;
pub use estimator::{Bank, Estimator, Local, RANK1_EPSILON, SCALES, log_sum_exp, softmax};
