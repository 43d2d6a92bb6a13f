//! Where two things that are saved alike differ, by the dotted name of the place.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

/// The first place where they differ, what is found there, and what is expected.
pub fn first_difference(
    found: &impl Serialize,
    expected: &impl Serialize,
) -> Option<(String, String, String)> {
    let value = |of: serde_json::Result<Value>| of.expect("settings can be written as JSON");
    within("", &value(serde_json::to_value(found)), &value(serde_json::to_value(expected)))
}

fn within(name: &str, found: &Value, expected: &Value) -> Option<(String, String, String)> {
    match (found, expected) {
        (found, expected) if found == expected => None,
        (Value::Object(found), Value::Object(expected)) => {
            let names: BTreeSet<&String> = found.keys().chain(expected.keys()).collect();
            names.into_iter().find_map(|key| {
                let inner = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                let of =
                    |object: &serde_json::Map<String, Value>| object.get(key).cloned().unwrap_or_default();
                within(&inner, &of(found), &of(expected))
            })
        }
        (found, expected) => Some((name.to_owned(), found.to_string(), expected.to_string())),
    }
}
