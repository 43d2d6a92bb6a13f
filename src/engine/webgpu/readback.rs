//! Numbers from the device to the host.

use super::arena::Slice;
use super::device::Signal;
use super::{Gpu, GpuError};

const WHAT: &str = "reading results back";

/// A copy on its way to the host; what is submitted later does not wait for it.
pub struct Reading {
    staging: wgpu::Buffer,
    done: Signal<Result<(), wgpu::BufferAsyncError>>,
    index: wgpu::SubmissionIndex,
    bytes: u64,
}

impl Reading {
    /// Begins to copy the first bytes of slices, concatenated, as they are after everything submitted so far.
    /// Counts are multiples of 4.
    pub async fn begin(gpu: &Gpu, parts: &[(&Slice, u64)]) -> Result<Self, GpuError> {
        for (slice, bytes) in parts {
            if *bytes > slice.bytes() {
                return Err(GpuError::Limit { what: WHAT.into(), found: *bytes, limit: slice.bytes() });
            }
        }
        let bytes = parts.iter().map(|(_, bytes)| bytes).sum();
        let descriptor = wgpu::BufferDescriptor {
            label: Some("readback"),
            size: bytes,
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        };
        let staging = gpu.scoped(WHAT, || gpu.device.create_buffer(&descriptor)).await?;
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut to = 0;
        for (slice, bytes) in parts {
            encoder.copy_buffer_to_buffer(slice.buffer(), slice.offset(), &staging, to, *bytes);
            to += bytes;
        }
        let index = gpu.queue.submit([encoder.finish()]);
        let done = Signal::default();
        let signal = done.clone();
        staging.map_async(wgpu::MapMode::Read, .., move |result| signal.set(result));
        Ok(Self { staging, done, index, bytes })
    }

    /// Waits for the bytes.
    pub async fn finish(self, gpu: &Gpu) -> Result<Vec<u8>, GpuError> {
        let refused = |message: String| GpuError::Refused { what: WHAT.into(), message };
        if let Err(error) = gpu.wait(self.done, Some(self.index), WHAT).await? {
            return Err(gpu.cause(refused(error.to_string())).await);
        }
        let view = self.staging.get_mapped_range(..).map_err(|error| refused(error.to_string()))?;
        let bytes = view[..self.bytes as usize].to_vec();
        drop(view);
        self.staging.unmap();
        Ok(bytes)
    }
}

/// Reads the first `count` numbers of each slice, after everything submitted so far.
pub async fn read_all<T: bytemuck::Pod>(
    gpu: &Gpu,
    wanted: &[(&Slice, usize)],
) -> Result<Vec<Vec<T>>, GpuError> {
    let sizes: Vec<usize> = wanted.iter().map(|(_, count)| count * size_of::<T>()).collect();
    // The size of a copy must be a multiple of four bytes.
    let whole: Vec<u64> = sizes.iter().map(|bytes| bytes.next_multiple_of(4) as u64).collect();
    if whole.iter().all(|bytes| *bytes == 0) {
        return Ok(wanted.iter().map(|_| Vec::new()).collect());
    }
    let parts: Vec<(&Slice, u64)> =
        wanted.iter().map(|(slice, _)| *slice).zip(whole.iter().copied()).collect();
    let found = Reading::begin(gpu, &parts).await?.finish(gpu).await?;
    let mut rest = found.as_slice();
    let mut numbers = Vec::with_capacity(wanted.len());
    for (bytes, whole) in sizes.into_iter().zip(whole) {
        let (own, after) = rest.split_at(whole as usize);
        numbers.push(bytemuck::pod_collect_to_vec(&own[..bytes]));
        rest = after;
    }
    Ok(numbers)
}

/// Reads the first `count` numbers of `slice`, after everything submitted so far.
pub async fn read<T: bytemuck::Pod>(gpu: &Gpu, slice: &Slice, count: usize) -> Result<Vec<T>, GpuError> {
    Ok(read_all(gpu, &[(slice, count)]).await?.pop().unwrap_or_default())
}
