//! The real window on a screen of its own, driven by real keys: what is seen and what is written.
//!
//! Needs Xvfb, xdotool and ImageMagick (`scripts/install-window-tools`); there the software adapter draws.
#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use seedling::lab::{Session, Stage};

/// A process that does not outlive the test.
struct Guarded(Child);

impl Drop for Guarded {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A virtual screen and its name.
fn screen() -> (Guarded, String) {
    // Without -noreset the server restarts when its last client disconnects, and drops a client that is just
    // connecting: between this test's own short calls, that would be the window.
    let mut server = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp", "-noreset"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Xvfb: run scripts/install-window-tools");
    let mut number = String::new();
    let answer = server.stdout.take().expect("a pipe");
    BufReader::new(answer).read_line(&mut number).expect("the screen's number");
    (Guarded(server), format!(":{}", number.trim()))
}

fn tool(display: &str, arguments: &[&str]) -> std::process::Output {
    let (program, arguments) = arguments.split_first().expect("a program");
    let output = Command::new(program).args(arguments).env("DISPLAY", display).output();
    output.unwrap_or_else(|error| panic!("{program}: {error}; run scripts/install-window-tools"))
}

fn wait(what: &str, mut done: impl FnMut() -> bool) {
    let since = Instant::now();
    while !done() {
        assert!(since.elapsed() < Duration::from_secs(120), "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// The number of different colours on the screen.
fn colours(display: &str, file: &Path) -> usize {
    let path = file.display().to_string();
    assert!(tool(display, &["import", "-window", "root", &path]).status.success());
    let picture = image::open(file).expect("a picture").to_rgb8();
    assert_eq!(picture.dimensions(), (1280, 720));
    picture.pixels().map(|pixel| pixel.0).collect::<std::collections::BTreeSet<_>>().len()
}

#[test]
fn keys_run_a_stage_pause_and_closing_loses_nothing() {
    let (_server, display) = screen();
    let home = tempfile::tempdir().unwrap();
    let errors = home.path().join("errors.txt");
    let mut window = Guarded(
        Command::new(env!("CARGO_BIN_EXE_seedling"))
            .env("DISPLAY", &display)
            .env("XDG_DATA_HOME", home.path())
            .env("LC_ALL", "C")
            .env_remove("WAYLAND_DISPLAY")
            .stderr(std::fs::File::create(&errors).unwrap())
            .spawn()
            .unwrap(),
    );
    let mut id = String::new();
    wait("the window", || {
        if let Some(status) = window.0.try_wait().unwrap() {
            panic!("the window ended ({status}): {}", std::fs::read_to_string(&errors).unwrap());
        }
        let found = tool(&display, &["xdotool", "search", "--name", "^Seedling$"]);
        id = String::from_utf8_lossy(&found.stdout).trim().to_owned();
        !id.is_empty()
    });
    let picture = home.path().join("screen.png");
    wait("the first frame", || colours(&display, &picture) > 50);
    let key = |name: &str| {
        tool(&display, &["xdotool", "windowfocus", "--sync", &id]);
        tool(&display, &["xdotool", "key", name]);
    };
    // The introduction goes, a new run takes the recorded one's place, then the first stage is taken.
    key("Escape");
    std::thread::sleep(Duration::from_secs(1));
    key("ctrl+k");
    std::thread::sleep(Duration::from_secs(1));
    tool(&display, &["xdotool", "type", "--delay", "60", "run of your own"]);
    key("Return");
    std::thread::sleep(Duration::from_secs(1));
    let run = home.path().join("seedling/runs/0001 tiny seed 7");
    wait("the first stage", || {
        if !run.join("session.safetensors").is_file() {
            key("n");
        }
        // Written after the session.
        run.join("run.json").is_file()
    });
    for name in ["session.safetensors", "candidates.csv", "held-out.txt"] {
        assert!(run.join(name).is_file(), "{name}");
    }
    wait("the network's picture", || colours(&display, &picture) > 200);

    // Closed in the middle of training: what was trained is kept.
    key("space");
    std::thread::sleep(Duration::from_secs(6));
    key("ctrl+q");
    let mut status = None;
    wait("the end", || {
        status = window.0.try_wait().unwrap();
        status.is_some()
    });
    assert!(status.unwrap().success(), "{status:?}");
    let session = Session::load(&run).unwrap();
    assert_eq!(session.state.stage, Stage::Train);
    assert!(session.state.step > 0, "some training steps are kept");
}
