use image::{DynamicImage, GrayImage, ImageFormat, RgbImage};

use super::*;
use crate::data::{PLANE, SIDE};

/// Writes a picture in the format that its name says.
fn save(path: &Path, picture: impl Into<DynamicImage>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let picture: DynamicImage = picture.into();
    picture.save_with_format(path, ImageFormat::from_path(path).unwrap()).unwrap();
}

/// One colour.
fn plain(width: u32, height: u32, colour: [u8; 3]) -> RgbImage {
    RgbImage::from_pixel(width, height, image::Rgb(colour))
}

/// `count` pictures of 32×32 pixels in a class folder; all their pixels are `first` and up.
fn class(folder: &Path, count: usize, first: u8) {
    for number in 0..count {
        save(&folder.join(format!("{number:03}.png")), plain(32, 32, [first + number as u8; 3]));
    }
}

#[test]
fn class_folders_are_classes_and_the_seed_holds_out_a_fifth() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("pets");
    class(&place.join("dogs"), 30, 100);
    class(&place.join("cats"), 20, 0);
    fs::create_dir(place.join("empty")).unwrap();
    fs::write(place.join("cats/notes.txt"), "nice").unwrap();
    fs::write(place.join("cats/.hidden.png"), "no").unwrap();
    let data = load(&config(&place), 1).unwrap();
    assert_eq!((data.name.as_str(), data.source.as_str()), ("pets", "images"));
    assert_eq!(data.class_names, ["cats", "dogs"]);
    assert_eq!(data.notices, ["1 file left out, neither PNG nor JPEG by the name, such as notes.txt"]);
    assert_eq!((data.train.len(), data.validation.len(), data.held_out.len()), (32, 8, 10));
    let mut seen = Vec::new();
    for part in [&data.train, &data.validation, &data.held_out] {
        for (at, &index) in part.indices.iter().enumerate() {
            // In the order of classes, then names.
            let (label, value) = if index < 20 { (0, index) } else { (1, 80 + index) };
            assert_eq!(part.labels[at], label);
            assert!(part.pixels[at * PIXELS..][..PIXELS].iter().all(|&pixel| u32::from(pixel) == value));
            seen.push(index);
        }
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..50).collect::<Vec<u32>>());
    let held_out = |seed| load(&config(&place), seed).unwrap().held_out.indices.clone();
    assert_eq!(held_out(1), data.held_out.indices);
    assert_ne!(held_out(2), data.held_out.indices);
    assert_eq!(data.held_out.labels.iter().filter(|&&label| label == 0).count(), 4);
    let one = DataConfig { held_out: Some(49), ..config(&place) };
    assert!(load(&one, 1).is_err(), "one image cannot be for training and validation");
    let all = load(&DataConfig { held_out: Some(50), ..config(&place) }, 1).unwrap_err().to_string();
    assert!(all.contains("held-out, with at least one left to train on: 50 images asked for, 49"), "{all}");
}

#[test]
fn train_and_test_folders_are_their_own_split() {
    let dir = tempfile::tempdir().unwrap();
    for (part, first) in [("Train", 0), ("val", 100), ("test", 200)] {
        class(&dir.path().join(part).join("a"), 10, first);
        class(&dir.path().join(part).join("b"), 5, first + 20);
    }
    let data = load(&config(dir.path()), 1).unwrap();
    assert_eq!((data.train.len(), data.validation.len(), data.held_out.len()), (12, 3, 15));
    assert!(data.held_out.pixels.iter().all(|&pixel| pixel >= 200));
    fs::remove_dir_all(dir.path().join("test")).unwrap();
    let data = load(&config(dir.path()), 1).unwrap();
    assert!(data.held_out.pixels.iter().all(|pixel| (100..200).contains(pixel)));
    fs::remove_dir_all(dir.path().join("val")).unwrap();
    assert_eq!(load(&config(dir.path()), 1).unwrap().held_out.len(), 3);
    // A class that the test folder alone has.
    class(&dir.path().join("test/c"), 2, 0);
    class(&dir.path().join("test/a"), 2, 0);
    class(&dir.path().join("test/b"), 2, 0);
    let message = problem(dir.path());
    assert!(message.contains("class 2 (c): found 0 training images"), "{message}");
}

#[test]
fn pictures_become_32_by_32_by_their_middle_square() {
    let dir = tempfile::tempdir().unwrap();
    // Two thirds of it are outside the middle square.
    let mut wide = plain(192, 64, [250, 0, 0]);
    image::imageops::replace(&mut wide, &plain(64, 64, [10, 20, 30]), 64, 0);
    save(&dir.path().join("a/wide.png"), wide);
    let mut tall = GrayImage::from_pixel(16, 40, image::Luma([200]));
    image::imageops::replace(&mut tall, &GrayImage::from_pixel(16, 16, image::Luma([70])), 0, 12);
    save(&dir.path().join("a/x tall.PNG"), tall);
    // Stripes of one pixel: each new pixel covers two by two of them.
    let stripes = RgbImage::from_fn(64, 64, |x, _| image::Rgb([if x % 2 == 0 { 0 } else { 200 }; 3]));
    save(&dir.path().join("b/stripes.png"), stripes);
    save(&dir.path().join("b/photo.jpeg"), plain(100, 80, [128, 128, 128]));
    let choice = DataConfig { held_out: Some(1), validation: Some(1), ..config(dir.path()) };
    let data = load(&choice, 1).unwrap();
    let images = |wanted: u32| {
        let parts = [&data.train, &data.validation, &data.held_out];
        let found = parts.iter().find_map(|part| {
            let at = part.indices.iter().position(|&index| index == wanted)?;
            Some(part.pixels[at * PIXELS..][..PIXELS].to_vec())
        });
        found.unwrap()
    };
    let planes = |image: &[u8]| image.chunks_exact(PLANE).map(|plane| plane.to_vec()).collect::<Vec<_>>();
    assert_eq!(planes(&images(0)), [vec![10; PLANE], vec![20; PLANE], vec![30; PLANE]]);
    assert!(images(1).iter().all(|&pixel| pixel == 70));
    assert!(images(2).iter().all(|&pixel| pixel.abs_diff(128) < 3));
    // By triangles the neighbours count too; inside, dark and light balance.
    let stripes = images(3);
    for row in stripes.chunks_exact(SIDE) {
        assert!(row[1..31].iter().all(|&pixel| pixel.abs_diff(100) < 30), "{row:?}");
    }
}

/// Pillow's files: a photograph with a note of how the camera was held, and a gray picture.
#[test]
fn what_other_software_writes_is_read_upright() {
    let dir = tempfile::tempdir().unwrap();
    for (folder, name) in [("turned", "turned.jpg"), ("gray", "gray.png")] {
        for copy in 0..3 {
            fs::create_dir_all(dir.path().join(folder)).unwrap();
            fs::write(dir.path().join(folder).join(format!("{copy}{name}")), foreign(name)).unwrap();
        }
    }
    let data = load(&config(dir.path()), 1).unwrap();
    assert_eq!(data.class_names, ["gray", "turned"]);
    for (at, &label) in data.train.labels.iter().enumerate() {
        let image = &data.train.pixels[at * PIXELS..][..PIXELS];
        if label == 0 {
            assert!(image.iter().all(|&pixel| pixel == 200));
        } else {
            // Red above, blue below, but near the border.
            let (red, blue) = (&image[..PLANE], &image[2 * PLANE..]);
            assert!(red[..12 * SIDE].iter().all(|&pixel| pixel > 230), "{:?}", &red[..SIDE]);
            assert!(blue[20 * SIDE..].iter().all(|&pixel| pixel > 230));
            assert!(red[20 * SIDE..].iter().chain(&blue[..12 * SIDE]).all(|&pixel| pixel < 25));
        }
    }
}

#[test]
fn broken_pictures_are_named_and_left_out_until_there_are_too_many() {
    let dir = tempfile::tempdir().unwrap();
    class(&dir.path().join("a"), 10, 0);
    class(&dir.path().join("b"), 10, 50);
    let good = fs::read(dir.path().join("a/000.png")).unwrap();
    fs::write(dir.path().join("a/001.png"), &good[..good.len() / 2]).unwrap();
    fs::write(dir.path().join("b/000.png"), "no picture").unwrap();
    fs::write(dir.path().join("b/zero.jpg"), "").unwrap();
    let data = load(&config(dir.path()), 1).unwrap();
    let [notice] = &data.notices[..] else { panic!("{:?}", data.notices) };
    assert!(notice.starts_with("3 pictures left out, which cannot be read: a/001.png ("), "{notice}");
    assert!(notice.contains("b/000.png (neither PNG nor JPEG)") && notice.contains("b/zero.jpg"), "{notice}");
    assert_eq!(data.train.len() + data.validation.len() + data.held_out.len(), 18);
    let seen = [&data.train, &data.validation, &data.held_out].map(|part| part.indices.clone()).concat();
    assert!(!seen.contains(&1) && !seen.contains(&10) && seen.contains(&19));
    for number in 0..98 {
        fs::write(dir.path().join(format!("b/broken{number}.png")), "no picture").unwrap();
    }
    let message = problem(dir.path());
    assert!(
        message.starts_with("DIR: found more than 100 pictures that cannot be read, such as a/001"),
        "{message}"
    );
}

#[test]
fn where_no_picture_can_be_read_that_is_said_and_why() {
    let dir = tempfile::tempdir().unwrap();
    for (folder, file) in [("a", "a/x.png"), ("b", "b/y.jpg")] {
        fs::create_dir(dir.path().join(folder)).unwrap();
        fs::write(dir.path().join(file), "no picture").unwrap();
    }
    let message = problem(dir.path());
    assert!(
        message
            .starts_with("DIR: found 2 pictures, none of which can be read: a/x.png (neither PNG nor JPEG)"),
        "{message}"
    );
}

/// A PNG of all zeros, whatever its size: its header, and as much of its pixels as `rows` says.
fn claimed(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    DynamicImage::from(GrayImage::new(8, 8))
        .write_to(&mut std::io::Cursor::new(&mut bytes), ImageFormat::Png)
        .unwrap();
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let checksum = crc(&bytes[12..29]).to_be_bytes();
    bytes[29..33].copy_from_slice(&checksum);
    bytes
}

/// The CRC-32 of PNG's chunks.
fn crc(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 })
    };
    !bytes.iter().fold(u32::MAX, step)
}

#[test]
fn bombs_are_refused_by_name_before_they_are_decoded() {
    let dir = tempfile::tempdir().unwrap();
    class(&dir.path().join("a"), 3, 0);
    class(&dir.path().join("b"), 3, 0);
    fs::write(dir.path().join("a/bomb.png"), claimed(30_000, 30_000)).unwrap();
    fs::write(dir.path().join("b/strip.png"), claimed(u32::MAX >> 1, 1)).unwrap();
    let data = load(&config(dir.path()), 1).unwrap();
    let notice = &data.notices[0];
    assert!(notice.contains("a/bomb.png (30000×30000 pixels, more than 64 million)"), "{notice}");
    assert!(notice.contains("b/strip.png ("), "{notice}");
}

#[test]
fn what_a_page_keeps_of_a_picture_is_the_same_image() {
    let (whole, small) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (folder, name) in [("turned", "turned.jpg"), ("gray", "gray.png")] {
        for copy in 0..3 {
            for dir in [&whole, &small] {
                fs::create_dir_all(dir.path().join(folder)).unwrap();
            }
            let (file, bytes) = (format!("{folder}/{copy}{name}"), foreign(name));
            fs::write(whole.path().join(&file), &bytes).unwrap();
            fs::write(small.path().join(&file), shrunk(&bytes).unwrap()).unwrap();
        }
    }
    assert_eq!(hash_of(small.path()), hash_of(whole.path()));
    assert_eq!(shrunk(b"no picture"), None);
}
