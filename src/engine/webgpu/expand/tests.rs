//! The expanded kernels against naga_oil's, and what is said of a kernel that cannot be expanded.

use std::collections::{BTreeMap, BTreeSet};

use naga_oil::compose::{
    ComposableModuleDescriptor, Composer, NagaModuleDescriptor, ShaderDefValue, ShaderType,
};
use wgpu::naga::back::wgsl::{WriterFlags, write_string};
use wgpu::naga::valid::{Capabilities, ValidationFlags, Validator};
use wgpu::naga::{AddressSpace, Module, StorageAccess, compact, front};

use crate::engine::webgpu::codes::CODES;
use crate::engine::webgpu::expand::expand;
use crate::engine::webgpu::interface::Interface;
use crate::engine::webgpu::pipeline::Defines;
use crate::engine::webgpu::shaders::tests::variants;
use crate::engine::webgpu::shaders::{KERNELS, Kernel, LADDER, MATMUL, SHARED};

fn composer() -> Composer {
    let mut composer = Composer::default();
    for (name, source) in SHARED {
        let descriptor = ComposableModuleDescriptor { source, file_path: name, ..Default::default() };
        composer.add_composable_module(descriptor).unwrap();
    }
    composer
}

/// A kernel with the numbers of codes.rs for their names: naga_oil compares with numbers only.
fn numbered(source: &str) -> String {
    let mut text = String::new();
    for line in source.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let condition =
            words.iter().position(|word| *word == "#if" || *word == "if").filter(|_| line.starts_with('#'));
        let named = condition.and_then(|at| {
            let [name, operator, code] = words.get(at + 1..)? else { return None };
            let (_, codes) = CODES.iter().find(|(coded, _)| coded == name)?;
            let number = codes.iter().position(|known| known == code)?;
            Some(format!("{} {name} {operator} {number}", words[..=at].join(" ")))
        });
        text += &named.unwrap_or_else(|| line.to_owned());
        text.push('\n');
    }
    text
}

fn compose(composer: &mut Composer, kernel: &Kernel, defines: &Defines) -> Module {
    let shader_defs =
        defines.iter().map(|&(name, value)| (name.to_owned(), ShaderDefValue::Int(value))).collect();
    let descriptor = NagaModuleDescriptor {
        source: &numbered(kernel.source),
        file_path: kernel.name,
        shader_type: ShaderType::Wgsl,
        shader_defs,
        additional_imports: &[],
    };
    composer
        .make_naga_module(descriptor)
        .unwrap_or_else(|error| panic!("{} {defines:?}: {error:?}", kernel.name))
}

/// What a module declares, each thing written out by naga, in no order and without what nothing uses. naga_oil adds a
/// mark to the names from shared pieces, where ours begin with the piece's name.
fn declarations(mut module: Module) -> BTreeSet<String> {
    const MARK: &str = "X_naga_oil_mod_";
    compact::compact(&mut module, compact::KeepUnused::No);
    let info = Validator::new(ValidationFlags::all(), Capabilities::empty()).validate(&module).unwrap();
    let mut text = write_string(&module, &info, WriterFlags::empty()).unwrap();
    while let Some(at) = text.find(MARK) {
        let rest = &text[at + MARK.len()..];
        let code = rest.find(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit()).unwrap();
        text.replace_range(at..at + MARK.len() + code, "");
    }
    for (piece, _) in SHARED {
        text = text.replace(&format!("{piece}_"), "");
    }
    // Variables come one below the other, those of shared pieces after the kernel's own or before them.
    let text = text.replace("\n@group", "\n\n@group").replace("\nvar<", "\n\nvar<");
    let mut found = BTreeSet::new();
    let mut open = String::new();
    for part in text.split("\n\n") {
        open += part;
        if open.matches('{').count() == open.matches('}').count() {
            found.insert(renumbered(&open));
            open.clear();
        }
    }
    found
}

/// A declaration without the numbers by which naga tells names of the whole module apart (`row_1`, `_e7`): those of
/// the same name are counted anew in the order in which they come.
fn renumbered(declaration: &str) -> String {
    let mut seen: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let named = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut out = String::new();
    let mut rest = declaration.trim();
    while let Some(start) = rest.find(named) {
        let (before, word) = rest.split_at(start);
        let (word, after) = word.split_at(word.find(|c| !named(c)).unwrap_or(word.len()));
        let name = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let (name, number) =
            if name.ends_with('_') || name == "_e" { word.split_at(name.len()) } else { (word, "") };
        let name = name.strip_suffix('_').unwrap_or(name);
        let numbers = seen.entry(name).or_default();
        let place = numbers.iter().position(|known| *known == number).unwrap_or_else(|| {
            numbers.push(number);
            numbers.len() - 1
        });
        out += &format!("{before}{name}#{place}");
        rest = after;
    }
    out + rest
}

#[test]
fn every_variant_is_what_naga_oil_makes_of_it() {
    let mut composer = composer();
    for kernel in KERNELS.iter().chain(&LADDER).chain([&MATMUL]) {
        for defines in variants(kernel) {
            let what = format!("{} {defines:?}", kernel.name);
            let text = expand(kernel.source, &defines).unwrap();
            let ours = front::wgsl::parse_str(&text).unwrap();
            let theirs = compose(&mut composer, kernel, &defines);
            let declared: BTreeSet<(u32, bool)> = theirs
                .global_variables
                .iter()
                .filter_map(|(_, variable)| match variable.space {
                    AddressSpace::Storage { access } => {
                        Some((variable.binding?.binding, access.contains(StorageAccess::STORE)))
                    }
                    _ => None,
                })
                .collect();
            let interface = Interface::of(&text).unwrap();
            let found: BTreeSet<(u32, bool)> =
                interface.buffers().iter().map(|buffer| (buffer.number, buffer.is_written)).collect();
            assert_eq!(found, declared, "{what}");
            assert_eq!(ours.entry_points[0].workgroup_size, theirs.entry_points[0].workgroup_size, "{what}");
            assert_eq!(declarations(ours), declarations(theirs), "{what}");
        }
    }
}

#[test]
fn conditions_choose_their_lines_and_lines_keep_their_numbers() {
    let source =
        "a\n#if N == 1\nb #{N}u\n#else if N >= 3\n#if N != 4\nc\n#else\nd\n#endif\n#else\ne\n#endif\nf";
    for (n, expected) in [(1, "a b 1u f"), (2, "a e f"), (3, "a c f"), (4, "a d f"), (-1, "a e f")] {
        let text = expand(source, &vec![("N", n)]).unwrap();
        assert_eq!(text.split_whitespace().collect::<Vec<_>>().join(" "), expected);
        assert_eq!(text.lines().count(), source.lines().count());
        assert_eq!(text.lines().last(), Some("f"));
    }
}

#[test]
fn what_cannot_be_expanded_is_named_with_its_line() {
    for (source, expected) in [
        ("\n#if A == 1\n", "line 2: #if without #endif"),
        ("#else\n", "line 1: #else without #if"),
        ("#endif", "line 1: #endif without #if"),
        ("#if B == 1\n#endif", "line 1: B has no value"),
        ("#if A = 1\n#endif", "line 1: found the condition \"A = 1\", expected NAME OP NUMBER"),
        ("\n\nlet x = #{B};", "line 3: B has no value"),
        ("#ifdef A", "line 1: found \"#ifdef A\", expected #if, #else, #endif or #import seedling::"),
        (
            "#if PART == GLUE\n#endif",
            "line 1: found the condition \"PART == GLUE\", expected one of [\"OUTPUT\", \"INPUT_GRADIENT\", \
             \"WEIGHT_GRADIENT\"]",
        ),
        (
            "#import seedling::glue",
            "no shared piece \"glue\", expected one of [\"grid\", \"finite\", \"finish\", \"partial\", \"strip\", \
             \"together\"]",
        ),
    ] {
        assert_eq!(expand(source, &vec![("A", 1), ("PART", 0)]), Err(expected.to_owned()), "{source:?}");
    }
}
