//! The page served by the real program: what it prints, how it ends, what it refuses.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Child;

use super::*;

/// A folder that looks like the built page.
fn page() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["index.html", "page.js", "seedling.js", "seedling_bg.wasm"] {
        std::fs::write(folder.path().join(name), name).unwrap();
    }
    folder
}

/// Starts it, and returns its lines up to the last before it serves, with the address for this computer.
fn start(page: &tempfile::TempDir, more: &[&str]) -> (Child, Vec<String>, String, BufReader<impl Read>) {
    let page = page.path().to_str().unwrap();
    let mut child = seedling(&[&["serve", "--page", page, "--port", "0"], more].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut lines = Vec::new();
    while lines.last().is_none_or(|line: &String| !line.contains("Ctrl-C")) {
        let mut line = String::new();
        assert!(out.read_line(&mut line).unwrap() > 0, "it ended: {lines:?}");
        lines.push(line.trim_end().to_owned());
    }
    let local = lines.iter().find(|line| line.contains("on this computer")).expect("an address").trim();
    let local = local.split_whitespace().next().unwrap().to_owned();
    (child, lines, local, out)
}

#[cfg(unix)]
#[test]
fn the_page_is_served_until_ctrl_c() {
    let page = page();
    let (mut child, lines, local, mut out) = start(&page, &["--link", "#preset=small"]);
    assert!(local.starts_with("http://localhost:") && local.ends_with("/#preset=small"), "{local}");
    let said = lines.join("\n");
    assert!(said.contains("4 files"), "{said}");
    if lines.iter().any(|line| line.contains("for others")) {
        assert!(said.contains("WebGPU") && said.contains("--https"), "{said}");
        assert!(lines.iter().filter(|line| line.contains('█')).count() > 10, "a code: {said}");
    }
    let port: u16 = local["http://localhost:".len()..].split('/').next().unwrap().parse().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(b"GET /page.js HTTP/1.1\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("page.js"), "{answer}");

    let taken = fail(&["serve", "--page", page.path().to_str().unwrap(), "--port", &port.to_string()], 1);
    assert!(taken.contains("is taken by another program") && taken.contains("--port 0"), "{taken}");

    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("Ended: 1 requests answered"), "{rest}");
}

#[test]
fn with_https_the_warning_is_explained_before_it_is_seen() {
    let page = page();
    let (mut child, lines, local, _out) = start(&page, &["--https", "--address", "127.0.0.1"]);
    assert!(local.starts_with("https://localhost:"), "{local}");
    let said = lines.join("\n");
    for part in ["not private", "Advanced", "SHA-256 fingerprint"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let print = lines.iter().find(|line| line.matches(':').count() == 31);
    assert!(print.is_some(), "{said}");
    assert!(!said.contains("for others"), "only this computer: {said}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn without_a_page_and_with_bad_options_it_says_what_is_expected() {
    let empty = tempfile::tempdir().unwrap();
    let message = fail(&["serve", "--page", empty.path().to_str().unwrap()], 1);
    assert!(message.contains("found no page") && message.contains("web/build"), "{message}");
    let message = fail(&["serve", "--port", "70000"], 2);
    assert!(message.contains("70000") && message.contains("65535"), "{message}");
    let message = fail(&["serve", "--address", "here"], 2);
    assert!(message.contains("here"), "{message}");
    let page = page();
    let out = empty.path().join("stick");
    let options = ["serve", "--page", page.path().to_str().unwrap(), "--copy", out.to_str().unwrap()];
    let printed = succeed(&options);
    assert!(out.join("page/seedling_bg.wasm").is_file() && out.join("READ ME.txt").is_file(), "{printed}");
    assert!(printed.contains("seedling"), "{printed}");
}
