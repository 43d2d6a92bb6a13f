//! The fields of a table in a lesson's file, taken one by one; what is left over is refused by name.

use toml::{Table, Value};

use super::error::LessonError;

/// A table that is being read.
pub struct Fields<'a> {
    /// The file, for errors.
    file: &'a str,
    /// The step, for errors.
    place: String,
    table: Table,
    /// Every name that was asked for.
    known: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// Of a table at `place`, which is a step's name with its number, or empty.
    pub fn new(file: &'a str, place: &str, table: Table) -> Self {
        let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
        Self { file, place, table, known: Vec::new() }
    }

    /// An error of a field.
    pub fn wrong(&self, field: &str, found: impl Into<String>, expected: impl Into<String>) -> LessonError {
        LessonError::Field {
            file: self.file.to_owned(),
            place: self.place.clone(),
            field: field.to_owned(),
            found: found.into(),
            expected: expected.into(),
        }
    }

    /// A field as it stands there.
    pub fn take(&mut self, field: &'static str) -> Option<Value> {
        self.known.push(field);
        self.table.remove(field)
    }

    fn kind<T>(
        &mut self,
        field: &'static str,
        expected: &str,
        as_kind: impl Fn(&Value) -> Option<T>,
    ) -> Result<Option<T>, LessonError> {
        match self.take(field) {
            None => Ok(None),
            Some(value) => match as_kind(&value) {
                Some(value) => Ok(Some(value)),
                None => Err(self.wrong(field, value.to_string(), expected)),
            },
        }
    }

    /// A text; none where there is none.
    pub fn text(&mut self, field: &'static str) -> Result<Option<String>, LessonError> {
        self.kind(field, "a text in quotes", |value| Some(value.as_str()?.trim().to_owned()))
    }

    /// A text that must be there and not be empty.
    pub fn some_text(&mut self, field: &'static str) -> Result<String, LessonError> {
        match self.text(field)? {
            Some(text) if !text.is_empty() => Ok(text),
            Some(_) => Err(self.wrong(field, "an empty text", "some words")),
            None => Err(self.wrong(field, "nothing", "a text in quotes")),
        }
    }

    /// A list of texts; an empty one where there is none.
    pub fn texts(&mut self, field: &'static str) -> Result<Vec<String>, LessonError> {
        let as_texts = |value: &Value| {
            let texts = value.as_array()?.iter().map(|one| one.as_str().map(str::to_owned));
            texts.collect::<Option<Vec<String>>>()
        };
        Ok(self.kind(field, "a list of texts in quotes", as_texts)?.unwrap_or_default())
    }

    /// A whole number from `least` on.
    pub fn whole(&mut self, field: &'static str, least: i64) -> Result<Option<i64>, LessonError> {
        let expected = format!("a whole number from {least}");
        self.kind(field, &expected, |value| value.as_integer().filter(|number| *number >= least))
    }

    /// A number.
    pub fn number(&mut self, field: &'static str) -> Result<Option<f64>, LessonError> {
        self.kind(field, "a number", |value| match value {
            Value::Integer(number) => Some(*number as f64),
            Value::Float(number) if number.is_finite() => Some(*number),
            _ => None,
        })
    }

    /// A table.
    pub fn table(&mut self, field: &'static str) -> Result<Option<Table>, LessonError> {
        self.kind(field, "a table", |value| value.as_table().cloned())
    }

    /// Tables in a list; an empty one where there is none.
    pub fn tables(&mut self, field: &'static str) -> Result<Vec<Table>, LessonError> {
        let as_tables = |value: &Value| {
            value.as_array()?.iter().map(|one| one.as_table().cloned()).collect::<Option<Vec<Table>>>()
        };
        let expected = format!("tables, each begun by [[{field}]]");
        Ok(self.kind(field, &expected, as_tables)?.unwrap_or_default())
    }

    /// Something that must be there.
    pub fn needed<T>(&self, field: &str, value: Option<T>, expected: &str) -> Result<T, LessonError> {
        value.ok_or_else(|| self.wrong(field, "nothing", expected))
    }

    /// Refuses what nobody asked for.
    pub fn end(self) -> Result<(), LessonError> {
        match self.table.iter().next() {
            None => Ok(()),
            Some((field, value)) => {
                let known = self.known.join(", ");
                Err(self.wrong(field, value.to_string(), format!("no such field here, only {known}")))
            }
        }
    }
}
