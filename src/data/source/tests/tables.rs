use image::RgbImage;

use super::*;

/// 12 pictures of one colour each, `0.png` to `11.png`, in a folder beside the table.
fn pictures(dir: &Path) {
    fs::create_dir(dir.join("all")).unwrap();
    for number in 0..12u8 {
        let picture = RgbImage::from_pixel(32, 32, image::Rgb([number * 20; 3]));
        picture.save(dir.join(format!("all/{number}.png"))).unwrap();
    }
}

/// A table of them: `between` stands between cells, and `more` makes further cells.
fn table(head: &str, between: char, more: impl Fn(usize) -> String) -> String {
    let rows = (0..12).map(|number| {
        let label = ["cat", "dog"][number % 2];
        format!("all/{number}.png{between}{label}{}\n", more(number))
    });
    std::iter::once(format!("{head}\n")).chain(rows).collect()
}

#[test]
fn a_table_lists_pictures_and_labels() {
    let dir = folder(pictures);
    for (file, head, between) in [
        ("pets.csv", "path,label", ','),
        ("x.csv", "File Name;Filename;CLASS", ';'),
        ("t.tsv", "image\tcategory", '\t'),
    ] {
        let path = dir.path().join(file);
        let text = match between {
            ';' => table(head, between, |_| String::new()).replace("all/", "A picture;all/"),
            _ => table(head, between, |_| String::new()),
        };
        fs::write(&path, text).unwrap();
        let data = load(&config(&path), 1).unwrap();
        assert_eq!(
            (data.source.as_str(), &data.class_names[..]),
            ("table", &["cat".into(), "dog".into()][..])
        );
        assert_eq!(data.name, file.split('.').next().unwrap());
        assert_eq!((data.train.len(), data.validation.len(), data.held_out.len()), (8, 2, 2));
        for part in [&data.train, &data.validation, &data.held_out] {
            for (at, &index) in part.indices.iter().enumerate() {
                assert_eq!(u32::from(part.labels[at]), index % 2);
                assert!(
                    part.pixels[at * PIXELS..][..PIXELS].iter().all(|&pixel| u32::from(pixel) == index * 20)
                );
            }
        }
    }
}

#[test]
fn a_column_or_two_tables_say_what_is_held_out() {
    let dir = folder(pictures);
    let part = |number| if number < 4 { ",Test".into() } else { ",train".into() };
    fs::write(dir.path().join("labels.csv"), table("path,label,split", ',', part)).unwrap();
    let one = load(&config(dir.path()), 1).unwrap();
    assert_eq!((one.train.len(), one.validation.len(), one.held_out.len()), (7, 1, 4));
    assert!(one.held_out.pixels.iter().all(|&pixel| pixel < 80));
    fs::remove_file(dir.path().join("labels.csv")).unwrap();
    let text = table("path,label", ',', |_| String::new());
    let (head, rest) = text.split_once('\n').unwrap();
    let rows: Vec<&str> = rest.lines().collect();
    fs::write(dir.path().join("train.csv"), format!("{head}\n{}", rows[4..].join("\n"))).unwrap();
    fs::write(dir.path().join("test.csv"), format!("{head}\n{}", rows[..4].join("\n"))).unwrap();
    let two = load(&config(dir.path()), 1).unwrap();
    assert_eq!((&two.sha256, &two.held_out.pixels), (&one.sha256, &one.held_out.pixels));
    assert_eq!(two.held_out.indices, [0, 1, 2, 3]);
}

#[test]
fn numbers_as_classes_are_in_their_order() {
    let dir = folder(pictures);
    let rows: String =
        (0..12).map(|number| format!("all/{number}.png,{}\n", [10, 9, 100][number % 3])).collect();
    fs::write(dir.path().join("labels.csv"), format!("path,label\n{rows}")).unwrap();
    let config = DataConfig { held_out: Some(3), ..config(dir.path()) };
    assert_eq!(load(&config, 1).unwrap().class_names, ["9", "10", "100"]);
}

#[test]
fn wrong_tables_are_named() {
    let dir = folder(pictures);
    let path = dir.path().join("labels.csv");
    let with = |text: &[u8]| {
        fs::write(&path, text).unwrap();
        problem(&path)
    };
    assert!(with(b"").contains("found an empty table"));
    assert!(with(b"name,label\na,b\n").contains("found the columns name, label, expected one of path,"));
    assert!(with(b"path,label\nall/1.png,\n").contains("line 2: no path or no label"));
    assert!(
        with(b"path,label,part\nall/1.png,a,dev\n")
            .contains("line 2: the part \"dev\", expected train or test")
    );
    assert!(with(b"path,label\nall/1.png,\"a\n").contains("line 2: a quote that is never closed"));
    assert!(with(b"path,label\n\xff,a\n").contains("a byte that is not UTF-8 at offset 11"));
    assert!(with(b"path,label\nall/1.png,a\n").contains("found 1 classes, expected at least two"));
    let many: String = (0..300).map(|label| format!("all/1.png,{label}\n")).collect();
    assert!(
        with(format!("path,label\n{many}").as_bytes()).contains("found 300 classes, expected at most 255")
    );
    let text = table("path,label", ',', |_| String::new());
    fs::write(&path, text.replace("all/3.png", "all/no.png")).unwrap();
    let notices = load(&config(&path), 1).unwrap().notices;
    assert_eq!(notices, ["1 picture left out, which cannot be read: all/no.png (there is no such file)"]);
    // A folder with one table of other things holds nothing known.
    fs::write(&path, "round,loss\n1,2\n").unwrap();
    assert!(problem(dir.path()).contains("found only one folder with pictures"), "{}", problem(dir.path()));
}
