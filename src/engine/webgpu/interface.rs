//! What a kernel's text says that it takes: the fields of its uniform block and its storage buffers, by name. What Rust
//! hands over is checked against it, so that neither order nor number can be mistaken.

use super::arena::ALIGNMENT;

/// A number of a uniform block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Word {
    /// A count, a `u32` to the kernel.
    Count(usize),
    /// An `f32`.
    Real(f32),
    /// A `vec4<f32>`.
    Four([f32; 4]),
}

impl From<usize> for Word {
    fn from(count: usize) -> Self {
        Word::Count(count)
    }
}

impl From<f32> for Word {
    fn from(number: f32) -> Self {
        Word::Real(number)
    }
}

impl From<[f32; 4]> for Word {
    fn from(numbers: [f32; 4]) -> Self {
        Word::Four(numbers)
    }
}

/// Uniform words by name: `words! { total, share: 1.0 / count }`.
macro_rules! words {
    ($($name:ident $(: $value:expr)?),* $(,)?) => {
        [$((stringify!($name), $crate::engine::webgpu::interface::Word::from(
            $crate::engine::webgpu::interface::named!($name $(, $value)?)
        ))),*]
    };
}

/// Storage buffers by name: `buffers! { x, weights: &packed, y }`.
macro_rules! buffers {
    ($($name:ident $(: $value:expr)?),* $(,)?) => {
        [$((stringify!($name), AsRef::<$crate::engine::webgpu::record::Span>::as_ref(
            &$crate::engine::webgpu::interface::named!($name $(, $value)?)
        ))),*]
    };
}

/// The value given for a name, or the variable of that name.
macro_rules! named {
    ($name:ident) => {
        $name
    };
    ($name:ident, $value:expr) => {
        $value
    };
}

pub(super) use {buffers, named, words};

/// What a kernel takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interface {
    fields: Vec<Field>,
    buffers: Vec<Buffer>,
}

/// A field of the uniform block.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    name: String,
    kind: String,
    offset: usize,
}

/// A storage buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buffer {
    /// The number of its binding.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// Whether the kernel may write it.
    pub is_written: bool,
}

impl Interface {
    /// Reads an expanded kernel: its `struct Shape` and its `@group(0)` declarations, each on a line of its own.
    pub fn of(text: &str) -> Result<Self, String> {
        let mut found = Self::default();
        for line in text.lines() {
            let Some(rest) = line.strip_prefix("@group(0) @binding(") else { continue };
            let wrong = || format!("found {line:?}, expected a binding's number, kind and name");
            let (number, rest) = rest.split_once(") var<").ok_or_else(wrong)?;
            let (space, rest) = rest.split_once("> ").ok_or_else(wrong)?;
            let (name, _) = rest.split_once(':').ok_or_else(wrong)?;
            let is_written = match space {
                "uniform" => continue,
                "storage, read" => false,
                "storage, read_write" => true,
                _ => return Err(wrong()),
            };
            let number = number.parse().map_err(|_| wrong())?;
            found.buffers.push(Buffer { number, name: name.to_owned(), is_written });
        }
        found.buffers.sort_unstable_by_key(|buffer| buffer.number);
        if let Some((_, rest)) = text.split_once("struct Shape {") {
            let (fields, _) = rest.split_once('}').ok_or("struct Shape without an end")?;
            let mut offset = 0usize;
            for field in fields.split(',').map(str::trim).filter(|field| !field.is_empty()) {
                let (name, kind) =
                    field.split_once(": ").ok_or_else(|| format!("found {field:?}, expected name: type"))?;
                let bytes = match kind {
                    "u32" | "f32" => 4,
                    "vec4<f32>" => 16,
                    _ => return Err(format!("{name}: found {kind}, expected u32, f32 or vec4<f32>")),
                };
                offset = offset.next_multiple_of(bytes);
                found.fields.push(Field { name: name.to_owned(), kind: kind.to_owned(), offset });
                offset += bytes;
            }
            if offset > ALIGNMENT as usize {
                return Err(format!("found a uniform block of {offset} bytes, expected at most {ALIGNMENT}"));
            }
        }
        Ok(found)
    }

    /// The storage buffers, by number.
    pub fn buffers(&self) -> &[Buffer] {
        &self.buffers
    }

    /// The uniform block that holds `words`, which name every field once, in any order.
    pub fn block(&self, words: &[(&'static str, Word)]) -> Result<[u8; ALIGNMENT as usize], String> {
        let names: Vec<&str> = self.fields.iter().map(|field| field.name.as_str()).collect();
        let mut block = [0; ALIGNMENT as usize];
        for (field, place) in self.fields.iter().zip(places("uniform block", &names, words)?) {
            let numbers = match (field.kind.as_str(), words[place].1) {
                ("u32", Word::Count(count)) => {
                    let count = u32::try_from(count);
                    vec![count.map_err(|_| format!("uniform block: {} is beyond 2³² − 1", field.name))?]
                }
                ("f32", Word::Real(number)) => vec![number.to_bits()],
                ("vec4<f32>", Word::Four(numbers)) => numbers.map(f32::to_bits).to_vec(),
                (kind, found) => {
                    return Err(format!("uniform block: {}: found {found:?}, expected {kind}", field.name));
                }
            };
            let bytes: &[u8] = bytemuck::cast_slice(&numbers);
            block[field.offset..field.offset + bytes.len()].copy_from_slice(bytes);
        }
        Ok(block)
    }

    /// For each storage buffer, by number, its place in `given`, which names every one once, in any order.
    pub fn places<T>(&self, given: &[(&'static str, T)]) -> Result<Vec<usize>, String> {
        let names: Vec<&str> = self.buffers.iter().map(|buffer| buffer.name.as_str()).collect();
        places("storage buffers", &names, given)
    }
}

/// The place in `given` of each of `names`, which are of a `what`; an error if it is not exactly these that are given.
pub(super) fn places<T>(
    what: &str,
    names: &[&str],
    given: &[(&'static str, T)],
) -> Result<Vec<usize>, String> {
    let place = |name: &&str| given.iter().position(|(given, _)| given == name);
    match names.iter().map(place).collect::<Option<Vec<usize>>>() {
        Some(places) if given.len() == names.len() => Ok(places),
        _ => {
            let given: Vec<&str> = given.iter().map(|(name, _)| *name).collect();
            Err(format!("{what}: found {given:?}, expected {names:?}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "struct Shape { total: u32, share: f32,\n    mean: vec4<f32>, last: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;";

    #[test]
    fn words_and_buffers_are_found_by_name_whatever_their_order() {
        let interface = Interface::of(TEXT).unwrap();
        let total = 7usize;
        let block = interface.block(&words! { last: 9usize, mean: [1.0, 2.0, 3.0, 4.0], total, share: 0.5 });
        let words: Vec<u32> = bytemuck::pod_collect_to_vec(&block.unwrap());
        let reals = [1.0f32, 2.0, 3.0, 4.0].map(f32::to_bits);
        assert_eq!(words[..9], [&[7, 0.5f32.to_bits(), 0, 0], &reals[..], &[9]].concat());
        assert_eq!(interface.places(&[("y", 1), ("x", 2)]), Ok(vec![1, 0]));
        let written: Vec<bool> = interface.buffers().iter().map(|buffer| buffer.is_written).collect();
        assert_eq!(written, [false, true]);
    }

    #[test]
    fn what_is_misnamed_left_out_or_of_another_type_is_told() {
        let interface = Interface::of("struct Shape { total: u32, share: f32 }").unwrap();
        let block = |words: &[(&'static str, Word)]| interface.block(words).map(drop);
        let expected =
            |found: &str| Err(format!("uniform block: found {found}, expected [\"total\", \"share\"]"));
        assert_eq!(block(&words! { total: 1usize }), expected("[\"total\"]"));
        assert_eq!(block(&words! { total: 1usize, chair: 0.5 }), expected("[\"total\", \"chair\"]"));
        let twice = words! { total: 1usize, share: 0.5, share: 0.5 };
        assert_eq!(block(&twice), expected("[\"total\", \"share\", \"share\"]"));
        let swapped = block(&words! { total: 0.5, share: 1usize });
        assert_eq!(swapped, Err("uniform block: total: found Real(0.5), expected u32".into()));
        let large = block(&words! { total: 1usize << 32, share: 0.5 });
        assert_eq!(large, Err("uniform block: total is beyond 2³² − 1".into()));
        assert!(Interface::of("struct Shape { at: vec3<u32> }").unwrap_err().contains("vec3<u32>"));
        assert!(Interface::of("@group(0) @binding(1) var<private> x: u32;").is_err());
    }
}
