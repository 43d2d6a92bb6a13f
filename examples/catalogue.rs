//! Writes docs/morphisms.md from the register of families: `cargo run --example catalogue`.

use std::path::Path;

use anyhow::Result;
use seedling::morphism::catalogue;

fn main() -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/morphisms.md");
    std::fs::write(&path, catalogue()?)?;
    println!("{}", path.display());
    Ok(())
}
