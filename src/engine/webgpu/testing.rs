//! What the tests of this folder share.

use std::sync::OnceLock;

use super::adapter::{AdapterKind, AdapterReport};
use super::{AdapterChoice, Context, Gpu, GpuError, Pace, Recording, Span, read};
use crate::random::Stream;

/// The device of this test process: any adapter, software ones too. Without one these tests fail.
pub(crate) fn gpu() -> &'static Gpu {
    static GPU: OnceLock<Gpu> = OnceLock::new();
    GPU.get_or_init(|| pollster::block_on(Gpu::open(&AdapterChoice::Any)).expect("a graphics adapter"))
}

/// A context of its own on the shared device.
pub(crate) fn context() -> Context {
    Context::new(gpu().clone())
}

/// A context that takes this machine's adapter for one of another kind, so that what suits that kind is tested too.
pub(crate) fn as_if(kind: AdapterKind) -> Context {
    let mut context = context();
    context.gpu.report.kind = kind;
    context
}

/// A context of a device that computes nothing and that every machine has.
pub(crate) fn nowhere() -> Context {
    let (device, queue) = wgpu::Device::noop(&wgpu::DeviceDescriptor::default());
    let report = AdapterReport {
        name: "noop".into(),
        backend: "noop".into(),
        driver: String::new(),
        kind: AdapterKind::Software,
        limits: device.limits(),
        obstacle: None,
        reason: String::new(),
    };
    Context::new(Gpu::watching(device, queue, report))
}

/// Largest allowed |found − expected| − 1e-5·|expected|: f32 sums of at most a few thousand numbers near 1.
pub(crate) const ABSOLUTE: f64 = 2e-5;

/// Random numbers.
pub(crate) fn numbers(stream: &mut Stream, count: usize) -> Vec<f32> {
    // A few exact zeros and equal values: ReLU's and the pools' corner cases.
    (0..count).map(|_| if stream.below(8) == 0 { 0.0 } else { stream.normal() as f32 }).collect()
}

/// Demands that numbers agree within the tolerance.
pub(crate) fn close(what: &str, found: &[f32], expected: &[f64]) {
    close_sums(what, found, expected, &vec![0.0; expected.len()]);
}

/// Demands that sums agree within the tolerance and what rounding may do to long ones: where thousands of terms cancel,
/// the error follows their sizes and not what is left (Higham, "Accuracy and Stability of Numerical Algorithms", §4.2).
/// `sizes` are the sums of the terms' absolute values.
pub(crate) fn close_sums(what: &str, found: &[f32], expected: &[f64], sizes: &[f64]) {
    assert_eq!([found.len(), sizes.len()], [expected.len(); 2], "{what}");
    for (index, ((found, expected), size)) in found.iter().zip(expected).zip(sizes).enumerate() {
        let error = (f64::from(*found) - expected).abs();
        let allowed = ABSOLUTE + 1e-5 * expected.abs() + f64::from(f32::EPSILON) * size;
        assert!(error <= allowed, "{what}[{index}]: {found}, expected {expected} within {allowed:e}");
    }
}

/// Records with `record`, runs, and reads the slice that it returns.
pub(crate) fn run(
    context: &mut Context,
    count: usize,
    record: impl FnOnce(&mut Recording) -> Result<Span, GpuError>,
) -> Vec<f32> {
    let gpu = context.gpu.clone();
    let mut recording = context.recording();
    let result = record(&mut recording).unwrap();
    let commands = pollster::block_on(context.realise(recording)).unwrap();
    pollster::block_on(Pace::default().run(&gpu, &commands, 1)).unwrap();
    pollster::block_on(read(&gpu, &commands.slice(&result).unwrap(), count)).unwrap()
}

/// Uploads.
pub(crate) fn put(context: &Context, values: &[f32]) -> Span {
    Span::from(&pollster::block_on(context.upload(values, "test")).unwrap())
}

/// Memory of the device for `count` numbers.
pub(crate) fn room(context: &Context, count: usize) -> Span {
    Span::from(&pollster::block_on(context.take(count, "test")).unwrap())
}

/// The first `count` numbers of memory of the device.
pub(crate) fn look(context: &Context, span: &Span, count: usize) -> Vec<f32> {
    pollster::block_on(read(&context.gpu, &span.placed(&[]).unwrap(), count)).unwrap()
}
