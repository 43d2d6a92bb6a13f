use super::*;
use crate::data::{PLANE, SIDE};

/// A file in MNIST's form.
fn idx(magic: u32, sizes: &[u32], content: &[u8]) -> Vec<u8> {
    let numbers = [&[magic], sizes].concat();
    let header: Vec<u8> = numbers.into_iter().flat_map(u32::to_be_bytes).collect();
    [header, content.to_vec()].concat()
}

/// Labels as MNIST's begin, over and over.
fn labels(count: usize) -> Vec<u8> {
    [5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 8, 6, 7].into_iter().cycle().take(count).collect()
}

/// Image `number`: 28×28 pixels that all depend on it.
fn image(number: usize) -> Vec<u8> {
    (0..784).map(|pixel| (number * 11 + pixel * 3) as u8).collect()
}

/// 130 training and 65 test images, compressed if asked.
fn mnist(dir: &Path, compressed: bool) {
    let write = |name: &str, bytes: Vec<u8>| match compressed {
        true => fs::write(dir.join(format!("{name}.gz")), gzip(&bytes)).unwrap(),
        false => fs::write(dir.join(name), bytes).unwrap(),
    };
    for (group, first, count) in [("train", 0, 130), ("t10k", 1000, 65)] {
        let images: Vec<u8> = (first..first + count).flat_map(image).collect();
        write(&format!("{group}-images-idx3-ubyte"), idx(2051, &[count as u32, 28, 28], &images));
        write(&format!("{group}-labels-idx1-ubyte"), idx(2049, &[count as u32], &labels(count)));
    }
}

#[test]
fn mnist_is_read_with_black_borders_compressed_or_not() {
    let mut hashes = Vec::new();
    for compressed in [false, true] {
        let dir = folder(|dir| mnist(dir, compressed));
        let data = load(&config(dir.path()), 1).unwrap();
        assert_eq!((data.name.as_str(), data.source.as_str()), ("mnist", "idx"));
        assert_eq!((data.train.len(), data.validation.len(), data.held_out.len()), (104, 26, 65));
        assert_eq!(data.class_names, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
        for (part, first) in [(&data.train, 0), (&data.validation, 0), (&data.held_out, 1000)] {
            for (at, &index) in part.indices.iter().enumerate() {
                assert_eq!(part.labels[at], labels(130)[index as usize]);
                let gray = image(first + index as usize);
                for (pixel, &found) in part.pixels[at * PIXELS..][..PIXELS].iter().enumerate() {
                    let (row, column) = (pixel % PLANE / SIDE, pixel % SIDE);
                    let inside = (2..30).contains(&row) && (2..30).contains(&column);
                    assert_eq!(found, if inside { gray[(row - 2) * 28 + column - 2] } else { 0 });
                }
            }
        }
        hashes.push(data.sha256);
    }
    assert_eq!(hashes[0], hashes[1]);
}

#[test]
fn data_sets_of_this_form_are_told_apart_by_their_first_labels() {
    let dir = tempfile::tempdir().unwrap();
    let raw = dir.path().join("FashionMNIST/raw");
    fs::create_dir_all(&raw).unwrap();
    mnist(&raw, false);
    let fashion = [vec![9, 0, 0, 3, 0, 2, 7, 2, 5, 5], (0..10).cycle().take(120).collect()].concat();
    fs::write(raw.join("train-labels-idx1-ubyte"), idx(2049, &[130], &fashion)).unwrap();
    let data = load(&config(dir.path()), 1).unwrap();
    assert_eq!((data.name.as_str(), data.class_names[9].as_str()), ("fashion-mnist", "Ankle boot"));
    let boots = DataConfig {
        classes: Some(vec!["ankle boot".parse().unwrap(), "Bag".parse().unwrap()]),
        ..config(dir.path())
    };
    assert_eq!(load(&boots, 1).unwrap().classes, [9, 8]);
    // Another one, with three classes; its images file is spelt in the other way.
    let own = dir.path().join("letters");
    fs::create_dir(&own).unwrap();
    mnist(&own, false);
    for (group, count) in [("train", 130), ("t10k", 65)] {
        let labels: Vec<u8> = (0..3).cycle().take(count).collect();
        fs::write(own.join(format!("{group}-labels-idx1-ubyte")), idx(2049, &[count as u32], &labels))
            .unwrap();
        let spelt = own.join(format!("{group}-images.idx3-ubyte"));
        fs::rename(own.join(format!("{group}-images-idx3-ubyte")), spelt).unwrap();
    }
    let data = load(&config(&own), 1).unwrap();
    assert_eq!((data.name.as_str(), data.class_names.concat().as_str()), ("letters", "012"));
    // Two of them in the folder around them.
    fs::rename(&own, dir.path().join("raw")).unwrap();
    let message = problem(dir.path());
    assert!(message.contains("MNIST's files in DIR/raw and MNIST's files in DIR/Fashion"), "{message}");
}

#[test]
fn wrong_files_are_named() {
    let dir = folder(|dir| mnist(dir, false));
    let problem_with = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        let good = fs::read(&path).unwrap();
        fs::write(&path, bytes).unwrap();
        let message = problem(dir.path());
        fs::write(&path, good).unwrap();
        message
    };
    let images = fs::read(dir.path().join("train-images-idx3-ubyte")).unwrap();
    let images = |bytes: &dyn Fn(&mut Vec<u8>)| {
        let mut changed = images.clone();
        bytes(&mut changed);
        problem_with("train-images-idx3-ubyte", &changed)
    };
    assert!(images(&|bytes| bytes[3] = 1).contains("found 2049 as the first number, expected 2051"));
    assert!(images(&|bytes| bytes[7] = 0).contains("found 0 images or labels"));
    assert!(images(&|bytes| bytes[4] = 0xff).contains("expected 1 to 10000000"));
    assert!(images(&|bytes| bytes[7] += 1).contains("found 131 images, expected 130, one a label"));
    assert!(images(&|bytes| bytes[11] = 64).contains("images of 64×28 pixels, expected at most 32×32"));
    assert!(images(&|bytes| bytes.truncate(5000)).contains("record 6 at offset 4704: found 280 bytes"));
    assert!(images(&|bytes| bytes.truncate(16 + 784 * 50)).contains("found 50 images, expected 130"));
    assert!(images(&|bytes| bytes.extend(vec![0; 784])).contains("more than 130 images"));
    assert!(images(&|bytes| bytes.clear()).contains("record 0 at offset 0: found 0 bytes, expected 4"));
    // A whole gigabyte of zeros, in four kilobytes of a bomb's start.
    let bomb = gzip(&[idx(2051, &[130, 28, 28], b""), vec![0; 1 << 22]].concat());
    assert!(problem_with("train-images-idx3-ubyte", &bomb).contains("more than 130 images"));
    assert!(
        problem_with("train-labels-idx1-ubyte", &gzip(&vec![0; 1 << 22])).contains("found 0 as the first")
    );
    let long = idx(2049, &[130], &vec![1; 1 << 20]);
    assert!(problem_with("train-labels-idx1-ubyte", &gzip(&long)).contains("more labels than 130"));
    let cut = gzip(&idx(2049, &[130], &labels(130)));
    assert!(problem_with("train-labels-idx1-ubyte", &cut[..cut.len() - 9]).contains("cannot read"));
    fs::remove_file(dir.path().join("t10k-labels-idx1-ubyte")).unwrap();
    assert_eq!(problem(dir.path()), "DIR/t10k-labels-idx1-ubyte: not found; MNIST's form needs it");
}
