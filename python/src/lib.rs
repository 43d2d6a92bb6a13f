//! Seedling's library as a Python module. `package/seedling` has what is Python: the names for people, bars,
//! data frames and the doors to PyTorch. Docstrings and `_seedling.pyi` say the same; mypy's stubtest
//! compares their signatures.

mod array;
mod candidate;
mod data;
mod engine;
mod error;
mod experiment;
mod json;
mod network;
mod run;
mod settings;
mod table;
mod worker;

use pyo3::prelude::*;

#[pymodule]
mod _seedling {
    use pyo3::prelude::*;
    use seedling::engine::Learner;
    use seedling::estimate::Estimator;
    use seedling::morphism::Family;
    use seedling::network::PRESETS;

    #[pymodule_export]
    use crate::candidate::{PyCandidate, PyMorphism};
    #[pymodule_export]
    use crate::data::{PyData, load_data};
    #[pymodule_export]
    use crate::engine::PyEngine;
    #[pymodule_export]
    use crate::error::SeedlingError;
    #[pymodule_export]
    use crate::experiment::PyExperiment;
    #[pymodule_export]
    use crate::network::PyNetwork;
    #[pymodule_export]
    use crate::run::PyRun;
    #[pymodule_export]
    use crate::settings::settings;

    #[pymodule_init]
    fn names(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let py = module.py();
        let add = |name: &str, names: Vec<&str>| module.add(name, pyo3::types::PyTuple::new(py, names)?);
        add("FAMILIES", Family::ALL.map(Family::name).to_vec())?;
        add("LEARNERS", Learner::ALL.map(Learner::name).to_vec())?;
        add("ESTIMATORS", Estimator::ALL.map(Estimator::name).to_vec())?;
        add("PRESETS", PRESETS.map(|(name, _)| name).to_vec())
    }
}
