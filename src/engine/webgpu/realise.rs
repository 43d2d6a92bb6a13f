//! From a recording to commands: memory, pipelines, uniform blocks and bind groups.

use super::GpuError;
use super::arena::{ALIGNMENT, Slice};
use super::commands::{Commands, Context, Ready};
use super::record::Recording;

impl Context {
    /// An empty recording for this device.
    pub fn recording(&self) -> Recording {
        Recording::new(self.gpu.report.kind, self.most)
    }

    /// Makes a recording ready to run.
    pub async fn realise(&mut self, recording: Recording) -> Result<Commands, GpuError> {
        let (rooms, room_of) = recording.rooms();
        let mut places = Vec::with_capacity(rooms.len());
        for room in &rooms {
            places.push(self.arena.take(room.bytes, &room.what).await?);
        }
        let mut blocks = Vec::with_capacity(room_of.len());
        for ((bytes, contents), room) in recording.blocks().zip(room_of) {
            let block = places[room].part(0, bytes)?;
            if let Some(contents) = contents {
                self.write(&block, contents);
            }
            blocks.push(block);
        }
        let mut pipelines = Vec::with_capacity(recording.dispatches().len());
        for dispatch in recording.dispatches() {
            pipelines.push(self.pipelines.get(dispatch.kernel, &dispatch.defines).await?);
        }
        recording.check_spans(pipelines.iter().map(|pipeline| &pipeline.interface))?;
        let mut words: Vec<u8> = Vec::new();
        let mut bound: Vec<Vec<(u32, Slice)>> = Vec::with_capacity(pipelines.len());
        for (dispatch, pipeline) in recording.dispatches().iter().zip(&pipelines) {
            let refused = |message: String| GpuError::Refused {
                what: format!("kernel \"{}\"", dispatch.kernel.name),
                message,
            };
            let interface = &pipeline.interface;
            words.extend_from_slice(&interface.block(&dispatch.words).map_err(refused)?);
            let places = interface.places(&dispatch.buffers).map_err(refused)?;
            let each = interface.buffers().iter().zip(places);
            let slice = |place: usize| dispatch.buffers[place].1.placed(&blocks);
            bound.push(each.map(|(buffer, at)| Ok((buffer.number, slice(at)?))).collect::<Result<_, _>>()?);
        }
        let gpu = &self.gpu;
        let descriptor = wgpu::BufferDescriptor {
            label: Some("uniform blocks"),
            size: (words.len() as u64).max(ALIGNMENT),
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        };
        let uniforms = gpu.scoped("uniform blocks", || gpu.device.create_buffer(&descriptor)).await?;
        gpu.queue.write_buffer(&uniforms, 0, &words);
        let mut dispatches = Vec::with_capacity(bound.len());
        let each = recording.dispatches().iter().zip(pipelines).zip(&bound);
        gpu.scoped("bind groups", || {
            for (position, ((dispatch, pipeline), slices)) in each.enumerate() {
                let block = wgpu::BufferBinding {
                    buffer: &uniforms,
                    offset: position as u64 * ALIGNMENT,
                    size: std::num::NonZeroU64::new(ALIGNMENT),
                };
                let block = (0, wgpu::BindingResource::Buffer(block));
                let slices = slices.iter().map(|(number, slice)| (*number, slice.binding()));
                let entries: Vec<_> = std::iter::once(block)
                    .chain(slices)
                    .map(|(binding, resource)| wgpu::BindGroupEntry { binding, resource })
                    .collect();
                let group = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
                    label: Some(dispatch.kernel.name),
                    layout: &pipeline.layout,
                    entries: &entries,
                });
                dispatches.push(Ready {
                    kernel: dispatch.kernel.name,
                    pipeline,
                    group,
                    grid: dispatch.grid,
                    work: dispatch.work,
                });
            }
        })
        .await?;
        let held = places.into_iter().chain(bound.into_iter().flatten().map(|(_, slice)| slice)).collect();
        Ok(Commands { dispatches, blocks, _held: held })
    }
}
