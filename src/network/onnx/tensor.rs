//! The numbers of an ONNX file, checked before anything is allocated for them.

use super::proto::{Tensor, data_type};

/// Numbers of one tensor at most: those of the largest network.
const MOST: u64 = 1 << 28;

/// A tensor that the file gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    /// Its sizes; none for a single number.
    pub dims: Vec<usize>,
    /// Its numbers, the last size running fastest.
    pub values: Values,
}

/// Numbers of one type.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Weights.
    Floats(Vec<f32>),
    /// Sizes and axes.
    Integers(Vec<i64>),
}

/// What was found instead of what.
pub type Fault = (String, String);

impl Constant {
    /// Numbers without a place of their own, in one dimension.
    pub fn list(values: Values) -> Self {
        let length = match &values {
            Values::Floats(values) => values.len(),
            Values::Integers(values) => values.len(),
        };
        Self { dims: vec![length], values }
    }

    /// A tensor of the file.
    pub fn read(tensor: &Tensor) -> Result<Self, Fault> {
        if tensor.data_location != 0 || !tensor.external_data.is_empty() {
            let place = tensor.external_data.iter().find(|entry| entry.key == "location");
            let place =
                place.map_or("another file".to_owned(), |entry| format!("the file {:?}", entry.value));
            let expected = "numbers in this file (PyTorch: torch.onnx.export(…, external_data=False))";
            return Err((format!("numbers in {place}"), expected.into()));
        }
        let sizes: Option<Vec<usize>> = tensor.dims.iter().map(|&size| usize::try_from(size).ok()).collect();
        let sized = sizes.and_then(|dims| {
            let fits =
                |count: u64, &size: &usize| count.checked_mul(size as u64).filter(|count| *count <= MOST);
            Some((dims.iter().try_fold(1, fits)? as usize, dims))
        });
        let (count, dims) = sized.ok_or_else(|| {
            (format!("the shape {:?}", tensor.dims), format!("sizes whose product is at most {MOST}"))
        })?;
        let values = match tensor.data_type {
            data_type::FLOAT => {
                Values::Floats(numbers(count, &tensor.raw_data, &tensor.float_data, f32::from_le_bytes)?)
            }
            data_type::INT64 => {
                Values::Integers(numbers(count, &tensor.raw_data, &tensor.int64_data, i64::from_le_bytes)?)
            }
            data_type::INT32 => {
                let values = numbers(count, &tensor.raw_data, &tensor.int32_data, i32::from_le_bytes)?;
                Values::Integers(values.into_iter().map(i64::from).collect())
            }
            other => return Err((format!("numbers of type {other}"), "32-bit floats (type 1)".into())),
        };
        Ok(Self { dims, values })
    }

    /// Its floats.
    pub fn floats(&self) -> Option<&[f32]> {
        match &self.values {
            Values::Floats(values) => Some(values),
            Values::Integers(_) => None,
        }
    }

    /// Its integers.
    pub fn integers(&self) -> Option<&[i64]> {
        match &self.values {
            Values::Integers(values) => Some(values),
            Values::Floats(_) => None,
        }
    }

    /// With its axes in the order of `order`; none if that names no order of them.
    pub fn transposed(&self, order: &[usize]) -> Option<Self> {
        let mut sorted = order.to_vec();
        sorted.sort_unstable();
        if !sorted.iter().copied().eq(0..self.dims.len()) {
            return None;
        }
        let dims: Vec<usize> = order.iter().map(|&axis| self.dims[axis]).collect();
        // How far apart neighbours along each new axis are in the old order.
        let steps: Vec<usize> = order.iter().map(|&axis| self.dims[axis + 1..].iter().product()).collect();
        let count: usize = dims.iter().product();
        let from = |index: usize| {
            let place = |(rest, at): (usize, usize), (size, step): (&usize, &usize)| {
                (rest / size, at + rest % size * step)
            };
            dims.iter().zip(&steps).rev().fold((index, 0), place).1
        };
        let values = match &self.values {
            Values::Floats(values) => Values::Floats((0..count).map(|index| values[from(index)]).collect()),
            Values::Integers(values) => {
                Values::Integers((0..count).map(|index| values[from(index)]).collect())
            }
        };
        Some(Self { dims, values })
    }

    /// With other sizes, of which one may be -1, for what is left; none if they do not fit.
    pub fn reshaped(&self, sizes: &[i64]) -> Option<Self> {
        let count: usize = self.dims.iter().product();
        let known = sizes
            .iter()
            .filter(|size| **size != -1)
            .try_fold(1, |known: usize, &size| known.checked_mul(usize::try_from(size).ok()?))?;
        let open = sizes.iter().filter(|size| **size == -1).count();
        let rest = match open {
            0 => 1,
            1 if known > 0 && count.is_multiple_of(known) => count / known,
            _ => return None,
        };
        let dims: Vec<usize> = sizes.iter().map(|&size| usize::try_from(size).unwrap_or(rest)).collect();
        (known * rest == count).then(|| Self { dims, values: self.values.clone() })
    }

    /// One float a channel, where it is broadcast along axis `axis` of `rank` axes: a single number counts for all.
    pub fn per_channel(&self, channels: usize, axis: usize, rank: usize) -> Option<Vec<f32>> {
        let values = self.floats()?;
        let missing = rank.checked_sub(self.dims.len())?;
        let fits = self
            .dims
            .iter()
            .enumerate()
            .all(|(index, &size)| size == 1 || (index + missing == axis && size == channels));
        match values {
            [value] if fits => Some(vec![*value; channels]),
            values if fits && values.len() == channels => Some(values.to_vec()),
            _ => None,
        }
    }
}

/// `count` numbers from raw bytes, or from the list that holds them instead.
fn numbers<T: Copy, const N: usize>(
    count: usize,
    raw: &[u8],
    list: &[T],
    read: fn([u8; N]) -> T,
) -> Result<Vec<T>, Fault> {
    if raw.is_empty() && list.len() == count {
        return Ok(list.to_vec());
    }
    if raw.len() != count * N {
        let found =
            if raw.is_empty() { format!("{} numbers", list.len()) } else { format!("{} bytes", raw.len()) };
        return Err((found, format!("{count} numbers, {} bytes", count * N)));
    }
    Ok(raw.chunks_exact(N).map(|bytes| read(bytes.try_into().expect("N bytes"))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(dims: &[i64], raw_data: Vec<u8>) -> Tensor {
        Tensor { dims: dims.to_vec(), data_type: data_type::FLOAT, raw_data, ..Tensor::default() }
    }

    #[test]
    fn numbers_are_read_from_bytes_and_from_lists() {
        let bytes = [1.5f32, -2.0].iter().flat_map(|value| value.to_le_bytes()).collect();
        let raw = Constant::read(&tensor(&[2, 1], bytes)).unwrap();
        let list = Tensor { float_data: vec![1.5, -2.0], ..tensor(&[2, 1], vec![]) };
        assert_eq!(raw, Constant::read(&list).unwrap());
        assert_eq!((raw.dims.as_slice(), raw.floats().unwrap()), (&[2, 1][..], &[1.5, -2.0][..]));
        let axes = Tensor { data_type: data_type::INT64, int64_data: vec![2, -1], ..tensor(&[2], vec![]) };
        assert_eq!(Constant::read(&axes).unwrap().integers(), Some(&[2, -1][..]));
    }

    #[test]
    fn claims_without_bytes_are_refused_before_memory_is_taken() {
        let fault = |tensor: Tensor| Constant::read(&tensor).unwrap_err();
        assert_eq!(fault(tensor(&[1 << 28], vec![])).0, "0 numbers");
        assert!(fault(tensor(&[1 << 29], vec![])).1.contains("at most"));
        assert!(fault(tensor(&[i64::MAX, i64::MAX], vec![])).0.contains("shape"));
        assert!(fault(tensor(&[-1], vec![])).0.contains("[-1]"));
        assert_eq!(fault(tensor(&[2], vec![0; 7])), ("7 bytes".into(), "2 numbers, 8 bytes".into()));
        assert!(fault(Tensor { data_type: 10, ..tensor(&[1], vec![0; 2]) }).0.contains("type 10"));
        let elsewhere = super::super::proto::Entry { key: "location".into(), value: "net.onnx.data".into() };
        let found = fault(Tensor { external_data: vec![elsewhere], ..tensor(&[1], vec![]) });
        assert!(found.0.contains("net.onnx.data") && found.1.contains("external_data=False"), "{found:?}");
    }

    #[test]
    fn sizes_change_if_they_fit() {
        let constant = Constant { dims: vec![6], values: Values::Floats(vec![0.0; 6]) };
        let dims = |sizes: &[i64]| constant.reshaped(sizes).map(|constant| constant.dims);
        assert_eq!(dims(&[1, -1, 1, 1]), Some(vec![1, 6, 1, 1]));
        assert_eq!(dims(&[2, 3]), Some(vec![2, 3]));
        for sizes in [&[4, -1][..], &[-1, -1], &[7], &[-2, 3], &[0, -1], &[i64::MAX, i64::MAX]] {
            assert_eq!(dims(sizes), None, "{sizes:?}");
        }
    }

    #[test]
    fn axes_change_places() {
        let values = Values::Integers((0..24).collect());
        let constant = Constant { dims: vec![2, 3, 4], values };
        let turned = constant.transposed(&[2, 0, 1]).unwrap();
        assert_eq!(turned.dims, [4, 2, 3]);
        let at = |[a, b, c]: [i64; 3]| a * 12 + b * 4 + c;
        assert_eq!(
            turned.integers().unwrap()[..4],
            [at([0, 0, 0]), at([0, 1, 0]), at([0, 2, 0]), at([1, 0, 0])]
        );
        assert_eq!(turned.transposed(&[1, 2, 0]), Some(constant.clone()));
        assert!(constant.transposed(&[0, 1]).is_none() && constant.transposed(&[0, 0, 1]).is_none());
    }
}
