//! The table, one file a section.

mod entry;
mod learning;
mod method;
mod search;
mod start;
mod training;

use super::{Section, Setting};

impl Section {
    /// Its settings, in the order of the setup dialog.
    pub fn settings(self) -> &'static [Setting] {
        match self {
            Section::Start => start::SETTINGS,
            Section::Method => method::SETTINGS,
            Section::Training => training::SETTINGS,
            Section::Learning => learning::SETTINGS,
            Section::Search => search::SETTINGS,
        }
    }
}

impl Setting {
    /// Every setting, section by section.
    pub fn all() -> impl Iterator<Item = &'static Setting> {
        Section::ALL.into_iter().flat_map(|section| section.settings())
    }
}
