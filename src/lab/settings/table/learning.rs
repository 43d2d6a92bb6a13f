//! How the parameters of changes are learned.

use super::entry::{MOST, flag, number, setting, whole};
use crate::lab::settings::Setting;

/// In the order of the setup dialog.
pub static SETTINGS: &[Setting] = &[
    setting(
        "learning.steps",
        "Steps",
        whole!(1..=MOST, learning.steps),
        "Adam steps on every change at once",
    ),
    setting(
        "learning.batch",
        "Batch size of learning",
        whole!(1..=MOST, learning.batch),
        "Large, because the curvature is noisy",
    )
    .unit("images per step")
    .advanced(),
    setting(
        "learning.learning-rate",
        "Learning rate of learning",
        number!(Positive, 0.0005, learning.learning_rate),
        "Of Adam",
    )
    .advanced(),
    setting(
        "learning.together",
        "Learn together",
        flag!(learning.together),
        "All changes descend on the predicted loss of their sum and divide the work, instead of each on its own",
    ),
];
