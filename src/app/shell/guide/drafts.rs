//! Answers that are being made.

use crate::app::panels::PANELS;
use crate::app::view::Channel;
use crate::lab::Config;
use crate::lesson::{Answer, Answered, Entrant, Race};
use crate::study;
use crate::words::local;

/// Answers that are being made.
#[derive(Default)]
pub struct Drafts {
    /// A number, as it is typed.
    pub number: String,
    /// The place of the text that is chosen.
    pub choice: Option<usize>,
    /// The channel to split.
    pub split: Option<Channel>,
    /// The channel to remove.
    pub prune: Option<Channel>,
    /// A sentence.
    pub sentence: String,
    /// A place along the scale.
    pub mark: f64,
    /// The change whose curves were asked for.
    pub looked: Option<String>,
    /// Whether the cards were laid out.
    pub laid: bool,
}

impl Drafts {
    /// As the answer was given last.
    pub fn of(answered: Option<&Answered>) -> Self {
        let mut drafts = Self { mark: 1.0, ..Self::default() };
        match answered.map(|answered| &answered.answer) {
            Some(Answer::Number(number)) => {
                (drafts.number, drafts.mark) = (local(number.to_string()), *number)
            }
            Some(Answer::Choice(place)) => drafts.choice = Some(*place),
            Some(Answer::Sentence(text)) => drafts.sentence.clone_from(text),
            _ => {}
        }
        drafts
    }
}

/// The panel of this name as the view knows it.
pub fn panel(name: &str) -> &'static str {
    PANELS.iter().find(|entry| entry.name == name).map_or("", |entry| entry.name)
}

/// The plan of a race.
pub fn plan(race: &Race) -> study::Plan {
    let configuration = |entrant: &Entrant| study::Configuration {
        name: entrant.name.clone(),
        seeds: None,
        layers_of: None,
        // Seeds are the plan's.
        settings: Config { seed: Config::default().seed, ..entrant.settings.clone() },
    };
    study::Plan {
        seeds: race.seeds.clone(),
        cost: None,
        until: study::Until::Done,
        configurations: race.entrants.iter().map(configuration).collect(),
    }
}
