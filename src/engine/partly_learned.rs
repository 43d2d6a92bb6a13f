//! Learning that was cancelled: where it stands, so that it can go on.

use super::{EngineError, LearnRequest};
use crate::morphism::{Candidate, Morphism, Phi, Place, morph};
use crate::network::{Architecture, Tensors, prefixed, under};

/// What the tensors of φ and of Adam's memory are called.
const LISTS: [&str; 3] = ["phi", "means", "mean-squares"];

/// φ and Adam's memory of it after some steps. Learning that goes on from here ends with the bits of one that was never
/// cancelled, on the same engine.
#[derive(Clone, Debug, Default)]
pub struct PartlyLearned {
    /// Steps taken.
    pub steps: u64,
    /// The candidates with φ as it stands, in the request's order; their scales are 1.
    pub morphisms: Vec<Morphism>,
    /// Adam's mean of the gradients of each candidate's φ, in its names and shapes; empty where nothing is learned.
    pub means: Vec<Phi>,
    /// Its mean of their squares.
    pub mean_squares: Vec<Phi>,
}

impl PartlyLearned {
    /// Before the first step: Adam remembers nothing.
    pub fn beginning(morphisms: Vec<Morphism>) -> Result<Self, EngineError> {
        let zeros = |morphism: &Morphism| match morph(morphism.candidate.family).is_learned() {
            true => morphism.phi.iter().map(|(name, phi)| Ok((name.clone(), phi.zeros_like()?))).collect(),
            false => Ok(Phi::new()),
        };
        let zeros = morphisms.iter().map(zeros).collect::<candle_core::Result<Vec<Phi>>>()?;
        Ok(Self { steps: 0, morphisms, means: zeros.clone(), mean_squares: zeros })
    }

    /// The candidates with a part of Adam's memory in the place of φ, for what lays φ out.
    pub fn with_memory(&self, memory: &[Phi]) -> Vec<Morphism> {
        let held = |(morphism, memory): (&Morphism, &Phi)| match memory.is_empty() {
            true => morphism.clone(),
            false => Morphism { phi: memory.clone(), ..morphism.clone() },
        };
        self.morphisms.iter().zip(memory).map(held).collect()
    }

    /// Refuses what does not belong to this request on a network.
    pub fn check(&self, architecture: &Architecture, request: &LearnRequest) -> Result<(), EngineError> {
        let fail = |found: String, expected: String| {
            Err(EngineError::Request { what: "what was learned before".into(), found, expected })
        };
        if self.steps > request.steps {
            return fail(format!("{} steps", self.steps), format!("at most {}", request.steps));
        }
        let count = self.morphisms.len();
        let same =
            self.morphisms.iter().zip(&request.candidates).all(|(mine, asked)| mine.candidate == *asked);
        if !same || [self.means.len(), self.mean_squares.len(), request.candidates.len()] != [count; 3] {
            return fail("other candidates".into(), "those of the request".into());
        }
        for (index, morphism) in self.morphisms.iter().enumerate() {
            let place = Place::of(architecture, &morphism.candidate)?;
            morphism.check(&place)?;
            if morph(morphism.candidate.family).is_learned() {
                for memory in [&self.means[index], &self.mean_squares[index]] {
                    Morphism { phi: memory.clone(), ..morphism.clone() }.check(&place)?;
                }
            }
        }
        Ok(())
    }

    /// Its numbers, to be saved or sent, named by the candidates' positions; steps and candidates go beside them.
    pub fn to_tensors(&self) -> Tensors {
        let phis: Vec<Phi> = self.morphisms.iter().map(|morphism| morphism.phi.clone()).collect();
        let lists = LISTS.into_iter().zip([&phis, &self.means, &self.mean_squares]);
        let one = |(name, list): (&str, &Vec<Phi>)| {
            let positions = list.iter().enumerate();
            positions.flat_map(|(at, phi)| prefixed(&format!("{name}/{at}"), phi)).collect::<Vec<_>>()
        };
        lists.flat_map(one).collect()
    }

    /// From what [`Self::to_tensors`] gave; [`Self::check`] says whether anything is missing.
    pub fn from_tensors(steps: u64, candidates: &[Candidate], tensors: &Tensors) -> Self {
        let list = |name: &str| -> Vec<Phi> {
            (0..candidates.len()).map(|at| under(&format!("{name}/{at}"), tensors)).collect()
        };
        let [phis, means, mean_squares] = LISTS.map(list);
        let morphism =
            |(candidate, phi): (&Candidate, Phi)| Morphism { candidate: candidate.clone(), phi, scale: 1.0 };
        Self { steps, morphisms: candidates.iter().zip(phis).map(morphism).collect(), means, mean_squares }
    }
}
