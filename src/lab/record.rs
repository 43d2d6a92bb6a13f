//! The results of the stages: the numbers of the files, the report and the plots.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::cost::StepCost;
use super::why::Why;
use crate::engine::{Learner, Score};
use crate::estimate::{Agreement, ByEstimator, Estimator};
use crate::morphism::{self, At, Candidate, CostDelta, Family};
use crate::names;
use crate::search::Promise;
use crate::words::{say, term};

/// A network's size and its scores.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Trained numbers.
    pub parameters: u64,
    /// Floating-point operations of one example's forward pass.
    pub flops: u64,
    /// On the training part, or on its first examples; none where the instrument does not look.
    #[serde(default)]
    pub train: Option<Score>,
    /// On the held-out part.
    pub held_out: Score,
}

/// A look at the held-out part within a training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// Steps of the round's training until then.
    pub step: u64,
    /// The network as it was; never scored on the training part.
    pub quality: Quality,
}

/// What a round's steps cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Steps {
    /// Training, and scoring the trained network.
    pub train: StepCost,
    /// Listing the candidates: time, but no arithmetic that counts.
    #[serde(default)]
    pub propose: StepCost,
    /// Learning φ.
    pub learn: StepCost,
    /// Estimating: the scales on the validation part, then all estimators on the held-out part.
    pub estimate: StepCost,
    /// Measuring actual gains.
    pub measure: StepCost,
    /// Choosing: trying what is promising together, where choices are confirmed.
    #[serde(default)]
    pub choose: StepCost,
    /// Rewriting, and scoring the grown network.
    pub grow: StepCost,
}

impl Steps {
    /// Each with its name, in their usual order.
    pub fn named(&self) -> [(&'static str, StepCost); 7] {
        [
            ("train", self.train),
            ("propose", self.propose),
            ("learn", self.learn),
            ("estimate", self.estimate),
            ("measure", self.measure),
            ("choose", self.choose),
            ("grow", self.grow),
        ]
    }

    /// Their sum.
    pub fn total(&self) -> StepCost {
        let mut total = StepCost::default();
        self.named().into_iter().for_each(|(_, cost)| total += cost);
        total
    }

    /// Growing as files and tables for people count it: proposing and choosing belong to it.
    pub fn growing(&self) -> StepCost {
        let mut growing = self.grow;
        growing += self.propose;
        growing += self.choose;
        growing
    }
}

/// What is known of a candidate so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CandidateRecord {
    /// The family.
    #[serde(with = "names::one")]
    pub family: Family,
    /// Where it sits.
    #[serde(flatten)]
    pub at: At,
    /// Channels that it adds at once, see [`Candidate::width`].
    #[serde(default = "morphism::single", skip_serializing_if = "morphism::is_single")]
    pub width: usize,
    /// Parameters it adds.
    pub params_delta: i64,
    /// FLOPs it adds to the forward pass of one example.
    pub flops_delta: i64,
    /// The learner's own score, larger for better, where that is not an estimate.
    #[serde(default)]
    pub score: Option<f64>,
    /// How far along the learned direction to go: the best on the validation part.
    pub scale: Option<f32>,
    /// Estimated gain at that scale on the validation part: what choices are made by.
    pub validation: Option<f64>,
    /// Estimated gains at that scale on the held-out part.
    pub estimates: Option<ByEstimator>,
    /// Actual gain at that scale on the held-out part.
    pub actual: Option<f64>,
    /// Whether the network grows by it.
    pub chosen: bool,
    /// If it was chosen together with others: how much of its scale is made, from 0 to 1. Without it, all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// Why the method's choice took it or passed it over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// What it alone was worth on the held-out part after the next training, beside a twin that was trained as long
    /// without it, if it was followed and its twin did not diverge: a fall of the mean loss in nats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_the_end: Option<f64>,
    /// The same with the batches of that training in another order, if that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_the_end_again: Option<f64>,
    /// What else may foresee that, if it was followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scores: Option<Scores>,
    /// What it gains in the linearised network on the validation part at its best share, without any other change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alone: Option<f64>,
    /// What it gains there beside the existing weights' own step: growth, not training.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond_training: Option<f64>,
}

/// Numbers that may foresee what a followed candidate is worth in the end, larger for better; none where nobody could
/// say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// Its share where all candidates share freely in the joint choice.
    pub joint_share: Option<f64>,
    /// By how much the joint estimate would fall without it there, in nats.
    pub joint_worth: Option<f64>,
    /// Splitting steepest descent's −λ.
    pub steepest: Option<f64>,
    /// Firefly's gain over the gate.
    pub firefly: Option<f64>,
    /// GradMax's singular value.
    pub gradmax: Option<f64>,
    /// TINY's first-order gain.
    pub tiny: Option<f64>,
    /// A random number.
    pub control: f64,
}

impl Scores {
    /// Where the score of a learner of the literature stands; the others' stands in the candidate's own record.
    pub fn of(&mut self, learner: Learner) -> Option<&mut Option<f64>> {
        match learner {
            Learner::Steepest => Some(&mut self.steepest),
            Learner::Firefly => Some(&mut self.firefly),
            Learner::Gradmax => Some(&mut self.gradmax),
            Learner::Tiny => Some(&mut self.tiny),
            Learner::Estimate | Learner::Random | Learner::Direct => None,
        }
    }

    /// Each with its column's name.
    pub fn named(&self) -> [(&'static str, Option<f64>); 7] {
        [
            ("joint_share", self.joint_share),
            ("joint_worth", self.joint_worth),
            ("steepest", self.steepest),
            ("firefly", self.firefly),
            ("gradmax", self.gradmax),
            ("tiny", self.tiny),
            ("control", Some(self.control)),
        ]
    }
}

/// What the existing weights' own step gains, and what growth adds to it: falls of the linearised network's mean loss on
/// the validation part, in nats.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BeyondTraining {
    /// How far that step goes by itself, in its own length.
    pub share: f64,
    /// What it gains by itself.
    pub training: f64,
    /// What the made set adds to it; none where nothing was made, or where people chose.
    pub made: Option<f64>,
}

/// The twins of a round: what became of them on the held-out part after the next training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct InTheEnd {
    /// The loss of the twin that was not grown, in nats.
    pub nothing: f64,
    /// By how much the loss of the twin grown by the whole made set is lower; none where nothing was made, or where that
    /// twin diverged.
    pub made: Option<f64>,
}

/// What the changes of a round should bring together, and what they brought: falls of the mean loss in nats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JointRecord {
    /// Their single gains on the validation part, summed: more than can be had.
    pub sum_of_single: f64,
    /// The joint estimate on the validation part, for the lengths that were made.
    pub promised: f64,
    /// What the grown network really gains on the validation part, once it was tried or made.
    pub came: Option<f64>,
    /// The common part of the chosen lengths that was made; none where people chose.
    pub factor: Option<f64>,
    /// The joint estimate on the held-out part.
    pub promised_held_out: Option<f64>,
    /// What came on the held-out part.
    pub came_held_out: Option<f64>,
}

impl JointRecord {
    /// Of what is promised, before anything is tried.
    pub fn of(promise: &Promise) -> Self {
        let Promise { sum_of_single, promised, .. } = *promise;
        Self { sum_of_single, promised, ..Self::default() }
    }
}

impl CandidateRecord {
    /// A candidate of which only its cost is known.
    pub fn new(candidate: &Candidate, cost: &CostDelta) -> Self {
        Self {
            family: candidate.family,
            at: candidate.at.clone(),
            width: candidate.width,
            params_delta: cost.parameters,
            flops_delta: cost.flops,
            score: None,
            scale: None,
            validation: None,
            estimates: None,
            actual: None,
            chosen: false,
            share: None,
            why: None,
            in_the_end: None,
            in_the_end_again: None,
            scores: None,
            alone: None,
            beyond_training: None,
        }
    }

    /// The candidate.
    pub fn candidate(&self) -> Candidate {
        Candidate { family: self.family, at: self.at.clone(), width: self.width }
    }

    /// The convolution that it changes.
    pub fn layer(&self) -> &str {
        self.at.layer()
    }

    /// The channel that it changes, in families that change one.
    pub fn channel(&self) -> Option<usize> {
        self.at.channel()
    }

    /// Its cost.
    pub fn cost(&self) -> CostDelta {
        CostDelta { parameters: self.params_delta, flops: self.flops_delta }
    }

    /// Its id.
    pub fn id(&self) -> String {
        self.candidate().id()
    }

    /// Its name for people.
    pub fn title(&self) -> String {
        let verb = term(morphism::morph(self.family).about().verb, &format!("verb-{}", self.family));
        match &self.at {
            At::Channel { layer, channel } => {
                say!("change-of-channel", verb = verb, channel = *channel, layer = layer)
            }
            At::Layer(layer) if self.width > 1 => {
                say!("change-by-channels", verb = verb, layer = layer, width = self.width)
            }
            At::Layer(layer) => format!("{verb} {layer}"),
            At::Pair { source, target } => format!("{verb} {source}>{target}"),
        }
    }

    /// The estimate of one estimator on the held-out part.
    pub fn estimate_by(&self, estimator: Estimator) -> Option<f64> {
        self.estimates.as_ref()?.get(estimator)
    }
}

/// A growth round; the final training is kept as one that never came to propose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// 1, 2, …
    pub round: u64,
    /// The estimator that φ was learned by and that is reported.
    #[serde(with = "names::one")]
    pub estimator: Estimator,
    /// The network while it was trained, if that was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looks: Vec<Look>,
    /// The trained network before growth.
    pub before: Option<Quality>,
    /// The grown network before it is trained on.
    pub after: Option<Quality>,
    /// If it lost a layer or a skip: how far it was from its parent's answers in each step of distillation, mean
    /// KL(parent ‖ child) in nats.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub distilled: Vec<f32>,
    /// The candidates, in the order of the files.
    pub candidates: Vec<CandidateRecord>,
    /// Whether the choice has been made.
    pub decided: bool,
    /// What the chosen promise together, where they were chosen or ticked by the joint estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joint: Option<JointRecord>,
    /// What the made changes were worth after the next training, if some were followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_the_end: Option<InTheEnd>,
    /// What growth gains beyond training, if that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond_training: Option<BeyondTraining>,
    /// What the steps cost.
    pub steps: Steps,
    /// Loss of each training step's batch, in training mode.
    #[serde(skip)]
    pub losses: Vec<f32>,
}

impl Round {
    /// A round of which nothing is known.
    pub fn new(round: u64, estimator: Estimator) -> Self {
        Self {
            round,
            estimator,
            looks: Vec::new(),
            before: None,
            after: None,
            distilled: Vec::new(),
            candidates: Vec::new(),
            decided: false,
            joint: None,
            in_the_end: None,
            beyond_training: None,
            steps: Steps::default(),
            losses: Vec::new(),
        }
    }

    /// Keeps the grown network's scores.
    pub fn grown(&mut self, after: Quality) {
        self.after = Some(after);
        if let (Some(joint), Some(before)) = (&mut self.joint, self.before) {
            joint.came_held_out = Some(before.held_out.loss - after.held_out.loss);
        }
    }

    /// Estimated against actual gains for each family proposed, by its name; none where not every candidate
    /// of the family was measured.
    pub fn agreement(&self) -> BTreeMap<&'static str, Option<Agreement>> {
        let mut families = BTreeMap::new();
        for family in Family::ALL {
            let members: Vec<&CandidateRecord> =
                self.candidates.iter().filter(|candidate| candidate.family == family).collect();
            if members.is_empty() {
                continue;
            }
            let pairs: Option<Vec<(f64, f64)>> = members
                .iter()
                .map(|candidate| Some((candidate.estimate_by(self.estimator)?, candidate.actual?)))
                .collect();
            let agreement = pairs.map(|pairs| {
                let (estimated, actual): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
                Agreement::of(&estimated, &actual)
            });
            families.insert(family.name(), agreement);
        }
        families
    }

    /// The families among its candidates.
    pub fn families(&self) -> Vec<Family> {
        let has = |family: &Family| self.candidates.iter().any(|candidate| candidate.family == *family);
        Family::ALL.into_iter().filter(has).collect()
    }

    /// Whether its candidates have estimates.
    pub fn is_estimated(&self) -> bool {
        self.candidates.iter().any(|candidate| candidate.estimates.is_some())
    }

    /// Whether some of its candidates were followed through the next training.
    pub fn is_followed(&self) -> bool {
        self.candidates.iter().any(|candidate| candidate.in_the_end.is_some())
    }

    /// Ids of the chosen, in the candidates' order.
    pub fn chosen(&self) -> Vec<String> {
        self.candidates.iter().filter(|candidate| candidate.chosen).map(CandidateRecord::id).collect()
    }
}
