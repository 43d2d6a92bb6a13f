//! The kernels as functions of Candle tensors, in f32 or f64 as the tensors are.

use candle_core::{Result, Tensor, bail};

use super::kernels::activate::{self, Activation};
use super::kernels::{conv, dense};
use super::real::{Numbers, tensor, with_real};
use super::tally;
use crate::morphism::Pool;

/// Sizes of a convolution over `x` with `weights`.
fn conv_sizes(x: &Tensor, weights: &Tensor) -> Result<conv::Sizes> {
    let (examples, inputs, height, width) = x.dims4()?;
    let (outputs, weight_inputs, kernel, _) = weights.dims4()?;
    if inputs != weight_inputs {
        bail!("a convolution of {weight_inputs} channels cannot read {inputs}");
    }
    Ok(conv::Sizes { examples, inputs, outputs, height, width, kernel })
}

/// "Same" convolution: x `[n, c, h, w]`, weights `[o, c, k, k]`, bias `[o]`.
pub fn convolve(x: &Tensor, weights: &Tensor, bias: Option<&Tensor>) -> Result<Tensor> {
    let sizes = conv_sizes(x, weights)?;
    tally::add(sizes.products());
    with_real!(x, T => {
        let bias = bias.map(Numbers::<T>::of).transpose()?;
        let y = conv::forward(&sizes, &Numbers::<T>::of(x)?, &Numbers::<T>::of(weights)?, bias.as_deref());
        tensor(y, (sizes.examples, sizes.outputs, sizes.height, sizes.width))
    })
}

/// Gradient of [`convolve`] with respect to x.
pub fn convolve_input_gradient(dy: &Tensor, weights: &Tensor) -> Result<Tensor> {
    let (examples, _, height, width) = dy.dims4()?;
    let (outputs, inputs, kernel, _) = weights.dims4()?;
    let sizes = conv::Sizes { examples, inputs, outputs, height, width, kernel };
    tally::add(sizes.products());
    with_real!(dy, T => {
        let dx = conv::input_gradient(&sizes, &Numbers::<T>::of(dy)?, &Numbers::<T>::of(weights)?);
        tensor(dx, (examples, inputs, height, width))
    })
}

/// Gradients of [`convolve`] with respect to weights of `kernel` rows and columns, and bias.
pub fn convolve_weight_gradient(x: &Tensor, dy: &Tensor, kernel: usize) -> Result<(Tensor, Tensor)> {
    let (examples, inputs, height, width) = x.dims4()?;
    let outputs = dy.dim(1)?;
    let sizes = conv::Sizes { examples, inputs, outputs, height, width, kernel };
    tally::add(sizes.products());
    with_real!(x, T => {
        let (weights, bias) = conv::weight_gradient(&sizes, &Numbers::<T>::of(x)?, &Numbers::<T>::of(dy)?);
        Ok((tensor(weights, (outputs, inputs, kernel, kernel))?, tensor(bias, outputs)?))
    })
}

/// Gradients of [`convolve`] with respect to x, weights and bias.
pub fn convolve_gradients(x: &Tensor, dy: &Tensor, weights: &Tensor) -> Result<(Tensor, Tensor, Tensor)> {
    let sizes = conv_sizes(x, weights)?;
    if dy.dims() != [sizes.examples, sizes.outputs, sizes.height, sizes.width] {
        bail!("a gradient of shape {:?} does not belong to a convolution of {sizes:?}", dy.dims());
    }
    tally::add(2 * sizes.products());
    with_real!(x, T => {
        let (x_numbers, dy) = (Numbers::<T>::of(x)?, Numbers::<T>::of(dy)?);
        let (dx, dw, db) = conv::gradients(&sizes, &x_numbers, &dy, &Numbers::<T>::of(weights)?);
        Ok((tensor(dx, x.dims())?, tensor(dw, weights.dims())?, tensor(db, sizes.outputs)?))
    })
}

/// ψ over u `[n, c, h, w]` with the norm's `[2, c]` scale and shift.
pub fn activated(u: &Tensor, affine: Option<&Tensor>, relu: bool, pool: Pool) -> Result<Tensor> {
    let (examples, channels, height, width) = u.dims4()?;
    let activation = Activation { height, width, relu, pool };
    with_real!(u, T => {
        let affine = affine.map(Numbers::<T>::of).transpose()?;
        let z = activate::forward(&activation, channels, &Numbers::<T>::of(u)?, affine.as_deref());
        tensor(z, (examples, channels, activation.pooled().0, activation.pooled().1))
    })
}

/// Gradient of [`activated`]; see [`activate::gradient`].
pub fn activated_gradient(
    u: &Tensor,
    affine: Option<&Tensor>,
    relu: bool,
    pool: Pool,
    dz: &Tensor,
    scaled: bool,
) -> Result<Tensor> {
    let (_, channels, height, width) = u.dims4()?;
    let activation = Activation { height, width, relu, pool };
    with_real!(u, T => {
        let affine = affine.map(Numbers::<T>::of).transpose()?;
        let (u, dz_numbers) = (Numbers::<T>::of(u)?, Numbers::<T>::of(dz)?);
        let du = activate::gradient(&activation, channels, &u, affine.as_deref(), &dz_numbers, scaled);
        tensor(du, (dz.dim(0)?, channels, height, width))
    })
}

/// Mean over positions, `[n, c, h, w]` → `[n, c, 1, 1]`.
pub fn global_average(x: &Tensor) -> Result<Tensor> {
    let (examples, channels, height, width) = x.dims4()?;
    with_real!(x, T => {
        tensor(dense::global_average(height * width, &Numbers::<T>::of(x)?), (examples, channels, 1, 1))
    })
}

/// a + b, where b's examples repeat if they are fewer.
pub fn sum(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let (a, b) = if a.elem_count() < b.elem_count() { (b, a) } else { (a, b) };
    with_real!(a, T => tensor(dense::add(&Numbers::<T>::of(a)?, &Numbers::<T>::of(b)?), a.dims()))
}

/// Linear layer over x `[n, i, 1, 1]`, giving `[n, o, 1, 1]`.
pub fn linear(x: &Tensor, weights: &Tensor, bias: &Tensor) -> Result<Tensor> {
    let (outputs, inputs) = weights.dims2()?;
    tally::add(x.dim(0)? * outputs * inputs);
    with_real!(x, T => {
        let (x_numbers, weights) = (Numbers::<T>::of(x)?, Numbers::<T>::of(weights)?);
        let y = dense::linear(inputs, outputs, &x_numbers, &weights, &Numbers::<T>::of(bias)?);
        tensor(y, (x.dim(0)?, outputs, 1, 1))
    })
}
