//! From a kernel's file to the WGSL text that a device gets, in a browser and outside.
//!
//! Of the directives of naga_oil these are understood: `#import seedling::PIECE`, `#if NAME OP NUMBER` with `#else
//! if`, `#else` and `#endif`, and `#{NAME}`; where codes.rs has names for the values of NAME, one of them takes the
//! number's place. naga_oil itself and what it needs would be a seventh of the page's program; it checks this module
//! in tests. Lines keep their numbers, so that a compiler's message points into the kernel's file; the pieces follow
//! the last line.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::codes::CODES;
use super::shaders::SHARED;

/// Compile-time values of a kernel (tile sizes, kernel widths, switches): its shape class.
pub type Defines = Vec<(&'static str, i32)>;

/// The text of `source` with its pieces and compile-time values in place. An error names the line.
pub fn expand(source: &str, defines: &Defines) -> Result<String, String> {
    let mut imports = BTreeSet::new();
    let mut body = lines(source, defines, &mut imports)?;
    let mut text = String::new();
    for piece in &imports {
        let (_, source) = SHARED.iter().find(|(name, _)| name == piece).ok_or_else(|| {
            let known: Vec<&str> = SHARED.iter().map(|(name, _)| *name).collect();
            format!("no shared piece {piece:?}, expected one of {known:?}")
        })?;
        let mut nested = BTreeSet::new();
        let piece_text =
            lines(source, defines, &mut nested).map_err(|problem| format!("{piece}: {problem}"))?;
        if let Some(other) = nested.first() {
            return Err(format!("{piece}: imports {other:?}, expected a piece that imports none"));
        }
        // The name of a piece becomes the beginning of its names, but for those of its buffers.
        let owned = declared(&piece_text, &["fn ", "struct ", "const "]);
        text += &owned
            .iter()
            .fold(piece_text.clone(), |text, name| rename(&text, name, &format!("{piece}_{name}")));
        body = declared(&piece_text, &["var<"])
            .iter()
            .fold(body, |body, name| rename(&body, &format!("{piece}::{name}"), name))
            .replace(&format!("{piece}::"), &format!("{piece}_"));
    }
    Ok(body + &text)
}

/// The names that a text declares after one of `keywords`, each at the beginning of a line or of what follows
/// attributes.
fn declared(text: &str, keywords: &[&str]) -> Vec<String> {
    let name = |line: &str| {
        let line = line.rsplit_once(") ").filter(|_| line.starts_with('@')).map_or(line, |(_, rest)| rest);
        let rest = keywords.iter().find_map(|keyword| line.strip_prefix(keyword))?;
        // Of a variable the address space comes first.
        let rest =
            rest.split_once("> ").filter(|_| keywords.contains(&"var<")).map_or(rest, |(_, rest)| rest);
        rest.split(|c: char| !is_word(c)).next().map(str::to_owned)
    };
    text.lines().filter_map(name).collect()
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// `text` with `new` in place of every whole word `old` that is no field's name.
fn rename(text: &str, old: &str, new: &str) -> String {
    let mut renamed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(old) {
        let (before, after) = (&rest[..at], &rest[at + old.len()..]);
        renamed += before;
        let whole = !renamed.ends_with(|c: char| is_word(c) || c == '.') && !after.starts_with(is_word);
        renamed += if whole { new } else { old };
        rest = after;
    }
    renamed + rest
}

/// A kernel's text as a device gets it: with every buffer writable, also those that it only reads. One buffer of the
/// arena holds many of the spans of a dispatch, and WebGPU forbids a buffer that one dispatch uses both as read-only
/// and as writable.
pub fn writable(text: &str) -> String {
    text.replace("var<storage, read>", "var<storage, read_write>")
}

/// One block between `#if` and `#endif`.
struct Block {
    line: usize,
    /// Its text is taken.
    on: bool,
    /// One of its conditions held.
    decided: bool,
    /// What is around it is taken.
    within: bool,
}

fn lines(source: &str, defines: &Defines, imports: &mut BTreeSet<String>) -> Result<String, String> {
    let mut text = String::with_capacity(source.len());
    let mut blocks: Vec<Block> = Vec::new();
    for (index, line) in source.lines().enumerate() {
        let number = index + 1;
        let at = |problem: String| format!("line {number}: {problem}");
        let taken = blocks.last().is_none_or(|block| block.on);
        let directive = line.trim_start();
        if !directive.starts_with('#') || directive.starts_with("#{") {
            if taken {
                substitute(line, defines, &mut text).map_err(at)?;
            }
        } else if let Some(condition) = directive.strip_prefix("#if ") {
            let on = taken && holds(condition, defines).map_err(at)?;
            blocks.push(Block { line: number, on, decided: on, within: taken });
        } else if let Some(rest) = directive.strip_prefix("#else") {
            let block = blocks.last_mut().ok_or_else(|| at("#else without #if".into()))?;
            let open = block.within && !block.decided;
            block.on = open
                && match rest.trim().strip_prefix("if ") {
                    Some(condition) => holds(condition, defines).map_err(at)?,
                    None => true,
                };
            block.decided |= block.on;
        } else if directive.trim_end() == "#endif" {
            blocks.pop().ok_or_else(|| at("#endif without #if".into()))?;
        } else if let Some(piece) = directive.strip_prefix("#import seedling::") {
            if taken {
                imports.insert(piece.trim().to_owned());
            }
        } else if !directive.starts_with("#define_import_path seedling::") {
            return Err(at(format!(
                "found {directive:?}, expected #if, #else, #endif or #import seedling::"
            )));
        }
        text.push('\n');
    }
    match blocks.last() {
        Some(block) => Err(format!("line {}: #if without #endif", block.line)),
        None => Ok(text),
    }
}

fn value(name: &str, defines: &Defines) -> Result<i32, String> {
    let found = defines.iter().find(|(defined, _)| *defined == name);
    found.map(|(_, value)| *value).ok_or_else(|| format!("{name} has no value"))
}

fn holds(condition: &str, defines: &Defines) -> Result<bool, String> {
    let wrong = || format!("found the condition {condition:?}, expected NAME OP NUMBER");
    let words: Vec<&str> = condition.split_whitespace().collect();
    let [name, operator, number] = words.as_slice() else { return Err(wrong()) };
    let found = value(name, defines)?;
    let number = match CODES.iter().find(|(coded, _)| coded == name) {
        Some((_, codes)) => codes
            .iter()
            .position(|code| code == number)
            .map(|at| at as i32)
            .ok_or_else(|| format!("found the condition {condition:?}, expected one of {codes:?}"))?,
        None => number.parse::<i32>().map_err(|_| wrong())?,
    };
    match *operator {
        "==" => Ok(found == number),
        "!=" => Ok(found != number),
        ">=" => Ok(found >= number),
        "<" => Ok(found < number),
        _ => Err(wrong()),
    }
}

/// Appends `line` with the values of its `#{NAME}`.
fn substitute(line: &str, defines: &Defines, text: &mut String) -> Result<(), String> {
    let mut parts = line.split("#{");
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (name, rest) = part.split_once('}').ok_or("#{ without }")?;
        let _ = write!(text, "{}{rest}", value(name, defines)?);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
