//! What the Python version of CIFAR has in its pickles, and nothing else: no object is made and no function
//! called, as general readers of pickles do. (Protocols 2 to 4:
//! <https://github.com/python/cpython/blob/main/Lib/pickletools.py>.)
//!
//! A pickle is a program for a stack. The official files need one dictionary of numbers, texts, lists of
//! these, and one array of bytes, which numpy makes by `_reconstruct` and a state. Long texts stay in the
//! file: only their place is kept.

use std::collections::HashMap;
use std::io::{Error, ErrorKind, Read};
use std::rc::Rc;

/// Bytes of a text that is kept in memory; longer ones, such as the pixels, stay in the file.
const SHORT: u64 = 1000;
/// Values that a pickle may have: CIFAR-100's has 200,000.
const MOST: usize = 1_000_000;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    None,
    Bool(bool),
    Int(i64),
    Text(Rc<[u8]>),
    Long(Span),
    List(Vec<Value>),
    Tuple(Vec<Value>),
    Dict(Vec<(Value, Value)>),
    Array(Array),
    /// One of the names that are understood.
    Name(Name),
    /// The type of an array's numbers: unsigned bytes.
    Bytes,
}

/// Where a long text is in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Span {
    pub at: u64,
    pub length: u64,
}

/// An array of bytes in two dimensions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Array {
    pub rows: usize,
    pub columns: usize,
    /// Whether columns follow one another, as in Fortran, instead of rows.
    pub by_column: bool,
    pub content: Span,
}

/// The names that the files mention.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Name {
    Reconstruct,
    NdArray,
    Dtype,
}

/// What is wrong with a pickle, and where.
#[derive(Debug)]
pub(super) enum Fault {
    /// The file cannot be read.
    File(Error),
    /// It is another pickle, or none.
    Other { at: u64, found: String, expected: &'static str },
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault::File(error)
    }
}

/// Reads the dictionary that a pickle is.
pub(super) fn unpickle(content: &mut dyn Read) -> Result<Vec<(Value, Value)>, Fault> {
    let mut machine =
        Machine { content, at: 0, stack: Vec::new(), marks: Vec::new(), memo: HashMap::new(), values: 0 };
    loop {
        let code = machine.byte()?;
        if code == b'.' {
            break;
        }
        machine.step(code)?;
    }
    match machine.stack.pop() {
        Some(Value::Dict(entries)) if machine.stack.is_empty() => Ok(entries),
        _ => Err(machine.fault("something else".into(), "one dictionary")),
    }
}

struct Machine<'a> {
    content: &'a mut dyn Read,
    /// Bytes read so far.
    at: u64,
    stack: Vec<Value>,
    /// Where in the stack the marks are.
    marks: Vec<usize>,
    memo: HashMap<u32, Value>,
    values: usize,
}

impl Machine<'_> {
    fn step(&mut self, code: u8) -> Result<(), Fault> {
        match code {
            0x80 => match self.byte()? {
                2..=4 => Ok(()),
                other => Err(self.fault(format!("pickle protocol {other}"), "2 to 4")),
            },
            // A frame's length.
            0x95 => self.bytes::<8>().map(drop),
            b'(' => {
                self.marks.push(self.stack.len());
                self.counted()
            }
            b'}' => self.push(Value::Dict(Vec::new())),
            b']' => self.push(Value::List(Vec::new())),
            b')' => self.push(Value::Tuple(Vec::new())),
            b'N' => self.push(Value::None),
            0x88 => self.push(Value::Bool(true)),
            0x89 => self.push(Value::Bool(false)),
            b'K' => self.byte().and_then(|byte| self.push(Value::Int(byte.into()))),
            b'M' => {
                let number = u16::from_le_bytes(self.bytes()?);
                self.push(Value::Int(number.into()))
            }
            b'J' => {
                let number = i32::from_le_bytes(self.bytes()?);
                self.push(Value::Int(number.into()))
            }
            0x8a => self.long_integer(),
            b'U' | b'C' | 0x8c => self.byte().and_then(|length| self.text(length.into())),
            b'T' | b'B' | b'X' => {
                let length = u32::from_le_bytes(self.bytes()?);
                self.text(length.into())
            }
            0x8e => {
                let length = u64::from_le_bytes(self.bytes()?);
                self.text(length)
            }
            b'q' => self.byte().and_then(|slot| self.remember(slot.into())),
            b'r' => {
                let slot = u32::from_le_bytes(self.bytes()?);
                self.remember(slot)
            }
            0x94 => self.remember(self.memo.len() as u32),
            b'h' => self.byte().and_then(|slot| self.recall(slot.into())),
            b'j' => {
                let slot = u32::from_le_bytes(self.bytes()?);
                self.recall(slot)
            }
            0x85..=0x87 => {
                let from = self.stack.len().checked_sub(usize::from(code - 0x84));
                let from = from.ok_or_else(|| self.short())?;
                self.tuple(from)
            }
            b't' => self.mark().and_then(|from| self.tuple(from)),
            b'a' => {
                let from = self.stack.len().checked_sub(1).ok_or_else(|| self.short())?;
                self.append(from)
            }
            b'e' => self.mark().and_then(|from| self.append(from)),
            b's' => {
                let from = self.stack.len().checked_sub(2).ok_or_else(|| self.short())?;
                self.set(from)
            }
            b'u' => self.mark().and_then(|from| self.set(from)),
            b'c' => {
                let (module, name) = (self.line()?, self.line()?);
                self.name(&module, &name)
            }
            0x93 => match (self.stack.pop(), self.stack.pop()) {
                (Some(Value::Text(name)), Some(Value::Text(module))) => self.name(&module, &name),
                _ => Err(self.short()),
            },
            b'R' => self.call(),
            b'b' => self.build(),
            other => Err(self.fault(format!("operation {other:#04x}"), "those of the official files")),
        }
    }

    fn fault(&self, found: String, expected: &'static str) -> Fault {
        Fault::Other { at: self.at, found, expected }
    }

    fn short(&self) -> Fault {
        self.fault("an operation without its values".into(), "a whole pickle")
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        Ok(self.bytes::<1>()?[0])
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let mut bytes = [0; N];
        match self.content.read_exact(&mut bytes) {
            Ok(()) => self.at += N as u64,
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                return Err(self.fault("the end of the file".into(), "a whole pickle"));
            }
            Err(error) => return Err(error.into()),
        }
        Ok(bytes)
    }

    /// A line, as names are written.
    fn line(&mut self) -> Result<Vec<u8>, Fault> {
        let mut line = Vec::new();
        loop {
            match self.byte()? {
                b'\n' => return Ok(line),
                byte if (line.len() as u64) < SHORT => line.push(byte),
                _ => return Err(self.fault("a very long name".into(), "a name")),
            }
        }
    }

    fn counted(&mut self) -> Result<(), Fault> {
        self.values += 1;
        match self.values > MOST {
            true => Err(self.fault(format!("more than {MOST} values"), "as many as the official files have")),
            false => Ok(()),
        }
    }

    fn push(&mut self, value: Value) -> Result<(), Fault> {
        self.counted()?;
        self.stack.push(value);
        Ok(())
    }

    fn text(&mut self, length: u64) -> Result<(), Fault> {
        let span = Span { at: self.at, length };
        if length <= SHORT {
            let mut text = vec![0; length as usize];
            for byte in &mut text {
                *byte = self.byte()?;
            }
            return self.push(Value::Text(text.into()));
        }
        let skipped = std::io::copy(&mut self.content.take(length), &mut std::io::sink())?;
        self.at += skipped;
        match skipped == length {
            true => self.push(Value::Long(span)),
            false => {
                let found = format!("{skipped} bytes of a text of {length}");
                Err(self.fault(found, "a whole pickle"))
            }
        }
    }

    /// A number of any length, which must fit.
    fn long_integer(&mut self) -> Result<(), Fault> {
        let length = usize::from(self.byte()?);
        let mut bytes = Vec::new();
        for _ in 0..length {
            bytes.push(self.byte()?);
        }
        if length > 8 {
            return Err(self.fault(format!("a number of {length} bytes"), "smaller ones"));
        }
        let sign = if bytes.last().is_some_and(|last| *last > 127) { 0xff } else { 0 };
        bytes.resize(8, sign);
        let number = bytes.iter().rev().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
        self.push(Value::Int(number as i64))
    }

    /// Only what never changes is remembered.
    fn remember(&mut self, slot: u32) -> Result<(), Fault> {
        self.counted()?;
        let value = self.stack.last().ok_or_else(|| self.short())?;
        let kept = if is_simple(value) { value.clone() } else { Value::List(Vec::new()) };
        self.memo.insert(slot, kept);
        Ok(())
    }

    fn recall(&mut self, slot: u32) -> Result<(), Fault> {
        match self.memo.get(&slot) {
            Some(value) if is_simple(value) => self.push(value.clone()),
            _ => Err(self.fault(format!("a second mention of value {slot}"), "each list once")),
        }
    }

    /// Removes the last mark; where in the stack it was.
    fn mark(&mut self) -> Result<usize, Fault> {
        let mark = self.marks.pop().filter(|mark| *mark <= self.stack.len());
        mark.ok_or_else(|| self.short())
    }

    /// Tuples hold simple values and tuples of these: nothing nests deeper, whatever a file says.
    fn tuple(&mut self, from: usize) -> Result<(), Fault> {
        let values = self.stack.split_off(from);
        let fits = |value: &Value| match value {
            Value::Tuple(inner) => inner.iter().all(is_simple),
            value => is_simple(value),
        };
        match values.iter().all(fits) {
            true => self.push(Value::Tuple(values)),
            false => Err(self.fault("a tuple of lists".into(), "tuples of numbers")),
        }
    }

    fn append(&mut self, from: usize) -> Result<(), Fault> {
        let values = self.stack.split_off(from);
        if !values.iter().all(is_simple) {
            return Err(self.fault("a list of lists".into(), "lists of numbers or texts"));
        }
        match self.stack.last_mut() {
            Some(Value::List(list)) => {
                list.extend(values);
                Ok(())
            }
            _ => Err(self.short()),
        }
    }

    fn set(&mut self, from: usize) -> Result<(), Fault> {
        let mut values = self.stack.split_off(from).into_iter();
        let Some(Value::Dict(mut entries)) = self.stack.pop() else { return Err(self.short()) };
        while let Some(key) = values.next() {
            let Some(value) = values.next() else { return Err(self.short()) };
            if !matches!(key, Value::Text(_)) || matches!(value, Value::Dict(_)) {
                return Err(self.fault("another dictionary".into(), "texts as keys, no dictionary within"));
            }
            entries.push((key, value));
        }
        self.stack.push(Value::Dict(entries));
        Ok(())
    }

    fn name(&mut self, module: &[u8], name: &[u8]) -> Result<(), Fault> {
        let known = match (module, name) {
            (b"numpy.core.multiarray" | b"numpy._core.multiarray", b"_reconstruct") => Name::Reconstruct,
            (b"numpy", b"ndarray") => Name::NdArray,
            (b"numpy", b"dtype") => Name::Dtype,
            _ => {
                let full = [module, b".", name].concat();
                let found = format!("{:?}, which is never called", String::from_utf8_lossy(&full));
                return Err(self.fault(found, "numpy's array alone, as in the official files"));
            }
        };
        self.push(Value::Name(known))
    }

    /// The two calls of the files: an empty array, and the type of its numbers.
    fn call(&mut self) -> Result<(), Fault> {
        let (Some(Value::Tuple(arguments)), Some(Value::Name(name))) = (self.stack.pop(), self.stack.pop())
        else {
            return Err(self.short());
        };
        let made = match (name, &arguments[..]) {
            (Name::Reconstruct, [Value::Name(Name::NdArray), ..]) => Value::Array(Array::default()),
            (Name::Dtype, [Value::Text(kind), ..]) if kind[..] == *b"u1" => Value::Bytes,
            (Name::Dtype, [Value::Text(kind), ..]) => {
                let found = format!("numbers of numpy's type {:?}", String::from_utf8_lossy(kind));
                return Err(self.fault(found, "unsigned bytes (u1)"));
            }
            _ => return Err(self.fault("another call".into(), "numpy's array alone")),
        };
        self.push(made)
    }

    /// Gives the array its shape and content; a type's state says nothing that matters for bytes.
    fn build(&mut self) -> Result<(), Fault> {
        let Some(Value::Tuple(state)) = self.stack.pop() else { return Err(self.short()) };
        match (self.stack.pop(), &state[..]) {
            (Some(Value::Bytes), _) => self.push(Value::Bytes),
            (
                Some(Value::Array(_)),
                [_, Value::Tuple(shape), Value::Bytes, Value::Bool(by_column), Value::Long(content)],
            ) => {
                let [Value::Int(rows), Value::Int(columns)] = shape[..] else {
                    let found = format!("an array of {} dimensions", shape.len());
                    return Err(self.fault(found, "two"));
                };
                let sizes = usize::try_from(rows).ok().zip(usize::try_from(columns).ok());
                let sizes =
                    sizes.filter(|(r, c)| r.checked_mul(*c).map(|all| all as u64) == Some(content.length));
                let Some((rows, columns)) = sizes else {
                    let found = format!("{} bytes for {rows} times {columns}", content.length);
                    return Err(self.fault(found, "an array that is whole"));
                };
                let (by_column, content) = (*by_column, *content);
                self.push(Value::Array(Array { rows, columns, by_column, content }))
            }
            _ => Err(self.fault("another object's state".into(), "an array of images")),
        }
    }
}

/// Whether a value holds no others and never changes.
fn is_simple(value: &Value) -> bool {
    !matches!(value, Value::List(_) | Value::Tuple(_) | Value::Dict(_) | Value::Array(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(pickle: &[u8]) -> String {
        match unpickle(&mut &pickle[..]).unwrap_err() {
            Fault::Other { at, found, expected } => format!("{at}: {found}; {expected}"),
            Fault::File(error) => error.to_string(),
        }
    }

    #[test]
    fn numbers_of_every_length_and_texts_are_read() {
        let pickle =
            b"\x80\x02}q\x01(U\x01aK\x07U\x01bM\x00\x01U\x01cJ\xff\xff\xff\xffU\x01d\x8a\x02\x00\xffu.";
        let found = unpickle(&mut &pickle[..]).unwrap();
        let text = |letters: &str| Value::Text(letters.as_bytes().into());
        let numbers = [("a", 7), ("b", 256), ("c", -1), ("d", -256)];
        assert_eq!(found, numbers.map(|(key, number)| (text(key), Value::Int(number))));
    }

    #[test]
    fn nothing_is_ever_called() {
        // What `os.system("rm -rf ~")` looks like.
        assert_eq!(
            problem(b"\x80\x02cposix\nsystem\nq\x00X\x08\x00\x00\x00rm -rf ~\x85R."),
            "16: \"posix.system\", which is never called; numpy's array alone, as in the official files"
        );
        assert!(problem(b"\x80\x04\x8c\x02os\x8c\x06system\x93.").contains("os.system"));
        assert!(problem(b"\x80\x02cnumpy\ndtype\nU\x02f8\x85R.").contains("numpy's type \"f8\""));
        assert!(problem(b"\x80\x02cnumpy\nndarray\nU\x02u1\x85R.").contains("another call"));
    }

    #[test]
    fn nothing_nests_deeply_or_grows_without_bound() {
        let deep = [b"\x80\x02)".to_vec(), vec![0x85; 100_000]].concat();
        assert!(problem(&deep).contains("a tuple of lists"), "{}", problem(&deep));
        assert!(problem(b"\x80\x02]q\x00h\x00a.").contains("second mention"));
        assert!(problem(b"\x80\x02](]e.").contains("a list of lists"));
        assert!(problem(b"\x80\x02}U\x01a}s.").contains("another dictionary"));
        let many = [b"\x80\x02(".to_vec(), vec![b'N'; MOST + 1]].concat();
        assert!(problem(&many).contains("more than 1000000 values"));
        assert!(problem(b"\x80\x02T\xff\xff\xff\xffabc").contains("3 bytes of a text of 4294967295"));
        assert!(problem(&[b"\x80\x02c".to_vec(), vec![b'a'; 5000]].concat()).contains("a very long name"));
    }

    #[test]
    fn broken_pickles_are_named() {
        assert_eq!(problem(b"\x80\x02}"), "3: the end of the file; a whole pickle");
        assert_eq!(problem(b"\x80\x05."), "2: pickle protocol 5; 2 to 4");
        assert_eq!(problem(b"\x80\x02N."), "4: something else; one dictionary");
        assert_eq!(problem(b"\x80\x02Q"), "3: operation 0x51; those of the official files");
        for code in b"t\x85\x86\x87aesuRb\x93" {
            assert!(problem(&[*code]).contains("an operation without its values"), "{code:#x}");
        }
    }
}
