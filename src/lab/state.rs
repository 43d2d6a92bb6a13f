//! Where an experiment stands.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::config::Measure;
use super::record::{Quality, Round};
use super::searching::Searching;
use crate::data::Normalization;
use crate::engine::{JointTable, PartlyLearned};
use crate::estimate::Estimator;
use crate::morphism::Morphism;
use crate::network::Model;

/// The steps of the machine, in their usual order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The untrained network is scored.
    Seed,
    /// The network is trained for a phase, then scored.
    Train,
    /// Candidates are listed, with their costs.
    Propose,
    /// Their φ are learned.
    Learn,
    /// Scales are chosen on the validation part, gains estimated on the held-out part.
    Estimate,
    /// Actual gains are measured on the held-out part.
    Measure,
    /// The strategy picks candidates by their validation gains.
    Choose,
    /// The network is rewritten and scored.
    Grow,
    /// Of a search: the strategy says which network to try next, or that it is over.
    Ask,
    /// Of a search: the trained network is judged on the validation part.
    Assess,
    /// Of a search: the network that it found is scored, to be trained last.
    Adopt,
    /// Nothing is left to do.
    Done,
}

impl Stage {
    /// All, in their usual order.
    pub const ALL: [Stage; 12] = [
        Stage::Seed,
        Stage::Train,
        Stage::Propose,
        Stage::Learn,
        Stage::Estimate,
        Stage::Measure,
        Stage::Choose,
        Stage::Grow,
        Stage::Ask,
        Stage::Assess,
        Stage::Adopt,
        Stage::Done,
    ];

    /// Whether only searches have it.
    pub fn is_of_searches(self) -> bool {
        matches!(self, Stage::Ask | Stage::Assess | Stage::Adopt)
    }

    /// Those of a run that grows round by round.
    pub fn of_rounds() -> impl Iterator<Item = Stage> {
        Self::ALL.into_iter().filter(|stage| !stage.is_of_searches())
    }

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Seed => "seed",
            Stage::Train => "train",
            Stage::Propose => "propose",
            Stage::Learn => "learn",
            Stage::Estimate => "estimate",
            Stage::Measure => "measure",
            Stage::Choose => "choose",
            Stage::Grow => "grow",
            Stage::Ask => "ask",
            Stage::Assess => "assess",
            Stage::Adopt => "adopt",
            Stage::Done => "done",
        }
    }

    /// What follows within a round; the stages of a search say themselves what follows. If only the chosen are measured,
    /// Choose comes before Measure, so that a choice edited by hand is measured too.
    pub fn next(self, measure: Measure) -> Stage {
        match (self, measure) {
            (Stage::Seed | Stage::Grow | Stage::Ask | Stage::Assess | Stage::Adopt, _) => Stage::Train,
            (Stage::Train, _) => Stage::Propose,
            (Stage::Propose, _) => Stage::Learn,
            (Stage::Learn, _) => Stage::Estimate,
            (Stage::Estimate, Measure::All) => Stage::Measure,
            (Stage::Estimate, _) => Stage::Choose,
            (Stage::Measure, Measure::All) => Stage::Choose,
            (Stage::Choose, Measure::Chosen) => Stage::Measure,
            (Stage::Measure | Stage::Choose, _) => Stage::Grow,
            (Stage::Done, _) => Stage::Done,
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Everything that changes during an experiment. Cloning shares tensors and finished rounds.
#[derive(Clone, Debug)]
pub struct State {
    /// What is to be done next.
    pub stage: Stage,
    /// The round it belongs to, from 1; the final training has the number after the last round's.
    pub round: u64,
    /// Training steps of this round's phase already taken.
    pub step: u64,
    /// The network and its optimiser's memory.
    pub model: Arc<Model>,
    /// The untrained network's scores.
    pub seed: Option<Quality>,
    /// The rounds so far, this one last once it began to train.
    pub rounds: Vec<Arc<Round>>,
    /// This round's candidates with φ and scale, in the candidates' order; empty before Learn and after Grow.
    pub morphisms: Arc<Vec<Morphism>>,
    /// Where learning stands that was cancelled; what is to be done next then goes on from it.
    pub partly: Option<Arc<PartlyLearned>>,
    /// How pixels are normalised, if not as the training images say: as inherited weights are used to.
    pub normalization: Option<Normalization>,
    /// The search, where networks are tried instead of grown round by round.
    pub search: Option<Arc<Searching>>,
    /// What the joint estimate is made from, between Choose and Grow where the choice was joint; its changes are in
    /// the candidates' order.
    pub table: Option<Arc<JointTable>>,
}

impl State {
    /// The beginning, with an untrained network.
    pub fn new(model: Model) -> Self {
        Self {
            stage: Stage::Seed,
            round: 1,
            step: 0,
            model: Arc::new(model),
            seed: None,
            rounds: Vec::new(),
            morphisms: Arc::default(),
            partly: None,
            normalization: None,
            search: None,
            table: None,
        }
    }

    /// As it was when its first training was over, for another experiment that trains alike and learns by `estimator`.
    /// None before that, and once it has grown.
    pub fn trained(&self, estimator: Estimator) -> Option<Self> {
        if self.round > 1
            || self.search.is_some()
            || matches!(self.stage, Stage::Seed | Stage::Train | Stage::Done)
        {
            return None;
        }
        let record = self.record(1)?;
        let mut round = Round::new(1, estimator);
        (round.before, round.steps.train) = (record.before, record.steps.train);
        round.losses.clone_from(&record.losses);
        round.looks.clone_from(&record.looks);
        Some(Self {
            stage: Stage::Propose,
            step: 0,
            rounds: vec![Arc::new(round)],
            morphisms: Arc::default(),
            partly: None,
            table: None,
            ..self.clone()
        })
    }

    /// The record of round `round`.
    pub fn record(&self, round: u64) -> Option<&Round> {
        self.rounds.iter().map(Arc::as_ref).find(|record| record.round == round)
    }

    /// The final network's scores, once the training after round `rounds` is over.
    pub fn last(&self, rounds: u64) -> Option<Quality> {
        self.record(rounds + 1)?.before
    }
}
