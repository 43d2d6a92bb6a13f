//! Recorded lists of dispatches: recorded once for a network and a batch shape, replayed every step.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::arena::{ALIGNMENT, Arena, Slice};
use super::device::Ticket;
use super::pipeline::{Pipeline, Pipelines};
use super::shaders::Kernel;
use super::{Gpu, GpuError};

/// Workgroups allowed in one dimension of a grid.
pub const GRID_LIMIT: u32 = 65_535;

/// Work that a dispatch holds at most on a device not yet measured, where it can be cut.
pub const FIRST_MOST: u64 = 20_000_000;

/// Device, memory and pipelines: what recording needs.
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

    /// Overwrites the start of `slice`, before anything that is submitted later runs.
    pub fn write<T: bytemuck::NoUninit>(&self, slice: &Slice, values: &[T]) {
        let bytes: &[u8] = bytemuck::cast_slice(values);
        // Copies come in fours of bytes.
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
struct Dispatch {
    kernel: &'static str,
    pipeline: Arc<Pipeline>,
    group: wgpu::BindGroup,
    grid: [u32; 3],
    work: u64,
}

/// A finished list. It owns its scratch memory; nothing else may live there while the list does.
pub struct Commands {
    dispatches: Vec<Dispatch>,
    /// Kept alive for the bind groups.
    _held: Vec<Slice>,
}

struct Draft {
    kernel: Kernel,
    pipeline: Arc<Pipeline>,
    bindings: Vec<Slice>,
    grid: [u32; 3],
    work: u64,
}

/// Records dispatches and hands out scratch memory that later dispatches of the same list may reuse.
pub struct Recorder<'a> {
    /// Device, memory and pipelines.
    pub context: &'a mut Context,
    drafts: Vec<Draft>,
    uniforms: Vec<u8>,
    idle: Vec<Slice>,
}

impl<'a> Recorder<'a> {
    /// An empty list.
    pub fn new(context: &'a mut Context) -> Self {
        Self { context, drafts: Vec::new(), uniforms: Vec::new(), idle: Vec::new() }
    }

    /// Dispatches recorded so far.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.drafts.len()
    }

    /// Scratch memory for `count` 32-bit numbers, contents unspecified.
    pub async fn scratch(&mut self, count: usize, what: &str) -> Result<Slice, GpuError> {
        let bytes = 4 * count as u64;
        let room = bytes.max(1).next_multiple_of(ALIGNMENT);
        let fits = |slice: &Slice| slice.bytes() >= room && slice.bytes() <= 2 * room;
        let best = self.idle.iter().enumerate().filter(|(_, slice)| fits(slice));
        match best.min_by_key(|(_, slice)| slice.bytes()).map(|(position, _)| position) {
            Some(position) => Ok(self.idle.swap_remove(position)),
            None => self.context.arena.take(room, what).await,
        }
    }

    /// Lets later dispatches overwrite `slice`, which must have come whole from [`Self::scratch`].
    pub fn release(&mut self, slice: Slice) {
        self.idle.push(slice);
    }

    /// Records one dispatch: `kernel` built with `defines`, its uniform block `words`, its storage bindings in
    /// order, `grid` workgroups, and about `work` multiply-adds' worth of time.
    pub async fn run(
        &mut self,
        kernel: Kernel,
        defines: &[(&'static str, i32)],
        words: &[u32],
        bindings: &[&Slice],
        grid: [u32; 3],
        work: u64,
    ) -> Result<(), GpuError> {
        let what = || format!("kernel \"{}\"", kernel.name);
        for (axis, &count) in grid.iter().enumerate() {
            if count > GRID_LIMIT {
                let what = format!("{}: workgroups of dimension {axis}", what());
                return Err(GpuError::Limit { what, found: count.into(), limit: GRID_LIMIT.into() });
            }
        }
        if words.len() as u64 * 4 > ALIGNMENT {
            let what = format!("{}: bytes of its uniform block", what());
            return Err(GpuError::Limit { what, found: words.len() as u64 * 4, limit: ALIGNMENT });
        }
        let pipeline = self.context.pipelines.get(kernel, &defines.to_vec()).await?;
        if pipeline.bindings != bindings.len() {
            return Err(GpuError::Refused {
                what: what(),
                message: format!("found {} bindings, expected {}", bindings.len(), pipeline.bindings),
            });
        }
        self.uniforms.extend_from_slice(bytemuck::cast_slice(words));
        self.uniforms.resize(self.uniforms.len().next_multiple_of(ALIGNMENT as usize), 0);
        if words.is_empty() {
            self.uniforms.resize(self.uniforms.len() + ALIGNMENT as usize, 0);
        }
        let bindings = bindings.iter().map(|&slice| slice.clone()).collect();
        self.drafts.push(Draft { kernel, pipeline, bindings, grid, work });
        Ok(())
    }

    /// Uploads the uniform blocks and makes the bind groups.
    pub async fn finish(self) -> Result<Commands, GpuError> {
        let gpu = &self.context.gpu;
        let descriptor = wgpu::BufferDescriptor {
            label: Some("uniform blocks"),
            size: (self.uniforms.len() as u64).max(ALIGNMENT),
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        };
        let uniforms = gpu.scoped("uniform blocks", || gpu.device.create_buffer(&descriptor)).await?;
        gpu.queue.write_buffer(&uniforms, 0, &self.uniforms);
        let mut dispatches = Vec::with_capacity(self.drafts.len());
        let mut held = self.idle;
        let drafts = self.drafts;
        gpu.scoped("bind groups", || {
            for (position, draft) in drafts.into_iter().enumerate() {
                let mut entries = vec![wgpu::BindGroupEntry {
                    binding: 0,
                    resource: wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                        buffer: &uniforms,
                        offset: position as u64 * ALIGNMENT,
                        size: std::num::NonZeroU64::new(ALIGNMENT),
                    }),
                }];
                entries.extend(
                    draft
                        .bindings
                        .iter()
                        .zip(1..)
                        .map(|(slice, binding)| wgpu::BindGroupEntry { binding, resource: slice.binding() }),
                );
                let group = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
                    label: Some(draft.kernel.name),
                    layout: &draft.pipeline.layout,
                    entries: &entries,
                });
                held.extend(draft.bindings);
                dispatches.push(Dispatch {
                    kernel: draft.kernel.name,
                    pipeline: draft.pipeline,
                    group,
                    grid: draft.grid,
                    work: draft.work,
                });
            }
        })
        .await?;
        Ok(Commands { dispatches, _held: held })
    }
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

    /// Submits the whole list at once: for measuring, and for lists known to be short.
    pub fn submit(&self, gpu: &Gpu) -> Ticket {
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            (0..self.len()).for_each(|index| self.encode(index, &mut pass));
        }
        gpu.submit(encoder.finish())
    }

    /// The kernel of dispatch `index`.
    pub(super) fn kernel(&self, index: usize) -> &'static str {
        self.dispatches[index].kernel
    }

    /// Encodes a dispatch of no workgroups with the pipeline of dispatch `index`, unless that was done before:
    /// drivers compile a pipeline when it is first used, which may take longer than what it computes.
    pub(super) fn warm(&self, index: usize, encoder: &mut wgpu::CommandEncoder) -> bool {
        let Dispatch { pipeline, group, .. } = &self.dispatches[index];
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
        let Dispatch { pipeline, group, grid: [x, y, z], .. } = &self.dispatches[index];
        pass.set_pipeline(&pipeline.pipeline);
        pass.set_bind_group(0, group, &[]);
        pass.dispatch_workgroups(*x, *y, *z);
    }
}
