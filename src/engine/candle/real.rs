//! The two number types of the reference engine (f32 to work in, f64 to check with) over Candle's storage.

use std::marker::PhantomData;
use std::ops::{Deref, Range};

use crate::network::AsType;
use candle_core::{DType, Device, Result, Storage, Tensor, WithDType, bail};

/// f32 or f64.
pub trait Real: WithDType + Default + std::ops::Neg<Output = Self> + std::iter::Sum {
    /// Square root.
    fn sqrt(self) -> Self;
}

impl Real for f32 {
    fn sqrt(self) -> Self {
        self.sqrt()
    }
}

impl Real for f64 {
    fn sqrt(self) -> Self {
        self.sqrt()
    }
}

/// Runs `$body` with the type name `$T` standing for the number type of `$tensor`.
macro_rules! with_real {
    ($tensor:expr, $T:ident => $body:expr) => {
        match $tensor.dtype() {
            candle_core::DType::F32 => {
                type $T = f32;
                $body
            }
            candle_core::DType::F64 => {
                type $T = f64;
                $body
            }
            other => candle_core::bail!("the Candle engine computes in f32 and f64, not {other:?}"),
        }
    };
}
pub(crate) use with_real;

/// The numbers of a contiguous tensor, without a copy.
pub struct Numbers<'a, T> {
    storage: Box<dyn Deref<Target = Storage> + 'a>,
    range: Range<usize>,
    kind: PhantomData<T>,
}

impl<'a, T: Real> Numbers<'a, T> {
    /// Borrows the numbers of `tensor`, which must be contiguous, on the CPU and of type `T`.
    pub fn of(tensor: &'a Tensor) -> Result<Self> {
        let (storage, layout) = tensor.storage_and_layout();
        let Some((start, end)) = layout.contiguous_offsets() else {
            bail!("a tensor of shape {:?} is not contiguous", tensor.dims());
        };
        match &*storage {
            Storage::Cpu(numbers) => T::cpu_storage_as_slice(numbers)?,
            _ => bail!("a tensor is not on the CPU"),
        };
        Ok(Self { storage: Box::new(storage), range: start..end, kind: PhantomData })
    }
}

impl<T: Real> Deref for Numbers<'_, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match &**self.storage {
            Storage::Cpu(numbers) => {
                let all = T::cpu_storage_as_slice(numbers).expect("checked when borrowed");
                &all[self.range.clone()]
            }
            _ => unreachable!("checked when borrowed"),
        }
    }
}

/// A CPU tensor of `numbers`.
pub fn tensor<T: Real>(numbers: Vec<T>, shape: impl Into<candle_core::Shape>) -> Result<Tensor> {
    Tensor::from_vec(numbers, shape.into(), &Device::Cpu)
}

/// A CPU tensor of f32 numbers, converted to `dtype`.
pub fn tensor_as(numbers: Vec<f32>, shape: impl Into<candle_core::Shape>, dtype: DType) -> Result<Tensor> {
    Tensor::from_vec(numbers, shape.into(), &Device::Cpu)?.as_type(dtype)
}

/// Row-major matrix product `out[m×n] (+)= left[m×k] · right[k×n]` on one thread, Candle's own kernels. Each
/// operand comes with its row stride and column stride.
#[allow(clippy::too_many_arguments)]
pub fn matmul<T: Real>(
    (m, k, n): (usize, usize, usize),
    out: &mut [T],
    accumulate: bool,
    left: &[T],
    (left_row, left_column): (usize, usize),
    right: &[T],
    (right_row, right_column): (usize, usize),
) {
    assert!(m > 0 && n > 0 && k > 0, "an empty matrix product");
    assert!(out.len() >= m * n);
    assert!(left.len() > (m - 1) * left_row + (k - 1) * left_column);
    assert!(right.len() > (k - 1) * right_row + (n - 1) * right_column);
    // SAFETY: the assertions above keep every access inside the three slices, which cannot overlap.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            out.as_mut_ptr(),
            1,
            n as isize,
            accumulate,
            left.as_ptr(),
            left_column as isize,
            left_row as isize,
            right.as_ptr(),
            right_column as isize,
            right_row as isize,
            T::one(),
            T::one(),
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}
