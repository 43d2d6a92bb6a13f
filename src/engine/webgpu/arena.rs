//! Device memory: a few large buffers cut into slices that return when dropped.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Gpu, GpuError};

/// Slices start at multiples of this: the baseline alignment of storage and uniform bindings.
pub const ALIGNMENT: u64 = 256;
/// The baseline limit of one binding, so of one slice.
pub const LARGEST_SLICE: u64 = 128 << 20;
/// A chunk is at least this large, so that small slices share buffers.
const CHUNK: u64 = 16 << 20;

/// Where slices come from. Clones share the memory.
#[derive(Clone)]
pub struct Arena {
    gpu: Gpu,
    usage: wgpu::BufferUsages,
    chunks: Arc<Mutex<Vec<Chunk>>>,
}

struct Chunk {
    buffer: wgpu::Buffer,
    /// Free ranges (offset, length), sorted, never touching each other.
    free: Vec<(u64, u64)>,
}

/// A piece of device memory; clones share it, and the last one to go gives it back.
#[derive(Clone)]
pub struct Slice {
    lease: Arc<Lease>,
    offset: u64,
    bytes: u64,
}

struct Lease {
    chunks: Arc<Mutex<Vec<Chunk>>>,
    buffer: wgpu::Buffer,
    offset: u64,
    bytes: u64,
}

impl std::fmt::Debug for Slice {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} bytes at {}", self.bytes, self.offset)
    }
}

impl Arena {
    /// An arena of buffers for storage bindings and copies, plus `usage`.
    pub fn new(gpu: &Gpu, usage: wgpu::BufferUsages) -> Self {
        let always =
            wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC | wgpu::BufferUsages::COPY_DST;
        Self { gpu: gpu.clone(), usage: always | usage, chunks: Arc::default() }
    }

    /// A slice of at least `bytes`, its contents unspecified: the first free range that holds it, else a new
    /// chunk.
    pub async fn take(&self, bytes: u64, what: &str) -> Result<Slice, GpuError> {
        let size = bytes.max(1).next_multiple_of(ALIGNMENT);
        if size > LARGEST_SLICE {
            return Err(GpuError::Limit { what: what.into(), found: size, limit: LARGEST_SLICE });
        }
        if let Some(slice) = self.reuse(bytes, size) {
            return Ok(slice);
        }
        let descriptor = wgpu::BufferDescriptor {
            label: Some("seedling arena"),
            size: size.max(CHUNK),
            usage: self.usage,
            mapped_at_creation: false,
        };
        let buffer = self.gpu.scoped(what, || self.gpu.device.create_buffer(&descriptor)).await?;
        self.lock().push(Chunk { buffer, free: vec![(0, descriptor.size)] });
        self.reuse(bytes, size).ok_or(GpuError::OutOfMemory { what: what.into() })
    }

    fn reuse(&self, bytes: u64, size: u64) -> Option<Slice> {
        let mut chunks = self.lock();
        for chunk in chunks.iter_mut() {
            let Some(position) = chunk.free.iter().position(|&(_, length)| length >= size) else { continue };
            let (offset, length) = chunk.free[position];
            match length - size {
                0 => drop(chunk.free.remove(position)),
                rest => chunk.free[position] = (offset + size, rest),
            }
            let lease =
                Lease { chunks: Arc::clone(&self.chunks), buffer: chunk.buffer.clone(), offset, bytes: size };
            return Some(Slice { lease: Arc::new(lease), offset, bytes: bytes.max(4) });
        }
        None
    }

    /// Bytes in slices that are in use.
    pub fn in_use(&self) -> u64 {
        let free: u64 = self.lock().iter().flat_map(|chunk| &chunk.free).map(|(_, length)| length).sum();
        self.reserved() - free
    }

    /// Bytes held on the device.
    pub fn reserved(&self) -> u64 {
        self.lock().iter().map(|chunk| chunk.buffer.size()).sum()
    }

    /// Gives wholly free chunks back to the device.
    pub fn trim(&self) {
        self.lock().retain(|chunk| chunk.free != [(0, chunk.buffer.size())]);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Chunk>> {
        self.chunks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slice {
    /// The size that was asked for, in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The buffer it lies in.
    pub fn buffer(&self) -> &wgpu::Buffer {
        &self.lease.buffer
    }

    /// Where in the buffer it starts.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// A part of it; `offset` must be a multiple of `ALIGNMENT`.
    pub fn part(&self, offset: u64, bytes: u64) -> Result<Slice, GpuError> {
        if !offset.is_multiple_of(ALIGNMENT) || offset + bytes > self.bytes {
            let (what, limit) = ("a part of a slice".to_owned(), self.bytes);
            return Err(GpuError::Limit { what, found: offset + bytes, limit });
        }
        Ok(Slice { lease: Arc::clone(&self.lease), offset: self.offset + offset, bytes })
    }

    /// The slice as a binding of a kernel.
    pub fn binding(&self) -> wgpu::BindingResource<'_> {
        wgpu::BindingResource::Buffer(wgpu::BufferBinding {
            buffer: &self.lease.buffer,
            offset: self.offset,
            size: std::num::NonZeroU64::new(self.bytes.next_multiple_of(16)),
        })
    }

    /// Whether the two share memory.
    pub fn overlaps(&self, other: &Slice) -> bool {
        self.lease.buffer == other.lease.buffer
            && self.offset < other.offset + other.bytes
            && other.offset < self.offset + self.bytes
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut chunks = self.chunks.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(chunk) = chunks.iter_mut().find(|chunk| chunk.buffer == self.buffer) else { return };
        let at = chunk.free.partition_point(|&(offset, _)| offset < self.offset);
        chunk.free.insert(at, (self.offset, self.bytes));
        if at + 1 < chunk.free.len() && self.offset + self.bytes == chunk.free[at + 1].0 {
            chunk.free[at].1 += chunk.free.remove(at + 1).1;
        }
        if at > 0 && chunk.free[at - 1].0 + chunk.free[at - 1].1 == self.offset {
            chunk.free[at - 1].1 += chunk.free.remove(at).1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::webgpu::testing::gpu;
    use pollster::block_on as wait;

    #[test]
    fn slices_are_aligned_reused_and_joined_again() {
        let arena = Arena::new(gpu(), wgpu::BufferUsages::empty());
        let first = wait(arena.take(10, "first")).unwrap();
        let second = wait(arena.take(1000, "second")).unwrap();
        let third = wait(arena.take(256, "third")).unwrap();
        assert_eq!((first.offset(), second.offset(), third.offset()), (0, 256, 1280));
        assert!(!first.overlaps(&second) && second.overlaps(&second.clone()));
        drop(second);
        assert_eq!(wait(arena.take(600, "fits the hole")).unwrap().offset(), 256);
        drop((first, third));
        assert_eq!(arena.in_use(), 0);
        assert_eq!(wait(arena.take(CHUNK, "the whole chunk")).unwrap().offset(), 0);
        assert_eq!(arena.reserved(), CHUNK);
        arena.trim();
        assert_eq!(arena.reserved(), 0);
    }

    #[test]
    fn a_slice_over_the_binding_limit_is_refused_by_name() {
        let arena = Arena::new(gpu(), wgpu::BufferUsages::empty());
        let message = wait(arena.take(LARGEST_SLICE + 1, "images")).err().unwrap().to_string();
        assert!(message.contains("images") && message.contains("134217728"), "{message}");
    }
}
