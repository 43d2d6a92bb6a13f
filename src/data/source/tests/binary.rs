use super::*;

#[test]
fn cifar10_is_read_whole_across_its_files() {
    let dir = folder(cifar10);
    let data = load(&config(dir.path()), 3).unwrap();
    assert_eq!((data.name.as_str(), data.source.as_str()), ("cifar10", "folder"));
    assert_eq!((data.train.len(), data.validation.len(), data.held_out.len()), (80, 20, 30));
    check(&data, 500, |number| (number % 10) as u8);
    let mut all: Vec<u32> = data.train.indices.iter().chain(&data.validation.indices).copied().collect();
    all.sort_unstable();
    assert_eq!(all, (0..100).collect::<Vec<_>>());
    let mut hash = Sha256::new();
    for file in BATCHES.iter().chain([&"test_batch.bin"]) {
        hash.update(fs::read(dir.path().join(file)).unwrap());
    }
    let expected: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(data.sha256, expected);
}

#[test]
fn a_choice_of_classes_and_sizes_reads_only_those() {
    let dir = folder(cifar10);
    let config = DataConfig {
        classes: Some(Class::numbers(&[7, 2, 5])),
        train: Some(12),
        validation: Some(6),
        held_out: Some(5),
        ..config(dir.path())
    };
    let data = load(&config, 3).unwrap();
    assert_eq!((data.train.len(), data.validation.len(), data.held_out.len()), (12, 6, 5));
    assert_eq!(data.class_names, ["horse", "bird", "dog"]);
    check(&data, 500, |number| (number % 10) as u8);
    for label in 0..3 {
        let count = |labels: &[u8]| labels.iter().filter(|&&found| found == label).count();
        assert_eq!((count(&data.train.labels), count(&data.validation.labels)), (4, 2));
        assert!((1..=2).contains(&count(&data.held_out.labels)));
    }
    assert_eq!(data.sha256, load(&DataConfig { classes: None, ..config }, 9).unwrap().sha256);
}

#[test]
fn cifar100_has_fine_and_coarse_labels() {
    let dir = folder(cifar100);
    let fine = load(&config(dir.path()), 1).unwrap();
    assert_eq!((fine.name.as_str(), fine.classes.len()), ("cifar100", 100));
    assert_eq!((&fine.class_names[0][..], &fine.class_names[99][..]), ("apple", "worm"));
    check(&fine, 300, |number| (number % 100) as u8);
    let coarse = load(&DataConfig { labels: Labels::Coarse, ..config(dir.path()) }, 1).unwrap();
    assert_eq!((coarse.classes.len(), &coarse.class_names[19][..]), (20, "vehicles_2"));
    check(&coarse, 300, |number| (number % 20) as u8);
    assert_eq!(fine.sha256, coarse.sha256);
    assert_eq!((coarse.train.len(), coarse.validation.len(), coarse.held_out.len()), (160, 40, 100));
}

#[test]
fn the_usual_subfolders_are_found_and_two_are_ambiguous() {
    let parent = tempfile::tempdir().unwrap();
    let (ten, hundred) = (parent.path().join("cifar-10-batches-bin"), parent.path().join("cifar-100-binary"));
    fs::create_dir(&ten).unwrap();
    cifar10(&ten);
    assert_eq!(load(&config(parent.path()), 1).unwrap().name, "cifar10");
    fs::create_dir(&hundred).unwrap();
    cifar100(&hundred);
    assert!(matches!(load(&config(parent.path()), 1), Err(DataError::Ambiguous { .. })));
    fs::remove_dir_all(&ten).unwrap();
    assert_eq!(load(&config(parent.path()), 1).unwrap().name, "cifar100");
}

#[test]
fn names_come_from_the_folder_if_it_has_them() {
    let dir = folder(cifar10);
    let list = dir.path().join("batches.meta.txt");
    fs::write(&list, "a\r\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n").unwrap();
    assert_eq!(load(&config(dir.path()), 1).unwrap().class_names.join(""), "abcdefghij");
    fs::write(&list, "a\nb\n").unwrap();
    assert_eq!(problem(dir.path()), "DIR/batches.meta.txt: found 2 class names, expected 10");
    fs::write(&list, b"a\n\xff\n").unwrap();
    assert!(
        problem(dir.path()).starts_with("DIR/batches.meta.txt: offset 2: found a byte that is not UTF-8")
    );
}

#[test]
fn a_cut_file_names_the_broken_record() {
    let dir = folder(cifar10);
    let file = dir.path().join("data_batch_3.bin");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..4 * 3073 + 100]).unwrap();
    assert!(
        problem(dir.path())
            .starts_with("DIR/data_batch_3.bin: record 4 at offset 12292: found 100 bytes, expected 3073")
    );
    fs::write(&file, [bytes, vec![1]].concat()).unwrap();
    assert!(
        problem(dir.path())
            .starts_with("DIR/data_batch_3.bin: record 20 at offset 61460: found 1 bytes, expected 3073")
    );
    fs::write(&file, []).unwrap();
    assert!(problem(dir.path()).starts_with("DIR/data_batch_3.bin: offset 0: found an empty file"));
}

#[test]
fn a_label_out_of_range_names_its_offset() {
    let dir = folder(cifar10);
    let file = dir.path().join("test_batch.bin");
    let mut bytes = fs::read(&file).unwrap();
    bytes[29 * 3073] = 10;
    fs::write(&file, bytes).unwrap();
    let expected = "DIR/test_batch.bin: record 29, label at offset 89117: found 10, expected 0 to 9";
    assert_eq!(problem(dir.path()), expected);

    let dir = folder(cifar100);
    let file = dir.path().join("train.bin");
    let good = fs::read(&file).unwrap();
    for (at, found, most) in [(3074, 20, 19), (3075, 100, 99)] {
        let mut bytes = good.clone();
        bytes[at] = found;
        fs::write(&file, bytes).unwrap();
        let expected =
            format!("DIR/train.bin: record 1, label at offset {at}: found {found}, expected 0 to {most}");
        assert_eq!(problem(dir.path()), expected);
    }
}

#[test]
fn missing_files_and_wrong_things_in_their_place_are_named() {
    let dir = folder(cifar10);
    let file = dir.path().join("data_batch_5.bin");
    fs::remove_file(&file).unwrap();
    assert_eq!(problem(dir.path()), "DIR/data_batch_5.bin: not found; CIFAR-10 needs it");
    fs::create_dir(&file).unwrap();
    assert!(problem(dir.path()).starts_with("DIR/data_batch_5.bin: found a folder"));

    let empty = tempfile::tempdir().unwrap();
    assert!(problem(empty.path()).starts_with("DIR: found an empty folder. Expected CIFAR-10 or"));
    assert!(problem(&empty.path().join("absent")).starts_with("DIR: cannot open: "));
    let file = empty.path().join("file");
    fs::write(&file, "text").unwrap();
    assert!(problem(&file).starts_with("DIR: found a file; expected a folder"));
}

#[test]
fn what_people_give_instead_is_named_with_the_way_on() {
    // The folder's content, what of it is given, and parts of the sentence about it.
    let cases: [(&[&str], &str, &[&str]); 14] = [
        (&["cifar10.zip"], "", &["still packed", "unzip cifar10.zip"]),
        (&["cifar10.zip"], "cifar10.zip", &["unzip cifar10.zip", "give the folder that comes out"]),
        (&["data_batch_1.bin.gz"], "", &["data_batch_1.bin.gz, still compressed", "gunzip"]),
        (&["TEST_BATCH.BIN"], "", &["TEST_BATCH.BIN, whose name", "test_batch.bin"]),
        (&["test_batch.bin"], "test_batch.bin", &["one of CIFAR-10's files", "them all: DIR"]),
        (&["data_batch_3"], "data_batch_3", &["one of CIFAR-10's files", "them all: DIR"]),
        (&["t10k-labels-idx1-ubyte.gz"], "t10k-labels-idx1-ubyte.gz", &["MNIST's files", "all four: DIR"]),
        (&["train.bin", "more/notes.txt"], "more", &["CIFAR-100 in DIR; give that folder"]),
        (&["images/test_batch.bin", "a.txt"], "", &["CIFAR-10 in DIR/images; give that folder"]),
        (&["data/cifar/train.bin"], "", &["CIFAR-100 in DIR/data/cifar; give"]),
        (&["a.png", "b.JPG", "c.txt"], "", &["2 pictures without classes", "a folder named after it"]),
        (&["a.png"], "a.png", &["a single picture", "class folders"]),
        (&["my/pictures/cats/1.png", "my/pictures/dogs/1.png"], "my", &["deeper", "my/pictures/cats"]),
        (&["a.doc", "b.doc", "c.doc", "d.doc"], "", &["4 files and folders", "a.doc, b.doc, c.doc"]),
    ];
    for (files, given, parts) in cases {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "1").unwrap();
        }
        let message = load(&config(&dir.path().join(given)), 1).unwrap_err().to_string();
        let message = message.replace(&dir.path().display().to_string(), "DIR").replace('\\', "/");
        assert!(parts.iter().all(|part| message.contains(part)), "{files:?}: {message}");
    }
}

#[test]
fn a_class_without_images_is_named() {
    let dir = folder(cifar10);
    fs::write(dir.path().join("test_batch.bin"), records(500, 9, |number| [(number % 10) as u8])).unwrap();
    assert!(problem(dir.path()).starts_with("DIR: class 9 (truck): found 0 test images"));
    let config = DataConfig { classes: Some(Class::numbers(&[0, 8])), ..config(dir.path()) };
    assert_eq!(load(&config, 1).unwrap().held_out.len(), 2);
}

#[test]
fn cifar10_has_no_coarse_labels() {
    let dir = folder(cifar10);
    let config = DataConfig { labels: Labels::Coarse, ..config(dir.path()) };
    assert!(matches!(load(&config, 1), Err(DataError::NoCoarseLabels)));
}

/// An administrator may read any file whatever its permissions, so this asks for something that nobody can
/// read.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_read_is_named() {
    let dir = folder(cifar10);
    let file = dir.path().join("data_batch_1.bin");
    fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink("/proc/self/mem", &file).unwrap();
    assert!(problem(dir.path()).starts_with("DIR/data_batch_1.bin: cannot read: "));
}
