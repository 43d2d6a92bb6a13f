//! Thrift's compact protocol, as far as the metadata of Parquet needs it
//! (<https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>).

/// A value of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Thrift {
    /// A 32-bit whole number.
    I32(i32),
    /// A 64-bit whole number.
    I64(i64),
    /// A text.
    Text(String),
    /// Values of one type.
    List(Vec<Thrift>),
    /// Fields by their numbers, which rise.
    Struct(Vec<(u8, Thrift)>),
}

impl Thrift {
    /// The protocol's code of the type.
    fn code(&self) -> u8 {
        match self {
            Thrift::I32(_) => 5,
            Thrift::I64(_) => 6,
            Thrift::Text(_) => 8,
            Thrift::List(_) => 9,
            Thrift::Struct(_) => 12,
        }
    }

    /// Adds the value to `bytes`.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        match self {
            Thrift::I32(number) => varint(zigzag(i64::from(*number)), bytes),
            Thrift::I64(number) => varint(zigzag(*number), bytes),
            Thrift::Text(text) => {
                varint(text.len() as u64, bytes);
                bytes.extend(text.as_bytes());
            }
            Thrift::List(values) => {
                let code = values.first().map_or(0, Thrift::code);
                match values.len() {
                    short @ 0..15 => bytes.push((short as u8) << 4 | code),
                    long => {
                        bytes.push(0xf0 | code);
                        varint(long as u64, bytes);
                    }
                }
                values.iter().for_each(|value| value.write(bytes));
            }
            Thrift::Struct(fields) => {
                let mut last = 0;
                for (number, value) in fields {
                    bytes.push((number - last) << 4 | value.code());
                    value.write(bytes);
                    last = *number;
                }
                bytes.push(0);
            }
        }
    }
}

/// Seven bits a byte, the lowest first; all but the last have the highest bit.
pub fn varint(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Small numbers of either sign as small ones.
fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_the_protocol_says() {
        let value = Thrift::Struct(vec![
            (1, Thrift::I32(-1)),
            (3, Thrift::Text("ab".into())),
            (4, Thrift::List(vec![Thrift::I64(150); 2])),
        ]);
        let mut bytes = Vec::new();
        value.write(&mut bytes);
        // 150 is 300 after zigzag: ac 02.
        assert_eq!(bytes, [0x15, 1, 0x28, 2, b'a', b'b', 0x19, 0x26, 0xac, 2, 0xac, 2, 0]);
        let mut long = Vec::new();
        Thrift::List(vec![Thrift::I32(0); 15]).write(&mut long);
        assert_eq!((long[0], long[1], long.len()), (0xf5, 15, 17));
    }
}
