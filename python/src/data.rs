//! `Data`: images in their three parts.

use std::path::PathBuf;
use std::sync::Arc;

use numpy::{PyArray1, PyArray4, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray4};
use pyo3::prelude::*;
use seedling::data::{Class, Data, DataConfig, Given, Images, Labels, PIXELS, SIDE, load};
use seedling::engine::Part;

use crate::array::shaped;
use crate::error::{OrRefuse, refusal, unexpected};

/// Of images without a validation part every so many'th goes into one.
const EVERY: usize = 5;

/// Images in three parts that share none: "train", what weights and φ are learned from; "validation", what
/// scales and choices are made on; "held-out", what is reported on. `load_data` and `Data.from_arrays` make
/// one.
#[pyclass(frozen, module = "seedling", name = "Data")]
pub struct PyData {
    pub data: Arc<Data>,
    /// The settings that give them, and the seed that shares them out; none of a program's own.
    pub from: Option<(DataConfig, u64)>,
}

/// A part by its name.
pub fn part(name: &str) -> PyResult<Part> {
    match name {
        "train" => Ok(Part::Train),
        "validation" => Ok(Part::Validation),
        "held-out" => Ok(Part::HeldOut),
        _ => Err(unexpected("part", format!("\"{name}\""), "\"train\", \"validation\" or \"held-out\"")),
    }
}

impl PyData {
    fn of(&self, name: &str) -> PyResult<&Images> {
        Ok(match part(name)? {
            Part::Train => &self.data.train,
            Part::Validation => &self.data.validation,
            Part::HeldOut => &self.data.held_out,
        })
    }
}

/// Images and labels as Python gives them.
type Arrays<'py> = (PyReadonlyArray4<'py, u8>, Bound<'py, PyAny>);

fn given(part: &'static str, (images, labels): &Arrays<'_>, classes: usize) -> PyResult<Given> {
    let images = images.as_array();
    let [count, a, b, c] = images.dim().into();
    let planes = match [a, b, c] {
        [3, SIDE, SIDE] => images,
        [SIDE, SIDE, 3] => images.permuted_axes([0, 3, 1, 2]),
        _ => {
            let (what, found) = (format!("{part}, images"), format!("shape [{count}, {a}, {b}, {c}]"));
            return Err(unexpected(&what, found, "[N, 3, 32, 32] or [N, 32, 32, 3]"));
        }
    };
    let pixels = planes.iter().copied().collect();
    let wide = labels.py().import("numpy")?.call_method1("asarray", (labels, "int64"))?;
    let wide: PyReadonlyArray1<'_, i64> = wide.extract()?;
    let byte = |label: &i64| {
        let fits = u8::try_from(*label).ok().filter(|label| usize::from(*label) < classes);
        fits.ok_or_else(|| unexpected(&format!("{part}, labels"), label, format!("0 to {}", classes - 1)))
    };
    Ok(Given { pixels, labels: wide.as_array().iter().map(byte).collect::<PyResult<_>>()? })
}

/// Every `EVERY`th image apart from the others.
fn apart(all: Given) -> (Given, Given) {
    let (mut rest, mut apart) = (Given::default(), Given::default());
    for (at, (label, pixels)) in all.labels.iter().zip(all.pixels.chunks_exact(PIXELS)).enumerate() {
        let to = if at % EVERY == EVERY - 1 { &mut apart } else { &mut rest };
        to.labels.push(*label);
        to.pixels.extend_from_slice(pixels);
    }
    (rest, apart)
}

#[pymethods]
impl PyData {
    /// Images that the program has in memory.
    ///
    /// Parameters
    /// ----------
    /// train, held_out : (images, labels)
    ///     Images uint8 [N, 3, 32, 32] or [N, 32, 32, 3], red, green, blue; labels [N], whole numbers from 0.
    /// validation : (images, labels), optional
    ///     Without it every fifth image of `train`.
    /// class_names : list of str, optional
    ///     In the order of the labels; without it their numbers, as many as `train` has labels.
    /// name : str
    ///     What files call the images.
    #[staticmethod]
    #[pyo3(signature = (train, held_out, validation=None, class_names=None, name="arrays"))]
    fn from_arrays(
        train: Arrays<'_>,
        held_out: Arrays<'_>,
        validation: Option<Arrays<'_>>,
        class_names: Option<Vec<String>>,
        name: &str,
    ) -> PyResult<Self> {
        let names = match class_names {
            Some(names) => names,
            None => {
                let largest: usize =
                    train.1.py().import("numpy")?.call_method1("max", (&train.1,))?.extract()?;
                (0..=largest.min(255)).map(|class| class.to_string()).collect()
            }
        };
        let held_out = given("held-out", &held_out, names.len())?;
        let train = given("train", &train, names.len())?;
        let (train, validation) = match validation {
            Some(validation) => (train, given("validation", &validation, names.len())?),
            None => apart(train),
        };
        let data = Data::of_images(name, names, [train, validation, held_out]).or_refuse()?;
        Ok(Self { data: Arc::new(data), from: None })
    }

    /// Images of a part: uint8 [N, 3, 32, 32], red, green, blue. A network's pixels in 0…1 are these over
    /// 255.
    fn images<'py>(&self, py: Python<'py>, part: &str) -> PyResult<Bound<'py, PyArray4<u8>>> {
        let images = self.of(part)?;
        PyArray1::from_vec(py, images.pixels.clone()).reshape([images.len(), 3, SIDE, SIDE])
    }

    /// Labels of a part: int64 [N], in the order of `class_names`.
    fn labels<'py>(&self, py: Python<'py>, part: &str) -> PyResult<Bound<'py, PyArray1<i64>>> {
        Ok(PyArray1::from_vec(py, self.of(part)?.labels.iter().map(|label| i64::from(*label)).collect()))
    }

    /// Where each image of a part stands in the data set's own files: int64 [N].
    fn indices<'py>(&self, py: Python<'py>, part: &str) -> PyResult<Bound<'py, PyArray1<i64>>> {
        Ok(PyArray1::from_vec(py, self.of(part)?.indices.iter().map(|index| i64::from(*index)).collect()))
    }

    /// Names of the classes, in the order of the labels.
    #[getter]
    fn class_names(&self) -> Vec<String> {
        self.data.class_names.clone()
    }

    /// What the images are called: "cifar10", or the name of their folder.
    #[getter]
    fn name(&self) -> &str {
        &self.data.name
    }

    /// SHA-256 of all images and labels of the source, in hexadecimal.
    #[getter]
    fn sha256(&self) -> &str {
        &self.data.sha256
    }

    /// What pixels in 0…1 are shifted and divided by: (mean [3], std [3]), of the training images.
    #[getter]
    fn normalization<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let normalization = &self.data.normalization;
        let [mean, std] =
            [normalization.mean, normalization.std].map(|values| shaped(py, values.to_vec(), &[3]));
        Ok((mean?, std?).into_pyobject(py)?.into_any())
    }

    fn __repr__(&self) -> String {
        let Data { name, train, validation, held_out, classes, .. } = &*self.data;
        format!(
            "Data({name}: {} classes, {} images to train on, {} for validation, {} held out)",
            classes.len(),
            train.len(),
            validation.len(),
            held_out.len()
        )
    }
}

/// A class by its name or number.
#[derive(FromPyObject)]
pub enum Chosen {
    Number(u8),
    Name(String),
}

/// Loads images and shares them out by the seed, balanced over the classes.
///
/// Parameters
/// ----------
/// dir : path, optional
///     CIFAR-10, CIFAR-100 or MNIST as their authors offer them, a folder of class folders, a table of paths
///     and labels; without it the 4,000 images of CIFAR-10 that come with Seedling.
/// classes : list of str or int, optional
///     Classes to keep, by name or number; the i-th becomes label i. All without it.
/// train, validation, held_out : int, optional
///     How many images each part gets. As docs/settings.md says of data.train and the others.
/// labels : "fine" or "coarse"
///     Which labels of CIFAR-100.
/// seed : int
///     Decides which images.
#[pyfunction]
#[pyo3(signature = (
    dir=None, *, classes=None, train=None, validation=None, held_out=None, labels="fine", seed=7
))]
#[expect(clippy::too_many_arguments, reason = "keywords of a Python function")]
pub fn load_data(
    py: Python<'_>,
    dir: Option<PathBuf>,
    classes: Option<Vec<Chosen>>,
    train: Option<usize>,
    validation: Option<usize>,
    held_out: Option<usize>,
    labels: &str,
    seed: u64,
) -> PyResult<PyData> {
    let labels = match labels {
        "fine" => Labels::Fine,
        "coarse" => Labels::Coarse,
        other => return Err(refusal(format!("labels: found \"{other}\", expected \"fine\" or \"coarse\""))),
    };
    let class = |class| match class {
        Chosen::Number(number) => Class::Number(number),
        Chosen::Name(name) => Class::Name(name),
    };
    let classes = classes.map(|classes| classes.into_iter().map(class).collect());
    let config = DataConfig { dir, labels, classes, train, validation, held_out };
    let data = py.detach(|| load(&config, seed)).or_refuse()?;
    Ok(PyData { data: Arc::new(data), from: Some((config, seed)) })
}
