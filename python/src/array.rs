//! Tensors as numpy arrays, and back.

use candle_core::{DType, Device, Tensor};
use numpy::ndarray::IxDyn;
use numpy::{AllowTypeChange, Element, PyArray1, PyArrayDyn, PyArrayLikeDyn, PyArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use seedling::network::Tensors;

use crate::error::{OrRefuse, unexpected};

/// PyTorch counts the batches that a norm has seen; nothing here needs it.
const COUNTERS: &str = ".num_batches_tracked";

/// Numbers in the order of their axes as an array of this shape.
pub fn shaped<'py, T: Element>(
    py: Python<'py>,
    values: Vec<T>,
    shape: &[usize],
) -> PyResult<Bound<'py, PyArrayDyn<T>>> {
    PyArray1::from_vec(py, values).reshape(IxDyn(shape))
}

/// A tensor as an array of 32-bit floats.
pub fn array<'py>(py: Python<'py>, tensor: &Tensor) -> PyResult<Bound<'py, PyArrayDyn<f32>>> {
    let flat = tensor.to_dtype(DType::F32).and_then(|tensor| tensor.flatten_all()?.to_vec1());
    shaped(py, flat.or_refuse()?, tensor.dims())
}

/// Tensors as a dictionary of arrays.
pub fn dictionary<'py>(py: Python<'py>, tensors: &Tensors) -> PyResult<Bound<'py, PyDict>> {
    let dictionary = PyDict::new(py);
    for (name, tensor) in tensors {
        dictionary.set_item(name, array(py, tensor)?)?;
    }
    Ok(dictionary)
}

/// A dictionary of arrays, or of what numpy takes for such, as tensors.
pub fn tensors(dictionary: &Bound<'_, PyDict>) -> PyResult<Tensors> {
    let mut tensors = Tensors::new();
    for (name, value) in dictionary {
        let name: String = name.extract()?;
        if name.ends_with(COUNTERS) {
            continue;
        }
        let array: PyArrayLikeDyn<'_, f32, AllowTypeChange> = value
            .extract()
            .map_err(|error: PyErr| unexpected(&format!("\"{name}\""), error, "an array of numbers"))?;
        let array = array.as_array();
        let values: Vec<f32> = array.iter().copied().collect();
        tensors.insert(name, Tensor::from_vec(values, array.shape(), &Device::Cpu).or_refuse()?);
    }
    Ok(tensors)
}
