//! Why a strategy tries a network, or ends its search.

use serde::{Deserialize, Serialize};

use super::id::TrialId;
use crate::format::decimal;
use crate::words::say;

/// Why a trial is tried. Files have it in English words too, for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Reason {
    /// It is the seed network.
    Seed,
    /// Every strategy: changes of its parent are held against it.
    Copy {
        /// The parent.
        parent: TrialId,
    },
    /// Random search.
    Chance {
        /// Changes of the seed.
        changes: usize,
        /// Whether with fresh weights.
        scratch: bool,
    },
    /// Hill climbing: the copy of the current network that a step begins with.
    Unchanged {
        /// The step, from 1.
        step: usize,
        /// The current network.
        current: TrialId,
    },
    /// Hill climbing: a neighbour of the current network.
    Neighbour {
        /// The step, from 1.
        step: usize,
        /// Which of its neighbours, from 1.
        neighbour: usize,
        /// How many there are.
        neighbours: usize,
        /// The current network.
        current: TrialId,
        /// Changes of it.
        changes: usize,
    },
    /// Evolution, while there are too few.
    Fills {
        /// Which of the population, from 1.
        member: usize,
        /// The living in the end.
        population: usize,
    },
    /// Evolution: a child of the fittest.
    Fittest {
        /// The fittest.
        parent: TrialId,
        /// Of so many that were drawn.
        sample: usize,
        /// The oldest, which dies.
        oldest: TrialId,
    },
    /// Multi-objective evolution.
    Rare {
        /// The generation, from 1.
        generation: usize,
        /// Which of its children, from 1.
        child: usize,
        /// How many are trained.
        trained: usize,
        /// Of so many that were thought of.
        proposals: usize,
        /// Networks on the front.
        front: usize,
        /// The child's parent.
        parent: TrialId,
    },
    /// AutoGrow.
    Appends {
        /// The side of the images that the group's layers see.
        side: usize,
        /// Those of the groups that are closed.
        closed: Vec<usize>,
    },
    /// EV3: one lesson of an iteration.
    Explores {
        /// The iteration, from 1.
        iteration: usize,
        /// The network that learns.
        working: TrialId,
        /// The trial whose answers it learns, without one the labels.
        teacher: Option<TrialId>,
        /// The learning rate, as a multiple of the settings'.
        rate: f64,
        /// The last network that was proved better.
        stable: TrialId,
        /// The smallest gain in nats that can be proved on these images, where that is known.
        least: Option<f64>,
    },
    /// EV3: the working network grows.
    Unproved {
        /// Iterations without a proof.
        iterations: usize,
        /// The last network that was proved better.
        stable: TrialId,
        /// The one that grows.
        working: TrialId,
        /// Changes of it.
        changes: usize,
    },
}

impl Reason {
    /// In a sentence, in the thread's language.
    pub fn words(&self) -> String {
        match self {
            Reason::Seed => say!("reason-seed").into(),
            Reason::Copy { parent } => say!("reason-copy", parent = *parent),
            Reason::Chance { changes, scratch: false } => say!("reason-chance", changes = *changes),
            Reason::Chance { changes, scratch: true } => say!("reason-chance-fresh", changes = *changes),
            Reason::Unchanged { step, current } => {
                say!("reason-unchanged", step = *step, current = *current)
            }
            Reason::Neighbour { step, neighbour, neighbours, current, changes } => say!(
                "reason-neighbour",
                step = *step,
                neighbour = *neighbour,
                neighbours = *neighbours,
                current = *current,
                changes = *changes
            ),
            Reason::Fills { member, population } => {
                say!("reason-fills", member = *member, population = *population)
            }
            Reason::Fittest { parent, sample, oldest } => {
                say!("reason-fittest", parent = *parent, sample = *sample, oldest = *oldest)
            }
            Reason::Rare { generation, child, trained, proposals, front, parent } => say!(
                "reason-rare",
                generation = *generation,
                child = *child,
                trained = *trained,
                proposals = *proposals,
                front = *front,
                parent = *parent
            ),
            Reason::Appends { side, closed } => {
                say!("reason-appends", side = *side, count = closed.len(), groups = sides(closed))
            }
            Reason::Explores { iteration, working, teacher, rate, stable, least } => {
                // A rate is 1 or a fifth.
                let rate = decimal(*rate, usize::from(rate.fract() != 0.0));
                let explores = match teacher {
                    Some(teacher) => say!(
                        "reason-imitates",
                        iteration = *iteration,
                        working = *working,
                        teacher = *teacher,
                        rate = rate,
                        stable = *stable
                    ),
                    None => say!(
                        "reason-explores",
                        iteration = *iteration,
                        working = *working,
                        rate = rate,
                        stable = *stable
                    ),
                };
                match least {
                    Some(least) => {
                        format!("{explores} {}", say!("reason-least", least = decimal(*least, 4)))
                    }
                    None => explores,
                }
            }
            Reason::Unproved { iterations, stable, working, changes } => say!(
                "reason-unproved",
                iterations = *iterations,
                stable = *stable,
                working = *working,
                changes = *changes
            ),
        }
    }
}

/// Why a search is over.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// There is nothing to begin with.
    NoSeed,
    /// There were as many trials as the settings ask for.
    Enough {
        /// How many.
        trials: u64,
    },
    /// The next trial would exceed the search's share of the run's cost.
    Spent,
    /// Evolution: the network that should have a child cannot be changed.
    NoChange {
        /// The network.
        parent: TrialId,
    },
    /// Multi-objective evolution: no network of the front can be changed.
    NoChangeOfFront {
        /// The generation, from 1.
        generation: usize,
    },
    /// AutoGrow: no group is open and has a place.
    NoGroup {
        /// Those that are closed, by the side of their images.
        closed: Vec<usize>,
    },
}

impl End {
    /// In a sentence, in the thread's language.
    pub fn words(&self) -> String {
        match self {
            End::NoSeed => say!("end-no-seed").into(),
            End::Enough { trials } => say!("end-enough", trials = *trials),
            End::Spent => say!("end-spent").into(),
            End::NoChange { parent } => say!("end-no-change", parent = *parent),
            End::NoChangeOfFront { generation } => say!("end-no-change-of-front", generation = *generation),
            End::NoGroup { closed } => {
                say!("end-no-group", count = closed.len(), groups = sides(closed))
            }
        }
    }
}

/// Groups by the side of their images.
fn sides(groups: &[usize]) -> String {
    let sides: Vec<String> = groups.iter().map(|side| format!("{side}×{side}")).collect();
    sides.join(", ")
}
