//! The pictures of a run: which files there are, and what can be read and seen in them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Cursor;

use super::*;

/// The names of a folder's files.
fn names(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Width and height that an SVG file states.
fn size(svg: &str) -> (u32, u32) {
    let number = |name: &str| {
        let start = svg.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
        svg[start..].split('"').next().unwrap().parse().unwrap()
    };
    (number("width"), number("height"))
}

/// Whether every element of an SVG file is closed in its turn.
fn is_well_formed(svg: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    for part in svg.split('<').skip(1) {
        let Some((tag, text)) = part.split_once('>') else { return false };
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or("");
        if tag.starts_with('/') {
            if open.pop() != Some(name) {
                return false;
            }
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        if tag.matches('"').count() % 2 == 1 || text.contains('"') {
            return false;
        }
    }
    open.is_empty()
}

#[test]
fn every_picture_of_a_run_says_what_it_shows_in_every_file() {
    let folder = Folder::new("");
    folder.grow("run", &["--set", "strategy.kind=joint", "--set", "instrument.in-the-end=1"]);
    let (run, out) = (folder.path("run"), folder.path("pictures"));
    let printed = succeed(&["draw", &run, "--out", &out]);
    let kinds = ["candidates-01", "cloud-01", "curve", "in-the-end-01", "network", "promises"];
    let themes = ["light", "dark"];
    let mut expected = BTreeSet::new();
    for kind in kinds {
        for theme in themes {
            expected.extend(["svg", "png"].map(|format| format!("{kind}-{theme}.{format}")));
        }
    }
    assert_eq!(names(&out), expected);
    assert!(expected.iter().all(|name| printed.contains(name)), "{printed}");

    for (kind, labels) in [
        ("candidates-01", &["Round 1: the candidates", "estimated", "actual", "in the end", "chosen"][..]),
        ("cloud-01", &["estimated gain (nats)", "actual gain (nats)", "split: n 10", "widen: n 2"]),
        (
            "in-the-end-01",
            &["estimated gain (nats)", "gain in the end (nats)", "gains in the end", "split: n 1"],
        ),
        ("curve", &["training steps", "accuracy (%)", "growth", "held-out images", "training batches"]),
        ("network", &["The seed", "After round 1", "conv1", "4 × 32²", "3 classes", "gone"]),
        ("promises", &["single gains, summed", "joint estimate", "what came", "in the end", ">round<"]),
    ] {
        let mut drawn = Vec::new();
        for theme in themes {
            let svg = fs::read_to_string(format!("{out}/{kind}-{theme}.svg")).unwrap();
            assert!(is_well_formed(&svg), "{kind}: {svg}");
            for label in labels {
                assert!(svg.contains(label), "{kind}: {label} in {svg}");
            }
            let image = image::open(format!("{out}/{kind}-{theme}.png")).unwrap().into_rgb8();
            let (width, height) = size(&svg);
            assert_eq!(image.dimensions(), (2 * width, 2 * height), "{kind}");
            let ground = if theme == "dark" { [24, 27, 31] } else { [255, 255, 255] };
            assert_eq!(image.get_pixel(0, 0).0, ground);
            let inked = image.pixels().filter(|pixel| pixel.0 != ground).count();
            assert!(inked > 4_000, "{kind}: {inked} pixels");
            drawn.push(svg);
        }
        assert_ne!(drawn[0], drawn[1], "{kind} has its own colours on a dark ground");
    }
}

/// The texts that stand in an SVG file.
fn texts(svg: &str) -> BTreeSet<&str> {
    svg.split("<text").skip(1).filter_map(|part| part.split_once('>')?.1.split('<').next()).collect()
}

#[test]
fn pictures_are_in_the_language_asked_for() {
    let folder = Folder::new("");
    folder.grow("run", &["--set", "strategy.kind=joint", "--set", "instrument.in-the-end=1"]);
    let run = folder.path("run");
    let plain = |language: &str| {
        let mut texts = words(language);
        texts.retain(|_, text| !text.contains('{'));
        texts
    };
    let english = plain("en");
    let drawn = |language: &str| {
        let out = folder.path(language);
        let options = ["--format", "svg", "--theme", "light", "--language", language, "--movie"];
        succeed(&[&["draw", &run, "--out", &out], &options[..]].concat());
        let svgs = names(&out).into_iter().filter(|name| name.ends_with(".svg"));
        svgs.map(|name| fs::read_to_string(format!("{out}/{name}")).unwrap()).collect::<Vec<_>>().concat()
    };
    let said = texts(&drawn("en")).into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
    // With units behind them.
    let stands = |said: &BTreeSet<String>, text: &str| {
        said.iter().any(|found| found == text || found.starts_with(&format!("{text} (")))
    };
    // Every English text that is drawn, with all names it has: one word may be called differently in
    // two places, and only the place drawn says which is meant.
    let mut there: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
    for (name, text) in english.iter().filter(|(_, text)| stands(&said, text)) {
        there.entry(text).or_default().push(name);
    }
    assert!(there.len() > 25, "{there:?}");
    for language in ["de", "fr", "es"] {
        let (svg, own) = (drawn(language), plain(language));
        let said = texts(&svg).into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
        for (text, names) in &there {
            assert!(names.iter().any(|name| stands(&said, &own[*name])), "{language}: {names:?} is not said");
            let differs = names.iter().all(|name| own[*name] != **text);
            assert!(!differs || !stands(&said, text), "{language}: {names:?} stayed English");
        }
        let is_number =
            |text: &&String| text.chars().all(|letter| letter.is_ascii_digit() || ".,−".contains(letter));
        let numbers: Vec<&String> = said.iter().filter(is_number).collect();
        assert!(numbers.iter().any(|text| text.contains(',')), "{language}: {numbers:?}");
        assert!(numbers.iter().all(|text| !text.contains('.')), "{language}: {numbers:?}");
    }
}

#[test]
fn a_movie_has_a_frame_for_every_moment_of_the_run() {
    let folder = Folder::new("");
    folder.grow("run", &[]);
    let (run, out) = (folder.path("run"), folder.path("pictures"));
    fs::create_dir(&out).unwrap();
    // What stands in a picture's place is replaced.
    fs::write(format!("{out}/growth.png"), "old").unwrap();
    let options = ["--theme", "dark", "--format", "svg", "--movie"];
    succeed(&[&["draw", &run, "--out", &out], &options[..]].concat());
    let there = names(&out);
    let is_wanted = |name: &String| name.ends_with("-dark.svg") || name == "growth.png";
    assert!(there.iter().all(is_wanted), "{there:?}");

    let bytes = fs::read(format!("{out}/growth.png")).unwrap();
    assert!(bytes.len() < 1_000_000, "{}", bytes.len());
    let mut reader = png::Decoder::new(Cursor::new(&bytes)).read_info().unwrap();
    let control = *reader.info().animation_control().unwrap();
    // The seed, trained, grown, trained.
    assert_eq!((control.num_frames, control.num_plays), (4, 0));
    let mut frames = Vec::new();
    for _ in 0..control.num_frames {
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(pixels[..3], [24, 27, 31]);
        frames.push(pixels);
    }
    assert!(frames.windows(2).all(|pair| pair[0] != pair[1]), "every moment looks different");
    // Alone, where it is wanted; an ending that is no PNG's would mislead.
    let alone = folder.path("mine.gif");
    let printed = succeed(&["draw", &run, "--theme", "dark", "--movie", &alone]);
    assert_eq!(printed.trim(), format!("{alone}.png"));
    assert_eq!(fs::read(format!("{alone}.png")).unwrap(), bytes);
    let message = fail(&["draw", &run], 2);
    assert!(message.contains("--out DIR") && message.contains("--movie FILE"), "{message}");
}

#[test]
fn what_there_is_nothing_to_draw_of_is_said_and_the_rest_is_drawn() {
    let folder = Folder::new("");
    folder.grow("run", &["--rounds", "0"]);
    let (run, out) = (folder.path("run"), folder.path("pictures"));
    let output = self::run(&["draw", &run, "--out", &out, "--format", "svg", "--theme", "light"]);
    assert!(output.status.success());
    let notes = text(&output.stderr);
    for kind in ["cloud", "candidates", "promises"] {
        assert!(notes.contains(&format!("note: {kind}: no ")), "{notes}");
    }
    let there: Vec<String> = names(&out).into_iter().collect();
    assert_eq!(there, ["curve-light.svg", "network-light.svg"]);
    let network = fs::read_to_string(format!("{out}/network-light.svg")).unwrap();
    assert!(network.contains("It has not grown yet."));
}

#[test]
fn a_folder_without_a_run_and_unknown_words_are_refused() {
    let folder = Folder::new("");
    let (here, out) = (folder.path(""), folder.path("pictures"));
    for wrong in [here, folder.path("absent")] {
        let message = fail(&["draw", &wrong, "--out", &out], 1);
        assert!(message.contains(wrong.trim_end_matches('/')), "{message}");
        assert!(message.contains("found no run") && message.contains("session.safetensors"), "{message}");
    }
    assert!(!Path::new(&out).exists());
    for (option, expected) in [("--theme", "light"), ("--format", "svg"), ("--language", "en, de, fr, es")] {
        let message = fail(&["draw", "run", "--out", &out, option, "grey"], 2);
        assert!(message.contains("grey") && message.contains(expected), "{message}");
    }
}

#[test]
fn a_lost_file_of_the_run_is_named() {
    let folder = Folder::new("");
    folder.grow("run", &[]);
    let lost = folder.path("run/round-01.safetensors");
    fs::remove_file(&lost).unwrap();
    let message = fail(&["draw", &folder.path("run"), "--out", &folder.path("pictures")], 1);
    assert!(message.contains(&lost), "{message}");
}
