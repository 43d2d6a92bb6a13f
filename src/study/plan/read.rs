//! Reading a plan: the base, what varies, and configurations one by one, put together to full settings.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};

use super::{Configuration, Plan, PlanError, Until};
use crate::files::{self, MOST_TEXT};
use crate::lab::{Config, ConfigError};

/// The file as people write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    seeds: Vec<u64>,
    cost: Option<Value>,
    #[serde(default)]
    until: Until,
    #[serde(default)]
    base: Table,
    #[serde(default)]
    vary: Vec<Table>,
    #[serde(default)]
    configuration: Vec<Table>,
}

/// Reads and checks a plan.
pub fn read(path: &Path) -> Result<Plan, PlanError> {
    let syntax = |message: String| PlanError::Syntax { path: path.to_owned(), message };
    let text = String::from_utf8(files::read_at_most(path, MOST_TEXT)?)
        .map_err(|error| syntax(error.to_string()))?;
    let written: Written = toml::from_str(&text).map_err(|error| syntax(format!("\n{error}")))?;
    let reader = Reader { path, folder: path.parent().unwrap_or(Path::new("")) };
    let mut configurations = Vec::new();
    let alone = [Table::new()];
    let given = if written.configuration.is_empty() { &alone[..] } else { &written.configuration[..] };
    for table in given {
        let Own { name, seeds, layers_of, settings } = reader.configuration(&written.base, table)?;
        for variant in reader.variants(&written.vary)? {
            let mut settings = settings.clone();
            for (setting, value) in &variant.settings {
                reader.set(&mut settings, setting, (*value).clone())?;
            }
            let parts: Vec<&str> =
                [name.as_str(), &variant.name].into_iter().filter(|part| !part.is_empty()).collect();
            let name = if parts.is_empty() { "run".to_owned() } else { parts.join("-") };
            let settings = reader.settings(&name, settings)?;
            let (seeds, layers_of) = (seeds.clone(), layers_of.clone());
            configurations.push(Configuration { name, seeds, layers_of, settings });
        }
    }
    let cost = written.cost.map(|cost| reader.cost(&cost)).transpose()?;
    let plan = Plan { seeds: written.seeds, cost, until: written.until, configurations };
    plan.check(path)?;
    Ok(plan)
}

/// A configuration before what varies.
struct Own {
    name: String,
    seeds: Option<Vec<u64>>,
    layers_of: Option<String>,
    settings: Table,
}

/// A choice of one value for each setting that varies.
#[derive(Clone, Default)]
struct Variant<'a> {
    name: String,
    settings: Vec<(&'a str, &'a Value)>,
}

struct Reader<'a> {
    path: &'a Path,
    folder: &'a Path,
}

impl Reader<'_> {
    fn value(&self, place: &str, found: impl ToString, expected: &str) -> PlanError {
        PlanError::Value {
            path: self.path.to_owned(),
            place: place.to_owned(),
            found: found.to_string(),
            expected: expected.to_owned(),
        }
    }

    /// A configuration's name, seeds and settings: those of its file or else the base, then its own.
    fn configuration(&self, base: &Table, table: &Table) -> Result<Own, PlanError> {
        let text = |key: &str| match table.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(self.value(&format!("configuration: {key}"), other, "a text")),
        };
        let (name, file, layers_of) = (text("name")?, text("file")?, text("layers-of")?);
        let mut settings = match &file {
            Some(file) => {
                let path = files::resolve(&PathBuf::from(file), self.folder);
                let setting = |source| self.setting(name.as_deref().unwrap_or(file), source);
                let config = Config::read(&path).map_err(setting)?;
                Table::try_from(&config).expect("settings can be written as TOML")
            }
            None => base.clone(),
        };
        let seeds = table.get("seeds").map(|seeds| {
            let numbers = seeds.clone().try_into::<Vec<u64>>();
            numbers.map_err(|_| self.value("configuration: seeds", seeds, "a list of whole numbers"))
        });
        let aside = ["name", "file", "seeds", "layers-of"];
        for (setting, value) in table.iter().filter(|(key, _)| !aside.contains(&key.as_str())) {
            match (setting.as_str(), value) {
                // What a settled plan has: every setting, in a table.
                ("settings", Value::Table(all)) => settings = all.clone(),
                _ => self.set(&mut settings, setting, value.clone())?,
            }
        }
        let stem =
            || file.as_ref().and_then(|file| Path::new(file).file_stem()).map(|stem| stem.to_string_lossy());
        let name = name.or_else(|| stem().map(|stem| stem.into_owned())).unwrap_or_default();
        Ok(Own { name, seeds: seeds.transpose()?, layers_of, settings })
    }

    /// Every combination of what varies; one without settings where nothing does.
    fn variants<'a>(&self, vary: &'a [Table]) -> Result<Vec<Variant<'a>>, PlanError> {
        let mut variants = vec![Variant::default()];
        for table in vary {
            let together = self.together(table)?;
            let joined = variants.iter().flat_map(|before| {
                together.iter().map(move |next| {
                    let name = match before.name.is_empty() {
                        true => next.name.clone(),
                        false => format!("{}-{}", before.name, next.name),
                    };
                    let settings = before.settings.iter().chain(&next.settings).copied().collect();
                    Variant { name, settings }
                })
            });
            variants = joined.collect();
        }
        Ok(variants)
    }

    /// The lists of one table, which go together.
    fn together<'a>(&self, table: &'a Table) -> Result<Vec<Variant<'a>>, PlanError> {
        let mut lists: Vec<(&str, &Vec<Value>)> = Vec::new();
        for (setting, value) in table {
            match value {
                Value::Array(list) if !list.is_empty() => lists.push((setting, list)),
                Value::Table(_) => {
                    let expected = format!("one dotted name in quotes, as \"{setting}.…\" = [10, 20]");
                    return Err(self.value(&format!("vary: {setting}"), "a table", &expected));
                }
                other => return Err(self.value(&format!("vary: {setting}"), other, "a list of values")),
            }
        }
        let length = lists.first().map_or(0, |(_, list)| list.len());
        if let Some((setting, list)) = lists.iter().find(|(_, list)| list.len() != length) {
            let expected = format!("{length}, as many as {} has", lists[0].0);
            return Err(self.value(&format!("vary: {setting}"), format!("{} values", list.len()), &expected));
        }
        let named = lists.iter().position(|(setting, _)| *setting == "name").map(|at| lists.remove(at).1);
        if lists.is_empty() {
            return Err(self.value(
                "vary",
                "no setting",
                "lists of values, as \"training.epochs\" = [10, 20]",
            ));
        }
        (0..length)
            .map(|index| {
                let settings: Vec<(&str, &Value)> =
                    lists.iter().map(|(setting, list)| (*setting, &list[index])).collect();
                let name = match named.map(|names| &names[index]) {
                    Some(Value::String(name)) => name.clone(),
                    Some(other) => return Err(self.value("vary: name", other, "a list of texts")),
                    None => settings
                        .iter()
                        .map(|(setting, value)| short(setting, value))
                        .collect::<Vec<_>>()
                        .join("-"),
                };
                Ok(Variant { name, settings })
            })
            .collect()
    }

    /// Sets the setting of this dotted name.
    fn set(&self, settings: &mut Table, setting: &str, value: Value) -> Result<(), PlanError> {
        let mut table = settings;
        let mut parts = setting.split('.').peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                // A table given whole changes what it names and no more; a choice with a kind is a value.
                match (table.get_mut(part), value) {
                    (Some(Value::Table(old)), Value::Table(new)) if !new.contains_key("kind") => {
                        for (name, value) in new {
                            let mut inner = std::mem::take(old);
                            self.set(&mut inner, &name, value)?;
                            *old = inner;
                        }
                    }
                    (_, value) => drop(table.insert(part.to_owned(), value)),
                }
                return Ok(());
            }
            let inner = table.entry(part.to_owned()).or_insert_with(|| Value::Table(Table::new()));
            match inner {
                Value::Table(inner) => table = inner,
                other => {
                    let found = other.to_string();
                    return Err(self.value(setting, found, &format!("settings under {part}")));
                }
            }
        }
        Ok(())
    }

    /// Full settings; what is left out has its default.
    fn settings(&self, name: &str, settings: Table) -> Result<Config, PlanError> {
        let syntax = |error: toml::de::Error| {
            let (path, message) = (self.path.display().to_string(), error.message().to_owned());
            self.setting(name, ConfigError::Syntax { path, message })
        };
        let mut config: Config = Value::Table(settings).try_into().map_err(syntax)?;
        config.data.dir = config.data.dir.map(|dir| files::resolve(&dir, self.folder));
        config.network = config.network.map(|network| files::resolve(&network, self.folder));
        // Seeds are the plan's.
        config.seed = Config::default().seed;
        Ok(config)
    }

    fn setting(&self, configuration: &str, source: ConfigError) -> PlanError {
        PlanError::Setting { path: self.path.to_owned(), configuration: configuration.to_owned(), source }
    }

    fn cost(&self, cost: &Value) -> Result<u64, PlanError> {
        let found = match cost {
            Value::Integer(cost) if *cost > 0 => Some(*cost as u64),
            Value::Float(cost) => operations(*cost),
            _ => None,
        };
        found.ok_or_else(|| self.value("cost", cost, OPERATIONS))
    }
}

/// What a total cost may be.
pub const OPERATIONS: &str = "floating-point operations above 0, as 2e12";

/// A total cost written as 2e12; none where there is no such cost.
pub fn operations(cost: f64) -> Option<u64> {
    (1.0..9e18).contains(&cost).then_some(cost as u64)
}

/// A value with its setting's last name, fit for a run's name.
fn short(setting: &str, value: &Value) -> String {
    let last = setting.rsplit('.').next().unwrap_or(setting);
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list
            .iter()
            .map(|item| item.as_str().map_or(item.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join("+"),
        other => other.to_string(),
    };
    let fit =
        |letter: char| if letter.is_ascii_alphanumeric() || ".-_+=".contains(letter) { letter } else { '_' };
    format!("{last}={}", text.chars().map(fit).collect::<String>())
}
