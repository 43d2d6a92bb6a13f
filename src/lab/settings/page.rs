//! The table as a page: docs/settings.md.

use std::fmt::Write;

use super::Section;
use crate::lab::Config;

/// docs/settings.md.
pub fn settings_page() -> String {
    let usual = Config::default();
    let mut page = String::from(
        "# Settings\n\n\
         <!-- Written by `cargo run --example settings` from the table in src/lab/settings. -->\n\n\
         A dotted name is the place of a setting in a TOML file: `training.epochs = 2` is `epochs = 2` under \
         `[training]`. On\nthe command line it is `--set training.epochs=2`, as often as needed, in this order: the \
         defaults, the file of\n`--config`, `--set`, the other options. `none` leaves a value out; in a file that is \
         to leave its line out.\n",
    );
    for section in Section::ALL {
        let _ = write!(page, "\n## {}\n\n", section.title());
        page += "| setting | on the screen | default | may be | what for |\n|---|---|---|---|---|\n";
        for setting in section.settings() {
            let mut name = format!("`{}`", setting.name);
            if let Some((other, values)) = setting.needs {
                let _ = write!(name, ", where `{other}` is {}", values.join(" or "));
            }
            let unit = if setting.unit.is_empty() { String::new() } else { format!(" {}", setting.unit) };
            let default = setting.get(&usual).map_or(String::new(), |value| match value.parse::<f64>() {
                Ok(_) => format!("{value}{unit}"),
                Err(_) => value,
            });
            let _ = writeln!(
                page,
                "| {name} | {} | {default} | {} | {} |",
                setting.label,
                setting.expected(),
                setting.why
            );
        }
    }
    page
}
