//! The kernels as Candle custom operators with backward passes of their own, for code that differentiates with
//! Candle: right where Candle's own are not (max pool, ReLU at 0) and much faster than its convolution.

use candle_core::{CpuStorage, CustomOp1, CustomOp3, Layout, Result, Shape, Tensor, WithDType, bail};

use super::kernels::activate::{self, Activation};
use super::kernels::conv::{self, Convolve, Sizes};
use super::ops::{activated_gradient, convolve_input_gradient, convolve_weight_gradient};
use super::real::Real;
use crate::morphism::Pool;

/// "Same" convolution with bias: `x.apply_op3(&weights, &bias, Convolution)`.
pub struct Convolution;

/// ReLU and pool: `u.apply_op1(Activate { relu, pool })`.
pub struct Activate {
    /// Whether there is a ReLU.
    pub relu: bool,
    /// The pool.
    pub pool: Pool,
}

fn slice<'a, T: Real>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [T]> {
    match layout.contiguous_offsets() {
        Some((start, end)) => Ok(&T::cpu_storage_as_slice(storage)?[start..end]),
        None => bail!("a tensor of shape {:?} is not contiguous", layout.dims()),
    }
}

fn convolution<T: Convolve>(
    sizes: &Sizes,
    x: (&CpuStorage, &Layout),
    weights: (&CpuStorage, &Layout),
    bias: (&CpuStorage, &Layout),
) -> Result<CpuStorage> {
    let bias = slice::<T>(bias.0, bias.1)?;
    let y = conv::forward(sizes, slice::<T>(x.0, x.1)?, slice::<T>(weights.0, weights.1)?, Some(bias));
    Ok(T::to_cpu_storage_owned(y))
}

impl CustomOp3 for Convolution {
    fn name(&self) -> &'static str {
        "seedling-convolution"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        weights: &CpuStorage,
        weights_layout: &Layout,
        bias: &CpuStorage,
        bias_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (examples, inputs, height, width) = x_layout.shape().dims4()?;
        let (outputs, _, kernel, _) = weights_layout.shape().dims4()?;
        let sizes = Sizes { examples, inputs, outputs, height, width, kernel };
        let (x, weights, bias) = ((x, x_layout), (weights, weights_layout), (bias, bias_layout));
        let y = match x.0 {
            CpuStorage::F32(_) => convolution::<f32>(&sizes, x, weights, bias)?,
            CpuStorage::F64(_) => convolution::<f64>(&sizes, x, weights, bias)?,
            _ => bail!("the convolution computes in f32 and f64"),
        };
        Ok((y, (examples, outputs, height, width).into()))
    }

    fn bwd(
        &self,
        x: &Tensor,
        weights: &Tensor,
        _bias: &Tensor,
        _y: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let dy = dy.contiguous()?;
        let (d_weights, d_bias) = convolve_weight_gradient(x, &dy, weights.dim(3)?)?;
        Ok((Some(convolve_input_gradient(&dy, weights)?), Some(d_weights), Some(d_bias)))
    }
}

impl CustomOp1 for Activate {
    fn name(&self) -> &'static str {
        "seedling-activate"
    }

    fn cpu_fwd(&self, u: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (examples, channels, height, width) = layout.shape().dims4()?;
        let activation = Activation { height, width, relu: self.relu, pool: self.pool };
        let z = match u {
            CpuStorage::F32(_) => {
                f32::to_cpu_storage_owned(activate::forward(&activation, channels, slice(u, layout)?, None))
            }
            CpuStorage::F64(_) => {
                f64::to_cpu_storage_owned(activate::forward(&activation, channels, slice(u, layout)?, None))
            }
            _ => bail!("the activation computes in f32 and f64"),
        };
        Ok((z, (examples, channels, activation.pooled().0, activation.pooled().1).into()))
    }

    fn bwd(&self, u: &Tensor, _z: &Tensor, dz: &Tensor) -> Result<Option<Tensor>> {
        activated_gradient(u, None, self.relu, self.pool, &dz.contiguous()?, true).map(Some)
    }
}
