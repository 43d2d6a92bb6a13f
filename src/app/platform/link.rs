//! Settings as the end of a page's address: `#seed=3&data.train=200&engine=candle`. Only what differs from the
//! defaults is in it, by the dotted names of the TOML file; values are TOML too, plain words without quotes.

use std::fmt::Write;

use toml::{Table, Value};

use crate::lab::{Config, EngineChoice};

/// The engine's name in a link; it is no setting of the experiment.
const ENGINE: &str = "engine";

/// What is wrong with a link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The link asks for settings that do not exist: {0}")]
pub struct LinkError(pub String);

/// The part of the address after `#`.
pub fn write(config: &Config, engine: EngineChoice) -> String {
    let mut pairs = Vec::new();
    if let (Ok(Value::Table(found)), Ok(Value::Table(usual))) =
        (Value::try_from(config), Value::try_from(Config::default()))
    {
        differences("", &found, &usual, &mut pairs);
    }
    // Whether a table keeps its order depends on how the library was built; a link must not.
    pairs.sort();
    if engine != EngineChoice::default() {
        pairs.push((ENGINE.to_owned(), engine.to_string()));
    }
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    pairs.join("&")
}

/// What a link asks for. An empty one asks for the defaults.
pub fn read(fragment: &str) -> Result<(Config, EngineChoice), LinkError> {
    let mut table = Table::new();
    let mut engine = EngineChoice::default();
    // Programs for mail and chat write & as HTML does, and take the end of a sentence for a part of the link.
    let fragment = fragment.trim().trim_start_matches('#').replace("&amp;", "&");
    let fragment = fragment.trim_end_matches(['.', ',', ';', '!', '?', ')', '>', '\'', '"']);
    for pair in fragment.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| LinkError(format!("found \"{pair}\", expected name=value")))?;
        let value = decode(value).ok_or_else(|| LinkError(format!("\"{name}\": broken % encoding")))?;
        if name == ENGINE {
            engine = value.parse().map_err(LinkError)?;
            continue;
        }
        put(&mut table, name, literal(&value))?;
    }
    let config: Config = Value::Table(table).try_into().map_err(|error: toml::de::Error| {
        // The first line says what; the others point into a text that nobody wrote.
        LinkError(error.message().to_owned())
    })?;
    Ok((config, engine))
}

/// Collects where `found` differs from `usual`. A table with a kind is one choice: it is written whole.
fn differences(prefix: &str, found: &Table, usual: &Table, pairs: &mut Vec<(String, String)>) {
    for (name, value) in found {
        let other = usual.get(name);
        if other == Some(value) {
            continue;
        }
        let name = format!("{prefix}{name}");
        match (value, other) {
            (Value::Table(inner), other) => {
                let usual = other.and_then(Value::as_table).filter(|_| !inner.contains_key("kind"));
                differences(&format!("{name}."), inner, usual.unwrap_or(&Table::new()), pairs);
            }
            (Value::String(text), _) if literal(text) == *value => pairs.push((name, text.clone())),
            (value, _) => pairs.push((name, value.to_string())),
        }
    }
}

/// A value as TOML writes it, or else a plain text.
fn literal(text: &str) -> Value {
    let read = format!("value = {text}").parse::<Table>().ok();
    // More than one line would be more than one value.
    let value = read.filter(|table| table.len() == 1).and_then(|mut table| table.remove("value"));
    value.unwrap_or_else(|| Value::String(text.to_owned()))
}

/// Puts a value where its dotted name says.
fn put(table: &mut Table, name: &str, value: Value) -> Result<(), LinkError> {
    match name.split_once('.') {
        None => {
            if table.insert(name.to_owned(), value).is_some() {
                return Err(LinkError(format!("\"{name}\" is there twice")));
            }
            Ok(())
        }
        Some((first, rest)) => {
            let inner = table.entry(first).or_insert_with(|| Value::Table(Table::new()));
            match inner {
                Value::Table(inner) => put(inner, rest, value),
                _ => Err(LinkError(format!("\"{first}\" is a value and a group"))),
            }
        }
    }
}

/// Percent-encodes what may not stand in an address, or would be taken for its punctuation.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b',' | b'[' | b']' => {
                encoded.push(char::from(byte));
            }
            // Arrays are as readable without the spaces.
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
        assert_eq!(link, "data.classes=[0,+1]&data.train=200&seed=3&engine=webgpu");
        assert_eq!(read("#preset=small&rounds=1").unwrap().0.preset, "small");
        let named = read("#data.classes=cat,dog").unwrap().0;
        assert_eq!(named.get("data.classes").unwrap().as_deref(), Some("cat,dog"));
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
            ("#seed=x", "string"),
            ("#seed=1&seed=2", "twice"),
            ("#seed=1&seed.x=2", "group"),
            ("#preset=%ZZ", "preset"),
            ("#engine=abacus", "abacus"),
        ] {
            let error = read(link).unwrap_err().to_string();
            assert!(error.contains(names), "{link}: {error}");
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
            if let Ok((config, engine)) = read(&String::from_utf8_lossy(input)) {
                let _ = (config.check(), write(&config, engine));
            }
        });
    }
}
