//! Reading a lesson's file.

use std::collections::BTreeSet;
use std::path::Path;

use toml::{Table, Value};

use super::check::Check;
use super::error::LessonError;
use super::fields::Fields;
use super::kinds::{Ask, Entrant, Lesson, On, RECORDED, Race, Step, Until};
use super::part::Part;
use crate::files;
use crate::lab::{Config, ConfigError, Stage};

/// The panels that a step can open.
const PANELS: [&str; 7] = ["network", "cloud", "curves", "table", "costs", "race", "figures"];
/// The most minutes of a lesson.
const MOST_MINUTES: i64 = 600;

impl Lesson {
    /// Reads a file and checks it.
    ///
    /// # Errors
    /// A file that cannot be read, that is no TOML, or that has a field with another value than a lesson can have.
    pub fn read(path: &Path) -> Result<Self, LessonError> {
        let bytes = files::read_at_most(path, files::MOST_TEXT)?;
        let file = path.display().to_string();
        let text = String::from_utf8(bytes)
            .map_err(|error| LessonError::Syntax { file: file.clone(), message: error.to_string() })?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut lesson = Self::parse(&name, &file, &text)?;
        let settings = lesson.settings.iter_mut();
        let raced = lesson.steps.iter_mut().filter_map(|step| match &mut step.ask {
            Ask::Do(Until::Race(race)) => Some(race.entrants.iter_mut().map(|entrant| &mut entrant.settings)),
            _ => None,
        });
        for config in settings.chain(raced.flatten()) {
            config.data.dir = config.data.dir.take().map(|place| files::resolve(&place, folder));
            config.network = config.network.take().map(|place| files::resolve(&place, folder));
        }
        Ok(lesson)
    }

    /// Reads a lesson of this name from its text; `file` is for errors.
    ///
    /// # Errors
    /// As [`Lesson::read`], but for the file system.
    pub fn parse(name: &str, file: &str, text: &str) -> Result<Self, LessonError> {
        Self::of_table(name, file, Self::table(file, text)?)
    }

    /// A lesson's text as a table.
    pub(super) fn table(file: &str, text: &str) -> Result<Table, LessonError> {
        toml::from_str(text)
            .map_err(|error| LessonError::Syntax { file: file.to_owned(), message: format!("\n{error}") })
    }

    /// Reads a lesson of this name from its table.
    pub(super) fn of_table(name: &str, file: &str, table: Table) -> Result<Self, LessonError> {
        let mut fields = Fields::new(file, "", table);
        let title = fields.some_text("title")?;
        let summary = fields.some_text("summary")?;
        let language = fields.text("language")?.unwrap_or_else(|| "en".into());
        let expected = format!("a whole number from 1 to {MOST_MINUTES}");
        let minutes = fields.whole("minutes", 1)?;
        let minutes = fields.needed("minutes", minutes, &expected)?;
        if minutes > MOST_MINUTES {
            return Err(fields.wrong("minutes", minutes.to_string(), expected));
        }
        let recorded = fields.text("recorded")?;
        if let Some(other) = recorded.as_ref().filter(|name| name.as_str() != RECORDED) {
            let expected = format!("\"{RECORDED}\", the recorded run that comes with the program");
            return Err(fields.wrong("recorded", format!("\"{other}\""), expected));
        }
        let base = fields.table("settings")?;
        let settings = base.clone().map(|table| settings(&fields, table)).transpose()?;
        if recorded.is_none() && settings.is_none() {
            return Err(fields.wrong("settings", "neither settings nor recorded", "one of them, or both"));
        }
        let tables = fields.tables("step")?;
        if tables.is_empty() {
            return Err(fields.wrong("step", "none", "at least one, begun by [[step]]"));
        }
        fields.end()?;
        let reader = Reader { file, base, has_run: settings.is_some(), has_recorded: recorded.is_some() };
        let mut steps: Vec<Step> = Vec::new();
        for (place, table) in tables.into_iter().enumerate() {
            let step = reader.step(place, table, &steps)?;
            steps.push(step);
        }
        Ok(Self {
            name: name.to_owned(),
            title,
            summary,
            language,
            minutes: minutes as u64,
            settings,
            recorded,
            steps,
        })
    }
}

/// Settings as in settings files, checked.
fn settings(fields: &Fields<'_>, table: Table) -> Result<Config, LessonError> {
    let config: Config = Value::Table(table).try_into().map_err(|error: toml::de::Error| {
        fields.wrong(
            "settings",
            error.message().replace('\n', " "),
            "settings as docs/settings.md lists them",
        )
    })?;
    match config.check() {
        Ok(()) => Ok(config),
        Err(ConfigError::Value { field, found, expected }) => {
            Err(fields.wrong(&format!("settings.{field}"), found, expected))
        }
        Err(error) => Err(fields.wrong("settings", error.to_string(), "settings that fit one another")),
    }
}

struct Reader<'a> {
    file: &'a str,
    /// The lesson's settings as they are written.
    base: Option<Table>,
    has_run: bool,
    has_recorded: bool,
}

impl Reader<'_> {
    fn step(&self, place: usize, table: Table, earlier: &[Step]) -> Result<Step, LessonError> {
        let called = table.get("name").and_then(Value::as_str).unwrap_or("").to_owned();
        let here = if called.is_empty() {
            format!("step {}", place + 1)
        } else {
            format!("step {} \"{called}\"", place + 1)
        };
        let mut fields = Fields::new(self.file, &here, table);
        let name = fields.some_text("name")?;
        let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if !name.chars().all(fits) || name.chars().all(|letter| letter.is_ascii_digit()) {
            return Err(fields.wrong("name", format!("\"{name}\""), "small letters, digits and hyphens"));
        }
        if earlier.iter().any(|step| step.name == name) {
            return Err(fields.wrong("name", format!("\"{name}\" again"), "a name that no other step has"));
        }
        let title = fields.some_text("title")?;
        let text = paragraphs(&fields.some_text("text")?);
        let on = self.on(&mut fields)?;
        let show = fields.text("show")?;
        if let Some(panel) = show.as_ref().filter(|panel| !PANELS.contains(&panel.as_str())) {
            let expected = format!("one of {}", PANELS.join(", "));
            return Err(fields.wrong("show", format!("\"{panel}\""), expected));
        }
        let needs = fields.text("needs")?.map(|name| stage(&fields, "needs", &name)).transpose()?;
        let point_at = fields.texts("point-at")?;
        let point_at = point_at.iter().map(|name| {
            Part::named(name).map_err(|expected| fields.wrong("point-at", format!("\"{name}\""), expected))
        });
        let point_at = point_at.collect::<Result<Vec<Part>, LessonError>>()?;
        let ask = self.ask(&mut fields, earlier)?;
        let check = check(&mut fields, &ask)?;
        let [right, wrong, hint] =
            ["right", "wrong", "hint"].map(|field| fields.text(field).map(Option::unwrap_or_default));
        let (right, wrong, hint) = (right?, wrong?, hint?);
        for (field, text) in [("right", &right), ("wrong", &wrong), ("hint", &hint)] {
            let allowed = if field == "hint" { &[][..] } else { check.values() };
            if let Some(name) = braces(text).find(|name| !allowed.contains(name)) {
                let names: Vec<String> = allowed.iter().map(|name| format!("{{{name}}}")).collect();
                let expected = if names.is_empty() { "no braces".into() } else { names.join(", ") };
                return Err(fields.wrong(field, format!("{{{name}}}"), expected));
            }
        }
        if check.can_fail() && wrong.is_empty() {
            return Err(fields.wrong("wrong", "nothing", "what is said of a wrong answer"));
        }
        if let (Check::RaceWinner, Ask::Choose { options, .. }) = (check, &ask) {
            let raced = earlier.iter().rev().find_map(|step| match &step.ask {
                Ask::Do(Until::Race(race)) => Some(race.entrants.len()),
                _ => None,
            });
            let Some(raced) = raced else {
                let found = "\"race-winner\" without a race";
                return Err(fields.wrong("check", found, "an earlier step that runs one"));
            };
            if options.len() != raced + 1 {
                let expected = format!("{}: one for each entrant in their order, then a draw", raced + 1);
                return Err(fields.wrong("options", format!("{} texts", options.len()), expected));
            }
        }
        fields.end()?;
        Ok(Step { name, title, text, on, show, needs, point_at, ask, check, right, wrong, hint })
    }

    fn on(&self, fields: &mut Fields<'_>) -> Result<On, LessonError> {
        let usual = if self.has_run { On::Run } else { On::Recorded };
        let on = match fields.text("on")?.as_deref() {
            None => usual,
            Some("run") => On::Run,
            Some("recorded") => On::Recorded,
            Some(other) => return Err(fields.wrong("on", format!("\"{other}\""), "run or recorded")),
        };
        match on {
            On::Run if !self.has_run => Err(fields.wrong("on", "\"run\"", "settings in the lesson for it")),
            On::Recorded if !self.has_recorded => {
                Err(fields.wrong("on", "\"recorded\"", "a recorded run in the lesson"))
            }
            on => Ok(on),
        }
    }

    fn ask(&self, fields: &mut Fields<'_>, earlier: &[Step]) -> Result<Ask, LessonError> {
        let expected = format!("one of {}", Ask::NAMES.join(", "));
        let ask = fields.text("ask")?;
        let ask = fields.needed("ask", ask, &expected)?;
        match ask.as_str() {
            "read" => Ok(Ask::Read),
            "do" => self.until(fields).map(Ask::Do),
            "choose" => choose(fields),
            "candidate" => {
                let of = fields.text("of")?;
                let ordered =
                    |name: &String| earlier.iter().any(|step| step.name == *name && step.ask == Ask::Order);
                match of {
                    Some(name) if !ordered(&name) => Err(fields.wrong(
                        "of",
                        format!("\"{name}\""),
                        "an earlier step that asks for an order",
                    )),
                    of => Ok(Ask::Candidate { of }),
                }
            }
            "vote" => Ok(Ask::Vote),
            "order" => Ok(Ask::Order),
            "number" => {
                let unit = fields.text("unit")?.unwrap_or_default();
                let within = fields.number("within")?.unwrap_or(0.0);
                Ok(Ask::Number { unit, within: positive(fields, within)?, answer: fields.number("answer")? })
            }
            "scale" => {
                let within = fields.number("within")?.unwrap_or(0.1);
                Ok(Ask::Scale { within: positive(fields, within)? })
            }
            "pick" => {
                let most = fields.whole("most", 1)?.unwrap_or(3) as usize;
                Ok(Ask::Pick { most, parameters: fields.whole("parameters", 1)?.unwrap_or(i64::MAX) })
            }
            "write" => Ok(Ask::Write { words: fields.whole("words", 1)?.unwrap_or(3) as usize }),
            other => Err(fields.wrong("ask", format!("\"{other}\""), expected)),
        }
    }

    fn until(&self, fields: &mut Fields<'_>) -> Result<Until, LessonError> {
        let until = fields.text("until")?;
        let until = fields.needed("until", until, "a stage, or race")?;
        if until != "race" {
            return stage(fields, "until", &until).map(Until::Stage);
        }
        let seeds = match fields.take("seeds") {
            None => vec![1, 2, 3],
            Some(value) => {
                let found = value.to_string();
                let seeds: Vec<u64> =
                    value.try_into().map_err(|_| fields.wrong("seeds", found, "a list of whole numbers"))?;
                seeds
            }
        };
        let tables = fields.tables("entrant")?;
        if tables.len() < 2 {
            let found = format!("{} of them", tables.len());
            return Err(fields.wrong("entrant", found, "two or more, each begun by [[step.entrant]]"));
        }
        let mut entrants = Vec::new();
        for mut table in tables {
            let name = match table.remove("name") {
                Some(Value::String(name)) if !name.is_empty() => name,
                other => {
                    let found = other.map_or("nothing".into(), |value| value.to_string());
                    return Err(fields.wrong("entrant.name", found, "a text in quotes"));
                }
            };
            let mut whole = self.base.clone().unwrap_or_default();
            merge(&mut whole, table);
            entrants.push(Entrant { name, settings: settings(fields, whole)? });
        }
        Ok(Until::Race(Race { seeds, entrants }))
    }
}

/// Puts the settings of one table over those of another; a choice with a kind is one value.
fn merge(under: &mut Table, over: Table) {
    for (name, value) in over {
        match (under.get_mut(&name), value) {
            (Some(Value::Table(old)), Value::Table(new)) if !new.contains_key("kind") => merge(old, new),
            (_, value) => drop(under.insert(name, value)),
        }
    }
}

fn choose(fields: &mut Fields<'_>) -> Result<Ask, LessonError> {
    let options = fields.texts("options")?;
    let different: BTreeSet<&String> = options.iter().collect();
    if different.len() < 2 || different.len() < options.len() {
        let found = format!("{} different texts of {}", different.len(), options.len());
        return Err(fields.wrong("options", found, "two or more that differ"));
    }
    let answer = fields.whole("answer", 1)?;
    if let Some(answer) = answer.filter(|answer| *answer > options.len() as i64) {
        let expected = format!("the number of an option, 1 to {}", options.len());
        return Err(fields.wrong("answer", answer.to_string(), expected));
    }
    Ok(Ask::Choose { options, answer: answer.map(|answer| answer as usize - 1) })
}

fn check(fields: &mut Fields<'_>, ask: &Ask) -> Result<Check, LessonError> {
    let fitting = || {
        let fits = Check::ALL.into_iter().filter(|check| check.asks().contains(&ask.name()));
        fits.map(Check::name).collect::<Vec<_>>().join(", ")
    };
    let given = matches!(ask, Ask::Choose { answer: Some(_), .. } | Ask::Number { answer: Some(_), .. });
    let check = match fields.text("check")? {
        Some(name) => match name.parse::<Check>() {
            Ok(check) if check.asks().contains(&ask.name()) => check,
            _ => {
                let expected = format!("one that goes with ask = \"{}\": {}", ask.name(), fitting());
                return Err(fields.wrong("check", format!("\"{name}\""), expected));
            }
        },
        None if given => Check::Answer,
        None => match ask {
            Ask::Do(_) => Check::Done,
            Ask::Scale { .. } => Check::Parting,
            Ask::Vote => Check::SplitAndPrune,
            Ask::Pick { .. } => Check::BeatsMethod,
            _ => Check::Kept,
        },
    };
    let needs_of = check == Check::MostMisjudged && *ask == Ask::Candidate { of: None };
    match (check, given) {
        (Check::Answer, false) => Err(fields.wrong("answer", "nothing", "the right answer")),
        (other, true) if other != Check::Answer => {
            Err(fields.wrong("check", format!("\"{other}\" beside an answer"), "one of the two"))
        }
        _ if needs_of => Err(fields.wrong("of", "nothing", "the step whose order is looked at again")),
        (check, _) => Ok(check),
    }
}

/// A stage that a step can wait for.
fn stage(fields: &Fields<'_>, field: &str, name: &str) -> Result<Stage, LessonError> {
    Stage::of_rounds().find(|stage| stage.name() == name).ok_or_else(|| {
        let names = Stage::of_rounds().map(Stage::name).collect::<Vec<_>>().join(", ");
        fields.wrong(field, format!("\"{name}\""), format!("one of {names}"))
    })
}

fn positive(fields: &Fields<'_>, within: f64) -> Result<f64, LessonError> {
    match within >= 0.0 {
        true => Ok(within),
        false => Err(fields.wrong("within", within.to_string(), "a number from 0")),
    }
}

/// The paragraphs of a text, which blank lines part; lines within one are joined. Spaces at which no line breaks stay.
fn paragraphs(text: &str) -> Vec<String> {
    let joined = text.split("\n\n").map(|part| part.split_ascii_whitespace().collect::<Vec<_>>().join(" "));
    joined.filter(|part| !part.is_empty()).collect()
}

/// The names in braces.
fn braces(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap_or(rest))
}

#[cfg(test)]
mod tests;
