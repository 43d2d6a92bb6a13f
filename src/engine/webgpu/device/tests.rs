//! Faults of the device: each comes back as an error of ours, named, and nothing panics.

use crate::engine::webgpu::adapter::{AdapterChoice, survey};
use crate::engine::webgpu::codes::Operation;
use crate::engine::webgpu::commands::Context;
use crate::engine::webgpu::interface::{buffers, words};
use crate::engine::webgpu::record::Span;
use crate::engine::webgpu::shaders::{ELEMENTWISE, Kernel};
use pollster::block_on as wait;

use crate::engine::webgpu::testing::{context, gpu};
use crate::engine::webgpu::{Gpu, GpuError, Pace, read};

#[test]
fn a_lost_device_is_told_and_stays_lost() {
    // Its own device: the tests' shared one must live.
    let gpu = wait(Gpu::open(&AdapterChoice::Any)).unwrap();
    let mut context = Context::new(gpu.clone());
    let x = wait(context.upload(&[1f32, -2.0], "x")).unwrap();
    let y = wait(context.take(2, "y")).unwrap();
    let mut recording = context.recording();
    recording.relu(2, &Span::from(&x), &Span::from(&y)).unwrap();
    let commands = wait(context.realise(recording)).unwrap();
    gpu.device.destroy();
    let mut pace = Pace::default();
    let mut outcome = wait(pace.run(&gpu, &commands, 3));
    if outcome.is_ok() {
        outcome = wait(pace.drain(&gpu));
    }
    assert!(matches!(outcome, Err(GpuError::Lost { .. })), "{outcome:?}");
    assert!(matches!(wait(read::<f32>(&gpu, &y, 2)), Err(GpuError::Lost { .. })));
    assert!(matches!(wait(context.take(1 << 24, "more")).err(), Some(GpuError::Lost { .. })));
}

#[test]
fn creation_errors_are_named_and_leave_the_device_usable() {
    let mut context = context();
    let broken = Kernel { name: "broken", source: "@compute @workgroup_size(1) fn main() { nonsense(); }" };
    let mut recording = context.recording();
    recording.run(broken, &[], &[], &[], [1, 1, 1], 1).unwrap();
    let message = wait(context.realise(recording)).err().unwrap().to_string();
    assert!(message.contains("broken") && message.contains("nonsense"), "{message}");
    let descriptor = wgpu::BufferDescriptor {
        label: None,
        size: 1 << 20,
        usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::STORAGE,
        mapped_at_creation: false,
    };
    let refused = wait(gpu().scoped("a bad buffer", || gpu().device.create_buffer(&descriptor)));
    assert!(matches!(refused, Err(GpuError::Refused { what, .. }) if what == "a bad buffer"));
    gpu().check().unwrap();
}

#[test]
fn requests_beyond_the_limits_are_refused_before_the_device_sees_them() {
    let mut context = context();
    let x = wait(context.take(1, "x")).unwrap();
    let mut recording = context.recording();
    let span = Span::from(&x);
    let words = words! { total: 1usize, elements: 0usize, factor: 0.0 };
    let defines = [Operation::Relu.define(), ("VECTOR", 0)];
    recording.run(ELEMENTWISE, &defines, &words, &buffers! { x: span }, [1, 1, 1], 1).unwrap();
    let few = wait(context.realise(recording)).err().unwrap();
    assert!(few.to_string().contains("found [\"x\"], expected [\"x\", \"y\"]"), "{few}");
    assert!(wait(read::<f32>(gpu(), &x, 1000)).is_err());
}

#[test]
fn an_adapter_that_is_not_there_lists_those_that_are() {
    let message = wait(Gpu::open(&AdapterChoice::Named("abacus".into()))).unwrap_err().to_string();
    let all = wait(survey());
    assert!(!all.is_empty() && message.contains("abacus") && message.contains(&all[0].name), "{message}");
}

#[test]
fn work_is_cut_into_submissions_and_none_is_lost() {
    let mut context = context();
    let gpu = context.gpu.clone();
    let one = wait(context.upload(&[1f32; 64], "ones")).unwrap();
    let sum = wait(context.upload(&[0f32; 64], "sums")).unwrap();
    let mut recording = context.recording();
    for _ in 0..5 {
        recording.accumulate(64, &Span::from(&one), &Span::from(&sum)).unwrap();
    }
    let commands = wait(context.realise(recording)).unwrap();
    let mut pace = Pace::default();
    wait(pace.run(&gpu, &commands, 40)).unwrap();
    wait(pace.drain(&gpu)).unwrap();
    assert_eq!(wait(read::<f32>(&gpu, &sum, 64)).unwrap(), vec![200.0; 64]);
}
