//! Settings as the end of a page's address: `#seed=3&data.train=200&engine=candle`. Only what differs from the
//! defaults is in it, each setting by its dotted name and as the text that `--set` takes. Values may be TOML as well, as
//! in older links: `data.classes=[3, 5]`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::str::FromStr;

use toml::{Table, Value};

use crate::lab::settings::Setting;
use crate::lab::{Config, EngineChoice};
use crate::lesson::{self, Lesson};
use crate::words::say;

/// A lesson's name in a link, and one of its steps, by its name or its number from 1.
const LESSON: [&str; 2] = ["lesson", "step"];
/// The engine's name in a link; it is no setting of the experiment.
const ENGINE: &str = "engine";

/// What is wrong with a link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", in_words(.0))]
pub struct LinkError(pub String);

fn in_words(what: &str) -> String {
    say!("link-wrong", what = what)
}

/// The part of the address after `#`.
pub fn write(config: &Config, engine: EngineChoice) -> String {
    let usual = Config::default();
    let mut pairs = Vec::new();
    for setting in Setting::all() {
        if let Some(text) = setting.get(config).filter(|text| setting.get(&usual).as_ref() != Some(text)) {
            // A text that would be taken for TOML is written as TOML.
            let is_plain = plain(&text) == text;
            let text = if is_plain { text } else { Value::String(text).to_string() };
            pairs.push(format!("{}={}", setting.name, encode(&text)));
        }
    }
    if engine != EngineChoice::default() {
        pairs.push(format!("{ENGINE}={engine}"));
    }
    pairs.join("&")
}

/// The lesson that a link asks for, and where it begins; what is left of the link's pairs is for others.
///
/// # Errors
/// A lesson or a step that does not exist.
pub fn lesson(all: &mut Vec<(String, String)>) -> Result<Option<(Lesson, Option<usize>)>, LinkError> {
    let mut asked: [Option<String>; 2] = [None, None];
    all.retain(|(name, value)| match LESSON.iter().position(|other| other == name) {
        Some(place) => {
            asked[place] = Some(value.clone());
            false
        }
        None => true,
    });
    let [Some(name), step] = asked else { return Ok(None) };
    let Some(found) = lesson::built_in(&name) else {
        let names: Vec<&str> = lesson::names().collect();
        return Err(LinkError(say!("link-lesson", found = name, names = names.join(", "))));
    };
    let found = found.map_err(|error| LinkError(error.to_string()))?;
    let place = match step {
        None => None,
        Some(step) => Some(found.place(&step).ok_or_else(|| {
            let names: Vec<&str> = found.steps.iter().map(|step| step.name.as_str()).collect();
            LinkError(say!("link-step", found = &step, names = names.join(", ")))
        })?),
    };
    Ok(Some((found, place)))
}

/// What a link asks for. An empty one asks for the defaults.
pub fn read(fragment: &str) -> Result<(Config, EngineChoice), LinkError> {
    settings(&pairs(fragment)?)
}

/// The names of a link with their values, in its order.
pub fn pairs(fragment: &str) -> Result<Vec<(String, String)>, LinkError> {
    // Programs for mail and chat write & as HTML does, and take the end of a sentence for a part of the link.
    let fragment = fragment.trim().trim_start_matches('#').replace("&amp;", "&");
    let fragment = fragment.trim_end_matches(['.', ',', ';', '!', '?', ')', '>', '\'', '"']);
    let pair = |pair: &str| {
        let (name, value) =
            pair.split_once('=').ok_or_else(|| LinkError(say!("link-no-pair", found = pair)))?;
        let value = decode(value).ok_or_else(|| LinkError(say!("link-encoding", name = name)))?;
        Ok((name.to_owned(), value))
    };
    fragment.split('&').filter(|pair| !pair.is_empty()).map(pair).collect()
}

/// The settings by their names, over the defaults.
pub fn settings(pairs: &[(String, String)]) -> Result<(Config, EngineChoice), LinkError> {
    let mut asked = BTreeMap::new();
    let mut engine = EngineChoice::default();
    for (name, value) in pairs {
        if name == ENGINE {
            engine = value.parse().map_err(LinkError)?;
            continue;
        }
        Setting::named(name).map_err(|error| LinkError(error.to_string()))?;
        if asked.insert(name.as_str(), plain(value)).is_some() {
            return Err(LinkError(say!("link-twice", name = name)));
        }
    }
    let mut config = Config::default();
    // In the table's order, where a choice comes before the settings that it brings.
    for setting in Setting::all() {
        if let Some(text) = asked.get(setting.name) {
            setting.set(&mut config, text).map_err(|error| LinkError(error.to_string()))?;
        }
    }
    Ok((config, engine))
}

/// A value that is read from a text, or what was found and what was expected.
pub fn parsed<T: FromStr>(text: &str, expected: &str) -> Result<T, String> {
    text.parse().map_err(|_| say!("link-found", found = text, expected = expected))
}

/// One of several values by its name.
pub fn one_of<T: Copy>(text: &str, values: &[(&str, T)]) -> Result<T, String> {
    let found = values.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    let names = || values.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| say!("link-none-of", found = text, names = names()))
}

/// A value as a setting takes it; of TOML's arrays the parts with commas between them.
fn plain(text: &str) -> String {
    let read = format!("value = {text}").parse::<Table>().ok();
    // More than one line would be more than one value.
    match read.filter(|table| table.len() == 1).and_then(|mut table| table.remove("value")) {
        Some(Value::Array(parts)) => parts.iter().map(one).collect::<Vec<_>>().join(","),
        Some(value) => one(&value),
        None => text.to_owned(),
    }
}

fn one(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Percent-encodes what may not stand in an address, or would be taken for its punctuation.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b',' | b':' => {
                encoded.push(char::from(byte));
            }
            b' ' => encoded.push('+'),
            _ => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                (high * 16 + low) as u8
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Class;
    use crate::engine::Schedule;
    use crate::estimate::Estimator;
    use crate::morphism::Family;
    use crate::search::Strategy;

    #[test]
    fn the_usual_settings_need_no_link() {
        assert_eq!(write(&Config::default(), EngineChoice::Auto), "");
        assert_eq!(read("").unwrap(), (Config::default(), EngineChoice::Auto));
        assert_eq!(read("#").unwrap(), (Config::default(), EngineChoice::Auto));
    }

    #[test]
    fn every_kind_of_setting_comes_back() {
        let mut config = Config { preset: "8-8-M-16".into(), seed: 3, confirm: false, ..Config::default() };
        config.families = vec![Family::Split, Family::PruneMean];
        config.data.classes = Some(Class::numbers(&[3, 5, 0]));
        config.data.train = Some(200);
        config.data.dir = Some("/my images/ä&b=c#+%".into());
        config.training.optimizer.learning_rate = 1e-7;
        config.training.optimizer.schedule = Schedule::Step { every: 0.25, factor: 0.5 };
        config.learning.estimator = Estimator::GaussNewton;
        config.strategy = Strategy::TopK { k: 2 };
        let link = write(&config, EngineChoice::Candle);
        assert!(link.is_ascii() && !link.contains([' ', '#', '"', '/']), "{link}");
        assert_eq!(read(&link).unwrap(), (config, EngineChoice::Candle), "{link}");
    }

    #[test]
    fn links_can_be_read_by_people() {
        let mut config = Config { seed: 3, ..Config::default() };
        config.data.train = Some(200);
        config.data.classes = Some(Class::numbers(&[0, 1]));
        let link = write(&config, EngineChoice::WebGpu);
        assert_eq!(link, "seed=3&data.classes=0,1&data.train=200&engine=webgpu");
        assert_eq!(read("#preset=small&rounds=1").unwrap().0.preset, "small");
        let named = read("#data.classes=cat,dog").unwrap().0;
        assert_eq!(named.get("data.classes").unwrap().as_deref(), Some("cat,dog"));
    }

    #[test]
    fn links_of_older_pages_still_work() {
        let (config, engine) = read(
            "#confirm=false&data.classes=[3,+5,+0]&families=[%22split%22,+%22prune-mean%22]&preset=%228%22\
             &strategy.k=2&strategy.kind=top-k&training.optimizer.learning-rate=1e-7&engine=candle",
        )
        .unwrap();
        let mut expected = Config { preset: "8".into(), confirm: false, ..Config::default() };
        expected.families = vec![Family::Split, Family::PruneMean];
        expected.data.classes = Some(Class::numbers(&[3, 5, 0]));
        expected.strategy = Strategy::TopK { k: 2 };
        expected.training.optimizer.learning_rate = 1e-7;
        assert_eq!((config, engine), (expected, EngineChoice::Candle));
    }

    #[test]
    fn what_a_chat_program_does_to_a_link_is_undone() {
        let expected = read("#seed=3&preset=small").unwrap();
        for mangled in [
            "#seed=3&amp;preset=small",
            "#seed=3&preset=small.",
            "#seed=3&preset=small)!",
            "#seed=3&&preset=small> ",
        ] {
            assert_eq!(read(mangled).unwrap(), expected, "{mangled}");
        }
        let arrays = read("#data.classes=%5B3%2C%205%5D").unwrap().0;
        assert_eq!(arrays.get("data.classes").unwrap().as_deref(), Some("3,5"));
    }

    #[test]
    fn a_text_that_looks_like_a_number_stays_a_text() {
        let config = Config { preset: "8".into(), ..Config::default() };
        assert_eq!(read(&write(&config, EngineChoice::Auto)).unwrap().0, config);
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        for (link, names) in [
            ("#sed=3", "sed"),
            ("#seed", "name=value"),
            ("#seed=x", "found \"x\", expected a whole number"),
            ("#seed=1&seed=2", "twice"),
            ("#seed=1&seed.x=2", "seed.x"),
            ("#strategy.k=2", "only where strategy.kind is top-k"),
            ("#preset=%ZZ", "preset"),
            ("#engine=abacus", "abacus"),
        ] {
            let error = read(link).unwrap_err().to_string();
            assert!(error.contains(names), "{link}: {error}");
        }
    }

    #[test]
    fn a_link_leads_to_a_lesson_and_a_step_beside_settings() {
        let lesson = |link: &str| lesson(&mut pairs(link)?);
        assert_eq!(lesson("#seed=3").unwrap(), None);
        let (found, place) = lesson("#lesson=first&step=beat.").unwrap().unwrap();
        assert_eq!((found.name.as_str(), place), ("first", Some(8)));
        assert_eq!(lesson("#lesson=first&amp;step=2").unwrap().unwrap().1, Some(1));
        assert_eq!(lesson("#lesson=promises&seed=3").unwrap().unwrap().1, None);
        let mut all = pairs("#lesson=first&step=2&seed=3").unwrap();
        super::lesson(&mut all).unwrap();
        assert_eq!(settings(&all).unwrap().0, Config { seed: 3, ..Config::default() });
        for (link, names) in [
            ("#lesson=last", ["\"last\"", "first, promises"]),
            ("#lesson=first&step=13", ["\"13\"", "picture, guess"]),
            ("#lesson=first&step=beaten", ["\"beaten\"", "beat"]),
        ] {
            let error = lesson(link).unwrap_err().to_string();
            assert!(names.iter().all(|name| error.contains(name)), "{error}");
        }
    }

    #[test]
    fn links_of_strangers_are_survived() {
        let mut config =
            Config { strategy: Strategy::TopK { k: 2 }, preset: "8-M-16".into(), ..Config::default() };
        config.data.classes = Some(Class::numbers(&[3, 5]));
        let other = "#preset=small&data.classes=cat,dog&engine=candle&families=[%22split%22]";
        let seeds = [write(&config, EngineChoice::Candle), other.to_owned()].map(String::into_bytes);
        crate::mutation_tests::survive("links", &seeds, |input| {
            let _ = pairs(&String::from_utf8_lossy(input)).map(|mut all| lesson(&mut all).is_ok());
            if let Ok((config, engine)) = read(&String::from_utf8_lossy(input)) {
                let _ = (config.check(), write(&config, engine));
            }
        });
    }
}
