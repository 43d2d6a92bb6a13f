//! What is given to the window, by dropping it there or by name, and what the window gives to other software.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::accesskit::Role;
use eframe::egui::{DroppedFile, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use seedling::app::view::Speed;
use seedling::app::{Places, Screen, Start};
use seedling::lab::{EngineChoice, Stage};

use super::{App, ask_for_path, config, open, press, until, wait};

/// A file or a folder as the system hands it over.
#[derive(Debug)]
struct Dropped(PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

/// Drops a path on the window, and waits until a text is there.
pub fn drop_on(app: &mut App, path: &Path, text: &str) {
    app.input_mut().dropped_files.push(Arc::new(Dropped(path.to_owned())));
    app.step();
    app.input_mut().dropped_files.clear();
    wait_for(app, text);
}

fn wait_for(app: &mut App, text: &str) {
    for _ in 0..1000 {
        app.run_steps(2);
        if app.query_all_by_label_contains(text).count() > 0 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("waited in vain for \"{text}\"");
}

/// Two classes of twelve pictures.
fn pets(folder: &Path) -> PathBuf {
    let place = folder.join("pets");
    for (class, shade) in [("cats", 0), ("dogs", 120)] {
        std::fs::create_dir_all(place.join(class)).unwrap();
        for number in 0..12u8 {
            let picture = image::RgbImage::from_pixel(40, 36, image::Rgb([shade + number * 8; 3]));
            picture.save(place.join(class).join(format!("{number}.png"))).unwrap();
        }
    }
    place
}

/// A file of tests/images.
fn foreign(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/images").join(name)
}

#[test]
fn a_dropped_folder_of_pictures_becomes_the_images_of_a_new_run() {
    let folder = tempfile::tempdir().unwrap();
    let place = pets(folder.path());
    let mut small = config();
    (small.data.train, small.data.held_out) = (None, None);
    let mut app = open(small, None, Theme::Dark);
    drop_on(&mut app, &place, "Taken as images: class folders, 2 classes (cats, dogs)");
    app.run_steps(8);
    press(&mut app, "Begin");
    wait(&mut app, "the run with the pictures", |board| {
        !board.busy && board.snapshot.as_ref().is_some_and(|snapshot| snapshot.data.name == "pets")
    });
    let data = app.state().board().snapshot.unwrap().data.clone();
    assert_eq!(data.class_names, ["cats", "dogs"]);
    assert_eq!(data.train.len() + data.validation.len() + data.held_out.len(), 24);
}

#[test]
fn what_is_dropped_is_told_apart_by_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let place = pets(folder.path());
    let table = folder.path().join("list.csv");
    std::fs::write(&table, "path,label\npets/cats/1.png,small\npets/dogs/1.png,large\n").unwrap();
    let mnist = folder.path().join("mnist");
    std::fs::create_dir(&mnist).unwrap();
    let header =
        |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_be_bytes()).collect::<Vec<u8>>();
    for group in ["train", "t10k"] {
        let images = [header(&[2051, 10, 28, 28]), vec![7; 7840]].concat();
        std::fs::write(mnist.join(format!("{group}-images-idx3-ubyte")), images).unwrap();
        let labels = [header(&[2049, 10]), vec![5, 0, 4, 1, 9, 2, 1, 3, 1, 4]].concat();
        std::fs::write(mnist.join(format!("{group}-labels-idx1-ubyte")), labels).unwrap();
    }
    let mut app = open(config(), None, Theme::Dark);
    // The setup stays open, and takes what comes next.
    drop_on(&mut app, &foreign("cifar-10-binary.tar.gz"), "Taken as images: CIFAR-10, 10 classes (airplane,");
    drop_on(&mut app, &table, "Taken as images: a table, 2 classes (large, small)");
    // One of four files stands for all.
    drop_on(&mut app, &mnist.join("train-labels-idx1-ubyte"), "Taken as images: MNIST's files in");
    // What cannot be taken leaves what was.
    for (path, why) in [
        (place.join("cats"), "12 pictures without classes"),
        (foreign("gray.png"), "a single picture"),
        (foreign("README.md"), "What else can be taken: a run's folder"),
        (folder.path().join("gone"), "cannot open"),
    ] {
        drop_on(&mut app, &path, why);
    }
    let end = Path::new("mnist").display().to_string();
    assert!(
        app.query_all_by_label_contains(&end).count() > 1,
        "the images, and the note that they were taken"
    );
}

#[test]
fn networks_go_out_as_onnx_and_come_in_as_the_seed() {
    let home = tempfile::tempdir().unwrap();
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("grown.onnx");
    let mut app = open(config(), Some(home.path()), Theme::Dark);
    until(&mut app, Stage::Propose);
    ask_for_path(&mut app, "export onnx", &path.display().to_string());
    wait(&mut app, "the file", |_| path.is_file());
    let trained = app.state().board().snapshot.unwrap().state.model.network.clone();
    drop_on(&mut app, &path, "Taken as the seed network: grown.onnx, 2 convolutions, ");
    app.run_steps(8);
    app.get_by_role_and_label(Role::CheckBox, "Keep its weights").click();
    app.run_steps(3);
    press(&mut app, "Begin");
    wait(&mut app, "the run from the file", |board| {
        !board.busy && board.snapshot.as_ref().is_some_and(|snapshot| snapshot.run == 2)
    });
    let seed = app.state().board().snapshot.unwrap().state.model.network.clone();
    assert_eq!(seed.architecture.cost().unwrap(), trained.architecture.cost().unwrap());
    let values = |network: &seedling::network::Network, name: &str| {
        network.tensors[name].flatten_all().unwrap().to_vec1::<f32>().unwrap()
    };
    assert_eq!(values(&seed, "conv1.weight"), values(&trained, "conv1.weight"));
    // Another file of that name is refused, and the setup keeps what it had.
    std::fs::write(&path, "no network").unwrap();
    drop_on(&mut app, &path, "grown.onnx: file: found");
}

#[test]
fn the_run_goes_out_through_every_door() {
    let home = tempfile::tempdir().unwrap();
    let out = tempfile::tempdir().unwrap();
    let mut app = open(config(), Some(home.path()), Theme::Dark);
    until(&mut app, Stage::Choose);
    let file = |name: &str| out.path().join(name);
    for (command, place, written) in [
        ("export pytorch", "torch", "torch/model.safetensors"),
        ("export tensorboard", "events", "events/by-step"),
        ("export parquet", "all.parquet", "all.parquet"),
        ("export hub", "hub", "hub/config.json"),
        ("export pictures", "pictures", "pictures/network-dark.png"),
        ("export movie", "growth", "growth.png"),
    ] {
        ask_for_path(&mut app, command, &file(place).display().to_string());
        wait(&mut app, command, |board| !board.busy && (file(written).exists() || board.failure.is_some()));
        assert_eq!(app.state().board().failure, None, "{command}");
    }
    let read = |name: &str| std::fs::read_to_string(file(name)).unwrap();
    assert!(read("torch/model.py").contains("in round 1, before the stage choose"));
    assert!(read("hub/README.md").contains("accuracy") && file("hub/model.onnx").is_file());
    assert!(std::fs::read(file("all.parquet")).unwrap().starts_with(b"PAR1"));
    assert!(read("pictures/cloud-01-light.svg").contains("Round 1: gains estimated"));
    assert!(std::fs::read(file("growth.png")).unwrap().windows(4).any(|name| name == b"acTL"), "a movie");
    // What cannot be written is said with a way on.
    ask_for_path(&mut app, "export pytorch", &file("all.parquet").display().to_string());
    wait(&mut app, "the failure", |board| board.failure.is_some());
    app.get_by_label_contains("Choose another folder.");
}

#[test]
fn an_export_has_a_name_to_begin_with_and_tells_where_it_lies() {
    let out = tempfile::tempdir().unwrap();
    let mut app = open(config(), None, Theme::Dark);
    until(&mut app, Stage::Choose);
    let offered = |app: &mut App, command: &str| {
        app.key_press_modifiers(Modifiers::COMMAND, Key::K);
        app.run_steps(3);
        app.get_by_label("Search commands").type_text(command);
        app.run_steps(3);
        app.key_press(Key::Enter);
        app.run_steps(3);
        let text = app.get_by_label("Path").accesskit_node().value().unwrap_or_default();
        app.key_press(Key::Escape);
        app.run_steps(3);
        text
    };
    let first = offered(&mut app, "export svg");
    assert!(first.ends_with("4-M-6 seed 7 cloud.svg"), "{first}");
    // What is typed replaces it; a picture's text in a file of pixels would open nowhere.
    let path = out.path().join("win.png");
    ask_for_path(&mut app, "export svg", &path.display().to_string());
    let written = out.path().join("win.png.svg");
    assert!(std::fs::read_to_string(&written).unwrap().starts_with("<svg") && !path.exists());
    app.get_by_label_contains(&format!("{} is written", written.display()));
    // The next is offered beside it.
    let next = offered(&mut app, "export csv");
    assert_eq!(PathBuf::from(next), out.path().join("4-M-6 seed 7 cloud.csv"));
}

/// The app with images by name in `cache`, from `from`.
fn with_images(cache: &Path, from: &str) -> App {
    let images = Places { cache: Some(cache.to_owned()), from: Some(from.to_owned()) };
    let start =
        Start { config: config(), engine: EngineChoice::Candle, images, quiet: true, ..Start::default() };
    let mut app = Harness::builder()
        .with_size([1280.0, 720.0])
        .with_theme(Theme::Dark)
        .with_step_dt(0.1)
        .wgpu()
        .build_eframe(move |context| Screen::new(&context.egui_ctx, start));
    app.state_mut().view.speed = Speed::Fast;
    wait(&mut app, "the first run", |board| board.snapshot.is_some() && !board.busy);
    app
}

#[test]
fn images_are_fetched_by_name_or_it_is_said_why_not() {
    let cache = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut app = with_images(cache.path(), &format!("http://127.0.0.1:{port}/x"));
    press(&mut app, "New run…");
    app.run_steps(8);
    press(&mut app, "Fetch CIFAR-10 (170 MB)");
    // It goes on beside the screen, and can be stopped.
    app.get_by_label("CIFAR-10: 0 MB of 170 MB");
    press(&mut app, "Stop fetching");
    wait_for(&mut app, "stopped; 0 of 170,052,171 bytes are there");
    press(&mut app, "Fetch CIFAR-100 (169 MB)");
    wait_for(&mut app, "bring cifar-100-binary.tar.gz here from elsewhere and drop it on the window");
    wait_for(&mut app, "refused");
    // What is there is only chosen.
    let folder = cache.path().join("cifar-10-batches-bin");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("data_batch_1.bin"), "").unwrap();
    app.run_steps(3);
    press(&mut app, "CIFAR-10");
    wait_for(&mut app, "Taken as images: CIFAR-10, 10 classes");
    let built_in = app.get_by_label("Built in");
    assert!(!built_in.accesskit_node().is_disabled());
    // With the setup closed, it is told on the screen.
    press(&mut app, "Fetch CIFAR-100 (169 MB)");
    app.key_press(Key::Escape);
    wait_for(&mut app, "bring cifar-100-binary.tar.gz");
    assert!(app.query_by_label("Begin").is_none());
}
