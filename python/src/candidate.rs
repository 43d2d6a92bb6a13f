//! `Candidate` and `Morphism`: what could be changed, and by what.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use seedling::morphism::{Candidate, CostDelta, Morphism, Place, added_cost, initial_phi};
use seedling::network::Architecture;

use crate::array::{dictionary, tensors};
use crate::error::OrRefuse;
use crate::network::PyNetwork;

/// One change at one place of a network, of which nothing is learned yet. `Network.candidates` lists them.
#[pyclass(frozen, eq, module = "seedling", name = "Candidate")]
#[derive(Clone, PartialEq)]
pub struct PyCandidate {
    pub candidate: Candidate,
    pub cost: CostDelta,
}

impl PyCandidate {
    /// With what it costs in a network.
    pub fn of(architecture: &Architecture, candidate: Candidate) -> PyResult<Self> {
        let cost = added_cost(architecture, &candidate).or_refuse()?;
        Ok(Self { candidate, cost })
    }
}

#[pymethods]
impl PyCandidate {
    /// "family:layer:channel", "family:layer", or "family:source>target".
    #[getter]
    fn id(&self) -> String {
        self.candidate.id()
    }

    /// Its family, of `seedling.FAMILIES`.
    #[getter]
    fn family(&self) -> &str {
        self.candidate.family.name()
    }

    /// The convolution that it changes.
    #[getter]
    fn layer(&self) -> &str {
        self.candidate.layer()
    }

    /// The channel that it changes, in families that change one.
    #[getter]
    fn channel(&self) -> Option<usize> {
        self.candidate.channel()
    }

    /// Trained numbers that it adds.
    #[getter]
    fn params_delta(&self) -> i64 {
        self.cost.parameters
    }

    /// Floating-point operations that it adds to the forward pass of one image.
    #[getter]
    fn flops_delta(&self) -> i64 {
        self.cost.flops
    }

    /// φ that learning starts from: small random values, by the seed, the candidate and the round.
    #[pyo3(signature = (network, seed=7, round=1))]
    fn first(&self, network: &PyNetwork, seed: u64, round: u64) -> PyResult<PyMorphism> {
        let phi = initial_phi(&network.model.network, &self.candidate, seed, round).or_refuse()?;
        let morphism = Morphism { candidate: self.candidate.clone(), phi, scale: 1.0 };
        Ok(PyMorphism { morphism, cost: self.cost, score: None })
    }

    fn __repr__(&self) -> String {
        format!("Candidate({})", self.candidate.id())
    }
}

/// A candidate with its parameters φ and a scale: how far along φ to go.
///
/// Parameters
/// ----------
/// candidate : Candidate
/// phi : dict of str to array
///     "phi1" [in, k, k], "phi1_bias" [1], … as docs/morphisms.md names them; {} for families without φ.
/// scale : float
///     From 0, no change, to 1.
#[pyclass(frozen, module = "seedling", name = "Morphism")]
pub struct PyMorphism {
    pub morphism: Morphism,
    pub cost: CostDelta,
    pub score: Option<f64>,
}

impl PyMorphism {
    pub fn of(architecture: &Architecture, morphism: Morphism, score: Option<f64>) -> PyResult<Self> {
        let cost = added_cost(architecture, &morphism.candidate).or_refuse()?;
        Ok(Self { morphism, cost, score })
    }
}

/// The morphisms, if they fit the network.
pub fn checked(architecture: &Architecture, morphisms: &[Py<PyMorphism>]) -> PyResult<Vec<Morphism>> {
    let check = |given: &Py<PyMorphism>| {
        let morphism = &given.get().morphism;
        Place::of(architecture, &morphism.candidate).and_then(|place| morphism.check(&place)).or_refuse()?;
        Ok(morphism.clone())
    };
    morphisms.iter().map(check).collect()
}

#[pymethods]
impl PyMorphism {
    #[new]
    #[pyo3(signature = (candidate, phi, scale=1.0))]
    fn new(candidate: &PyCandidate, phi: &Bound<'_, PyDict>, scale: f32) -> PyResult<Self> {
        let morphism = Morphism { candidate: candidate.candidate.clone(), phi: tensors(phi)?, scale };
        Ok(Self { morphism, cost: candidate.cost, score: None })
    }

    /// What is changed.
    #[getter]
    fn candidate(&self) -> PyCandidate {
        PyCandidate { candidate: self.morphism.candidate.clone(), cost: self.cost }
    }

    /// The candidate's id.
    #[getter]
    fn id(&self) -> String {
        self.morphism.candidate.id()
    }

    /// φ as learned, at scale 1: dict of float32 arrays by their names in the files.
    #[getter]
    fn phi<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        dictionary(py, &self.morphism.phi)
    }

    /// φ at the scale, with what follows from it (a symmetric split's second child): what goes into files.
    fn scaled<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        dictionary(py, &self.morphism.stored().or_refuse()?)
    }

    /// How far along φ to go, in 0…1; 0 means "not worth it".
    #[getter]
    fn scale(&self) -> f32 {
        self.morphism.scale
    }

    /// The learner's own score, in its own units, larger for better, where it has one that is not the
    /// estimate.
    #[getter]
    fn score(&self) -> Option<f64> {
        self.score
    }

    /// The same at another scale.
    fn with_scale(&self, scale: f32) -> Self {
        let morphism = Morphism { scale, ..self.morphism.clone() };
        Self { morphism, cost: self.cost, score: self.score }
    }

    fn __repr__(&self) -> String {
        format!("Morphism({}, scale {})", self.morphism.candidate.id(), self.morphism.scale)
    }
}
