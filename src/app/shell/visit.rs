//! A whole link: besides a run's settings, where the run stands, what is looked at, what may be used, and which page this
//! one speaks with. docs/embedding.md describes all of it.

use std::collections::{BTreeMap, BTreeSet};

use super::action::Action;
use super::show::Show;
use crate::app::controls::{Controls, PARTS};
use crate::app::platform::link::{self, LinkError, encode, one_of, parsed};
use crate::lab::{Config, EngineChoice, Stage};
use crate::lesson::Lesson;

/// The longest address of a run's file.
const MOST_ADDRESS: usize = 500;
/// What the choice of a round is called, before its number.
const CHOICE: &str = "choice.";

/// All that a link says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Visit {
    /// Settings of the run.
    pub config: Config,
    /// What computes it.
    pub engine: EngineChoice,
    /// In place of a new run: the address of a zip file with a run, beside the page.
    pub run: Option<String>,
    /// The stage and round before which the run stops; a run that has come further is not taken back.
    pub at: Option<(Stage, u64)>,
    /// Candidates to grow by, in place of the strategy's, by round.
    pub choices: BTreeMap<u64, Vec<String>>,
    /// A lesson, and the place of the step that it begins with.
    pub lesson: Option<(Lesson, Option<usize>)>,
    /// What is looked at.
    pub show: Show,
    /// What is hidden or switched off.
    pub controls: Controls,
    /// The origin of the page that may steer this one: `https://school.example`.
    pub embed: Option<String>,
}

/// Every name that a command or a part of the screen has in `hide` and `freeze`.
pub fn control_names() -> Vec<String> {
    let parts = PARTS.iter().map(|&part| part.to_owned());
    parts.chain(Action::all().into_iter().map(Action::control)).collect()
}

impl Visit {
    /// Reads the part of an address after `#`.
    ///
    /// # Errors
    ///
    /// Names what makes no sense, what was found and what was expected.
    pub fn read(fragment: &str) -> Result<Self, LinkError> {
        let mut visit = Visit::default();
        let mut settings = Vec::new();
        let mut seen = Vec::new();
        let mut pairs = link::pairs(fragment)?;
        visit.lesson = link::lesson(&mut pairs)?;
        for (name, value) in pairs {
            let own = visit.take(&name, &value).map_err(|why| LinkError(format!("\"{name}\": {why}")))?;
            match own {
                true if seen.contains(&name) => return Err(LinkError(format!("\"{name}\" is there twice"))),
                true => seen.push(name),
                false => settings.push((name, value)),
            }
        }
        (visit.config, visit.engine) = link::settings(&settings)?;
        visit.config.check().map_err(|error| LinkError(error.to_string()))?;
        Ok(visit)
    }

    /// Takes a value of its own; false if the name is another's.
    fn take(&mut self, name: &str, value: &str) -> Result<bool, String> {
        if let Some(round) = name.strip_prefix(CHOICE) {
            self.choices.insert(parsed(round, "a round's number")?, list(value));
            return Ok(true);
        }
        match name {
            "run" => self.run = Some(run_address(value)?),
            "at" => self.at = Some(moment(value)?),
            "hide" => self.controls.hidden = controls(value)?,
            "freeze" => self.controls.frozen = controls(value)?,
            "embed" => self.embed = Some(origin(value)?),
            _ => return self.show.take(name, value),
        }
        Ok(true)
    }

    /// The part of the address after `#`; only what is not as usual is in it.
    pub fn write(&self) -> String {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut add = |name: &str, value: Option<String>| {
            pairs.extend(value.map(|value| (name.to_owned(), value)));
        };
        add("run", self.run.clone());
        add("at", self.at.map(|(stage, round)| format!("{stage}:{round}")));
        for (round, ids) in &self.choices {
            add(&format!("{CHOICE}{round}"), Some(ids.join(",")));
        }
        if let Some((lesson, step)) = &self.lesson {
            add("lesson", Some(lesson.name.clone()));
            add("step", step.map(|place| lesson.steps[place].name.clone()));
        }
        self.show.write(&mut add);
        let some = |names: &BTreeSet<String>| {
            (!names.is_empty()).then(|| names.iter().cloned().collect::<Vec<_>>().join(","))
        };
        add("hide", some(&self.controls.hidden));
        add("freeze", some(&self.controls.frozen));
        add("embed", self.embed.clone());
        let settings = link::write(&self.config, self.engine);
        let own = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value)));
        let all = Some(settings).filter(|text| !text.is_empty()).into_iter().chain(own);
        let mut link = all.collect::<Vec<_>>().join("&");
        // What would be taken for the end of a sentence is not the end of the link.
        if link.ends_with(['.', ',']) {
            link.push('&');
        }
        link
    }
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// `estimate:2`, or a stage of the first round.
fn moment(text: &str) -> Result<(Stage, u64), String> {
    let stages = Stage::of_rounds().map(|stage| (stage.name(), stage)).collect::<Vec<_>>();
    let (stage, round) = text.split_once(':').unwrap_or((text, "1"));
    let stage = one_of(stage, &stages)?;
    Ok((stage, parsed(round, "a round's number behind the stage, as in estimate:2")?))
}

fn controls(text: &str) -> Result<BTreeSet<String>, String> {
    let known = control_names();
    let names = list(text);
    match names.iter().find(|name| !known.contains(name)) {
        Some(unknown) => Err(format!("found \"{unknown}\", expected some of {}", known.join(", "))),
        None => Ok(names.into_iter().collect()),
    }
}

/// A relative address of a zip file: nothing from another host is ever opened.
fn run_address(text: &str) -> Result<String, String> {
    let expected = "the relative address of a .zip file beside this page";
    let wrong = |why: &str| Err(format!("found \"{text}\", {why}; expected {expected}"));
    let first = text.split(['/', '?', '#']).next().unwrap_or_default();
    if text.len() > MOST_ADDRESS {
        return Err(format!("found {} letters, expected {expected} of at most {MOST_ADDRESS}", text.len()));
    }
    if text.starts_with("//") || text.contains('\\') || first.contains(':') {
        return wrong("which may lead to another host");
    }
    if text.chars().any(|letter| letter.is_control() || letter.is_whitespace()) {
        return wrong("which has spaces");
    }
    let path = text.split(['?', '#']).next().unwrap_or_default();
    if !path.to_ascii_lowercase().ends_with(".zip") {
        return wrong("which is no zip file's");
    }
    Ok(text.to_owned())
}

/// Scheme, host and perhaps a port of a page, as browsers write an origin.
fn origin(text: &str) -> Result<String, String> {
    let wrong = || {
        format!(
            "found \"{text}\", expected the origin of the page around this one, as https://school.example"
        )
    };
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or_else(wrong)?;
    // An IPv6 address has its colons within brackets.
    let inside = rest.rfind(']').map_or(0, |end| end + 1);
    let colon = rest[inside..].find(':').map_or(rest.len(), |at| inside + at);
    let (host, port) = rest.split_at(colon);
    let is_plain =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-.".contains(letter);
    let is_address = |host: &str| {
        let digits = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        digits.is_some_and(|digits| digits.parse::<std::net::Ipv6Addr>().is_ok())
    };
    let is_host = !host.is_empty() && (host.chars().all(is_plain) || is_address(host));
    let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    if is_host && is_port { Ok(text.to_owned()) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests;
