//! Multi-objective evolution, after LEMONADE (Elsken, Metzen, Hutter, "Efficient Multi-objective Neural Architecture Search
//! via Lamarckian Evolution", arXiv 1804.09081), with NSGA-II's choice of who stays; our reconstruction.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::density::{Density, draw};
use super::fronts::{Objectives, front, least_crowded};
use super::id::TrialId;
use super::mutate::mutate_among;
use super::reason::{End, Reason};
use super::seeker::{Ask, Ground, Proposal, Seeker};
use super::tree::{Tree, Trial};
use crate::morphism::{Candidate, MorphismError, rewrite_architecture};
use crate::random::Stream;

/// Losses closer than this, in nats, are one: else the front fills with near-duplicates.
const GRID: f64 = 0.005;

/// The population is the front between loss and parameters. In each generation many children are thought of, their parents
/// drawn where few of the population are (by parameters, which cost nothing to know); of these the few that lie where few
/// are get trained; the front of both stays.
pub struct Pareto {
    /// The population at most: the least crowded stay.
    pub population: usize,
    /// Children that are thought of in a generation.
    pub proposals: usize,
    /// Children that are trained.
    pub trained: usize,
    /// Changes of a child at most.
    pub changes: usize,
    /// Whether the loss is replaced by what changes gained beyond training, see [`Tree::merit`].
    pub control: bool,
}

impl Pareto {
    /// The population after all complete generations, and the children trained since.
    pub fn stands(&self, tree: &Tree) -> (Vec<TrialId>, Vec<TrialId>) {
        let born = |trial: &&Trial| trial.parent.is_some() && !trial.is_copy();
        let births: Vec<TrialId> = tree.trials().filter(born).map(|trial| trial.id).collect();
        let generations = births.chunks_exact(self.trained.max(1));
        let under_way = generations.remainder().to_vec();
        let mut population = vec![0];
        for children in generations {
            population.extend(children);
            population.retain(|id| tree.loss(*id).is_finite());
            let points: Vec<Objectives> = population.iter().map(|id| self.objectives(tree, *id)).collect();
            let best: Vec<usize> = front(&points);
            let points: Vec<Objectives> = best.iter().map(|place| points[*place]).collect();
            let kept = least_crowded(&points, self.population);
            population = kept.into_iter().map(|place| population[best[place]]).collect();
        }
        (population, under_way)
    }

    fn objectives(&self, tree: &Tree, id: TrialId) -> Objectives {
        let loss = if self.control { -tree.merit(id) } else { tree.loss(id) };
        [size(tree, id), (loss / GRID).floor() * GRID]
    }

    /// The children to train in generation `number`.
    fn children(
        &self,
        ground: &Ground,
        tree: &Tree,
        population: &[TrialId],
        number: usize,
    ) -> Result<Vec<(TrialId, Vec<Candidate>)>, MorphismError> {
        let mut stream = Stream::new(ground.seed, "search: generation", number as u64);
        let density = Density::new(population.iter().map(|id| size(tree, *id)).collect());
        let chances: Vec<f64> = population.iter().map(|id| density.rarity(size(tree, *id))).collect();
        let mut places: BTreeMap<TrialId, Vec<Candidate>> = BTreeMap::new();
        let (mut thought_of, mut rarities) = (Vec::new(), Vec::new());
        for _ in 0..self.proposals {
            let parent = population[draw(&chances, &mut stream)];
            let Some(from) = tree.get(parent) else { continue };
            let places = match places.entry(parent) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert((ground.candidates)(&from.architecture)?),
            };
            let count = 1 + stream.below(self.changes.max(1));
            let changes = mutate_among(ground, &from.architecture, places, count, &mut stream)?;
            if !changes.is_empty() {
                let grown = rewrite_architecture(&from.architecture, &changes)?.cost()?;
                rarities.push(density.rarity((grown.parameters as f64).ln()));
                thought_of.push((parent, changes));
            }
        }
        let mut chosen = Vec::new();
        while chosen.len() < self.trained && !thought_of.is_empty() {
            let place = draw(&rarities, &mut stream);
            rarities.remove(place);
            chosen.push(thought_of.remove(place));
        }
        Ok(chosen)
    }
}

/// The logarithm of a trial's parameters.
fn size(tree: &Tree, id: TrialId) -> f64 {
    tree.get(id).map_or(0.0, |trial| (trial.parameters as f64).ln())
}

impl Seeker for Pareto {
    fn ask(&self, ground: &Ground, tree: &Tree) -> Result<Ask, MorphismError> {
        let (population, under_way) = self.stands(tree);
        let born = tree.trials().filter(|trial| trial.parent.is_some() && !trial.is_copy()).count();
        let generation = born / self.trained.max(1);
        let children = self.children(ground, tree, &population, generation)?;
        let Some((parent, changes)) = children.get(under_way.len()).cloned() else {
            return Ok(Ask::Stop(End::NoChangeOfFront { generation: generation + 1 }));
        };
        let why = Reason::Rare {
            generation: generation + 1,
            child: under_way.len() + 1,
            trained: self.trained,
            proposals: self.proposals,
            front: population.len(),
            parent,
        };
        Ok(Ask::Try(Proposal::child(parent, changes, why)))
    }

    fn incumbent(&self, tree: &Tree) -> TrialId {
        tree.best(0..tree.len())
    }

    fn live(&self, tree: &Tree) -> BTreeSet<TrialId> {
        let (population, under_way) = self.stands(tree);
        population.into_iter().chain(under_way).chain([self.incumbent(tree)]).collect()
    }

    fn wants_copies(&self) -> bool {
        true
    }

    fn thinking(&self, tree: &Tree) -> u64 {
        // A kernel takes some four operations: the front's own densities, then those of the children thought of.
        let members = self.stands(tree).0.len() as u64;
        4 * members * (members + self.proposals as u64)
    }
}
