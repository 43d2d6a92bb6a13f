//! What is foreseen of each candidate while it is learned: the responses of a step, which learning needs anyway, are kept
//! on the device, and now and then the host makes gains of them.

use super::commands::Commands;
use super::families::Groups;
use super::record::Span;
use super::sweep::Setup;
use super::{GpuError, read_all};
use crate::engine::EngineError;
use crate::estimate::{Estimator, Local};

/// Steps from one report to the next, at least.
const APART: u64 = 5;
/// Numbers that are kept and read at most, 16 MiB: with more nothing is foreseen.
const MOST: usize = 4 << 20;

/// What one piece of a step's batch leaves.
struct Piece {
    images: usize,
    /// `[example][class]`.
    logits: Span,
    /// By the groups' numbers, `[set][example][member]`.
    responses: Vec<(usize, Span)>,
}

/// Where the responses of the newest step lie.
pub struct Foresight {
    pieces: Vec<Piece>,
    /// The first step that is reported again.
    due: u64,
}

impl Foresight {
    /// For batches of `batch` examples, if it is listened to and not too much.
    pub fn of(listens: bool, groups: &Groups, [batch, sets, classes]: [usize; 3]) -> Option<Self> {
        let members: usize = groups.all.iter().map(|group| group.members.len()).sum();
        let numbers = batch * (sets * members + classes);
        (listens && numbers <= MOST).then(|| Self { pieces: Vec::new(), due: 0 })
    }

    /// Takes what a piece leaves, as it is recorded.
    pub fn keep(&mut self, images: usize, logits: Span, responses: Vec<(usize, Span)>) {
        self.pieces.push(Piece { images, logits, responses });
    }

    /// Whether the step just run is to be reported.
    pub fn is_due(&mut self, step: u64, last: bool) -> bool {
        let due = step >= self.due || last;
        if due {
            self.due = step + APART;
        }
        due
    }

    /// The predicted gain of every member of `groups` on the newest step's examples, whose positions in the part and
    /// random numbers are given.
    pub async fn gains(
        &self,
        setup: &Setup<'_>,
        (commands, groups): (&Commands, &Groups),
        estimator: Estimator,
        (indices, draws): (&[usize], &[f64]),
    ) -> Result<Vec<f64>, EngineError> {
        let classes = setup.graph.classes();
        let bank = estimator.bank();
        let sets = bank.size(classes);
        let mut slices = Vec::new();
        for piece in &self.pieces {
            slices.push((commands.slice(&piece.logits)?, piece.images * classes));
            for (group, span) in &piece.responses {
                let members = groups.all[*group].members.len();
                slices.push((commands.slice(span)?, sets * piece.images * members));
            }
        }
        let wanted: Vec<_> = slices.iter().map(|(slice, count)| (slice, *count)).collect();
        let found: Result<Vec<Vec<f32>>, GpuError> = read_all(&setup.context.gpu, &wanted).await;
        let mut numbers = found?.into_iter();
        let members: usize = groups.all.iter().map(|group| group.members.len()).sum();
        let (mut gains, mut start, mut row) = (vec![0.0; members], 0, vec![0.0; sets]);
        for piece in &self.pieces {
            let logits = numbers.next().unwrap_or_default();
            let locals: Vec<Local> = logits
                .chunks(classes)
                .zip(indices[start..].iter().zip(&draws[start..]))
                .map(|(logits, (index, draw))| {
                    let logits = logits.iter().map(|logit| f64::from(*logit)).collect();
                    Local::new(logits, usize::from(setup.part.labels[*index]), *draw)
                })
                .collect();
            start += piece.images;
            for ((group, _), responses) in piece.responses.iter().zip(numbers.by_ref()) {
                let members = &groups.all[*group].members;
                for (example, local) in locals.iter().enumerate() {
                    for (place, member) in members.iter().enumerate() {
                        for (set, response) in row.iter_mut().enumerate() {
                            let at = (set * piece.images + example) * members.len() + place;
                            *response = f64::from(responses[at]);
                        }
                        gains[*member] -= estimator.predict(bank, &row, local) / indices.len() as f64;
                    }
                }
            }
        }
        Ok(gains)
    }
}
