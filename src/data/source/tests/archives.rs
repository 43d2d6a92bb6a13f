use super::*;
use crate::data::unpack;

/// A CIFAR-10 archive of 20 images a training file, in the order of the official one, and the folder with the
/// same.
fn packed(dir: &Path) -> Vec<Vec<u8>> {
    let folder = dir.join("unpacked");
    fs::create_dir(&folder).unwrap();
    cifar10(&folder);
    let order = [
        "data_batch_1.bin",
        "batches.meta.txt",
        "data_batch_3.bin",
        "data_batch_4.bin",
        "test_batch.bin",
        "readme.html",
        "data_batch_5.bin",
        "data_batch_2.bin",
    ];
    fs::write(folder.join("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n").unwrap();
    fs::write(folder.join("readme.html"), "<html>").unwrap();
    let file = |name: &&str| {
        entry(&format!("cifar-10-batches-bin/{name}"), b'0', &fs::read(folder.join(name)).unwrap())
    };
    [vec![entry("cifar-10-batches-bin/", b'5', b"")], order.iter().map(file).collect()].concat()
}

#[test]
fn an_archive_is_the_same_data_as_its_folder() {
    let dir = tempfile::tempdir().unwrap();
    let entries = packed(dir.path());
    let archive = dir.path().join("cifar-10-binary.tar.gz");
    fs::write(&archive, tar_gz(&entries)).unwrap();
    let plain = dir.path().join("other name.TAR");
    fs::write(&plain, entries.concat()).unwrap();
    let folder = load(&config(&dir.path().join("unpacked")), 5).unwrap();
    for place in [&archive, &plain] {
        let data = load(&config(place), 5).unwrap();
        assert_eq!((data.name.as_str(), data.source.as_str()), ("cifar10", "archive"));
        assert_eq!((&data.sha256, &data.class_names), (&folder.sha256, &folder.class_names));
        for (found, expected) in [(&data.train, &folder.train), (&data.held_out, &folder.held_out)] {
            assert_eq!((&found.indices, &found.labels), (&expected.indices, &expected.labels));
            assert!(found.pixels == expected.pixels);
        }
        check(&data, 500, |number| (number % 10) as u8);
    }
    // The folder that the archive was loaded into is as good.
    assert_eq!(hash_of(dir.path().join("alone").as_path().parent().unwrap()), folder.sha256);
}

#[test]
fn what_gnu_tar_packs_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let archive = dir.path().join("cifar-10-binary.tar.gz");
    fs::write(&archive, foreign("cifar-10-binary.tar.gz")).unwrap();
    let choice =
        DataConfig { classes: Some(Class::numbers(&[0, 1, 2, 3, 4])), held_out: Some(1), ..config(&archive) };
    // The test image is of class 5, and no training image is.
    assert!(load(&choice, 1).unwrap_err().to_string().contains("found 0 test images"));
    let folder = dir.path().join("unpacked");
    unpack(&archive, "cifar10", &folder).unwrap();
    for (number, file) in BATCHES.iter().chain([&"test_batch.bin"]).enumerate() {
        assert_eq!(fs::read(folder.join(file)).unwrap(), records(number, 1, |number| [number as u8]));
    }
    let message = unpack(&archive, "cifar100", &folder).unwrap_err().to_string();
    assert!(message.ends_with("train.bin: not found; CIFAR-100 needs it"), "{message}");
}

#[test]
fn long_names_and_a_macs_companions_do_no_harm() {
    let dir = tempfile::tempdir().unwrap();
    let mut entries = packed(dir.path());
    let hash = hash_of(&dir.path().join("unpacked"));
    let pax = format!("{} path=a/{}/data_batch_1.bin\n", 200, "x".repeat(150));
    entries.insert(1, entry("PaxHeaders/1", b'x', pax.as_bytes()));
    entries.insert(1, entry("a/._data_batch_1.bin", b'0', b"of the Mac"));
    let long = format!("{}/readme\0", "y".repeat(200));
    entries.push(entry("././@LongLink", b'L', long.as_bytes()));
    entries.push(entry(&long[..100], b'0', b"text"));
    let archive = dir.path().join("mac.tgz");
    fs::write(&archive, tar_gz(&entries)).unwrap();
    assert_eq!(hash_of(&archive), hash);
}

#[test]
fn archives_that_no_honest_maker_makes_are_refused() {
    let file = |name: &str| entry(name, b'0', &records(0, 1, |_| [0]));
    let big = header("data_batch_1.bin", b'0', "77777777777");
    let zeros = [header("data_batch_1.bin", b'0', "12000000000"), vec![0; 3 << 20]].concat();
    let name = entry("././@LongLink", b'L', &vec![b'a'; 100_000]);
    let cases: [(Vec<Vec<u8>>, &str); 10] = [
        (vec![file("../data_batch_1.bin")], "the name ../data_batch_1.bin"),
        (vec![file("/etc/data_batch_1.bin")], "names that do not lead out of it"),
        (vec![file("a/../../data_batch_1.bin")], "names that do not lead out of it"),
        (vec![entry("data_batch_1.bin", b'2', b"")], "the link data_batch_1.bin"),
        (vec![entry("data_batch_1.bin", b'1', b"")], "the link data_batch_1.bin"),
        (vec![entry("data_batch_1.bin", b'3', b"")], "data_batch_1.bin, which is no file"),
        (vec![big], "files of more than 1024 MB in all, up to data_batch_1.bin"),
        (vec![zeros], "files of more than 1024 MB in all"),
        (vec![name], "a name of 100000 bytes"),
        (vec![entry("notes.txt", b'0', b"hm")], "other files, such as notes.txt"),
    ];
    let dir = tempfile::tempdir().unwrap();
    let archive = dir.path().join("a.tar.gz");
    for (entries, part) in cases {
        fs::write(&archive, tar_gz(&entries)).unwrap();
        let message = problem(&archive);
        assert!(message.starts_with("DIR: found ") && message.contains(part), "{part}: {message}");
        // Nothing is written anywhere either.
        let folder = dir.path().join("out");
        assert!(unpack(&archive, "cifar10", &folder).is_err());
        assert!(!dir.path().join("data_batch_1.bin").exists());
        fs::remove_dir_all(&folder).unwrap();
    }
    let many: Vec<Vec<u8>> = (0..10_001).map(|number| entry(&number.to_string(), b'0', b"")).collect();
    fs::write(&archive, tar_gz(&many)).unwrap();
    assert!(problem(&archive).contains("more than 10000 files"));
}

#[test]
fn broken_archives_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let entries = packed(dir.path());
    let good = tar_gz(&entries);
    let archive = dir.path().join("a.tar.gz");
    let with = |bytes: &[u8]| {
        fs::write(&archive, bytes).unwrap();
        problem(&archive)
    };
    for length in [good.len() / 2, good.len() - 4] {
        let message = with(&good[..length]);
        assert!(message.contains("DIR") && message.contains("cannot"), "{message}");
    }
    let mut damaged = good.clone();
    let middle = good.len() / 2;
    damaged[middle] ^= 1;
    assert!(with(&damaged).starts_with("DIR"), "{}", with(&damaged));
    assert!(with(b"no archive at all").contains("found something else, or cut off, expected a tar archive"));
    assert!(with(&[7; 2000]).contains("found something else, or broken, expected a tar archive"));
    assert_eq!(
        with(&gzip(&vec![0; 1 << 22])),
        "DIR: found no files, expected CIFAR-10 or CIFAR-100; images of your own are read unpacked, from their folder"
    );
    let mut twice = entries.clone();
    twice.push(entries[1].clone());
    assert!(with(&tar_gz(&twice)).contains("found two files called data_batch_1.bin"));
    let cut = [entries[..3].concat(), entries[3][..1000].to_vec()].concat();
    assert!(with(&gzip(&cut)).contains("cut off"), "{}", with(&gzip(&cut)));
    assert!(with(&tar_gz(&entries[..7])).ends_with("data_batch_2.bin: not found; CIFAR-10 needs it"));
}

#[test]
fn archives_beside_one_another_are_ambiguous_and_beside_their_files_are_not_read() {
    let dir = tempfile::tempdir().unwrap();
    let entries = packed(dir.path());
    fs::rename(dir.path().join("unpacked"), dir.path().join("cifar-10-batches-bin")).unwrap();
    fs::write(dir.path().join("cifar-10-binary.tar.gz"), "broken").unwrap();
    assert_eq!(load(&config(dir.path()), 1).unwrap().source, "folder");
    fs::remove_dir_all(dir.path().join("cifar-10-batches-bin")).unwrap();
    fs::write(dir.path().join("cifar-10-binary.tar.gz"), tar_gz(&entries)).unwrap();
    assert_eq!(load(&config(dir.path()), 1).unwrap().source, "archive");
    let other = tar_gz(&[entry("cifar-100-binary/train.bin", b'0', b"1")]);
    fs::write(dir.path().join("cifar-100-binary.tar.gz"), other).unwrap();
    let message = problem(dir.path());
    assert!(message.starts_with("DIR: found CIFAR-10 and CIFAR-100; expected one"), "{message}");
}
