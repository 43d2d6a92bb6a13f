//! Classes as people choose them: by their numbers in the files, or by their names.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::DataError;

/// One class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    /// By its number in the files.
    Number(u8),
    /// By its name, or what was written where a name or a number was expected.
    Name(String),
}

impl Class {
    /// Classes by their numbers.
    pub fn numbers(numbers: &[u8]) -> Vec<Self> {
        numbers.iter().copied().map(Class::Number).collect()
    }

    /// Its number among the classes of these names. Upper and lower case are alike, and so are blanks, hyphens and
    /// underscores.
    fn number(&self, names: &[String]) -> Option<u8> {
        let plain = |name: &str| name.to_lowercase().replace([' ', '-'], "_");
        let found = match self {
            Class::Number(number) => Some(usize::from(*number)).filter(|number| *number < names.len()),
            Class::Name(name) => names.iter().position(|known| plain(known) == plain(name)),
        };
        found.and_then(|number| u8::try_from(number).ok())
    }
}

/// The numbers of these classes, which must be known, differ, and be at least two.
pub(super) fn numbers(classes: &[Class], names: &[String]) -> Result<Vec<u8>, DataError> {
    let mut numbers = Vec::with_capacity(classes.len());
    for class in classes {
        let Some(number) = class.number(names) else {
            let known: Vec<String> =
                names.iter().enumerate().map(|(number, name)| format!("{number} {name}")).collect();
            let found = match class {
                Class::Number(number) => number.to_string(),
                Class::Name(name) => format!("\"{name}\""),
            };
            let expected = format!("names or numbers of {}", known.join(", "));
            return Err(DataError::Classes { found, expected });
        };
        if numbers.contains(&number) {
            let found = format!("{number} ({}) twice", names[usize::from(number)]);
            return Err(DataError::Classes { found, expected: "each class once".into() });
        }
        numbers.push(number);
    }
    match numbers.len() {
        0 | 1 => {
            Err(DataError::Classes { found: numbers.len().to_string(), expected: "at least two".into() })
        }
        _ => Ok(numbers),
    }
}

impl fmt::Display for Class {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Class::Number(number) => write!(formatter, "{number}"),
            Class::Name(name) => formatter.write_str(name),
        }
    }
}

impl FromStr for Class {
    type Err = Infallible;

    /// A number where the text is one. What no class is called is only known with the data set.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.parse().map_or_else(|_| Class::Name(text.to_owned()), Class::Number))
    }
}

impl Serialize for Class {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Class::Number(number) => serializer.serialize_u8(*number),
            Class::Name(name) => serializer.serialize_str(name),
        }
    }
}

impl<'a> Deserialize<'a> for Class {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneClass)
    }
}

struct OneClass;

impl Visitor<'_> for OneClass {
    type Value = Class;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name or the number of a class")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Class, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Class, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Class, E> {
        text.parse().map_err(E::custom)
    }
}

/// Reads a list of classes, or a text with commas between them as in `cat,dog`.
pub(super) fn read_list<'a, D: Deserializer<'a>>(deserializer: D) -> Result<Option<Vec<Class>>, D::Error> {
    deserializer.deserialize_any(ManyClasses)
}

struct ManyClasses;

impl<'a> Visitor<'a> for ManyClasses {
    type Value = Option<Vec<Class>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of names or numbers of classes")
    }

    /// JSON's `null`, by which saved runs have all classes.
    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(|part| part.parse().map_err(E::custom)).collect::<Result<_, E>>().map(Some)
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
        let mut classes = Vec::new();
        while let Some(class) = parts.next_element()? {
            classes.push(class);
        }
        Ok(Some(classes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DataConfig;

    fn chosen(text: &str) -> Result<Vec<Class>, String> {
        let config: DataConfig = toml::from_str(text).map_err(|error| error.to_string())?;
        let classes = config.by_number().map_err(|error| error.to_string())?.classes;
        Ok(classes.unwrap_or_default())
    }

    #[test]
    fn names_and_numbers_choose_alike() {
        let cats_and_dogs = Class::numbers(&[3, 5]);
        for text in
            ["[3, 5]", "[\"cat\", \"dog\"]", "[\"Cat\", 5]", "[\"3\", \"DOG\"]", "\"cat,dog\"", "\"3, dog\""]
        {
            assert_eq!(chosen(&format!("classes = {text}")).unwrap(), cats_and_dogs, "{text}");
        }
        assert_eq!(chosen("").unwrap(), []);
        // What is saved are numbers.
        let config = DataConfig { classes: Some(cats_and_dogs), ..DataConfig::default() };
        assert_eq!(serde_json::to_value(&config).unwrap()["classes"], serde_json::json!([3, 5]));
        let text = serde_json::to_string(&DataConfig::default()).unwrap();
        assert_eq!(serde_json::from_str::<DataConfig>(&text).unwrap(), DataConfig::default());
    }

    #[test]
    fn blanks_hyphens_and_underscores_of_a_name_are_alike() {
        let names = ["lawn mower", "non-insect_invertebrates"].map(str::to_owned);
        for text in ["lawn_mower", "Lawn-Mower", "lawn mower"] {
            assert_eq!(Class::Name(text.into()).number(&names), Some(0), "{text}");
        }
        assert_eq!(Class::Name("non insect invertebrates".into()).number(&names), Some(1));
    }

    #[test]
    fn a_class_that_is_not_there_is_named_with_those_that_are() {
        for (text, found) in [
            ("[\"cat\", \"dogs\"]", "found \"dogs\""),
            ("[1, 10]", "found 10"),
            ("[1, 300]", "found \"300\""),
            ("[1, -1]", "found \"-1\""),
        ] {
            let message = chosen(&format!("classes = {text}")).unwrap_err();
            assert!(message.contains(found), "{message}");
            assert!(message.contains("0 airplane") && message.contains("9 truck"), "{message}");
        }
        assert_eq!(
            chosen("classes = [\"cat\", 5, 3]").unwrap_err(),
            "classes: found 3 (cat) twice, expected each class once"
        );
        assert_eq!(chosen("classes = [\"cat\"]").unwrap_err(), "classes: found 1, expected at least two");
        assert!(chosen("classes = [1.5]").unwrap_err().contains("the name or the number of a class"));
        assert!(chosen("classes = true").unwrap_err().contains("a list of names or numbers"));
    }
}
