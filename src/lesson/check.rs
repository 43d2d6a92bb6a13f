//! What the app can check of an answer.

use crate::names::named;

named! {
    /// A condition that is computed from the run.
    pub enum Check, called "check" {
        /// Nothing: the answer is kept.
        Kept = "kept",
        /// What was to be done is done.
        Done = "done",
        /// The answer that the file gives.
        Answer = "answer",
        /// The candidate whose estimate is furthest from its actual gain.
        LargestError = "largest-error",
        /// The candidate with the largest estimate.
        BestEstimate = "best-estimate",
        /// The card that the person's own order put furthest from its true place.
        MostMisjudged = "most-misjudged",
        /// A hundred divided by the number of classes.
        ChanceLevel = "chance-level",
        /// The formula with the smallest mean error.
        SmallestMeanError = "smallest-mean-error",
        /// Whether the network does better on the images it has seen (the first text) or on new ones (the second).
        SeenOrNew = "seen-or-new",
        /// The entrant of the race with the highest mean accuracy; the last text stands for "within the spread".
        RaceWinner = "race-winner",
        /// Where tangent and truth part.
        Parting = "parting",
        /// A split of one channel and the removal of another.
        SplitAndPrune = "split-and-prune",
        /// The picked changes gain at least as much together as those of the method.
        BeatsMethod = "beats-method",
        /// The picked changes keep nearly all of the sum of their single gains.
        AddsUp = "adds-up",
        /// How many hundredths of the summed single gains the made changes gained together.
        ShareThatCame = "share-that-came",
        /// By how much the held-out loss fell when the network grew.
        GainAtOnce = "gain-at-once",
        /// By how much the held-out loss fell in the training after the growth.
        GainByTraining = "gain-by-training",
    }
}

impl Check {
    /// The kinds of questions that it can check.
    pub fn asks(self) -> &'static [&'static str] {
        match self {
            Check::Kept => &["read", "choose", "candidate", "vote", "order", "number", "write"],
            Check::Done => &["do"],
            Check::Answer => &["choose", "number"],
            Check::LargestError | Check::BestEstimate | Check::MostMisjudged => &["candidate"],
            Check::ChanceLevel | Check::ShareThatCame | Check::GainAtOnce | Check::GainByTraining => {
                &["number"]
            }
            Check::SmallestMeanError | Check::SeenOrNew | Check::RaceWinner => &["choose"],
            Check::Parting => &["scale"],
            Check::SplitAndPrune => &["vote"],
            Check::BeatsMethod | Check::AddsUp => &["pick"],
        }
    }

    /// Whether an answer can be wrong.
    pub fn can_fail(self) -> bool {
        !matches!(self, Check::Kept | Check::Done)
    }

    /// The names that the texts said of an answer may have in braces.
    pub fn values(self) -> &'static [&'static str] {
        match self {
            Check::Kept | Check::Done => &["answer"],
            Check::LargestError => &["answer", "truth", "error", "largest"],
            Check::MostMisjudged => &["answer", "truth", "pairs", "formula", "all"],
            Check::SmallestMeanError => &["answer", "truth", "error", "smallest"],
            Check::SeenOrNew => &["answer", "truth", "seen", "new"],
            Check::RaceWinner => &["answer", "truth", "difference", "spread"],
            Check::BeatsMethod => &["answer", "truth", "sum", "promised"],
            Check::AddsUp | Check::ShareThatCame => &["answer", "truth", "sum", "came"],
            _ => &["answer", "truth"],
        }
    }
}
