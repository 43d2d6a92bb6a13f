//! Images that a program has in memory, as a data set.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::catalogue::hexadecimal;
use super::{Data, DataError, Images, Normalization, PIXELS};

/// Classes at least; at most as many as a byte can tell apart.
const CLASSES: std::ops::RangeInclusive<usize> = 2..=256;

/// One part of a data set: [`PIXELS`] bytes an image (red, green, blue planes, row by row), and its labels.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Pixels of all images.
    pub pixels: Vec<u8>,
    /// Their labels 0, 1, … in the order of the names of the classes.
    pub labels: Vec<u8>,
}

impl Data {
    /// The data set of these parts: what weights and φ are learned from, what choices are made on, what is
    /// reported on. Images are numbered in their order, those for validation after those to train on.
    ///
    /// # Errors
    /// A part without images, one whose pixels are not those of its labels, a label without a class, and
    /// fewer than two classes.
    pub fn of_images(
        name: &str,
        class_names: Vec<String>,
        [train, validation, held_out]: [Given; 3],
    ) -> Result<Self, DataError> {
        if !CLASSES.contains(&class_names.len()) {
            let (found, expected) = (class_names.len().to_string(), "2 to 256 names".to_owned());
            return Err(DataError::Classes { found, expected });
        }
        let mut hash = Sha256::new();
        for (part, given) in [("train", &train), ("validation", &validation), ("held-out", &held_out)] {
            check(part, given, class_names.len())?;
            for (label, pixels) in given.labels.iter().zip(given.pixels.chunks_exact(PIXELS)) {
                hash.update([*label]);
                hash.update(pixels);
            }
        }
        let numbered = |Given { pixels, labels }: Given, first: usize| {
            let indices = (first..first + labels.len()).map(|index| index as u32).collect();
            Images { pixels, labels, indices }
        };
        let first = train.labels.len();
        let train = numbered(train, 0);
        Ok(Self {
            name: name.to_owned(),
            source: "memory".into(),
            classes: (0..class_names.len()).map(|class| class as u8).collect(),
            class_names,
            normalization: Normalization::of(&train),
            train: Arc::new(train),
            validation: Arc::new(numbered(validation, first)),
            held_out: Arc::new(numbered(held_out, 0)),
            sha256: hexadecimal(hash),
            notices: Vec::new(),
        })
    }
}

fn check(part: &'static str, given: &Given, classes: usize) -> Result<(), DataError> {
    if given.labels.is_empty() {
        return Err(DataError::EmptyPart { part });
    }
    let fail = |what: &'static str, found: String, expected: String| {
        Err(DataError::Given { part, what, found, expected })
    };
    if given.pixels.len() != given.labels.len() * PIXELS {
        let labels = given.labels.len();
        let expected = format!("{}, {PIXELS} for each of {labels} labels", labels * PIXELS);
        return fail("pixels", format!("{} bytes", given.pixels.len()), expected);
    }
    match given.labels.iter().position(|label| usize::from(*label) >= classes) {
        Some(at) => {
            let found = format!("{} at {at}", given.labels[at]);
            fail("labels", found, format!("0 to {}, one for each class", classes - 1))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DataConfig, load};

    fn names() -> Vec<String> {
        vec!["dark".into(), "bright".into()]
    }

    fn given(labels: &[u8]) -> Given {
        Given {
            pixels: labels.iter().flat_map(|label| [label * 100 + 7; PIXELS]).collect(),
            labels: labels.to_vec(),
        }
    }

    #[test]
    fn images_of_a_program_are_a_data_set_like_any_other() {
        let loaded =
            load(&DataConfig { train: Some(40), held_out: Some(20), ..DataConfig::default() }, 3).unwrap();
        let copy = |images: &Images| Given { pixels: images.pixels.clone(), labels: images.labels.clone() };
        let parts = [copy(&loaded.train), copy(&loaded.validation), copy(&loaded.held_out)];
        let data = Data::of_images("mine", loaded.class_names.clone(), parts.clone()).unwrap();
        assert_eq!((data.name.as_str(), data.source.as_str()), ("mine", "memory"));
        assert_eq!(data.normalization, loaded.normalization);
        assert_eq!(
            (&data.train.pixels, &data.held_out.labels),
            (&loaded.train.pixels, &loaded.held_out.labels)
        );
        assert_eq!(data.validation.indices, (40..50).collect::<Vec<u32>>());
        let [train, validation, mut held_out] = parts;
        held_out.pixels[5] ^= 1;
        let other =
            Data::of_images("mine", loaded.class_names.clone(), [train, validation, held_out]).unwrap();
        assert_ne!(other.sha256, data.sha256);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let whole = given(&[0, 1, 1]);
        let ask = |train: Given, names: Vec<String>| {
            Data::of_images("mine", names, [train, whole.clone(), whole.clone()]).unwrap_err().to_string()
        };
        let short = Given { pixels: vec![0; PIXELS], ..whole.clone() };
        assert_eq!(
            ask(short, names()),
            "train, pixels: found 3072 bytes, expected 9216, 3072 for each of 3 labels"
        );
        assert_eq!(
            ask(given(&[0, 2]), names()),
            "train, labels: found 2 at 1, expected 0 to 1, one for each class"
        );
        assert_eq!(ask(given(&[]), names()), "train: found 0 images, expected at least one");
        assert!(ask(whole.clone(), names()[..1].to_vec()).contains("found 1, expected 2 to 256 names"));
    }
}
