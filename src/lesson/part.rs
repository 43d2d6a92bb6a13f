//! The parts of the screen that a step can point at.

use crate::names::named;

named! {
    /// A part of the screen that is always called the same.
    pub enum Place, called "part of the screen" {
        /// The button that plays and pauses.
        Play = "play",
        /// The button that takes one stage.
        Stage = "stage",
        /// The button that goes to the end of the round.
        Round = "round",
        /// The button that undoes.
        Undo = "undo",
        /// The button of a new run.
        NewRun = "new-run",
        /// The row of stages.
        Stages = "stages",
        /// The picture of the network.
        Network = "network",
        /// The switch of what the cells are painted by.
        Paint = "paint",
        /// The image that the network looks at.
        Image = "image",
        /// The class percentages.
        Classes = "classes",
        /// The panel behind the tabs.
        Panel = "panel",
        /// The tab of the plot of estimated against actual gains.
        Cloud = "cloud",
        /// The tab of the curves.
        Curves = "curves",
        /// The tab of the table of candidates.
        Table = "table",
        /// The tab of the costs.
        Costs = "costs",
        /// The tab of the race.
        Race = "race",
        /// The tab of the figures.
        Figures = "figures",
        /// The formula at the bottom.
        Formula = "formula",
        /// The choice of the formula.
        Estimator = "estimator",
    }
}

/// What a step points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A part that is always called the same.
    Place(Place),
    /// The cell of a candidate, by the candidate's id.
    Candidate(String),
    /// The cell of the candidate whose estimate is furthest from its actual gain.
    LargestError,
    /// The cell of the candidate with the largest estimate.
    BestEstimate,
}

/// What the parts that depend on the run are called.
const OF_THE_RUN: &str = "largest-error, best-estimate, or candidate:ID";

impl Part {
    /// The part of this name.
    ///
    /// # Errors
    /// What is expected, where there is none.
    pub fn named(name: &str) -> Result<Self, String> {
        match (name, name.strip_prefix("candidate:")) {
            ("largest-error", _) => Ok(Part::LargestError),
            ("best-estimate", _) => Ok(Part::BestEstimate),
            (_, Some(id)) if !id.is_empty() => Ok(Part::Candidate(id.to_owned())),
            _ => name.parse().map(Part::Place).map_err(|_: String| {
                let places = Place::ALL.map(Place::name).join(", ");
                format!("one of {places}, {OF_THE_RUN}")
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_found_by_its_name_and_others_are_listed() {
        for place in Place::ALL {
            assert_eq!(Part::named(place.name()), Ok(Part::Place(place)));
        }
        assert_eq!(Part::named("candidate:split:conv1:3"), Ok(Part::Candidate("split:conv1:3".into())));
        assert_eq!(Part::named("largest-error"), Ok(Part::LargestError));
        for wrong in ["button", "candidate:", ""] {
            let expected = Part::named(wrong).unwrap_err();
            assert!(expected.contains("play, stage") && expected.contains("candidate:ID"), "{expected}");
        }
    }
}
