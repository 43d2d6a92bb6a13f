//! Recordings made ready for a device: made once for a network and a batch shape, replayed every step.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::arena::{Arena, Slice};
use super::device::Ticket;
use super::pipeline::{Pipeline, Pipelines};
use super::record::Span;
use super::{Gpu, GpuError};

/// Work that a dispatch holds at most on a device not yet measured, where it can be cut.
pub const FIRST_MOST: u64 = 20_000_000;

/// Device, memory and pipelines.
pub struct Context {
    /// The device.
    pub gpu: Gpu,
    /// Its memory.
    pub arena: Arena,
    /// Its pipelines.
    pub pipelines: Pipelines,
    /// Work that one dispatch should hold at most: a submission is no shorter than its longest dispatch. What is
    /// computed does not depend on it.
    pub most: u64,
}

impl Context {
    /// For an open device.
    pub fn new(gpu: Gpu) -> Self {
        let arena = Arena::new(&gpu, wgpu::BufferUsages::UNIFORM);
        let pipelines = Pipelines::new(&gpu);
        Self { gpu, arena, pipelines, most: FIRST_MOST }
    }

    /// A slice of `count` 32-bit numbers.
    pub async fn take(&self, count: usize, what: &str) -> Result<Slice, GpuError> {
        self.arena.take(4 * count as u64, what).await
    }

    /// A slice holding `values`.
    pub async fn upload<T: bytemuck::NoUninit>(&self, values: &[T], what: &str) -> Result<Slice, GpuError> {
        let bytes: &[u8] = bytemuck::cast_slice(values);
        let slice = self.arena.take(bytes.len() as u64, what).await?;
        self.write(&slice, values);
        Ok(slice)
    }

    /// One slice for each count of 32-bit numbers, with what it is for, which errors name.
    pub async fn take_all<const N: usize>(&self, wanted: [(usize, &str); N]) -> Result<[Slice; N], GpuError> {
        let mut slices = Vec::with_capacity(N);
        for (count, what) in wanted {
            slices.push(self.take(count, what).await?);
        }
        let wrong = |found: Vec<Slice>| GpuError::Limit {
            what: "slices taken at once".into(),
            found: found.len() as u64,
            limit: N as u64,
        };
        slices.try_into().map_err(wrong)
    }

    /// One slice for each list of 32-bit numbers given as bytes, with what it is for.
    pub async fn upload_all<const N: usize>(
        &self,
        wanted: [(&[u8], &str); N],
    ) -> Result<[Slice; N], GpuError> {
        let slices = self.take_all(wanted.map(|(bytes, what)| (bytes.len().div_ceil(4), what))).await?;
        slices.iter().zip(wanted).for_each(|(slice, (bytes, _))| self.write(slice, bytes));
        Ok(slices)
    }

    /// Overwrites the start of `slice`, before anything that is submitted later runs.
    pub fn write<T: bytemuck::NoUninit>(&self, slice: &Slice, values: &[T]) {
        let bytes: &[u8] = bytemuck::cast_slice(values);
        // The size of a copy must be a multiple of four bytes.
        let whole = bytes.len() / 4 * 4;
        self.gpu.queue.write_buffer(slice.buffer(), slice.offset(), &bytes[..whole]);
        if whole < bytes.len() {
            let mut rest = [0u8; 4];
            rest[..bytes.len() - whole].copy_from_slice(&bytes[whole..]);
            self.gpu.queue.write_buffer(slice.buffer(), slice.offset() + whole as u64, &rest);
        }
    }
}

/// One dispatch, ready to go.
pub(super) struct Ready {
    pub kernel: &'static str,
    pub pipeline: Arc<Pipeline>,
    pub group: wgpu::BindGroup,
    pub grid: [u32; 3],
    pub work: u64,
}

/// A list of dispatches ready to run, any number of times. It owns its scratch memory; nothing else may live there
/// while the list does.
pub struct Commands {
    pub(super) dispatches: Vec<Ready>,
    /// Where the recording's blocks lie.
    pub(super) blocks: Vec<Slice>,
    /// Kept alive for the bind groups.
    pub(super) _held: Vec<Slice>,
}

impl Commands {
    /// Dispatches in the list.
    pub fn len(&self) -> usize {
        self.dispatches.len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.dispatches.is_empty()
    }

    /// Where a span of the recording lies. Of scratch memory only what was never released holds its numbers after a
    /// run.
    pub fn slice(&self, span: &Span) -> Result<Slice, GpuError> {
        span.placed(&self.blocks)
    }

    /// Submits the whole list at once, so many times over: for measuring, and for lists known to be short.
    pub fn submit(&self, gpu: &Gpu, times: u64) -> Ticket {
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            for _ in 0..times {
                (0..self.len()).for_each(|index| self.encode(index, &mut pass));
            }
        }
        gpu.submit(encoder.finish())
    }

    /// Submits dispatch `index` alone, so many times over: for measuring.
    pub fn submit_one(&self, gpu: &Gpu, index: usize, times: u64) -> Ticket {
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            (0..times).for_each(|_| self.encode(index, &mut pass));
        }
        gpu.submit(encoder.finish())
    }

    /// Workgroups of dispatch `index`.
    pub fn grid(&self, index: usize) -> [u32; 3] {
        self.dispatches[index].grid
    }

    /// The kernel of dispatch `index`.
    pub fn kernel(&self, index: usize) -> &'static str {
        self.dispatches[index].kernel
    }

    /// Encodes a dispatch of no workgroups with the pipeline of dispatch `index`, unless that was done before:
    /// drivers compile a pipeline when it is first used, which may take longer than what it computes.
    pub(super) fn warm(&self, index: usize, encoder: &mut wgpu::CommandEncoder) -> bool {
        let Ready { pipeline, group, .. } = &self.dispatches[index];
        if pipeline.used.swap(true, Ordering::Relaxed) {
            return false;
        }
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        pass.set_pipeline(&pipeline.pipeline);
        pass.set_bind_group(0, group, &[]);
        pass.dispatch_workgroups(0, 0, 0);
        true
    }

    /// The work of dispatch `index`.
    pub(super) fn work(&self, index: usize) -> u64 {
        self.dispatches[index].work
    }

    /// Encodes dispatch `index` into `pass`.
    pub(super) fn encode(&self, index: usize, pass: &mut wgpu::ComputePass<'_>) {
        let Ready { pipeline, group, grid: [x, y, z], .. } = &self.dispatches[index];
        pass.set_pipeline(&pipeline.pipeline);
        pass.set_bind_group(0, group, &[]);
        pass.dispatch_workgroups(*x, *y, *z);
    }
}
