//! Writes docs/settings.md from the table of settings: `cargo run --example settings`.

use std::path::Path;

use anyhow::Result;
use seedling::lab::settings::settings_page;

fn main() -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/settings.md");
    std::fs::write(&path, settings_page())?;
    println!("{}", path.display());
    Ok(())
}
