//! Numbers from the device to the host.

use super::arena::Slice;
use super::device::Signal;
use super::{Gpu, GpuError};

/// Reads the first `count` numbers of `slice`, after everything submitted so far.
pub async fn read<T: bytemuck::Pod>(gpu: &Gpu, slice: &Slice, count: usize) -> Result<Vec<T>, GpuError> {
    const WHAT: &str = "reading results back";
    let bytes = (count * size_of::<T>()) as u64;
    if bytes > slice.bytes() {
        return Err(GpuError::Limit { what: WHAT.into(), found: bytes, limit: slice.bytes() });
    }
    if count == 0 {
        return Ok(Vec::new());
    }
    let descriptor = wgpu::BufferDescriptor {
        label: Some("readback"),
        size: bytes.next_multiple_of(4),
        usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    };
    let staging = gpu.scoped(WHAT, || gpu.device.create_buffer(&descriptor)).await?;
    let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    encoder.copy_buffer_to_buffer(slice.buffer(), slice.offset(), &staging, 0, descriptor.size);
    let index = gpu.queue.submit([encoder.finish()]);
    let signal = Signal::default();
    let done = signal.clone();
    staging.map_async(wgpu::MapMode::Read, .., move |result| done.set(result));
    let refused = |message: String| GpuError::Refused { what: WHAT.into(), message };
    gpu.wait(signal, Some(index), WHAT).await?.map_err(|error| refused(error.to_string()))?;
    let view = staging.get_mapped_range(..).map_err(|error| refused(error.to_string()))?;
    let values = bytemuck::pod_collect_to_vec(&view[..bytes as usize]);
    drop(view);
    staging.unmap();
    Ok(values)
}
