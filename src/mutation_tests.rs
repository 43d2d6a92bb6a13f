//! Whatever is read from outside, changed at random: no input makes the program panic, hang, or take memory without
//! bound. `SEEDLING_MUTATIONS` says how many inputs each reader gets, `SEEDLING_MUTATIONS_FROM` the number of the first;
//! scripts/campaign runs many, and `--nocapture` shows how fast they go.

use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pollster::block_on;

use crate::data::{DataConfig, PIXELS, load};
use crate::exchange::RunFolder;
use crate::files::archive;
use crate::lab::fake::FakeEngine;
use crate::lab::{
    Command, Config, Event, KeptLab, Lab, Observer, Output, Session, Stage, Unobserved, candidates_csv,
    record_json, regrown, session_of,
};
use crate::network::{CheckpointInfo, Network, load_checkpoint, preset, save_checkpoint};
use crate::random::Stream;
use crate::search::Strategy;
use crate::study::{Plan, STANDING_FILE, collect};

/// Inputs for each reader, unless the environment says how many.
const INPUTS: u64 = 200;
/// How long one input may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes that the process may grow by.
const MEMORY: u64 = 1 << 30;

/// Has `read` take inputs made from `seeds`.
pub fn survive(name: &str, seeds: &[Vec<u8>], read: impl Fn(&[u8])) {
    let number = |variable: &str, usual| match std::env::var(variable) {
        Ok(text) => text.parse().unwrap_or_else(|error| panic!("{variable}: {error}")),
        Err(_) => usual,
    };
    let first = number("SEEDLING_MUTATIONS_FROM", 0);
    let (count, before, all) = (number("SEEDLING_MUTATIONS", INPUTS), peak(), Instant::now());
    for index in first..first + count {
        let input = mutated(name, seeds, index);
        let began = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| read(&input)));
        let shown = || String::from_utf8_lossy(&input[..input.len().min(2000)]).into_owned();
        assert!(outcome.is_ok(), "{name}: input {index} panics: {}", shown());
        assert!(began.elapsed() < PATIENCE, "{name}: input {index} takes {:?}: {}", began.elapsed(), shown());
    }
    let grown = peak().saturating_sub(before);
    assert!(grown < MEMORY, "{name}: the process grew by {grown} bytes");
    let rate = count as f64 / all.elapsed().as_secs_f64();
    println!("{name}: {count} inputs, {rate:.0} a second, {} MB more", grown >> 20);
}

/// The most memory that this process has held so far, where the system tells; else 0.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kibibytes.unwrap_or(0) << 10
}

/// Numbers that programs stumble over.
const NUMBERS: [&str; 12] = [
    "0",
    "-1",
    "1e999",
    "-1e-999",
    "NaN",
    "null",
    "255",
    "4294967296",
    "18446744073709551615",
    "18446744073709551616",
    "9223372036854775807",
    "0.000000001",
];

/// Input number `index`: one of the seeds with a few changes.
fn mutated(name: &str, seeds: &[Vec<u8>], index: u64) -> Vec<u8> {
    let mut stream = Stream::new(1, &format!("mutations of {name}"), index);
    let mut bytes = seeds[stream.below(seeds.len())].clone();
    for _ in 0..=stream.below(4) {
        let at = stream.below(bytes.len() + 1);
        let length = stream.below(bytes.len() - at + 1).min(1 << stream.below(10));
        let range = at..at + length;
        match stream.below(10) {
            0 if at < bytes.len() => bytes[at] ^= 1 << stream.below(8),
            1 if at < bytes.len() => bytes[at] = stream.below(256) as u8,
            2 => drop(bytes.drain(range)),
            3 => {
                let copy = bytes[range].to_vec();
                let to = stream.below(bytes.len() + 1);
                drop(bytes.splice(to..to, copy));
            }
            4 => {
                let new: Vec<u8> = (0..stream.below(16)).map(|_| stream.below(256) as u8).collect();
                drop(bytes.splice(at..at, new));
            }
            5 => bytes.truncate(at),
            6 => {
                let other = &seeds[stream.below(seeds.len())];
                bytes.truncate(at);
                bytes.extend(&other[stream.below(other.len() + 1)..]);
            }
            7 => {
                // A number, as text, becomes one that is hard.
                let is_digit = |byte: &u8| byte.is_ascii_digit();
                if let Some(start) = bytes[at..].iter().position(is_digit).map(|start| at + start) {
                    let end = bytes[start..].iter().position(|byte| !is_digit(byte));
                    let end = end.map_or(bytes.len(), |end| start + end);
                    drop(bytes.splice(start..end, NUMBERS[stream.below(NUMBERS.len())].bytes()));
                }
            }
            // A number as bytes, such as a length, in either order.
            8 => {
                let hard =
                    [0, 1, 7, 1 << 20, 1 << 31, u64::from(u32::MAX), u64::MAX, 1 << 63][stream.below(8)];
                let end = bytes.len().min(at + [2, 4, 8][stream.below(3)]);
                let hard = match stream.below(2) {
                    0 => hard.to_le_bytes()[..end - at].to_vec(),
                    _ => hard.to_be_bytes()[8 - (end - at)..].to_vec(),
                };
                bytes[at..end].copy_from_slice(&hard);
            }
            _ => bytes.resize(bytes.len() + stream.below(64), stream.below(256) as u8),
        }
    }
    bytes
}

/// Settings of a run of moments.
fn small() -> Config {
    let mut config = Config { preset: "2-M-2".into(), rounds: 1, ..Config::default() };
    (config.data.train, config.data.held_out) = (Some(20), Some(10));
    config.training.epochs = 1;
    config
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(folder.join(name), bytes).unwrap();
}

#[test]
fn settings() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.toml");
    let text = |config: &Config| toml::to_string(config).unwrap().into_bytes();
    let mut other = Config { strategy: Strategy::TopK { k: 3 }, preset: "8n-8r-M-16".into(), ..small() };
    other.layers = Some(vec!["conv1".into()]);
    let short = b"preset = \"4-M-6\"\nrounds = 2\n[data]\nclasses = [\"cat\", 5]\n".to_vec();
    survive("settings", &[text(&Config::default()), text(&other), short], |input| {
        std::fs::write(&path, input).unwrap();
        if let Ok(config) = Config::read(&path) {
            let _ = config.check();
        }
    });
}

/// Cancels at once.
struct Impatient;

impl Observer for Impatient {
    fn event(&self, _event: Event) {}

    fn cancelled(&self) -> bool {
        true
    }
}

#[test]
fn sessions() {
    let folder = tempfile::tempdir().unwrap();
    let config = small();
    let data = Arc::new(load(&config.data, config.seed).unwrap());
    let mut lab = Lab::new(config, data.clone()).unwrap();
    let mut engine = FakeEngine::default();
    let info = crate::engine::Engine::info(&engine);
    let output = Output::create(folder.path(), info.clone()).unwrap();
    let mut seeds = Vec::new();
    while !lab.is_done() {
        output.session(&lab).unwrap();
        seeds.push(std::fs::read(folder.path().join("session.safetensors")).unwrap());
        // Learning is cancelled once, so that a session has what was learned so far.
        let cancelled = lab.state().stage == Stage::Learn && lab.state().partly.is_none();
        let observer: &dyn Observer = if cancelled { &Impatient } else { &Unobserved };
        let outcome = block_on(lab.execute(&mut engine, Command::Step, observer));
        assert_eq!(outcome.is_err(), cancelled);
    }
    survive("sessions", &seeds, |input| {
        write(folder.path(), "session.safetensors", input);
        if let Ok(session) = Session::load(folder.path()) {
            let _ = session.check_data(&data);
            let lab = Lab::at(session.config, data.clone(), session.state);
            let _ = (record_json(&lab, &info), candidates_csv(lab.state()), lab.phase_steps());
        }
    });
}

#[test]
fn networks() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("network.safetensors");
    let info = CheckpointInfo { mean: vec![0.5; 3], std: vec![0.25; 3], sha256: "ab".into() };
    let seeds = ["2-M-2", "4n-4r-M-4"].map(|layers| {
        let network = Network::initialise(preset(layers, 3).unwrap(), 1).unwrap();
        save_checkpoint(&path, &network, &info).unwrap();
        std::fs::read(&path).unwrap()
    });
    survive("networks", &seeds, |input| {
        std::fs::write(&path, input).unwrap();
        if let Ok((network, _)) = load_checkpoint(&path) {
            let _ = network.architecture.cost();
        }
    });
}

/// A finished run of the fake engine in a folder.
fn finished(folder: &Path) {
    let config = small();
    let data = Arc::new(load(&config.data, config.seed).unwrap());
    let mut engine = FakeEngine::default();
    let output = Output::create(folder, crate::engine::Engine::info(&engine)).unwrap();
    let lab = Lab::new(config, data).unwrap();
    output.begin(&lab).unwrap();
    let mut kept = KeptLab::new(lab, Some(output));
    while !kept.lab.is_done() {
        block_on(kept.step(&mut engine, &Unobserved)).unwrap();
    }
}

#[test]
fn records_of_runs_and_studies() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("runs/fixed-7");
    finished(&run);
    let plan = "seeds = [7]\n[base]\npreset = \"2-M-2\"\nrounds = 1\ntraining = { epochs = 1 }\n\
                data = { train = 20, held-out = 10 }\n[[configuration]]\nname = \"fixed\"\n";
    write(folder.path(), "study.toml", plan.as_bytes());
    let standing = br#"{ "least": 12, "usual": 345, "done": true }"#.to_vec();
    write(&run, STANDING_FILE, &standing);
    let seed = std::fs::read(run.join("run.json")).unwrap();
    assert_eq!(collect(folder.path()).unwrap().race.runs.len(), 1);
    survive("records of runs", std::slice::from_ref(&seed), |input| {
        write(&run, "run.json", input);
        let _ = collect(folder.path());
        let _ = RunFolder::open(&run);
    });
    write(&run, "run.json", &seed);
    survive("where runs stand", std::slice::from_ref(&standing), |input| {
        write(&run, STANDING_FILE, input);
        let _ = collect(folder.path());
    });
}

#[test]
fn what_a_round_learned() {
    let folder = tempfile::tempdir().unwrap();
    finished(folder.path());
    let session = session_of(folder.path()).unwrap();
    regrown(folder.path(), &session, 1).unwrap();
    for name in ["morphisms-01.safetensors", "round-01.safetensors"] {
        let seed = std::fs::read(folder.path().join(name)).unwrap();
        survive(name, std::slice::from_ref(&seed), |input| {
            write(folder.path(), name, input);
            let _ = regrown(folder.path(), &session, 1);
        });
        write(folder.path(), name, &seed);
    }
}

#[test]
fn plans() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.toml");
    let seeds = [
        "seeds = [1, 2]\n[base]\ndata = { train = 40, held-out = 40 }\n[[configuration]]\nname = \"grown\"\nrounds = 1\n",
        "seeds = [3]\ncost = 5\n[[vary]]\n\"training.epochs\" = [1, 2]\n[[vary]]\npreset = [\"2-M-2\", \"3\"]\n",
    ];
    survive("plans", &seeds.map(|text| text.as_bytes().to_vec()), |input| {
        std::fs::write(&path, input).unwrap();
        let _ = Plan::read(&path);
    });
}

#[test]
fn images_and_lists_of_classes() {
    let folder = tempfile::tempdir().unwrap();
    let record = |class: u8| [vec![class], vec![class; PIXELS]].concat();
    let good: Vec<u8> = (0..4).flat_map(|number| record(number % 2)).collect();
    let files: Vec<String> = (1..=5).map(|file| format!("data_batch_{file}.bin")).collect();
    let restore =
        || files.iter().chain([&"test_batch.bin".into()]).for_each(|file| write(folder.path(), file, &good));
    restore();
    let config = DataConfig {
        dir: Some(folder.path().to_owned()),
        classes: Some(vec!["0".parse().unwrap(), "automobile".parse().unwrap()]),
        ..DataConfig::default()
    };
    survive("images", std::slice::from_ref(&good), |input| {
        write(folder.path(), "data_batch_3.bin", input);
        let _ = load(&config, 1);
    });
    restore();
    let names = "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n";
    survive("lists of classes", &[names.as_bytes().to_vec()], |input| {
        write(folder.path(), "batches.meta.txt", input);
        let _ = load(&config, 1);
    });
}

/// A file of tests/images.
fn foreign(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/images").join(name)).unwrap()
}

/// Has images be loaded from `place` with every input as the file `name` of `folder`.
fn survive_as(what: &str, seeds: &[Vec<u8>], folder: &Path, name: &str, place: &Path) {
    let config = DataConfig { dir: Some(place.to_owned()), ..DataConfig::default() };
    survive(what, seeds, |input| {
        write(folder, name, input);
        let _ = load(&config, 1);
    });
}

#[test]
fn archives_and_pickles() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tar.gz");
    let packed = foreign("cifar-10-binary.tar.gz");
    // Mutations of the bytes within, too, which a checksum would otherwise hide.
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut plain).unwrap();
    survive_as("archives", &[packed, plain], folder.path(), "a.tar.gz", &path);
    let folder = tempfile::tempdir().unwrap();
    let seeds = ["data_batch_1", "data_batch_1.protocol-4"].map(foreign);
    for file in ["data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"] {
        write(folder.path(), file, &seeds[0]);
    }
    survive_as("pickles", &seeds, folder.path(), "data_batch_1", folder.path());
    write(folder.path(), "data_batch_1", &seeds[0]);
    let names = b"\x80\x02}(U\x0blabel_names](U\x04birdU\x03cateu.".to_vec();
    survive_as("pickled names", &[names], folder.path(), "batches.meta", folder.path());
}

#[test]
fn files_of_mnist() {
    let folder = tempfile::tempdir().unwrap();
    let header =
        |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_be_bytes()).collect::<Vec<u8>>();
    let images = [header(&[2051, 10, 28, 28]), vec![7; 7840]].concat();
    let labels = [header(&[2049, 10]), vec![5, 0, 4, 1, 9, 2, 1, 3, 1, 4]].concat();
    for group in ["train", "t10k"] {
        write(folder.path(), &format!("{group}-images-idx3-ubyte"), &images);
        write(folder.path(), &format!("{group}-labels-idx1-ubyte"), &labels);
    }
    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    zipped.write_all(&images).unwrap();
    let seeds = [images.clone(), zipped.finish().unwrap()];
    survive_as("images of MNIST", &seeds, folder.path(), "train-images-idx3-ubyte", folder.path());
    write(folder.path(), "train-images-idx3-ubyte", &images);
    survive_as("labels of MNIST", &[labels], folder.path(), "train-labels-idx1-ubyte", folder.path());
}

/// The checksum of PNG's chunks.
const CHECKSUM: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);

/// A PNG file whose chunks' checksums are made right, so that what is in them is read.
fn with_checksums(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut at = 8;
    while let Some(length) = bytes.get(at..at + 4) {
        let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
        let end = (at + 8).saturating_add(length);
        if end.saturating_add(4) > bytes.len() {
            break;
        }
        let checksum = CHECKSUM.checksum(&bytes[at + 4..end]);
        bytes[end..end + 4].copy_from_slice(&checksum.to_be_bytes());
        at = end + 4;
    }
    bytes
}

#[test]
fn pictures_and_tables() {
    let folder = tempfile::tempdir().unwrap();
    let seeds = ["turned.jpg", "gray.png"].map(foreign);
    for class in ["a", "b"] {
        std::fs::create_dir(folder.path().join(class)).unwrap();
        for copy in 0..2 {
            write(&folder.path().join(class), &format!("{copy}.png"), &seeds[1]);
        }
    }
    let pictures = folder.path().join("a");
    survive_as("pictures", &seeds, &pictures, "0.png", folder.path());
    let config = DataConfig { dir: Some(folder.path().to_owned()), ..DataConfig::default() };
    survive("chunks of pictures", &seeds[1..], |input| {
        write(&pictures, "0.png", &with_checksums(input));
        let _ = load(&config, 1);
    });
    write(&pictures, "0.png", &seeds[1]);
    let table = folder.path().join("table.csv");
    let texts = [
        "path,label\na/1.png,a\nb/1.png,b\na/0.png,\"a\"\n",
        "file;class;split\na/1.png;1;test\nb/1.png;2;train\n",
    ];
    survive_as("tables", &texts.map(|text| text.as_bytes().to_vec()), folder.path(), "table.csv", &table);
}

#[test]
fn zips() {
    let files = vec![("run.json".to_owned(), b"{}".to_vec()), ("a b.csv".to_owned(), vec![7; 500])];
    let images = vec![("cats/1.png".to_owned(), foreign("gray.png")), ("dogs/2.png".to_owned(), vec![7; 90])];
    let all: [&[(String, Vec<u8>)]; 3] = [&files, &images, &[]];
    let mut seeds = all.map(|files| archive::pack(files).unwrap()).to_vec();
    let mut squeezed = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    squeezed.start_file("zeros", options.compression_method(zip::CompressionMethod::Deflated)).unwrap();
    squeezed.write_all(&[0; 1 << 20]).unwrap();
    seeds.push(squeezed.finish().unwrap().into_inner());
    survive("zips", &seeds, |input| {
        if let Ok(mut archive) = archive::Archive::open(input) {
            while let Ok(Some(_)) = archive.next_file() {}
        }
    });
}
