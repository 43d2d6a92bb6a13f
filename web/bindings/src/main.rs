//! `bindings PROGRAM.wasm FOLDER`: writes `seedling.js` and `seedling_bg.wasm`, for a page's modules, and the fonts
//! that the program asks the page for.

use std::fs::write;
use std::path::Path;
use std::process::ExitCode;

use epaint_default_fonts::{EGUI_ICONS, HACK_REGULAR, UBUNTU_LIGHT};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [program, folder] = arguments.as_slice() else {
        eprintln!("usage: bindings PROGRAM.wasm FOLDER");
        return ExitCode::from(2);
    };
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(program)
        .out_name("seedling")
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // Without it the module does not find its program.
        .omit_default_module_path(false);
    if let Err(error) = bindgen.web(true).and_then(|bindgen| bindgen.generate(folder)) {
        eprintln!("{program}: {error:#}");
        return ExitCode::FAILURE;
    }
    let fonts = [("Hack", HACK_REGULAR), ("Ubuntu-Light", UBUNTU_LIGHT), ("egui-icons", EGUI_ICONS)];
    for (name, bytes) in fonts {
        let path = Path::new(folder).join(format!("{name}.ttf"));
        if let Err(error) = write(&path, bytes) {
            eprintln!("{}: {error}", path.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
