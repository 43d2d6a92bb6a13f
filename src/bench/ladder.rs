//! The rates of all kernels of the convolution, beside those of the matrix product.

use serde::Serialize;

use super::clock::Clock;
use super::convolution::{Pass, Tensors, Version};
use super::plan::Plan;
use super::product::Product;
use crate::engine::webgpu::{Context, Conv, Gpu, GpuError};

/// The largest side of a matrix that a software adapter multiplies: larger ones take it long and are no faster.
const SOFTWARE_SIDE: usize = 1024;

/// A matrix product.
#[derive(Clone, Debug, Serialize)]
pub struct MatrixProduct {
    /// Rows and columns of each matrix.
    pub side: usize,
    /// At best.
    pub gflop_per_second: f64,
    /// At best.
    pub milliseconds: f64,
    /// What was timed.
    pub clock: Clock,
}

/// A kernel of the convolution on one shape.
#[derive(Clone, Debug, Serialize)]
pub struct Convolution {
    /// The shape.
    pub shape: Conv,
    /// What is computed.
    pub pass: Pass,
    /// By which kernel: a file of `shaders/ladder/`, or the one in use, see `Version`.
    pub version: &'static str,
    /// Whether the engine takes it for this shape here.
    pub in_use: bool,
    /// Median over the rounds.
    pub gflop_per_second: f64,
    /// Median over the rounds.
    pub milliseconds: f64,
    /// Of the best matrix product timed just before; median over the rounds.
    pub share_of_matrix_product: Option<f64>,
    /// What was timed.
    pub clock: Clock,
}

/// One timing.
struct Timing {
    shape: usize,
    pass: Pass,
    version: &'static str,
    seconds: f64,
    share: Option<f64>,
}

/// What the kernels reach on a device.
pub struct Ladder {
    /// Matrix products, by side.
    pub products: Vec<MatrixProduct>,
    /// By shape, pass and version.
    pub convolutions: Vec<Convolution>,
}

/// Times all kernels of a plan. `say` is told what comes next, `fail` what could not be timed.
pub async fn climb(gpu: &Gpu, plan: &Plan, say: &dyn Fn(&str), fail: &mut dyn FnMut(String)) -> Ladder {
    let kind = gpu.report.kind;
    let clock = Clock::of_adapter(kind);
    let mut context = Context::new(gpu.clone());
    // Whole dispatches, as the engine takes them on a device fast enough; these shapes are small.
    context.most = u64::MAX;
    let mut products = Vec::new();
    for side in plan.sides.iter().copied() {
        if clock == Clock::Wall || side <= SOFTWARE_SIDE {
            match Product::new(&mut context, side).await {
                Ok(product) => products.push((product, f64::INFINITY)),
                Err(error) => fail(error.to_string()),
            }
        }
    }
    let mut timings = Vec::new();
    for round in 1..=plan.rounds {
        for (shape, conv) in plan.shapes.iter().copied().enumerate() {
            say(&format!("convolutions, round {round} of {}: {}", plan.rounds, named(conv)));
            let mut product = 0f64;
            for (of, best) in &mut products {
                match of.time(&context, plan.kernels).await {
                    Ok(time) => {
                        let seconds = time.by(clock);
                        *best = best.min(seconds);
                        product = product.max(of.flops() as f64 / seconds);
                    }
                    Err(error) => fail(error.to_string()),
                }
            }
            let flops = conv.flops() as f64;
            let keep = |pass, version: Version, seconds: f64| {
                let share = (product > 0.0).then(|| flops / seconds / product);
                timings.push(Timing { shape, pass, version: version.name(), seconds, share });
            };
            if let Err(error) = versions(&mut context, conv, plan, clock, keep, fail).await {
                fail(format!("{}: {error}", named(conv)));
            }
        }
    }
    let mut convolutions = Vec::new();
    for (index, shape) in plan.shapes.iter().copied().enumerate() {
        for pass in Pass::ALL {
            for version in Version::of(pass) {
                let of = |timing: &&Timing| {
                    (timing.shape, timing.pass, timing.version) == (index, pass, version.name())
                };
                let own = || timings.iter().filter(of);
                let Some(seconds) = median(own().map(|timing| timing.seconds)) else { continue };
                convolutions.push(Convolution {
                    shape,
                    pass,
                    version: version.name(),
                    in_use: version.is(Version::in_use(pass, shape, kind)),
                    gflop_per_second: shape.flops() as f64 / seconds / 1e9,
                    milliseconds: seconds * 1e3,
                    share_of_matrix_product: median(own().filter_map(|timing| timing.share)),
                    clock,
                });
            }
        }
    }
    let timed = products.iter().filter(|(_, seconds)| seconds.is_finite());
    let record = |(product, seconds): &(Product, f64)| MatrixProduct {
        side: product.side(),
        gflop_per_second: product.flops() as f64 / seconds / 1e9,
        milliseconds: seconds * 1e3,
        clock,
    };
    Ladder { products: timed.map(record).collect(), convolutions }
}

/// Times every version of one shape.
async fn versions(
    context: &mut Context,
    conv: Conv,
    plan: &Plan,
    clock: Clock,
    mut keep: impl FnMut(Pass, Version, f64),
    fail: &mut dyn FnMut(String),
) -> Result<(), GpuError> {
    let tensors = Tensors::new(context, conv).await?;
    for pass in Pass::ALL {
        tensors.pack(context, pass).await?;
        let mut expected = None;
        for version in Version::of(pass) {
            match tensors.time(context, plan.kernels, (pass, version), &mut expected).await {
                Ok(time) => keep(pass, version, time.by(clock)),
                Err(error) => fail(format!("{}, {pass:?}, {}: {error}", named(conv), version.name())),
            }
        }
    }
    Ok(())
}

/// A shape for people: images · channels · rows × columns → channels.
pub fn named(conv: Conv) -> String {
    let Conv { images, channels, height, width, outputs, .. } = conv;
    format!("{images}·{channels}·{height}×{width} → {outputs}")
}

fn median(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median([5.0, 1.0, 3.0].into_iter()), Some(3.0));
        assert_eq!(median(std::iter::empty()), None);
    }
}
