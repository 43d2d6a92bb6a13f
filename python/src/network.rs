//! `Network`: layers and weights.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use seedling::data::{Data, Normalization};
use seedling::files;
use seedling::lab::Seed;
use seedling::morphism::{self, Family, propose};
use seedling::network::{
    Architecture, CheckpointInfo, Cost, Model, Network, OnnxInfo, load_checkpoint, load_onnx, onnx_bytes,
    preset, save_checkpoint,
};

use crate::array::{dictionary, shaped, tensors};
use crate::candidate::{PyCandidate, PyMorphism, checked};
use crate::error::{OrRefuse, refusal, unexpected};
use crate::json;

/// A run's final network, in its folder.
const FINAL: &str = "network.safetensors";

/// What a network is used to.
#[derive(Clone, Default)]
pub struct Habits {
    /// How pixels are normalised; none where the images say it.
    pub normalization: Option<Normalization>,
    /// SHA-256 of the images that it was trained on.
    pub sha256: String,
    /// The classes' names.
    pub class_names: Option<Vec<String>>,
}

/// A network: layers, weights, and the optimiser's memory. It never changes; what changes it gives a new one.
///
/// Parameters
/// ----------
/// layers : str
///     A preset (`seedling.PRESETS`), or layers in its notation: "8-8-M-16" is two convolutions of 8
///     channels, a pool that takes the maximum, one of 16.
/// classes : int
///     Classes to tell apart.
/// seed : int
///     Draws the weights.
#[pyclass(frozen, module = "seedling", name = "Network")]
pub struct PyNetwork {
    pub model: Arc<Model>,
    pub habits: Habits,
}

impl PyNetwork {
    pub fn new(network: Network, habits: Habits) -> Self {
        Self { model: Arc::new(Model::new(network)), habits }
    }

    /// From a checkpoint's content.
    pub fn saved((network, info): (Network, CheckpointInfo)) -> PyResult<Self> {
        let habits = Habits {
            normalization: Some(Normalization {
                mean: three(&info.mean, "mean")?,
                std: three(&info.std, "std")?,
            }),
            sha256: info.sha256,
            class_names: None,
        };
        Ok(Self::new(network, habits))
    }

    /// After training on these images.
    pub fn trained(&self, model: Model, data: &Data) -> Self {
        let normalization = self.habits.normalization.clone().unwrap_or_else(|| data.normalization.clone());
        let habits = Habits {
            normalization: Some(normalization),
            sha256: data.sha256.clone(),
            class_names: Some(data.class_names.clone()),
        };
        Self { model: Arc::new(model), habits }
    }

    /// For an experiment to begin with.
    pub fn seed(&self) -> Seed {
        (self.model.network.clone(), self.habits.normalization.clone())
    }

    pub fn graph(&self) -> &Architecture {
        &self.model.network.architecture
    }

    fn cost(&self) -> PyResult<Cost> {
        self.graph().cost().or_refuse()
    }

    /// What files say beside the weights.
    fn info(&self) -> PyResult<CheckpointInfo> {
        let Some(normalization) = &self.habits.normalization else {
            let expected = "some: train it, or say them by normalized(mean, std)";
            return Err(unexpected("mean and deviation of the pixels", "none", expected));
        };
        Ok(CheckpointInfo {
            mean: normalization.mean.to_vec(),
            std: normalization.std.to_vec(),
            sha256: self.habits.sha256.clone(),
        })
    }

    fn onnx_file(&self) -> PyResult<Vec<u8>> {
        let classes = self.graph().classes().or_refuse()?;
        let numbers = || (0..classes).map(|class| class.to_string()).collect();
        let class_names = self.habits.class_names.clone().unwrap_or_else(numbers);
        onnx_bytes(&self.model.network, &OnnxInfo { checkpoint: self.info()?, class_names }).or_refuse()
    }
}

/// One number for each colour.
fn three(values: &[f32], what: &str) -> PyResult<[f32; 3]> {
    let found = format!("{} numbers", values.len());
    values.try_into().map_err(|_| unexpected(what, found, "3, one for each of red, green and blue"))
}

/// Families by their names.
pub fn families(names: &[String]) -> PyResult<Vec<Family>> {
    names.iter().map(|name| name.parse().map_err(|error: String| refusal(error))).collect()
}

#[pymethods]
impl PyNetwork {
    #[new]
    #[pyo3(signature = (layers, classes, seed=7))]
    fn initialise(layers: &str, classes: usize, seed: u64) -> PyResult<Self> {
        let network =
            preset(layers, classes).and_then(|layers| Network::initialise(layers, seed)).or_refuse()?;
        Ok(Self::new(network, Habits::default()))
    }

    /// Reads a network: a .safetensors file of a run, a run's folder (for its final network), or an ONNX file
    /// of any program (docs/doors.md says what it may hold).
    #[staticmethod]
    fn load(path: PathBuf) -> PyResult<Self> {
        let path = if files::is_folder(&path) { path.join(FINAL) } else { path };
        let is_onnx = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("onnx"));
        if !is_onnx {
            return Self::saved(load_checkpoint(&path).or_refuse()?);
        }
        let onnx = load_onnx(&path).or_refuse()?;
        Ok(Self::new(onnx.network, Habits { normalization: onnx.normalization, ..Habits::default() }))
    }

    /// From a list of layers, as `architecture` gives it, and their weights, as `state_dict` gives them.
    ///
    /// Parameters
    /// ----------
    /// architecture : list of dict
    ///     Nodes in an order in which they can be computed, with "name", "op", its attributes and "inputs".
    /// state_dict : dict of str to array
    ///     "conv1.weight" [out, in, k, k], "conv1.bias" [out], … numpy arrays, or PyTorch's tensors on the
    ///     CPU.
    #[staticmethod]
    fn from_architecture(architecture: &Bound<'_, PyAny>, state_dict: &Bound<'_, PyDict>) -> PyResult<Self> {
        let architecture = json::from_python(architecture, "architecture", "a list of nodes")?;
        let network = Network { architecture, tensors: tensors(state_dict)? };
        network.check().or_refuse()?;
        Ok(Self::new(network, Habits::default()))
    }

    /// The nodes in an order in which they can be computed: list of dict with "name", "op", its attributes
    /// and "inputs".
    #[getter]
    fn architecture<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::to_python(py, self.graph())
    }

    /// Weights and running statistics under their names in the files ("conv1.weight" [out, in, k, k], …):
    /// float32 copies.
    fn state_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        dictionary(py, &self.model.network.tensors)
    }

    /// The same layers with these weights, all of them; the optimiser's memory is dropped.
    fn with_state_dict(&self, state_dict: &Bound<'_, PyDict>) -> PyResult<Self> {
        let architecture = self.graph().clone();
        let network = Network { architecture, tensors: tensors(state_dict)? };
        network.check().or_refuse()?;
        Ok(Self::new(network, self.habits.clone()))
    }

    /// The same network, for pixels in 0…1 that are shifted by `mean` [3] and divided by `std` [3], red,
    /// green, blue. Without this they are normalised as the training images say.
    fn normalized(&self, mean: Vec<f32>, std: Vec<f32>) -> PyResult<Self> {
        let normalization = Normalization { mean: three(&mean, "mean")?, std: three(&std, "std")? };
        if let Some(found) = normalization.std.iter().find(|std| !(std.is_finite() && **std > 0.0)) {
            return Err(unexpected("std", found, "numbers above 0"));
        }
        let habits = Habits { normalization: Some(normalization), ..self.habits.clone() };
        Ok(Self { model: self.model.clone(), habits })
    }

    /// (mean [3], std [3]) of pixels in 0…1 that the network is used to, or None where the images say it.
    #[getter]
    fn normalization<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(Normalization { mean, std }) = &self.habits.normalization else { return Ok(None) };
        let pair = (shaped(py, mean.to_vec(), &[3])?, shaped(py, std.to_vec(), &[3])?);
        Ok(Some(pair.into_pyobject(py)?.into_any()))
    }

    /// Classes that it tells apart.
    #[getter]
    fn classes(&self) -> PyResult<usize> {
        self.graph().classes().or_refuse()
    }

    /// Trained numbers.
    #[getter]
    fn parameters(&self) -> PyResult<u64> {
        Ok(self.cost()?.parameters)
    }

    /// Floating-point operations of one image's forward pass: two for each multiply-accumulate.
    #[getter]
    fn flops(&self) -> PyResult<u64> {
        Ok(self.cost()?.flops)
    }

    /// What could be changed: every candidate of these families (`seedling.FAMILIES`), of all layers or of
    /// those named.
    #[pyo3(signature = (families, layers=None))]
    fn candidates(&self, families: Vec<String>, layers: Option<Vec<String>>) -> PyResult<Vec<PyCandidate>> {
        let architecture = self.graph();
        let mut found = propose(architecture, &self::families(&families)?).or_refuse()?;
        if let Some(layers) = layers {
            for layer in &layers {
                if !architecture.convolutions().any(|known| known == layer) {
                    let known: Vec<&str> = architecture.convolutions().collect();
                    let expected = format!("some of {}", known.join(", "));
                    return Err(unexpected("layers", format!("\"{layer}\""), expected));
                }
            }
            found.retain(|candidate| layers.iter().any(|layer| layer == candidate.layer()));
        }
        found.into_iter().map(|candidate| PyCandidate::of(architecture, candidate)).collect()
    }

    /// The network with these changes made together, each at its scale. The optimiser's memory grows along.
    fn apply(&self, morphisms: Vec<Py<PyMorphism>>) -> PyResult<Self> {
        let morphisms = checked(self.graph(), &morphisms)?;
        let model = morphism::apply(&self.model, &morphisms).or_refuse()?;
        Ok(Self { model: Arc::new(model), habits: self.habits.clone() })
    }

    /// Writes a .safetensors file that Seedling and every reader of that format understand.
    fn save(&self, path: PathBuf) -> PyResult<()> {
        save_checkpoint(&path, &self.model.network, &self.info()?).or_refuse()
    }

    /// The network as an ONNX file: "pixels" [N, 3, 32, 32] in 0…1 go in, "logits" [N, classes] come out.
    fn onnx<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.onnx_file()?))
    }

    /// Writes what `onnx` gives.
    fn save_onnx(&self, path: PathBuf) -> PyResult<()> {
        files::write_atomically(Path::new(&path), &self.onnx_file()?).or_refuse()
    }

    fn __repr__(&self) -> PyResult<String> {
        let Cost { parameters, flops } = self.cost()?;
        let layers = self.graph().convolutions().count();
        Ok(format!("Network({layers} convolutions, {parameters} parameters, {flops} FLOPs an image)"))
    }
}
