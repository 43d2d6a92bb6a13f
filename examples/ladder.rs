//! The convolution ladder: GFLOP/s of every version in `shaders/ladder/` and of the one in use, for each shape, on this
//! machine's adapter, compared with its best matrix product: `cargo run --release --example ladder`.
//!
//! `direct` and `tiled` are the forms in use; the last column is the slowest of `direct` and its gradients, as a share
//! of the matrix product. What is in use is measured in rounds, each shape right after the matrix product, and shares
//! are medians over the rounds: shared machines change their speed from moment to moment. Every version's result is
//! compared with the first one's, and the matrix product's with numbers computed here, before its time counts. Times
//! are the best of several; on software adapters under Linux they are processor time, shared out among the cores, so
//! that other programs disturb them less.

use std::time::Instant;

use seedling::engine::webgpu::shaders::{Kernel, LADDER, MATMUL};
use seedling::engine::webgpu::{
    AdapterChoice, AdapterKind, Commands, Context, Conv, Form, Gpu, GpuError, Recording, Slice, Span, read,
};
use seedling::random::Stream;

/// Rounds over everything in use.
const ROUNDS: usize = 5;
/// Repetitions in one submission; submissions.
const TIMES: [usize; 2] = [3, 7];
/// Images, input channels, rows and columns, output channels: the convolutions of the presets at batch 64.
const SHAPES: [[usize; 4]; 7] = [
    [64, 3, 32, 8],
    [64, 8, 32, 8],
    [64, 8, 16, 16],
    [64, 16, 16, 16],
    [64, 16, 16, 32],
    [64, 32, 8, 32],
    [16, 64, 16, 64],
];
/// Sides of the matrices: the best counts.
const SIDES: [usize; 3] = [256, 512, 1024];

/// A version of the convolution.
#[derive(Clone, Copy)]
enum Version {
    Rung(Kernel),
    InUse(Form),
}

impl Version {
    fn all() -> impl Iterator<Item = Version> {
        let forms = [Form::Direct, Form::Tiled].map(Version::InUse);
        LADDER.into_iter().map(Version::Rung).chain(forms)
    }

    fn name(self) -> &'static str {
        match self {
            Version::Rung(kernel) => kernel.name,
            Version::InUse(Form::Direct) => "direct",
            Version::InUse(Form::Tiled) => "tiled",
        }
    }
}

fn main() -> Result<(), GpuError> {
    pollster::block_on(climb())
}

async fn climb() -> Result<(), GpuError> {
    let gpu = Gpu::open(&AdapterChoice::Any).await?;
    println!("{}", gpu.report);
    let mut context = Context::new(gpu);
    let mut products = [0f64; SIDES.len()];
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let mut round = Vec::new();
        for [images, channels, side, outputs] in SHAPES {
            let mut product = 0f64;
            for (best, side) in products.iter_mut().zip(SIDES) {
                let rate = matmul(&mut context, side).await?;
                *best = best.max(rate);
                product = product.max(rate);
            }
            let conv = Conv { images, channels, height: side, width: side, outputs, kernel: 3 };
            let rates = in_use(&mut context, conv).await?;
            round.push((rates, rates.map(|rate| rate / product)));
        }
        rounds.push(round);
    }
    for (best, side) in products.iter().zip(SIDES) {
        println!("matrix product {side}³: {best:.1} GFLOP/s");
    }
    print!("{:<24}", "images·in·side → out");
    Version::all().for_each(|version| print!("{:>9}", version.name()));
    println!("{:>9}{:>9}{:>9}", "dx", "dw", "share");
    for (index, [images, channels, side, outputs]) in SHAPES.into_iter().enumerate() {
        let conv = Conv { images, channels, height: side, width: side, outputs, kernel: 3 };
        let versions = versions(&mut context, conv).await?;
        let [y, dx, dw] = [0, 1, 2].map(|which| median(rounds.iter().map(|round| round[index].0[which])));
        let share = [0, 1, 2].map(|which| median(rounds.iter().map(|round| round[index].1[which])));
        print!("{:<24}", format!("{images}·{channels}·{side}² → {outputs}"));
        for (version, rate) in Version::all().zip(versions) {
            // Timed in the rounds below; here its result was only compared.
            let rate = if version.name() == "direct" { y } else { rate };
            print!("{rate:>9.1}");
        }
        println!("{dx:>9.1}{dw:>9.1}{:>8.0}%", 100.0 * share.into_iter().fold(f64::INFINITY, f64::min));
    }
    Ok(())
}

fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

async fn random(context: &Context, count: usize) -> Result<Slice, GpuError> {
    context.upload(&Stream::new(1, "ladder", count as u64).normals(count, 1.0), "numbers").await
}

/// Best seconds of one repetition, after one that is not counted: pipelines are compiled at first use.
async fn time(context: &Context, commands: &Commands) -> Result<f64, GpuError> {
    let software = context.gpu.report.kind == AdapterKind::Software;
    let mut best = f64::INFINITY;
    for turn in 0..=TIMES[1] {
        let (start, before) = (Instant::now(), processor_seconds());
        context.gpu.finished(commands.submit(&context.gpu), "the ladder").await?;
        let cores = std::thread::available_parallelism().map_or(1.0, |cores| cores.get() as f64);
        let worked = before.zip(processor_seconds()).map(|(before, after)| (after - before) / cores);
        let took = worked.filter(|_| software).unwrap_or_else(|| start.elapsed().as_secs_f64());
        if turn > 0 {
            best = best.min(took / TIMES[0] as f64);
        }
    }
    Ok(best)
}

/// Seconds that this program's threads have computed, where the system reports it.
fn processor_seconds() -> Option<f64> {
    let threads = std::fs::read_dir("/proc/self/task").ok()?;
    let nanoseconds = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(path.join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    };
    Some(threads.flatten().filter_map(|thread| nanoseconds(thread.path())).sum::<f64>() / 1e9)
}

/// GFLOP/s of a matrix product.
async fn matmul(context: &mut Context, side: usize) -> Result<f64, GpuError> {
    let [a, b] = [random(context, side * side).await?, random(context, side * side + 1).await?];
    let c = context.take(side * side, "product").await?;
    let spans = [&a, &b, &c].map(Span::from);
    let mut recording = context.recording();
    for _ in 0..TIMES[0] {
        let grid = [(side / 16).div_ceil(16), (side / 16).div_ceil(4), 1].map(|n| n as u32);
        let [a, b, c] = &spans;
        recording.run(MATMUL, &[], &[("side", side.into())], &[("a", a), ("b", b), ("c", c)], grid, 1)?;
    }
    let commands = context.realise(recording).await?;
    let seconds = time(context, &commands).await?;
    check_product(context, side, [&a, &b, &c]).await?;
    Ok(2.0 * side.pow(3) as f64 / seconds / 1e9)
}

/// An error if some of the numbers of c, spread over the matrix, are not those of a·b.
async fn check_product(context: &Context, side: usize, [a, b, c]: [&Slice; 3]) -> Result<(), GpuError> {
    let count = side * side;
    let a: Vec<f32> = read(&context.gpu, a, count).await?;
    let b: Vec<f32> = read(&context.gpu, b, count).await?;
    let c: Vec<f32> = read(&context.gpu, c, count).await?;
    // A step without a common divisor with the side comes by every row and column of a tile.
    for place in (0..count).step_by(side - 1) {
        let (row, column) = (place / side, place % side);
        let terms = (0..side).map(|k| f64::from(a[row * side + k]) * f64::from(b[k * side + column]));
        let expected: f64 = terms.sum();
        let error = (f64::from(c[place]) - expected).abs();
        if error.is_nan() || error > 1e-3 * (side as f64).sqrt() {
            let message = format!("row {row}, column {column}: found {}, expected {expected}", c[place]);
            return Err(GpuError::Refused { what: "matmul".into(), message });
        }
    }
    Ok(())
}

/// A convolution's tensors, and what its weights are packed into.
struct Tensors {
    x: Span,
    weights: Span,
    zeros: Span,
    y: Span,
    packed: Span,
}

async fn tensors(context: &mut Context, conv: Conv) -> Result<Tensors, GpuError> {
    let Conv { images, channels, height, width, outputs, .. } = conv;
    Ok(Tensors {
        x: Span::from(&random(context, images * channels * height * width).await?),
        weights: Span::from(&random(context, outputs * channels * 9).await?),
        zeros: Span::from(&context.upload(&vec![0f32; outputs.max(channels)], "zeros").await?),
        y: Span::from(&context.take(images * outputs * height * width, "y").await?),
        packed: Span::from(&context.take(conv.packed(false).max(conv.packed(true)), "packed").await?),
    })
}

fn flops(conv: Conv) -> f64 {
    2.0 * (conv.images * conv.outputs * conv.height * conv.width * conv.channels * 9) as f64
}

async fn pack(context: &mut Context, conv: Conv, transpose: bool, of: &Tensors) -> Result<(), GpuError> {
    let mut recording = context.recording();
    recording.pack(conv, transpose, &of.weights, &of.packed)?;
    let packing = context.realise(recording).await?;
    context.gpu.finished(packing.submit(&context.gpu), "packing").await?;
    Ok(())
}

/// GFLOP/s of every version, each compared with the first.
async fn versions(context: &mut Context, conv: Conv) -> Result<Vec<f64>, GpuError> {
    let of = tensors(context, conv).await?;
    pack(context, conv, false, &of).await?;
    let count = conv.images * conv.outputs * conv.height * conv.width;
    let mut rates = Vec::new();
    let mut expected: Option<Vec<f32>> = None;
    for which in Version::all() {
        let mut recording = context.recording();
        for _ in 0..TIMES[0] {
            version(&mut recording, which, conv, [&of.x, &of.weights, &of.packed, &of.zeros, &of.y])?;
        }
        let commands = context.realise(recording).await?;
        rates.push(flops(conv) / time(context, &commands).await? / 1e9);
        let found: Vec<f32> = read(&context.gpu, &commands.slice(&of.y)?, count).await?;
        match &expected {
            None => expected = Some(found),
            Some(expected) => {
                let far = |(a, b): (&f32, &f32)| (a - b).abs() > 1e-3;
                if found.iter().zip(expected).any(far) {
                    let message = "its result is not the first version's".to_owned();
                    return Err(GpuError::Refused { what: which.name().into(), message });
                }
            }
        }
    }
    Ok(rates)
}

/// GFLOP/s of the direct form and of its gradients with respect to the input and to the weights.
async fn in_use(context: &mut Context, conv: Conv) -> Result<[f64; 3], GpuError> {
    let Conv { images, channels, height, width, outputs, .. } = conv;
    let of = tensors(context, conv).await?;
    let sizes = [(images * channels * height * width, "dx"), (outputs * channels * 9, "dw"), (outputs, "db")];
    let [dx, dw, db] = context.take_all(sizes).await?.each_ref().map(Span::from);
    let mut rates = [0.0; 3];
    for (which, rate) in rates.iter_mut().enumerate() {
        pack(context, conv, which == 1, &of).await?;
        let mut recording = context.recording();
        for _ in 0..TIMES[0] {
            match which {
                0 => {
                    let buffers = [("x", &of.x), ("weights", &of.packed), ("bias", &of.zeros), ("y", &of.y)];
                    recording.convolve_as(Form::Direct, conv, false, &buffers)?;
                }
                1 => {
                    let buffers = [("dy", &of.y), ("weights", &of.packed), ("dx", &dx)];
                    recording.input_gradient_as(Form::Direct, conv, images, &buffers, Default::default())?;
                }
                _ => {
                    let buffers = [("x", &of.x), ("dy", &of.y), ("dw", &dw), ("db", &db)];
                    recording.weight_gradient_as(Form::Direct, conv, &buffers, false)?;
                }
            }
        }
        let commands = context.realise(recording).await?;
        *rate = flops(conv) / time(context, &commands).await? / 1e9;
    }
    Ok(rates)
}

fn version(
    recording: &mut Recording,
    which: Version,
    conv: Conv,
    [x, weights, packed, zeros, y]: [&Span; 5],
) -> Result<(), GpuError> {
    let Conv { images, channels, height, width, outputs, .. } = conv;
    let kernel = match which {
        Version::InUse(form) => {
            let buffers = [("x", x), ("weights", packed), ("bias", zeros), ("y", y)];
            return recording.convolve_as(form, conv, false, &buffers);
        }
        Version::Rung(kernel) => kernel,
    };
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
