//! `seedling data`, and `--data` by name. The cache is where the environment says, as Linux has it.

use std::process::Output;

use super::*;

/// Runs with its cache in `home`.
fn run_in(home: &Path, arguments: &[&str]) -> Output {
    let mut command = seedling(arguments);
    // Nothing may reach the network from here.
    command.env("XDG_CACHE_HOME", home).env("HTTPS_PROXY", "http://127.0.0.1:9").output().unwrap()
}

/// A CIFAR-10 folder of 40 images, in the place where fetched data is.
fn fetched(home: &Path) -> std::path::PathBuf {
    let folder = home.join("seedling/data/cifar-10-batches-bin");
    std::fs::create_dir_all(&folder).unwrap();
    let image = |number: usize| [vec![(number % 10) as u8], vec![(number * 5) as u8; 3072]].concat();
    for file in ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"]
    {
        let images: Vec<u8> = (0..40).flat_map(image).collect();
        std::fs::write(folder.join(format!("{file}.bin")), images).unwrap();
    }
    folder
}

#[test]
fn data_lists_what_is_there_and_how_to_get_the_rest() {
    let home = tempfile::tempdir().unwrap();
    let listed = run_in(home.path(), &["data"]);
    assert!(listed.status.success());
    let listed = text(&listed.stdout);
    for part in
        ["built in", "2,000", "50,000", "170 MB", "seedling data fetch cifar100", "without a stated licence"]
    {
        assert!(listed.contains(part), "{part}: {listed}");
    }
    let folder = fetched(home.path());
    let listed = text(&run_in(home.path(), &["data"]).stdout);
    assert!(listed.contains(folder.to_str().unwrap()) && !listed.contains("fetch cifar10\n"), "{listed}");
    let again = run_in(home.path(), &["data", "fetch", "cifar10"]);
    assert!(again.status.success() && text(&again.stdout).contains("was there already"));
}

#[test]
fn a_name_means_the_fetched_data_unless_a_folder_is_called_so() {
    let home = tempfile::tempdir().unwrap();
    let folder = fetched(home.path());
    let out = home.path().join("run");
    let arguments = [
        "grow",
        "--data",
        "cifar10",
        "--preset",
        "2",
        "--train",
        "20",
        "--rounds",
        "0",
        "--set",
        "training.epochs=1",
    ];
    let grown = run_in(home.path(), &[&arguments[..], &["--out", out.to_str().unwrap()]].concat());
    assert!(grown.status.success(), "{}", text(&grown.stderr));
    let record = json(out.join("run.json").to_str().unwrap());
    assert_eq!(
        (&record["dataset"]["name"], &record["dataset"]["source"]),
        (&"cifar10".into(), &"folder".into())
    );
    assert_eq!(record["config"]["data"]["dir"], folder.to_str().unwrap());
    let here = tempfile::tempdir().unwrap();
    std::fs::create_dir(here.path().join("cifar10")).unwrap();
    let output = seedling(&arguments).current_dir(here.path()).output().unwrap();
    assert!(text(&output.stderr).contains("found an empty folder"), "{}", text(&output.stderr));
}

#[test]
fn what_cannot_be_fetched_is_said_with_the_way_on() {
    let home = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let output = run_in(home.path(), &["data", "fetch", "imagenet"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("cifar10, cifar100"));
    let wrong = home.path().join("wrong.tar.gz");
    std::fs::write(&wrong, "something else").unwrap();
    for (from, part) in [
        (wrong.to_str().unwrap().to_owned(), "found 14 bytes, expected 170,052,171"),
        (format!("http://127.0.0.1:{port}/x"), "refused"),
    ] {
        let output = run_in(home.path(), &["data", "fetch", "cifar10", "--quiet", "--from", &from]);
        assert_eq!(output.status.code(), Some(1));
        let message = text(&output.stderr);
        assert!(
            message.contains(part) && message.contains("the built-in images are always there"),
            "{message}"
        );
    }
}
