//! The shape of the house, read from the sources: rooms import only downwards, files do not import one another in
//! circles, and the contract of engines names no engine. Test code may import what it likes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The rooms from the ground up: each imports only rooms before it.
const ROOMS: [&str; 22] = [
    "names", "words", "random", "turn", "format", "files", "data", "network", "morphism", "plot", "estimate",
    "engine", "search", "lab", "bench", "study", "lesson", "pictures", "exchange", "app", "cli", "main",
];

/// Files that list the members of a family and say what all members have in common: member and register know each
/// other.
const REGISTERS: [&str; 4] =
    ["morphism::morph", "engine::candle::families", "engine::candle::learners", "engine::webgpu::families"];

/// What every engine agrees on.
const CONTRACT: [&str; 10] = [
    "mod",
    "error",
    "requests",
    "optimizer",
    "own_step",
    "partly_learned",
    "places",
    "batches",
    "means",
    "split_phi",
];

/// A module's file: where it is and what stands in it.
struct Module {
    file: String,
    code: String,
    /// Full path of what each name that it makes public stands for, if that is somewhere else.
    exports: BTreeMap<String, String>,
}

/// By the module's path without `crate::`; the root is "".
type Modules = BTreeMap<String, Module>;

fn modules() -> Modules {
    let mut modules = Modules::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut modules);
    let paths: Vec<String> = modules.keys().cloned().collect();
    for path in &paths {
        let uses = uses(&modules[path].code);
        let exported = uses.into_iter().filter(|used| used.public).filter_map(|used| {
            let name = used.name.clone()?;
            Some((name, absolute(&modules, path, &used.path)?))
        });
        let exported = exported.collect();
        modules.get_mut(path).expect("it is there").exports = exported;
    }
    modules
}

fn collect(folder: &Path, path: &str, modules: &mut Modules) {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut entries: Vec<_> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    entries.sort();
    for entry in entries {
        let name = entry.file_stem().expect("a name").to_str().expect("plain names").to_owned();
        let inner = if path.is_empty() { name.clone() } else { format!("{path}::{name}") };
        if name == "tests" || name.ends_with("_tests") {
            continue;
        }
        if entry.is_dir() {
            collect(&entry, &inner, modules);
            continue;
        }
        if entry.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let module = if matches!(name.as_str(), "mod" | "lib") { path.to_owned() } else { inner };
        let text = fs::read_to_string(&entry).expect("it is a text");
        let file = entry.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("inside").display().to_string();
        modules.insert(module, Module { file, code: code(&text), exports: BTreeMap::new() });
    }
}

/// The text without comments, strings and modules of tests.
fn code(text: &str) -> String {
    let mut lines = Vec::new();
    let mut in_tests = false;
    let mut after_cfg_test = false;
    for line in text.lines() {
        // rustfmt closes a module of the file's first level by a brace in the first column.
        match in_tests {
            true => in_tests = line != "}",
            false if after_cfg_test => {
                in_tests = line.ends_with('{');
                after_cfg_test = false;
            }
            false if line == "#[cfg(test)]" => after_cfg_test = true,
            false => lines.push(without_strings(line)),
        }
    }
    lines.join("\n")
}

/// A line without strings and without the comment at its end.
fn without_strings(line: &str) -> String {
    let mut found = String::new();
    let mut rest = line.chars().peekable();
    let mut in_string = false;
    while let Some(letter) = rest.next() {
        match letter {
            '\\' if in_string => drop(rest.next()),
            '"' => in_string = !in_string,
            '/' if !in_string && rest.peek() == Some(&'/') => break,
            _ if in_string => {}
            _ => found.push(letter),
        }
    }
    found
}

/// A path that a file names.
struct Used {
    path: Vec<String>,
    /// What it is called here; none for a glob.
    name: Option<String>,
    public: bool,
}

/// Every imported path, and every path within code that begins at the crate, at this module or at the one above.
fn uses(code: &str) -> Vec<Used> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find("use ") {
        let before = &rest[..at];
        let line = before.rsplit('\n').next().unwrap_or("").trim_start();
        rest = &rest[at + 4..];
        if line.is_empty() || line.starts_with("pub") {
            let end = rest.find(';').unwrap_or(rest.len());
            let tree: String = rest[..end].split_whitespace().collect::<Vec<_>>().join(" ");
            tree_paths(&tree, &[], line.starts_with("pub"), &mut found);
        }
    }
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(start) {
            let joined = code[..at].chars().next_back();
            if joined.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '_' | ':' | '$')) {
                continue;
            }
            let word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | ':');
            let path = code[at..].split(|letter| !word(letter)).next().unwrap_or("");
            let path = path.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
            found.push(Used { path, name: None, public: false });
        }
    }
    found
}

/// The paths of an import `a::{b, c::d as e}`.
fn tree_paths(tree: &str, before: &[String], public: bool, found: &mut Vec<Used>) {
    let tree = tree.trim();
    if let Some(open) = tree.find('{') {
        let head = tree[..open].split("::").map(str::trim).filter(|part| !part.is_empty());
        let before: Vec<String> = before.iter().cloned().chain(head.map(str::to_owned)).collect();
        let inner = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
        let (mut depth, mut start) = (0, 0);
        for (at, letter) in inner.char_indices().chain([(inner.len(), ',')]) {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    if !inner[start..at].trim().is_empty() {
                        tree_paths(&inner[start..at], &before, public, found);
                    }
                    start = at + 1;
                }
                _ => {}
            }
        }
        return;
    }
    let (path, alias) = match tree.split_once(" as ") {
        Some((path, alias)) => (path, Some(alias.trim().to_owned())),
        None => (tree, None),
    };
    let mut path: Vec<String> =
        before.iter().cloned().chain(path.split("::").map(|part| part.trim().to_owned())).collect();
    if path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    let name = alias.or(path.last().cloned()).filter(|name| name != "*");
    found.push(Used { path, name, public });
}

/// The path from the crate's root, joined by `::`; none for what is not of this crate.
fn absolute(modules: &Modules, module: &str, path: &[String]) -> Option<String> {
    let mut place: Vec<&str> = module.split("::").filter(|part| !part.is_empty()).collect();
    let mut parts = path.iter().map(String::as_str).peekable();
    match *parts.peek()? {
        "crate" => {
            place.clear();
            parts.next();
        }
        "self" => drop(parts.next()),
        "super" => {
            while parts.peek() == Some(&"super") {
                place.pop();
                parts.next();
            }
        }
        // From a child.
        first => {
            let child = if module.is_empty() { first.to_owned() } else { format!("{module}::{first}") };
            modules.get(&child)?;
        }
    }
    Some(place.into_iter().chain(parts).collect::<Vec<_>>().join("::"))
}

/// The module whose file defines what a path from the root means.
fn home(modules: &Modules, path: &str) -> String {
    let mut path = path.to_owned();
    // A name may be passed on from module to module.
    for _ in 0..8 {
        let mut module = path.as_str();
        while !modules.contains_key(module) {
            module = module.rsplit_once("::").map_or("", |(outer, _)| outer);
        }
        let rest = path[module.len()..].trim_start_matches("::");
        let name = rest.split("::").next().unwrap_or("");
        match modules[module].exports.get(name) {
            Some(source) if *source != path => path = format!("{source}{}", &rest[name.len()..]),
            _ => return module.to_owned(),
        }
    }
    panic!("{path} is passed on in a circle");
}

/// For each module the modules whose files it names; a module that only passes on its children's names does not.
fn imports(modules: &Modules) -> BTreeMap<&str, BTreeSet<String>> {
    let mut imports = BTreeMap::new();
    for (path, module) in modules {
        let mut named = BTreeSet::new();
        for used in uses(&module.code).into_iter().filter(|used| !used.public) {
            if let Some(full) = absolute(modules, path, &used.path) {
                named.insert(home(modules, &full));
            }
        }
        named.remove(path);
        named.remove("");
        imports.insert(path.as_str(), named);
    }
    imports
}

fn room(module: &str) -> usize {
    let name = module.split("::").next().unwrap_or("");
    let found = ROOMS.iter().position(|room| *room == name);
    found.unwrap_or_else(|| panic!("\"{name}\" is no room: expected one of {}", ROOMS.join(", ")))
}

#[test]
fn rooms_import_only_downwards() {
    let modules = modules();
    let mut wrong = Vec::new();
    for (module, named) in imports(&modules).into_iter().filter(|(module, _)| !module.is_empty()) {
        for other in named.iter().filter(|other| room(other) > room(module)) {
            wrong.push(format!("{} imports {}", modules[module].file, modules[other].file));
        }
    }
    assert!(wrong.is_empty(), "upwards:\n{}", wrong.join("\n"));
}

#[test]
fn files_do_not_import_one_another_in_circles() {
    let modules = modules();
    let mut imports = imports(&modules);
    for register in REGISTERS {
        let folder = register.rsplit_once("::").map_or("", |(folder, _)| folder);
        let inside = if modules.keys().any(|path| path.starts_with(&format!("{register}::"))) {
            register
        } else {
            folder
        };
        if let Some(named) = imports.get_mut(register) {
            named.retain(|other| !other.starts_with(&format!("{inside}::")));
        }
    }
    // Two files stand in one circle if each reaches the other.
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        imports.keys().map(|module| (*module, reachable(&imports, module))).collect();
    let mut circles = Vec::new();
    for (module, named) in &imports {
        for other in named.iter().filter(|other| reached[other.as_str()].contains(module)) {
            circles.push(format!("{} imports {}", modules[*module].file, modules[other].file));
        }
    }
    assert!(circles.is_empty(), "in circles:\n{}", circles.join("\n"));
}

/// The modules that can be reached from one by its imports.
fn reachable<'a>(imports: &'a BTreeMap<&str, BTreeSet<String>>, from: &'a str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut left = vec![from];
    while let Some(module) = left.pop() {
        for other in &imports[module] {
            if found.insert(other.as_str()) {
                left.push(other);
            }
        }
    }
    found
}

#[test]
fn the_contract_names_no_engine() {
    for name in CONTRACT {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/engine/{name}.rs"));
        let text = fs::read_to_string(&path).expect("a file of the contract");
        for (number, line) in text.lines().enumerate() {
            // The tensors that models are made of come from the library of one engine.
            let words = line.replace("candle_core", "").to_lowercase();
            let declares = line.starts_with("pub mod ");
            let named = ["candle", "gpu", "remote"].iter().find(|engine| words.contains(**engine));
            if let (Some(engine), false) = (named, declares) {
                panic!("src/engine/{name}.rs:{}: names {engine}: {line}", number + 1);
            }
        }
    }
}
