//! Runs that are interrupted, resumed or extended.

use super::*;

#[test]
fn an_extended_run_equals_a_longer_one() {
    let folder = Folder::new("");
    folder.grow("long", &["--rounds", "1", "--quiet"]);
    folder.grow("short", &["--rounds", "0", "--quiet"]);
    succeed(&["grow", "--resume", &folder.path("short"), "--rounds", "1", "--quiet"]);
    assert_eq!(files(&folder.path("short")), files(&folder.path("long")));
}

/// Interrupted by a real Ctrl-C at several moments, then resumed until it ends.
#[cfg(unix)]
#[test]
fn an_interrupted_and_resumed_run_equals_an_uninterrupted_one() {
    use std::io::{BufRead, BufReader};
    use std::os::unix::process::ExitStatusExt;

    // With what is kept for a training phase only.
    let folder = Folder::new("growth = { new-rate = 2.0, memory = \"rescaled\" }");
    let (config, out) = (folder.path("small.toml"), folder.path("broken"));
    let averaged =
        std::fs::read_to_string(&config).unwrap().replace("epochs = 4", "epochs = 4\naverage = 0.9");
    std::fs::write(&config, averaged).unwrap();
    folder.grow("whole", &[]);
    let mut interrupted = 0;
    for attempt in 0.. {
        assert!(attempt < 30, "the run does not come to its end");
        let options: &[&str] = match attempt {
            0 => &["grow", "--config", &config, "--out", &out],
            _ => &["grow", "--resume", &out],
        };
        let mut child = seedling(options).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        // After the first stage of each attempt: by then the handler is installed and something is done.
        let first = lines.next();
        if first.is_some() {
            let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
            assert!(killed.success());
        }
        let rest: Vec<String> = lines.map(Result::unwrap).collect();
        let status = child.wait().unwrap();
        assert_eq!(status.signal(), None);
        match status.code() {
            Some(0) => break,
            Some(130) => {
                interrupted += 1;
                let last = rest.last().unwrap();
                assert!(last.contains("seedling grow --resume") && last.contains("broken"), "{rest:?}");
            }
            code => panic!("status {code:?}: {first:?} {rest:?}"),
        }
    }
    assert!(interrupted >= 2, "interrupted {interrupted} times");
    assert_eq!(files(&out), files(&folder.path("whole")));
}

#[cfg(unix)]
#[test]
fn ctrl_c_without_a_folder_says_that_nothing_was_saved() {
    use std::io::{BufRead, BufReader};

    let folder = Folder::new("");
    let config = folder.path("small.toml");
    let long = SMALL.replace("epochs = 4", "epochs = 4000");
    std::fs::write(&config, long).unwrap();
    let mut child = seedling(&["grow", "--config", &config])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let last = lines.map(Result::unwrap).last().unwrap();
    assert!(last.contains("nothing was saved") && last.contains("--out"), "{last}");
    assert_eq!(child.wait().unwrap().code(), Some(130));
}
