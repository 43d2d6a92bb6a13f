//! A run as pictures need it, read from its folder.

use std::path::Path;

use crate::lab::{Config, LabError, Round, Session, State, checkpoint_name, session_of};
use crate::network::{Architecture, load_checkpoint};
use crate::search::trials::Search;

/// What pictures need to know of a run.
#[derive(Clone, Debug)]
pub struct RunRecord {
    /// The run, in words.
    pub name: String,
    /// How its last network is found.
    pub search: Search,
    /// Where it stands.
    pub state: State,
    /// Its network before each growth, and as it is now.
    pub networks: Vec<Architecture>,
}

impl RunRecord {
    /// Reads the run in a folder, finished or not.
    ///
    /// # Errors
    ///
    /// Where the folder holds no run, or one whose files cannot be understood.
    pub fn read(folder: &Path) -> Result<Self, LabError> {
        let Session { config, state, .. } = session_of(folder)?;
        let mut networks = Vec::new();
        for round in state.rounds.iter().filter(|round| round.after.is_some()) {
            let path = folder.join(checkpoint_name(round.round));
            networks.push(load_checkpoint(&path)?.0.architecture);
        }
        networks.push(state.model.network.architecture.clone());
        Ok(Self { name: name(&config), search: config.search, state, networks })
    }

    /// A run at its beginning.
    pub fn begin(config: &Config, state: &State) -> Self {
        let networks = vec![state.model.network.architecture.clone()];
        Self { name: name(config), search: config.search.clone(), state: state.clone(), networks }
    }

    /// The same run, later.
    pub fn go_on(&mut self, state: &State) {
        self.state = state.clone();
        if state.is_searching() {
            // What is only tried is not the run's network.
            return;
        }
        let now = state.model.network.architecture.clone();
        if self.grown().count() < self.networks.len() {
            self.networks.pop();
        }
        self.networks.push(now);
    }

    /// The rounds that have grown.
    pub(super) fn grown(&self) -> impl Iterator<Item = &Round> {
        self.state.rounds.iter().map(AsRef::as_ref).filter(|round| round.after.is_some())
    }

    /// The network that a round's candidates would change.
    pub(super) fn network_of(&self, round: u64) -> &Architecture {
        let growths = self.grown().filter(|grown| grown.round < round).count();
        &self.networks[growths.min(self.networks.len() - 1)]
    }
}

/// A run in words.
fn name(config: &Config) -> String {
    let seed = config.network.as_deref().map_or(config.preset.clone(), |path| path.display().to_string());
    format!("{seed}, seed {}", config.seed)
}
