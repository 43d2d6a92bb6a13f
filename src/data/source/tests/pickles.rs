use super::*;

/// A text as Python 2 pickles it.
fn text(bytes: &[u8]) -> Vec<u8> {
    match u8::try_from(bytes.len()) {
        Ok(length) => [&[b'U', length], bytes].concat(),
        Err(_) => [&b"T"[..], &(bytes.len() as u32).to_le_bytes(), bytes].concat(),
    }
}

/// A list of labels.
fn list(labels: &[u8]) -> Vec<u8> {
    let values = labels.iter().flat_map(|label| [b'K', *label]).collect::<Vec<u8>>();
    [&b"]("[..], &values, b"e"].concat()
}

/// A pickled batch with lists of labels by their keys; `by_column` is numpy's Fortran order.
fn batch(labels: &[(&str, Vec<u8>)], pixels: &[u8], by_column: bool) -> Vec<u8> {
    let rows = pixels.len() / PIXELS;
    let mut bytes = b"\x80\x02}(".to_vec();
    for (key, labels) in labels {
        bytes.extend(text(key.as_bytes()));
        bytes.extend(list(labels));
    }
    bytes.extend(text(b"data"));
    bytes.extend(b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\x01b\x87R(K\x01");
    bytes.extend([&b"J"[..], &(rows as u32).to_le_bytes(), b"M\x00\x0c\x86"].concat());
    bytes
        .extend(b"cnumpy\ndtype\nU\x02u1K\0K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb");
    bytes.push(if by_column { 0x88 } else { 0x89 });
    let columns = |at: usize| pixels[at % rows * PIXELS + at / rows];
    let content: Vec<u8> = if by_column { (0..pixels.len()).map(columns).collect() } else { pixels.to_vec() };
    bytes.extend(text(&content));
    bytes.extend(b"tbu.");
    bytes
}

/// Images `first` and on as `records` makes them, and their labels.
fn images(first: usize, count: usize) -> (Vec<u8>, Vec<u8>) {
    let pixels = records(first, count, |_| []);
    (pixels, (first..first + count).map(|number| (number % 10) as u8).collect())
}

/// The same images as [`cifar10`] in the Python version.
fn pickled(dir: &Path, by_column: bool) {
    let files = BATCHES.iter().enumerate().map(|(at, file)| (file.trim_end_matches(".bin"), at * 20, 20));
    for (file, first, count) in files.chain([("test_batch", 500, 30)]) {
        let (pixels, labels) = images(first, count);
        fs::write(dir.join(file), batch(&[("labels", labels)], &pixels, by_column)).unwrap();
    }
}

#[test]
fn pickles_hold_the_same_data_as_binary_files() {
    let hash = hash_of(folder(cifar10).path());
    for by_column in [false, true] {
        let dir = folder(|dir| pickled(dir, by_column));
        let data = load(&config(dir.path()), 3).unwrap();
        assert_eq!((data.name.as_str(), data.source.as_str()), ("cifar10", "pickle"));
        assert_eq!((data.train.len(), data.validation.len(), data.held_out.len()), (80, 20, 30));
        assert_eq!((&data.sha256, data.class_names[3].as_str()), (&hash, "cat"));
        check(&data, 500, |number| (number % 10) as u8);
    }
}

#[test]
fn the_python_archive_and_its_folder_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let inside = dir.path().join("cifar-10-batches-py");
    fs::create_dir(&inside).unwrap();
    pickled(&inside, false);
    let names: Vec<u8> = (b'a'..=b'j').flat_map(|letter| text(&[letter])).collect();
    let meta = [&b"\x80\x02}("[..], &text(b"label_names"), b"](", &names, b"eu."].concat();
    fs::write(inside.join("batches.meta"), meta).unwrap();
    let data = load(&config(dir.path()), 1).unwrap();
    assert_eq!((data.source.as_str(), data.class_names.concat().as_str()), ("pickle", "abcdefghij"));
    let files = fs::read_dir(&inside).unwrap().map(|file| {
        let path = file.unwrap().path();
        entry(&format!("x/{}", path.file_name().unwrap().display()), b'0', &fs::read(&path).unwrap())
    });
    let archive = dir.path().join("cifar-10-python.tar.gz");
    fs::write(&archive, tar_gz(&files.collect::<Vec<_>>())).unwrap();
    let packed = load(&config(&archive), 1).unwrap();
    assert_eq!((packed.source.as_str(), &packed.sha256), ("archive", &data.sha256));
    assert_eq!(packed.class_names, data.class_names);
    assert!(packed.train.pixels == data.train.pixels && packed.held_out.pixels == data.held_out.pixels);
}

#[test]
fn cifar100_has_both_labels_in_its_pickles_too() {
    let binary = folder(cifar100);
    let dir = folder(|dir| {
        for (file, first, count) in [("train", 0, 200), ("test", 300, 100)] {
            let (pixels, _) = images(first, count);
            let labels = |classes| (first..first + count).map(|number| (number % classes) as u8).collect();
            let labels = [("fine_labels", labels(100)), ("coarse_labels", labels(20))];
            fs::write(dir.join(file), batch(&labels, &pixels, false)).unwrap();
        }
    });
    assert_eq!(hash_of(dir.path()), hash_of(binary.path()));
    let data = load(&DataConfig { labels: Labels::Coarse, ..config(dir.path()) }, 1).unwrap();
    assert_eq!((data.name.as_str(), data.classes.len()), ("cifar100", 20));
    check(&data, 300, |number| (number % 20) as u8);
}

/// What numpy itself pickles: with Python 2's codes, and in its newest form and by columns.
#[test]
fn what_python_pickles_is_read() {
    let hash = hash_of(folder(cifar10).path());
    let (pixels, labels) = images(2, 18);
    let dir = folder(|dir| pickled(dir, false));
    for foreign_file in ["data_batch_1", "data_batch_1.protocol-4"] {
        // Two of the first file's images, then the others: the same data, but for the border between files.
        fs::write(dir.path().join("data_batch_1"), foreign(foreign_file)).unwrap();
        let rest = batch(&[("labels", labels.clone())], &pixels, false);
        fs::write(dir.path().join("data_batch_2"), rest).unwrap();
        for (file, first) in [("data_batch_3", 20), ("data_batch_4", 40), ("data_batch_5", 60)] {
            let (pixels, labels) = images(first, if first == 60 { 40 } else { 20 });
            fs::write(dir.path().join(file), batch(&[("labels", labels)], &pixels, false)).unwrap();
        }
        assert_eq!(hash_of(dir.path()), hash, "{foreign_file}");
    }
    // Our own writer leaves out only what a reader need not know: texts, their numbers in the memo, a label
    // more.
    let (pixels, labels) = images(0, 2);
    let own = batch(&[("labels", labels)], &pixels, false);
    let place = |bytes: &[u8]| bytes.windows(100).position(|window| *window == pixels[..100]);
    assert!(place(&own).is_some() && place(&foreign("data_batch_1")).is_some());
}

#[test]
fn wrong_pickles_are_named() {
    let dir = folder(|dir| pickled(dir, false));
    let file = dir.path().join("data_batch_3");
    let (pixels, labels) = images(40, 20);
    let with = |bytes: Vec<u8>| {
        fs::write(&file, bytes).unwrap();
        problem(dir.path())
    };
    let good = batch(&[("labels", labels.clone())], &pixels, false);
    assert!(with(good[..good.len() / 2].to_vec()).contains("data_batch_3: found at offset"));
    let message = with(batch(&[("labels", labels[1..].to_vec())], &pixels, false));
    assert_eq!(message, "DIR/data_batch_3: found 19 \"labels\", expected 20, one an image");
    let wrong: Vec<u8> = (1..21).collect();
    let message = with(batch(&[("labels", wrong)], &pixels, false));
    assert_eq!(message, "DIR/data_batch_3: found 10 as number 9 of \"labels\", expected 0 to 9");
    let message = with(batch(&[("fine_labels", labels.clone())], &pixels, false));
    assert!(message.starts_with("DIR/data_batch_3: found no list called \"labels\""), "{message}");
    let message = with(b"\x80\x02}.".to_vec());
    assert_eq!(message, "DIR/data_batch_3: found no array of bytes called \"data\", expected the pixels");
    let other = String::from_utf8_lossy(&good[..40]).into_owned();
    assert!(other.contains("labels"));
    let message = with(b"\x80\x02cos\nsystem\nU\x02ls\x85R.".to_vec());
    assert!(message.contains("\"os.system\", which is never called"), "{message}");
    fs::remove_file(&file).unwrap();
    assert_eq!(problem(dir.path()), "DIR/data_batch_3: not found; CIFAR-10 needs it");
}
