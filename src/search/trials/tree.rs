//! Trials, and the tree that they make.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::id::TrialId;
use super::reason::Reason;
use crate::engine::{JointTable, Score};
use crate::morphism::{Candidate, MorphismError, rewrite_architecture};
use crate::network::Architecture;
use crate::search::cost::StepCost;
use crate::words::in_english;

/// A mean with its standard error.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Belief {
    /// In nats.
    pub mean: f64,
    /// Its standard error over the validation images.
    pub error: f64,
}

/// What the validation part says of a trained network.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Mean cross-entropy in nats.
    pub loss: f64,
    /// Its standard error over the images.
    pub error: f64,
    /// Share of images whose largest logit is their label.
    pub accuracy: f64,
}

/// What a trial is trained towards, and how fast.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Lesson {
    /// The trial whose answers are imitated; without one, the labels are learned.
    pub teacher: Option<TrialId>,
    /// The learning rate, as a multiple of the settings'.
    pub rate: f64,
    /// Whether that rate stays as it is through the phase, whatever the schedule.
    pub constant: bool,
}

impl Default for Lesson {
    fn default() -> Self {
        Self { teacher: None, rate: 1.0, constant: false }
    }
}

impl Lesson {
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// What the steps of a trial cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrialCost {
    /// What the strategy itself thought.
    pub ask: StepCost,
    /// Learning φ at the parent.
    pub learn: StepCost,
    /// Estimating what the changes bring together.
    pub estimate: StepCost,
    /// Making them, and looking at once.
    pub grow: StepCost,
    /// The short training.
    pub train: StepCost,
    /// Judging by the validation part; of a new best trial, by the held-out part too.
    pub assess: StepCost,
}

impl TrialCost {
    /// Each with its name.
    pub fn named(&self) -> [(&'static str, StepCost); 6] {
        [
            ("ask", self.ask),
            ("learn", self.learn),
            ("estimate", self.estimate),
            ("grow", self.grow),
            ("train", self.train),
            ("assess", self.assess),
        ]
    }

    /// Their sum.
    pub fn total(&self) -> StepCost {
        let mut total = StepCost::default();
        self.named().into_iter().for_each(|(_, cost)| total += cost);
        total
    }
}

/// A network that was tried, or is being tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Its number.
    pub id: TrialId,
    /// The trial that it comes from; none for the seed network.
    pub parent: Option<TrialId>,
    /// What was changed, all at once; nothing where the parent is trained on as it is.
    pub changes: Vec<Candidate>,
    /// Whether it began with fresh weights instead of its parent's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub scratch: bool,
    /// What it is trained towards.
    #[serde(default, skip_serializing_if = "Lesson::is_usual")]
    pub lesson: Lesson,
    /// Why the strategy tries it, in an English sentence.
    pub why: String,
    /// The same, to be said in any language; older files have the sentence only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Its architecture. Files leave it out: it follows from the parent's and the changes.
    #[serde(skip, default = "nothing")]
    pub architecture: Arc<Architecture>,
    /// Its parameters.
    pub parameters: u64,
    /// FLOPs of its forward pass of one image.
    pub flops: u64,
    /// What the changes were believed to gain on the validation part.
    pub predicted: Option<Belief>,
    /// What they gained there at once, before any training: the parent's loss minus the grown network's.
    pub immediate: Option<f64>,
    /// Whether its training diverged.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub diverged: bool,
    /// What the validation part says after the training; none until then, and where that diverged.
    pub judged: Option<Judged>,
    /// Training images that its weights have seen, its ancestors' included.
    pub images: u64,
    /// Scores on the held-out part, of trials that were the best so far: nothing is decided by them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_out: Option<Score>,
    /// What it cost.
    pub cost: TrialCost,
    /// Loss of each validation image after the training, for strategies that test on them; tensors in files.
    #[serde(skip)]
    pub losses: Arc<Vec<f32>>,
}

fn nothing() -> Arc<Architecture> {
    Arc::new(Architecture { nodes: Vec::new() })
}

impl Trial {
    /// The seed network before its training, of this size.
    pub fn seed(architecture: Arc<Architecture>, parameters: u64, flops: u64) -> Self {
        Self {
            id: 0,
            parent: None,
            changes: Vec::new(),
            scratch: false,
            lesson: Lesson::default(),
            why: String::new(),
            reason: None,
            architecture,
            parameters,
            flops,
            predicted: None,
            immediate: None,
            diverged: false,
            judged: None,
            images: 0,
            held_out: None,
            cost: TrialCost::default(),
            losses: Arc::default(),
        }
        .because(Reason::Seed)
    }

    /// This trial, tried for that reason.
    pub fn because(self, reason: Reason) -> Self {
        Self { why: in_english(|| reason.words()), reason: Some(reason), ..self }
    }

    /// Why the strategy tries it, in a sentence in the thread's language; in English where an older file has only that.
    pub fn why_in_words(&self) -> String {
        self.reason.as_ref().map_or_else(|| self.why.clone(), Reason::words)
    }

    /// Its loss on the validation part; infinite where its training diverged.
    pub fn loss(&self) -> f64 {
        self.judged.map_or(f64::INFINITY, |judged| judged.loss)
    }

    /// Whether it is its parent trained on as it is, by the usual lesson: what every change of that parent is held against.
    pub fn is_copy(&self) -> bool {
        self.parent.is_some() && self.changes.is_empty() && !self.scratch && self.lesson.is_usual()
    }

    /// Its changes' ids, with how many channels a widening adds where that is more than one.
    pub fn said(&self) -> String {
        let said = |change: &Candidate| match change.width {
            1 => change.id(),
            width => format!("{}+{width}", change.id()),
        };
        self.changes.iter().map(said).collect::<Vec<_>>().join(" ")
    }
}

/// The trials so far, each at the place of its number. Cloning shares them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<Trial>", into = "Vec<Trial>")]
pub struct Tree {
    trials: Vec<Arc<Trial>>,
}

impl From<Vec<Trial>> for Tree {
    fn from(trials: Vec<Trial>) -> Self {
        Self { trials: trials.into_iter().map(Arc::new).collect() }
    }
}

impl From<Tree> for Vec<Trial> {
    fn from(tree: Tree) -> Self {
        tree.trials().cloned().collect()
    }
}

impl Tree {
    /// The trials, in their order.
    pub fn trials(&self) -> impl DoubleEndedIterator<Item = &Trial> + ExactSizeIterator {
        self.trials.iter().map(Arc::as_ref)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.trials.len()
    }

    /// Whether not even the seed network was tried.
    pub fn is_empty(&self) -> bool {
        self.trials.is_empty()
    }

    /// One of them.
    pub fn get(&self, id: TrialId) -> Option<&Trial> {
        self.trials.get(id).map(Arc::as_ref)
    }

    /// Its loss on the validation part; infinite where there is none.
    pub fn loss(&self, id: TrialId) -> f64 {
        self.get(id).map_or(f64::INFINITY, Trial::loss)
    }

    /// Adds a trial, whose number must be the next.
    pub fn push(&mut self, trial: Trial) {
        debug_assert_eq!(trial.id, self.len());
        self.trials.push(Arc::new(trial));
    }

    /// The parent of trial `id` trained on unchanged for as long, if that was tried: its first such child.
    pub fn copy_of(&self, parent: TrialId) -> Option<&Trial> {
        self.trials().find(|trial| trial.parent == Some(parent) && trial.is_copy())
    }

    /// What trial `id` gained over its parent: over the parent *trained on for as long* where that was tried, else over the
    /// parent as it was, which calls training growth. None for the seed, and where either diverged.
    pub fn gain(&self, id: TrialId) -> Option<f64> {
        let trial = self.get(id)?;
        let parent = trial.parent?;
        let rival = match trial.scratch {
            true => self.get(parent)?,
            false => self.copy_of(parent).filter(|copy| copy.id != id).or(self.get(parent))?,
        };
        let gain = rival.loss() - trial.loss();
        gain.is_finite().then_some(gain)
    }

    /// The gains of trial `id` and all its ancestors over what training alone would have brought, summed: its worth as an
    /// architecture, whatever it has been trained on. The seed has 0, as has a copy of it; −∞ where a training diverged.
    pub fn merit(&self, id: TrialId) -> f64 {
        let Some(trial) = self.get(id) else { return f64::NEG_INFINITY };
        let Some(parent) = trial.parent else { return 0.0 };
        let own = match trial.is_copy() {
            true if trial.judged.is_some() => 0.0,
            true => f64::NEG_INFINITY,
            false => self.gain(id).unwrap_or(f64::NEG_INFINITY),
        };
        self.merit(parent) + own
    }

    /// The trial of the lowest loss among these, the first of equals; the seed where there are none.
    pub fn best(&self, among: impl Iterator<Item = TrialId>) -> TrialId {
        among
            .fold(None, |best: Option<TrialId>, id| match best {
                Some(best) if self.loss(best) <= self.loss(id) => Some(best),
                _ => Some(id),
            })
            .unwrap_or(0)
    }

    /// Everything that the trials cost.
    pub fn cost(&self) -> StepCost {
        let mut total = StepCost::default();
        self.trials().for_each(|trial| total += trial.cost.total());
        total
    }

    /// Gives every trial the architecture that files leave out, from the seed network's.
    ///
    /// # Errors
    /// Changes that their parent does not allow, and a parent that comes later, named by the trial.
    pub fn rebuild(&mut self, seed: &Architecture) -> Result<(), (TrialId, String)> {
        for place in 0..self.trials.len() {
            let trial = &self.trials[place];
            if trial.id != place {
                return Err((trial.id, format!("found it at place {place}")));
            }
            let architecture = match trial.parent {
                None if place == 0 => Arc::new(seed.clone()),
                Some(parent) if parent < place => {
                    let parent = self.trials[parent].architecture.clone();
                    let grown = grown(&parent, &trial.changes);
                    grown.map_err(|error| (place, error.to_string()))?.unwrap_or(parent)
                }
                other => {
                    return Err((place, format!("found the parent {other:?}, expected an earlier trial")));
                }
            };
            Arc::make_mut(&mut self.trials[place]).architecture = architecture;
        }
        Ok(())
    }

    /// The trial that was added last, to be changed.
    pub fn newest(&mut self) -> Option<&mut Trial> {
        self.trials.last_mut().map(Arc::make_mut)
    }

    /// Gives a trial the losses that files keep apart.
    pub fn set_losses(&mut self, id: TrialId, losses: Vec<f32>) {
        if let Some(trial) = self.trials.get_mut(id) {
            Arc::make_mut(trial).losses = Arc::new(losses);
        }
    }

    /// Gives a trial its scores on the held-out part.
    pub fn set_held_out(&mut self, id: TrialId, score: Score) {
        if let Some(trial) = self.trials.get_mut(id) {
            Arc::make_mut(trial).held_out = Some(score);
        }
    }
}

/// A network's architecture after some changes; none where there are none.
fn grown(parent: &Architecture, changes: &[Candidate]) -> Result<Option<Arc<Architecture>>, MorphismError> {
    match changes {
        [] => Ok(None),
        changes => Ok(Some(Arc::new(rewrite_architecture(parent, changes)?))),
    }
}

/// The cross-entropy of every example of a table, in nats, where each change is made by its share.
pub fn losses_of(table: &JointTable, shares: &[f64]) -> Vec<f64> {
    let example = |(index, label): (usize, &u8)| {
        let of = |row: &[f32], class: usize| f64::from(row[index * table.classes + class]);
        let logit = |class: usize| {
            let moved = table.changes.iter().zip(shares).map(|(row, share)| share * of(row, class));
            of(&table.logits, class) + moved.sum::<f64>()
        };
        let logits: Vec<f64> = (0..table.classes).map(logit).collect();
        let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let powers: f64 = logits.iter().map(|logit| (logit - largest).exp()).sum();
        powers.ln() + largest - logits[usize::from(*label)]
    };
    table.labels.iter().enumerate().map(example).collect()
}

/// The mean of some numbers with its standard error.
pub fn mean_and_error(numbers: impl ExactSizeIterator<Item = f64> + Clone) -> Belief {
    let count = numbers.len().max(1) as f64;
    let mean = numbers.clone().sum::<f64>() / count;
    let squares: f64 = numbers.map(|number| (number - mean).powi(2)).sum();
    Belief { mean, error: (squares / (count - 1.0).max(1.0) / count).sqrt() }
}
