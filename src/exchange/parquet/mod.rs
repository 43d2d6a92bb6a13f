//! The candidates of a run as a Parquet file (<https://github.com/apache/parquet-format>): a row a candidate, the columns
//! of `candidates.csv` with their types, uncompressed, in one row group. The crate for it brings far more than these
//! few plain columns need.

mod thrift;

use thrift::{Thrift, varint};

use crate::estimate::Estimator;
use crate::lab::{CandidateRecord, Round, State};

/// How a file begins and ends.
const MAGIC: &[u8] = b"PAR1";

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
struct Column {
    name: String,
    values: Cells,
}

/// The values of a column; those with `Option` may be missing.
#[derive(Clone, Debug, PartialEq)]
enum Cells {
    Whole(Vec<Option<i64>>),
    Numbers(Vec<Option<f64>>),
    Texts(Vec<String>),
    Flags(Vec<bool>),
}

/// The file of every candidate of a run so far.
pub fn candidates_parquet(state: &State) -> Vec<u8> {
    let rows: Vec<(&Round, &CandidateRecord)> = state
        .rounds
        .iter()
        .flat_map(|round| round.candidates.iter().map(move |candidate| (round.as_ref(), candidate)))
        .collect();
    file(&columns(&rows))
}

fn columns(rows: &[(&Round, &CandidateRecord)]) -> Vec<Column> {
    type Row<'a> = (&'a Round, &'a CandidateRecord);
    let whole = |name: &str, value: &dyn Fn(&Row) -> Option<i64>| Column {
        name: name.to_owned(),
        values: Cells::Whole(rows.iter().map(value).collect()),
    };
    let texts = |name: &str, value: &dyn Fn(&Row) -> String| Column {
        name: name.to_owned(),
        values: Cells::Texts(rows.iter().map(value).collect()),
    };
    let numbers = |name: &str, value: &dyn Fn(&Row) -> Option<f64>| Column {
        name: name.to_owned(),
        values: Cells::Numbers(rows.iter().map(value).collect()),
    };
    let mut columns = vec![
        whole("round", &|(round, _)| i64::try_from(round.round).ok()),
        texts("id", &|(_, candidate)| candidate.id()),
        texts("family", &|(_, candidate)| candidate.family.to_string()),
        texts("layer", &|(_, candidate)| candidate.at.name()),
        whole("channel", &|(_, candidate)| {
            candidate.channel().and_then(|channel| i64::try_from(channel).ok())
        }),
        whole("params_delta", &|(_, candidate)| Some(candidate.params_delta)),
        whole("flops_delta", &|(_, candidate)| Some(candidate.flops_delta)),
        numbers("scale", &|(_, candidate)| candidate.scale.map(f64::from)),
        numbers("estimated", &|(round, candidate)| candidate.estimate_by(round.estimator)),
    ];
    for estimator in Estimator::ALL {
        let name = estimator.name().replace('-', "_");
        columns.push(numbers(&name, &|(_, candidate)| candidate.estimate_by(estimator)));
    }
    columns.push(numbers("actual", &|(_, candidate)| candidate.actual));
    let chosen = rows.iter().map(|(_, candidate)| candidate.chosen).collect();
    columns.push(Column { name: "chosen".into(), values: Cells::Flags(chosen) });
    columns
}

impl Cells {
    fn len(&self) -> usize {
        match self {
            Cells::Whole(values) => values.len(),
            Cells::Numbers(values) => values.len(),
            Cells::Texts(values) => values.len(),
            Cells::Flags(values) => values.len(),
        }
    }

    /// The format's code of the type: INT64, DOUBLE, BYTE_ARRAY, BOOLEAN.
    fn code(&self) -> i32 {
        match self {
            Cells::Whole(_) => 2,
            Cells::Numbers(_) => 5,
            Cells::Texts(_) => 6,
            Cells::Flags(_) => 0,
        }
    }

    /// Which values are there, where some may be missing.
    fn present(&self) -> Option<Vec<bool>> {
        match self {
            Cells::Whole(values) => Some(values.iter().map(Option::is_some).collect()),
            Cells::Numbers(values) => Some(values.iter().map(Option::is_some).collect()),
            Cells::Texts(_) | Cells::Flags(_) => None,
        }
    }

    /// The content of the column's only page: which values are there, then the values.
    fn page(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        if let Some(present) = self.present() {
            let levels = runs(&present);
            bytes.extend((levels.len() as u32).to_le_bytes());
            bytes.extend(levels);
        }
        match self {
            Cells::Whole(values) => {
                bytes.extend(values.iter().flatten().flat_map(|value| value.to_le_bytes()))
            }
            Cells::Numbers(values) => {
                bytes.extend(values.iter().flatten().flat_map(|value| value.to_le_bytes()))
            }
            Cells::Texts(values) => {
                for text in values {
                    bytes.extend((text.len() as u32).to_le_bytes());
                    bytes.extend(text.as_bytes());
                }
            }
            Cells::Flags(values) => {
                for eight in values.chunks(8) {
                    let bit = |(index, flag): (usize, &bool)| u8::from(*flag) << index;
                    bytes.push(eight.iter().enumerate().map(bit).sum());
                }
            }
        }
        bytes
    }
}

/// Flags as runs of equal ones: how many, then which.
fn runs(flags: &[bool]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for run in flags.chunk_by(|first, second| first == second) {
        varint((run.len() as u64) << 1, &mut bytes);
        bytes.push(u8::from(run[0]));
    }
    bytes
}

/// The file of a table.
fn file(columns: &[Column]) -> Vec<u8> {
    let rows = columns.first().map_or(0, |column| column.values.len());
    let mut bytes = MAGIC.to_vec();
    let mut chunks = Vec::new();
    let mut schema = vec![Thrift::Struct(vec![
        (4, Thrift::Text("candidates".into())),
        (5, Thrift::I32(columns.len() as i32)),
    ])];
    for column in columns {
        let start = bytes.len();
        let page = column.values.page();
        page_header(page.len(), rows).write(&mut bytes);
        bytes.extend(page);
        chunks.push(chunk(column, start, bytes.len() - start));
        schema.push(element(column));
    }
    let written = bytes.len() - MAGIC.len();
    let group = Thrift::Struct(vec![
        (1, Thrift::List(chunks)),
        (2, Thrift::I64(written as i64)),
        (3, Thrift::I64(rows as i64)),
    ]);
    let metadata = Thrift::Struct(vec![
        (1, Thrift::I32(1)),
        (2, Thrift::List(schema)),
        (3, Thrift::I64(rows as i64)),
        (4, Thrift::List(vec![group])),
        (6, Thrift::Text(concat!("seedling ", env!("CARGO_PKG_VERSION")).into())),
    ]);
    let start = bytes.len();
    metadata.write(&mut bytes);
    let length = (bytes.len() - start) as u32;
    bytes.extend(length.to_le_bytes());
    bytes.extend(MAGIC);
    bytes
}

/// `PageHeader` of a data page, whose values are plain and whose levels are runs.
fn page_header(size: usize, rows: usize) -> Thrift {
    let (plain, by_runs) = (Thrift::I32(0), Thrift::I32(3));
    let data = vec![(1, Thrift::I32(rows as i32)), (2, plain), (3, by_runs.clone()), (4, by_runs)];
    let size = Thrift::I32(size as i32);
    Thrift::Struct(vec![(1, Thrift::I32(0)), (2, size.clone()), (3, size), (5, Thrift::Struct(data))])
}

/// `ColumnChunk`.
fn chunk(column: &Column, start: usize, size: usize) -> Thrift {
    let (start, size) = (Thrift::I64(start as i64), Thrift::I64(size as i64));
    let metadata = vec![
        (1, Thrift::I32(column.values.code())),
        (2, Thrift::List(vec![Thrift::I32(0), Thrift::I32(3)])),
        (3, Thrift::List(vec![Thrift::Text(column.name.clone())])),
        (4, Thrift::I32(0)),
        (5, Thrift::I64(column.values.len() as i64)),
        (6, size.clone()),
        (7, size),
        (9, start.clone()),
    ];
    Thrift::Struct(vec![(2, start), (3, Thrift::Struct(metadata))])
}

/// `SchemaElement`: type, whether values may be missing, name, and that texts are UTF-8.
fn element(column: &Column) -> Thrift {
    let optional = i32::from(column.values.present().is_some());
    let mut fields = vec![
        (1, Thrift::I32(column.values.code())),
        (3, Thrift::I32(optional)),
        (4, Thrift::Text(column.name.clone())),
    ];
    if matches!(column.values, Cells::Texts(_)) {
        fields.push((6, Thrift::I32(0)));
    }
    Thrift::Struct(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_hold_what_is_there() {
        let whole = Cells::Whole(vec![Some(1), Some(-1), None]).page();
        let mut expected = vec![4, 0, 0, 0, 2 << 1, 1, 1 << 1, 0];
        expected.extend(1i64.to_le_bytes());
        expected.extend((-1i64).to_le_bytes());
        assert_eq!(whole, expected);
        assert_eq!(Cells::Texts(vec!["é".into()]).page(), [2, 0, 0, 0, 0xc3, 0xa9]);
        let flags: Vec<bool> = (0..9).map(|index| index % 3 == 0).collect();
        assert_eq!(Cells::Flags(flags).page(), [0b0100_1001, 0]);
    }

    #[test]
    fn the_end_says_how_long_the_metadata_is() {
        let column = Column { name: "x".into(), values: Cells::Numbers(vec![Some(0.5)]) };
        let bytes = file(&[column]);
        assert!(bytes.starts_with(MAGIC) && bytes.ends_with(MAGIC));
        let end = bytes.len() - 8;
        let length = u32::from_le_bytes(bytes[end..end + 4].try_into().unwrap()) as usize;
        // A struct of five fields, the first of them the version, begins there.
        assert_eq!(bytes[end - length..end - length + 3], [0x15, 2, 0x19]);
    }
}
