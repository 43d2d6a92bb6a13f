//! The pictures of a run, made of its records alone, and the card at the end of a lesson.

mod candidates;
mod card;
mod cloud;
mod curves;
mod network;
mod promises;
mod record;
mod story;

use crate::lab::CandidateRecord;
use crate::network::Diagram;
use crate::plot::Picture;
use crate::search::trials::{self, seeker};
use crate::words::say;

pub use card::card;
pub use cloud::{Outcome, cloud};
pub use curves::{Curves, SMOOTH, curves};
pub use network::network_after;
pub use record::RunRecord;
pub use story::story;

/// Every picture that there is something to draw for, with its file's name; and of the others, why there is none.
pub fn pictures(run: &RunRecord) -> (Vec<(String, Picture)>, Vec<String>) {
    let (mut drawn, mut missing) = (Vec::new(), Vec::new());
    for round in &run.state.rounds {
        for (outcome, name) in [(Outcome::AtOnce, "cloud"), (Outcome::InTheEnd, "in-the-end")] {
            let actual = |candidate: &CandidateRecord| outcome.of(candidate);
            if !round.is_estimated() || round.candidates.iter().all(|candidate| actual(candidate).is_none()) {
                continue;
            }
            let diagram = Diagram::of(run.network_of(round.round));
            let layers: Vec<&str> = diagram.layers.iter().map(|layer| layer.name.as_str()).collect();
            let picture = cloud(round, round.estimator, &layers, &round.families(), outcome, &actual);
            drawn.push((format!("{name}-{:02}", round.round), picture));
        }
        if let Some(picture) = candidates::candidates(round) {
            drawn.push((format!("candidates-{:02}", round.round), picture));
        }
    }
    if let Some(search) = &run.state.search {
        let incumbent = seeker(&run.search).map_or(0, |seeker| seeker.incumbent(&search.tree));
        let picture = trials::picture(&search.tree, incumbent, run.search.kind.after());
        drawn.extend(picture.map(|picture| ("tree".into(), picture)));
    }
    let own = Curves::of(run.name.clone(), &run.state);
    if !own.losses.is_empty() || !own.batches.is_empty() {
        drawn.push(("curve".into(), curves(&own, &[])));
    }
    drawn.push(("network".into(), network::network(run)));
    drawn.extend(promises::promises(&run.state.rounds).map(|picture| ("promises".into(), picture)));
    for (kind, why) in [
        ("cloud", say!("pictures-none-measured")),
        ("candidates", say!("pictures-none-estimated")),
        ("curve", say!("pictures-none-scored")),
        ("promises", say!("pictures-none-chosen")),
    ] {
        if !drawn.iter().any(|(name, _)| name.starts_with(kind)) {
            missing.push(format!("{kind}: {why}"));
        }
    }
    (drawn, missing)
}
