//! What a site holds for a batch, and ψ, which leads from pre-activations to the site.

use candle_core::{DType, Device, Result, Tensor, WithDType};

use super::{MorphismError, Place, Pool};
use crate::network::{AsType, Network, NetworkError, Op, Tensors};

/// A batch norm in evaluation mode; tensors hold one number a channel.
#[derive(Clone, Debug)]
pub struct NormValues {
    /// Factor.
    pub weight: Tensor,
    /// Summand.
    pub bias: Tensor,
    /// Running mean.
    pub mean: Tensor,
    /// Running variance.
    pub var: Tensor,
    /// Added to the variance.
    pub epsilon: f64,
}

/// A site's tensors for a batch of N examples, in evaluation mode.
#[derive(Clone, Debug)]
pub struct SiteValues {
    /// The layer's input, `[N, in, H, W]`.
    pub x: Tensor,
    /// Its pre-activation w∗x + b, `[N, C, H, W]`.
    pub u: Tensor,
    /// The site, `[N, C, h, w]`.
    pub z: Tensor,
    /// The earlier node that the family reads, `[N, C, h, w]`.
    pub source: Option<Tensor>,
    /// Whether z is what ψ makes of u, not u itself.
    pub is_activated: bool,
    /// The norm between u and z.
    pub norm: Option<NormValues>,
    /// The pool between u and z.
    pub pool: Pool,
}

impl SiteValues {
    /// At a place, from every node's output for a batch (`[N, channels, height, width]` by node name).
    pub fn new(
        network: &Network,
        place: &Place,
        activations: &Tensors,
    ) -> std::result::Result<Self, MorphismError> {
        let at = |name: &str| {
            let missing = || NetworkError::UnknownNode { name: name.to_owned() };
            activations.get(name).cloned().ok_or_else(missing)
        };
        let site = &place.site;
        let norm = match &site.norm {
            Some(norm) => {
                let tensor = |suffix: &str| network.tensor(&format!("{norm}.{suffix}")).cloned();
                let epsilon = match network.architecture.node(norm)?.op {
                    Op::Norm { epsilon, .. } => epsilon,
                    _ => 0.0,
                };
                Some(NormValues {
                    weight: tensor("weight")?,
                    bias: tensor("bias")?,
                    mean: tensor("running_mean")?,
                    var: tensor("running_var")?,
                    epsilon,
                })
            }
            None => None,
        };
        let source = match &place.source {
            Some((source, _)) => Some(at(source)?),
            None => None,
        };
        let (x, u, z) = (at(&site.input)?, at(&site.layer)?, at(&site.z)?);
        let is_activated = site.z != site.layer;
        Ok(Self { x, u, z, source, is_activated, norm, pool: site.pool })
    }

    /// The earlier node's values, for a candidate that reads one.
    pub(super) fn source(&self, candidate: &super::Candidate) -> std::result::Result<&Tensor, MorphismError> {
        self.source.as_ref().ok_or_else(|| MorphismError::Place {
            id: candidate.id(),
            reason: "what it reads has no values".into(),
        })
    }

    /// ψ of the layer's pre-activation `u`, `[N, C, H, W]` to `[N, C, h, w]`.
    pub(super) fn activate(&self, u: &Tensor) -> Result<Tensor> {
        let normed = match &self.norm {
            Some(norm) => norm.apply(u)?,
            None => u.clone(),
        };
        pool(&relu(&normed)?, self.pool)
    }

    /// ψ of `channel`'s pre-activation `u`, `[N, 1, H, W]` to `[N, 1, h, w]`.
    pub(super) fn activate_channel(&self, u: &Tensor, channel: usize) -> Result<Tensor> {
        let normed = match &self.norm {
            Some(norm) => norm.channel(channel)?.apply(u)?,
            None => u.clone(),
        };
        pool(&relu(&normed)?, self.pool)
    }

    /// ψ of new channels' pre-activations, whose norm is neutral.
    pub(super) fn activate_new(&self, u: &Tensor) -> Result<Tensor> {
        pool(&relu(&self.norm_new(u)?)?, self.pool)
    }

    /// A neutral norm like the layer's (weight 1, bias 0, mean 0, variance 1) over `u`; `u` itself where it
    /// has none.
    pub(super) fn norm_new(&self, u: &Tensor) -> Result<Tensor> {
        match &self.norm {
            Some(norm) => u.affine(1.0 / (1.0 + norm.epsilon).sqrt(), 0.0),
            None => Ok(u.clone()),
        }
    }
}

impl NormValues {
    fn channel(&self, channel: usize) -> Result<Self> {
        let pick = |tensor: &Tensor| tensor.narrow(0, channel, 1);
        Ok(Self {
            weight: pick(&self.weight)?,
            bias: pick(&self.bias)?,
            mean: pick(&self.mean)?,
            var: pick(&self.var)?,
            epsilon: self.epsilon,
        })
    }

    /// weight·(u − mean)/√(var + ε) + bias.
    fn apply(&self, u: &Tensor) -> Result<Tensor> {
        let spread = |tensor: &Tensor| tensor.as_type(u.dtype())?.reshape((1, tensor.elem_count(), 1, 1));
        let factor = spread(&self.weight)?.div(&spread(&self.var)?.affine(1.0, self.epsilon)?.sqrt()?)?;
        u.broadcast_sub(&spread(&self.mean)?)?.broadcast_mul(&factor)?.broadcast_add(&spread(&self.bias)?)
    }
}

/// max(x, 0) with derivative 0 at 0 (Candle's own has 1) and NaN kept.
pub(super) fn relu(x: &Tensor) -> Result<Tensor> {
    let numbers: Vec<f64> = x.as_type(DType::F64)?.flatten_all()?.to_vec1()?;
    let passes = numbers.into_iter().map(|number| f64::from(number > 0.0)).collect();
    x.mul(&Tensor::from_vec::<_, f64>(passes, x.shape(), x.device())?.as_type(x.dtype())?)
}

/// The identity matrix. Candle's own is made by comparing, which brings the code of all its types into the page.
pub(super) fn eye<T: WithDType>(side: usize) -> Result<Tensor> {
    let one = |index: usize| if index.is_multiple_of(side + 1) { T::one() } else { T::zero() };
    Tensor::from_vec((0..side * side).map(one).collect::<Vec<T>>(), (side, side), &Device::Cpu)
}

/// The pool over `[N, C, H, W]`; Candle's own max pool has a wrong gradient.
pub(super) fn pool(x: &Tensor, pool: Pool) -> Result<Tensor> {
    let windows = |size: usize| {
        let (n, c, height, width) = x.dims4()?;
        let (h, w) = (height / size, width / size);
        let whole = x.narrow(2, 0, h * size)?.narrow(3, 0, w * size)?;
        whole.reshape(vec![n, c, h, size, w, size])
    };
    match pool {
        Pool::None => Ok(x.clone()),
        Pool::Max(size) => windows(size)?.max(5)?.max(3),
        Pool::Average(size) => windows(size)?.mean(5)?.mean(3),
    }
}

/// Correlation of `x` `[N, in, H, W]` with one filter `[in, k, k]`, "same" padding: `[N, 1, H, W]`.
pub(super) fn filter(x: &Tensor, weight: &Tensor) -> Result<Tensor> {
    x.conv2d(&weight.unsqueeze(0)?, weight.dim(1)? / 2, 1, 1, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{DType, Device, Var};

    #[test]
    fn relu_has_derivative_zero_at_zero_and_keeps_nan() {
        let x = Var::new(&[-1f64, 0.0, 2.0], &Device::Cpu).unwrap();
        let gradients = relu(&x).unwrap().sum_all().unwrap().backward().unwrap();
        assert_eq!(gradients.get(&x).unwrap().to_vec1::<f64>().unwrap(), [0.0, 0.0, 1.0]);
        let nan = Tensor::new(&[f32::NAN], &Device::Cpu).unwrap();
        assert!(relu(&nan).unwrap().to_vec1::<f32>().unwrap()[0].is_nan());
    }

    #[test]
    fn pools_drop_ragged_borders_and_pass_the_gradient_to_the_largest() {
        let x = Tensor::arange(0f64, 15.0, &Device::Cpu).unwrap().reshape((1, 1, 3, 5)).unwrap();
        let x = Var::from_tensor(&x).unwrap();
        let largest = pool(&x, Pool::Max(2)).unwrap();
        assert_eq!(largest.flatten_all().unwrap().to_vec1::<f64>().unwrap(), [6.0, 8.0]);
        let gradient = largest.sum_all().unwrap().backward().unwrap().get(&x).unwrap().clone();
        let mut expected = [0.0; 15];
        (expected[6], expected[8]) = (1.0, 1.0);
        assert_eq!(gradient.flatten_all().unwrap().to_vec1::<f64>().unwrap(), expected);
        let mean = pool(&x, Pool::Average(2)).unwrap();
        assert_eq!(mean.flatten_all().unwrap().to_vec1::<f64>().unwrap(), [3.0, 5.0]);
        assert_eq!(mean.dtype(), DType::F64);
    }
}
