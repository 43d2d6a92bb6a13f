//! Recording: dispatches, and the memory between them, as plain data (after vello's `Recording`). Recording needs no
//! device and never waits; [`Context::realise`](super::Context::realise) makes a recording ready to run.

use std::collections::{BTreeMap, BTreeSet};

use super::GpuError;
use super::adapter::AdapterKind;
use super::arena::{ALIGNMENT, Slice};
use super::interface::{Interface, Word, places};
use super::shaders::Kernel;

/// Workgroups allowed in one dimension of a grid.
pub const GRID_LIMIT: u32 = 65_535;

/// A span by the name that a kernel or an operation has for it.
pub type Named<'a> = (&'static str, &'a Span);

/// The spans of these names, in their order; an error if it is not exactly these that are given.
pub(super) fn pick<'a, const N: usize>(
    given: &[Named<'a>],
    names: [&'static str; N],
) -> Result<[&'a Span; N], GpuError> {
    let places = places("spans", &names, given)
        .map_err(|message| GpuError::Refused { what: "an operation".into(), message })?;
    Ok(std::array::from_fn(|at| given[places[at]].1))
}

/// A span of memory that a recorded dispatch reads or writes.
#[derive(Clone, Debug)]
pub struct Span {
    memory: Memory,
    offset: u64,
    bytes: u64,
}

/// What a span lies in.
#[derive(Clone, Debug)]
enum Memory {
    /// A block of the recording, by its number; it gets its place on the device when the recording is realised.
    Block(usize),
    /// Memory of the device that outlives the recording, as of weights and data.
    Device(Slice),
}

impl AsRef<Span> for Span {
    fn as_ref(&self) -> &Span {
        self
    }
}

impl From<&Slice> for Span {
    fn from(slice: &Slice) -> Self {
        Self { memory: Memory::Device(slice.clone()), offset: 0, bytes: slice.bytes() }
    }
}

impl Span {
    /// Its size.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// A part of it; `offset` must be a multiple of `ALIGNMENT`.
    pub fn part(&self, offset: u64, bytes: u64) -> Result<Span, GpuError> {
        if !offset.is_multiple_of(ALIGNMENT) || offset + bytes > self.bytes {
            let (what, limit) = ("a part of a span".to_owned(), self.bytes);
            return Err(GpuError::Limit { what, found: offset + bytes, limit });
        }
        Ok(Span { memory: self.memory.clone(), offset: self.offset + offset, bytes })
    }

    /// Whether the two share memory.
    fn overlaps(&self, other: &Span) -> bool {
        let meet = self.offset < other.offset + other.bytes && other.offset < self.offset + self.bytes;
        match (&self.memory, &other.memory) {
            (Memory::Block(a), Memory::Block(b)) => a == b && meet,
            (Memory::Device(a), Memory::Device(b)) => {
                let part = |slice: &Slice, span: &Span| slice.part(span.offset, span.bytes).ok();
                part(a, self).zip(part(b, other)).is_some_and(|(a, b)| a.overlaps(&b))
            }
            _ => false,
        }
    }

    /// Where it lies on the device, given the places of a recording's blocks.
    pub(super) fn placed(&self, blocks: &[Slice]) -> Result<Slice, GpuError> {
        let slice = match &self.memory {
            Memory::Device(slice) => slice,
            Memory::Block(block) => blocks.get(*block).ok_or_else(|| GpuError::Refused {
                what: "a span".into(),
                message: "it belongs to another recording".into(),
            })?,
        };
        slice.part(self.offset, self.bytes)
    }
}

/// A block of memory that a recording needs.
#[derive(Debug)]
struct Block {
    bytes: u64,
    what: String,
    /// What a constant or a buffer holds in the beginning; none for scratch memory.
    contents: Option<Vec<u8>>,
    released: bool,
}

/// When a block of memory, by its number, begins and ceases to be needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Taken(usize),
    Released(usize),
}

/// One dispatch.
#[derive(Debug)]
pub struct Dispatch {
    /// The kernel.
    pub kernel: Kernel,
    /// Its compile-time values.
    pub defines: Vec<(&'static str, i32)>,
    /// The fields of its uniform block, by name.
    pub words: Vec<(&'static str, Word)>,
    /// Its storage buffers, by name.
    pub buffers: Vec<(&'static str, Span)>,
    /// Workgroups.
    pub grid: [u32; 3],
    /// About how many multiply-adds' worth of time it takes.
    pub work: u64,
}

/// A list of dispatches in the order in which they will run.
#[derive(Debug)]
pub struct Recording {
    /// The kind of adapter that it is for: which form of a kernel suits depends on it.
    pub kind: AdapterKind,
    /// Work that one dispatch should hold at most: a submission is no shorter than its longest dispatch. What is
    /// computed does not depend on it.
    pub most: u64,
    dispatches: Vec<Dispatch>,
    blocks: Vec<Block>,
    events: Vec<Event>,
    /// The block of each constant, by what it is and its bytes.
    constants: BTreeMap<(String, Vec<u8>), usize>,
}

/// Memory that serves blocks of a recording, one after another.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Room {
    /// Its size.
    pub bytes: u64,
    /// The first block that it serves, for errors.
    pub what: String,
}

impl Recording {
    /// An empty list for an adapter of this kind, with dispatches of at most `most` work where they can be cut.
    pub fn new(kind: AdapterKind, most: u64) -> Self {
        Self {
            kind,
            most,
            dispatches: Vec::new(),
            blocks: Vec::new(),
            events: Vec::new(),
            constants: BTreeMap::new(),
        }
    }

    /// The dispatches so far.
    pub fn dispatches(&self) -> &[Dispatch] {
        &self.dispatches
    }

    /// Scratch memory for `count` 32-bit numbers, contents unspecified.
    pub fn scratch(&mut self, count: usize, what: &str) -> Span {
        self.block((4 * count as u64).max(4), what, None)
    }

    /// Memory that holds `values` whenever the recording runs. Equal values of the same name share it; of another name
    /// they do not, since one dispatch may need both.
    pub fn constant<T: bytemuck::NoUninit>(&mut self, values: &[T], what: &str) -> Span {
        let bytes: &[u8] = bytemuck::cast_slice(values);
        let key = (what.to_owned(), bytes.to_vec());
        if let Some(&number) = self.constants.get(&key) {
            return Span { memory: Memory::Block(number), offset: 0, bytes: self.blocks[number].bytes };
        }
        self.constants.insert(key, self.blocks.len());
        self.block((bytes.len() as u64).max(4), what, Some(bytes.to_vec()))
    }

    /// Memory for `count` 32-bit numbers that the host writes or reads, zero until it is written.
    pub fn buffer(&mut self, count: usize, what: &str) -> Span {
        let bytes = (4 * count).max(4);
        self.block(bytes as u64, what, Some(vec![0; bytes]))
    }

    fn block(&mut self, bytes: u64, what: &str, contents: Option<Vec<u8>>) -> Span {
        let number = self.blocks.len();
        self.blocks.push(Block { bytes, what: what.to_owned(), contents, released: false });
        self.events.push(Event::Taken(number));
        Span { memory: Memory::Block(number), offset: 0, bytes }
    }

    /// Lets later dispatches overwrite the scratch memory of `span`, which nothing may use any more. Constants and
    /// buffers stay, since the recording may run again; so does what is not the recording's own.
    pub fn release(&mut self, span: Span) {
        if let Memory::Block(number) = span.memory
            && self.blocks[number].contents.is_none()
            && !std::mem::replace(&mut self.blocks[number].released, true)
        {
            self.events.push(Event::Released(number));
        }
    }

    /// Records one dispatch: `kernel` built with `defines`, the `words` of its uniform block and its storage `buffers`
    /// by name, `grid` workgroups, and about `work` multiply-adds' worth of time. The names are checked when the
    /// recording is realised.
    pub fn run(
        &mut self,
        kernel: Kernel,
        defines: &[(&'static str, i32)],
        words: &[(&'static str, Word)],
        buffers: &[Named<'_>],
        grid: [u32; 3],
        work: u64,
    ) -> Result<(), GpuError> {
        let what = || format!("kernel \"{}\"", kernel.name);
        let refused = |message: String| Err(GpuError::Refused { what: what(), message });
        for (axis, &count) in grid.iter().enumerate() {
            if count > GRID_LIMIT {
                let what = format!("{}: workgroups of dimension {axis}", what());
                return Err(GpuError::Limit { what, found: count.into(), limit: GRID_LIMIT.into() });
            }
        }
        for (index, (name, span)) in buffers.iter().enumerate() {
            if let Memory::Block(number) = span.memory
                && self.blocks[number].released
            {
                let block = &self.blocks[number].what;
                return refused(format!("{name} lies in memory released before, \"{block}\""));
            }
            // WebGPU forbids it where one of the two is written.
            if let Some((other, _)) = buffers[..index].iter().find(|(_, other)| other.overlaps(span)) {
                return refused(format!("{other} and {name} share memory"));
            }
        }
        self.dispatches.push(Dispatch {
            kernel,
            defines: defines.to_vec(),
            words: words.to_vec(),
            buffers: buffers.iter().map(|(name, span)| (*name, (*span).clone())).collect(),
            grid,
            work,
        });
        Ok(())
    }

    /// An error if a dispatch reads scratch memory that none before it wrote, as where two spans were swapped, or
    /// writes a constant. There is one interface for each dispatch.
    pub(super) fn check_spans<'a>(
        &self,
        interfaces: impl Iterator<Item = &'a Interface>,
    ) -> Result<(), GpuError> {
        let constants: BTreeSet<usize> = self.constants.values().copied().collect();
        let mut written: Vec<bool> = self.blocks.iter().map(|block| block.contents.is_some()).collect();
        for (dispatch, interface) in self.dispatches.iter().zip(interfaces) {
            for (name, span) in &dispatch.buffers {
                let Memory::Block(block) = span.memory else { continue };
                let is_read = interface.buffers().iter().any(|of| of.name == *name && !of.is_written);
                let wrong = match is_read {
                    true if !written[block] => "is read and lies in memory never written",
                    false if constants.contains(&block) => "is written and lies in a constant",
                    _ => "",
                };
                if !wrong.is_empty() {
                    let what = format!("kernel \"{}\"", dispatch.kernel.name);
                    let message = format!("{name} {wrong}, \"{}\"", self.blocks[block].what);
                    return Err(GpuError::Refused { what, message });
                }
                written[block] |= !is_read;
            }
        }
        Ok(())
    }

    /// The rooms of memory that the blocks need, and the room of each block. The smallest released room that holds a
    /// block serves it, unless more than half of the room would stay empty.
    pub(super) fn rooms(&self) -> (Vec<Room>, Vec<usize>) {
        let mut rooms: Vec<Room> = Vec::new();
        let mut room_of: Vec<usize> = Vec::new();
        let mut idle: Vec<usize> = Vec::new();
        for event in &self.events {
            match *event {
                Event::Released(block) => idle.push(room_of[block]),
                Event::Taken(block) => {
                    let Block { bytes, what, contents, .. } = &self.blocks[block];
                    let bytes = bytes.next_multiple_of(ALIGNMENT);
                    let fits = |room: &usize| (bytes..=2 * bytes).contains(&rooms[*room].bytes);
                    let fitting =
                        idle.iter().enumerate().filter(|(_, room)| contents.is_none() && fits(room));
                    let best = fitting.min_by_key(|(_, room)| rooms[**room].bytes).map(|(at, _)| at);
                    room_of.push(match best {
                        Some(at) => idle.swap_remove(at),
                        None => {
                            rooms.push(Room { bytes, what: what.clone() });
                            rooms.len() - 1
                        }
                    });
                }
            }
        }
        (rooms, room_of)
    }

    /// Each block's size, and its contents if it is a constant or a buffer.
    pub(super) fn blocks(&self) -> impl Iterator<Item = (u64, Option<&[u8]>)> {
        self.blocks.iter().map(|block| (block.bytes, block.contents.as_deref()))
    }
}

#[cfg(test)]
mod tests;
