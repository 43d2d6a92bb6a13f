//! Numbers of the other type.

use candle_core::{DType, Device, Result, Tensor, bail};

/// A tensor's numbers as another type: of f32 and f64, which is all that tensors here hold. Candle's own conversion knows
/// fourteen types, and would bring the code for every pair of them into the page.
pub trait AsType {
    /// The same numbers as `dtype`; of its own memory unless it is that type already, and not differentiated through.
    ///
    /// # Errors
    ///
    /// Where either type is neither f32 nor f64.
    fn as_type(&self, dtype: DType) -> Result<Tensor>;
}

impl AsType for Tensor {
    fn as_type(&self, dtype: DType) -> Result<Tensor> {
        match (self.dtype(), dtype) {
            (DType::F32, DType::F32) | (DType::F64, DType::F64) => Ok(self.clone()),
            (DType::F32, DType::F64) => {
                let numbers: Vec<f32> = self.flatten_all()?.to_vec1()?;
                let numbers = numbers.into_iter().map(f64::from).collect();
                Tensor::from_vec::<_, f64>(numbers, self.shape(), &Device::Cpu)
            }
            (DType::F64, DType::F32) => {
                let numbers: Vec<f64> = self.flatten_all()?.to_vec1()?;
                let numbers = numbers.into_iter().map(|number| number as f32).collect();
                Tensor::from_vec::<_, f32>(numbers, self.shape(), &Device::Cpu)
            }
            (found, wanted) => {
                bail!("found numbers of type {found:?}, wanted as {wanted:?}, expected f32 or f64")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_candle_converts() {
        let numbers = [0.1, -3.0, 1e-40, 1e300, f64::INFINITY, f64::NAN];
        let precise = Tensor::new(&[numbers, numbers], &Device::Cpu).unwrap();
        let coarse = precise.to_dtype(DType::F32).unwrap();
        // Not in memory's order, so that a reader of bare memory would get it wrong.
        for tensor in [&precise, &coarse, &precise.t().unwrap(), &coarse.t().unwrap()] {
            for dtype in [DType::F32, DType::F64] {
                let (ours, theirs) = (tensor.as_type(dtype).unwrap(), tensor.to_dtype(dtype).unwrap());
                assert_eq!((ours.dtype(), ours.dims()), (dtype, theirs.dims()));
                assert_eq!(format!("{ours}"), format!("{theirs}"));
            }
        }
    }

    #[test]
    fn other_types_are_refused() {
        let bytes = Tensor::new(&[1u8, 2], &Device::Cpu).unwrap();
        let message = bytes.as_type(DType::F32).unwrap_err().to_string();
        assert!(message.contains("found numbers of type U8, wanted as F32"), "{message}");
        let numbers = Tensor::new(&[1f32], &Device::Cpu).unwrap();
        assert!(numbers.as_type(DType::U8).is_err());
    }
}
