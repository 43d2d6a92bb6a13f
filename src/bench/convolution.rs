//! One shape of convolution in every version: the ladder of forward passes in `shaders/ladder/`, and the one in
//! use with its gradients.

use serde::Serialize;

use super::clock::{Effort, Time};
use super::dispatches::{compare, random, time};
use crate::engine::webgpu::shaders::{Kernel, LADDER};
use crate::engine::webgpu::{AdapterKind, Context, Conv, GpuError, Recording, Slice, Span, read};

/// What is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Pass {
    /// The convolution.
    Forward,
    /// The gradient with respect to its input.
    Dx,
    /// The gradient with respect to its weights.
    Dw,
}

impl Pass {
    /// In the order in which they are timed.
    pub const ALL: [Pass; 3] = [Pass::Forward, Pass::Dx, Pass::Dw];

    /// The names of the kernels that compute it, in the order in which they are timed.
    pub fn versions(self) -> Vec<&'static str> {
        Version::of(self).into_iter().map(Version::name).collect()
    }

    /// Products that each number of the result is a sum of.
    fn products(self, conv: Conv) -> usize {
        let taps = conv.kernel * conv.kernel;
        match self {
            Pass::Forward => conv.channels * taps,
            Pass::Dx => conv.outputs * taps,
            Pass::Dw => conv.images * conv.height * conv.width,
        }
    }
}

/// How it is computed.
#[derive(Clone, Copy, Debug)]
pub enum Version {
    /// By an earlier kernel, forward only.
    Rung(Kernel),
    /// By the kernel in use, in tiles of at most so many rows; of a weight gradient, with so many channels at once.
    Direct(usize),
}

impl Version {
    /// Every version that has this pass; the others are compared with the first.
    pub fn of(pass: Pass) -> Vec<Version> {
        let direct = [1, 2, 4].map(Version::Direct);
        match pass {
            Pass::Forward => LADDER.map(Version::Rung).into_iter().chain(direct).collect(),
            Pass::Dx | Pass::Dw => direct.to_vec(),
        }
    }

    /// What the engine takes for a pass of a convolution on this kind of adapter.
    pub fn in_use(pass: Pass, conv: Conv, kind: AdapterKind) -> usize {
        match pass {
            Pass::Forward => conv.rows(kind),
            Pass::Dx => conv.transposed(conv.images).rows(kind),
            Pass::Dw => conv.channels_at_once(kind),
        }
    }

    /// Its name in files and tables.
    pub fn name(self) -> &'static str {
        match self {
            Version::Rung(kernel) => kernel.name,
            Version::Direct(1) => "direct-1",
            Version::Direct(2) => "direct-2",
            Version::Direct(_) => "direct-4",
        }
    }

    /// Whether it is the kernel in use with so many rows or channels.
    pub fn is(self, at_once: usize) -> bool {
        matches!(self, Version::Direct(own) if own == at_once)
    }
}

/// The tensors of a convolution and of its gradients, on the device.
pub struct Tensors {
    conv: Conv,
    x: Slice,
    weights: Slice,
    dy: Slice,
    /// Biases that are zero: the ladder has none.
    zeros: Slice,
    packed: Slice,
    y: Slice,
    dx: Slice,
    dw: Slice,
    db: Slice,
}

impl Tensors {
    /// Inputs random, outputs empty.
    pub async fn new(context: &Context, conv: Conv) -> Result<Self, GpuError> {
        let plane = conv.images * conv.height * conv.width;
        let (inputs, outputs) = (plane * conv.channels, plane * conv.outputs);
        let weights = conv.outputs * conv.channels * conv.kernel * conv.kernel;
        let packed = conv.packed(false).max(conv.packed(true));
        let sizes =
            [(packed, "packed"), (outputs, "y"), (inputs, "dx"), (weights, "dw"), (conv.outputs, "db")];
        let [packed, y, dx, dw, db] = context.take_all(sizes).await?;
        Ok(Self {
            conv,
            x: random(context, inputs, "x").await?,
            weights: random(context, weights, "weights").await?,
            dy: random(context, outputs, "dy").await?,
            zeros: context.upload(&vec![0f32; conv.outputs], "biases").await?,
            packed,
            y,
            dx,
            dw,
            db,
        })
    }

    /// Packs the weights as a pass wants them.
    pub async fn pack(&self, context: &mut Context, pass: Pass) -> Result<(), GpuError> {
        let mut recording = context.recording();
        let [weights, packed] = [&self.weights, &self.packed].map(Span::from);
        recording.pack(self.conv, pass == Pass::Dx, &weights, &packed)?;
        let commands = context.realise(recording).await?;
        context.gpu.finished(commands.submit(&context.gpu, 1), "packing").await.map(drop)
    }

    /// What a pass takes in this version. Its result becomes `expected` if there is none yet, and must otherwise agree.
    pub async fn time(
        &self,
        context: &mut Context,
        effort: Effort,
        (pass, version): (Pass, Version),
        expected: &mut Option<Vec<f32>>,
    ) -> Result<Time, GpuError> {
        let (result, count) = self.result(pass);
        // What this version does not write must not be what the last one wrote.
        context.write(result, &vec![f32::NAN; count]);
        let mut recording = context.recording();
        self.record(&mut recording, pass, version)?;
        let commands = context.realise(recording).await?;
        let time = time(context, &commands, effort).await?;
        let found: Vec<f32> = read(&context.gpu, result, count).await?;
        let first = expected.as_deref().unwrap_or(&found);
        compare("the result against the first version's", &found, first, pass.products(self.conv))?;
        expected.get_or_insert(found);
        Ok(time)
    }

    /// Where a pass leaves its result, and how many numbers that is.
    fn result(&self, pass: Pass) -> (&Slice, usize) {
        let Conv { images, channels, height, width, outputs, kernel } = self.conv;
        match pass {
            Pass::Forward => (&self.y, images * outputs * height * width),
            Pass::Dx => (&self.dx, images * channels * height * width),
            Pass::Dw => (&self.dw, outputs * channels * kernel * kernel),
        }
    }

    fn record(&self, recording: &mut Recording, pass: Pass, version: Version) -> Result<(), GpuError> {
        let Self { conv, x, weights, dy, zeros, packed, y, dx, dw, db } = self;
        let [x, weights, dy, zeros, packed] = [x, weights, dy, zeros, packed].map(Span::from);
        let [y, dx, dw, db] = [y, dx, dw, db].map(Span::from);
        let at_once = match version {
            Version::Rung(kernel) => return rung(recording, kernel, *conv, [&x, &weights, &packed, &y]),
            Version::Direct(at_once) => at_once,
        };
        match pass {
            Pass::Forward => {
                let buffers = [("x", &x), ("weights", &packed), ("bias", &zeros), ("y", &y)];
                recording.convolve_as(at_once, *conv, false, &buffers)
            }
            Pass::Dx => {
                let buffers = [("dy", &dy), ("weights", &packed), ("dx", &dx)];
                recording.input_gradient_as(at_once, *conv, conv.images, &buffers, Default::default())
            }
            Pass::Dw => {
                let buffers = [("x", &x), ("dy", &dy), ("dw", &dw), ("db", &db)];
                recording.weight_gradient_as(at_once, *conv, &buffers, false)
            }
        }
    }
}

/// Records a forward pass by a kernel of the ladder.
fn rung(
    recording: &mut Recording,
    kernel: Kernel,
    conv: Conv,
    [x, weights, packed, y]: [&Span; 4],
) -> Result<(), GpuError> {
    let Conv { images, channels, height, width, outputs, .. } = conv;
    let words = [
        ("images", images.into()),
        ("channels", channels.into()),
        ("height", height.into()),
        ("width", width.into()),
        ("outputs", outputs.into()),
    ];
    let plane = height * width;
    let (weights, x_groups, y_groups) = match kernel.name {
        "conv_v1" => (weights, plane.div_ceil(64), outputs),
        "conv_v2" => (weights, (plane / 4).div_ceil(64), outputs),
        "conv_v3" => (weights, height.div_ceil(8) * width.div_ceil(32), outputs),
        "conv_v4" => (packed, (plane / 4).div_ceil(64), outputs / 4),
        _ => (packed, (plane / 16).div_ceil(64), outputs / 4),
    };
    let grid = [x_groups as u32, y_groups as u32, images as u32];
    recording.run(kernel, &[], &words, &[("x", x), ("weights", weights), ("y", y)], grid, 1)
}
