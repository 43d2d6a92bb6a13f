//! The settings of an ONNX node.

use super::proto::{Attribute, Node};
use super::tensor::Fault;

/// A node's settings by name.
pub struct Attributes<'a>(pub &'a Node);

impl<'a> Attributes<'a> {
    /// The setting called `name`.
    pub fn get(&self, name: &str) -> Option<&'a Attribute> {
        self.0.attribute.iter().find(|attribute| attribute.name == name)
    }

    /// A whole number, or what holds without the setting.
    pub fn int(&self, name: &str, usual: i64) -> i64 {
        self.get(name).map_or(usual, |attribute| attribute.i)
    }

    /// A number, or what holds without the setting.
    pub fn float(&self, name: &str, usual: f32) -> f32 {
        self.get(name).map_or(usual, |attribute| attribute.f)
    }

    /// Whole numbers, if the setting is there.
    pub fn ints(&self, name: &str) -> Option<&'a [i64]> {
        self.get(name).map(|attribute| attribute.ints.as_slice())
    }

    /// Demands whole numbers, where the setting is there.
    pub fn demand(&self, name: &str, expected: &[i64]) -> Result<(), Fault> {
        match self.ints(name) {
            Some(found) if found != expected => {
                Err((format!("{name} {found:?}"), format!("{name} {expected:?}")))
            }
            _ => Ok(()),
        }
    }

    /// Demands one whole number; `usual` holds without the setting.
    pub fn demand_int(&self, name: &str, usual: i64, expected: i64) -> Result<(), Fault> {
        match self.int(name, usual) {
            found if found == expected => Ok(()),
            found => Err((format!("{name} {found}"), format!("{name} {expected}"))),
        }
    }

    /// Demands one number, which holds without the setting too.
    pub fn demand_float(&self, name: &str, expected: f32) -> Result<(), Fault> {
        match self.float(name, expected) {
            found if found == expected => Ok(()),
            found => Err((format!("{name} {found}"), format!("{name} {expected}"))),
        }
    }

    /// How the borders are padded automatically, if that is asked for.
    pub fn auto_pad(&self) -> Option<&'a str> {
        let text = std::str::from_utf8(&self.get("auto_pad")?.s).unwrap_or("?");
        (text != "NOTSET").then_some(text)
    }
}
