//! The catalogue of morphisms as a page (docs/morphisms.md), written from what the families say of themselves.

use std::fmt::Write;

use super::{Candidate, Family, Form, MorphismError, Place, added_cost, morph, phi_shapes, propose};
use crate::format::signed;
use crate::network::{Architecture, preset};

const INTRODUCTION: &str = "# Morphisms

<!-- Written by `cargo run --example catalogue` from the register in src/morphism. -->

A morphism is a small change of a network with parameters φ. x is a layer's input, u = w∗x + b its pre-activation,
ψ = pool ∘ ReLU ∘ norm whatever stands between u and the next linear layer, and z = ψ(u) that layer's input. Every family
changes one tensor of the network, z unless it says otherwise, by Δ(φ); where φ is neutral the network computes what it
did before. The optimiser's memory is inherited by inherited weights and zero for new ones.

What removes a layer or a skip is only nearly exact. The network that lost it then learns, in `[training] distil-steps`
steps, to answer like its parent: it goes down the mean KL(parent ‖ child) of their answers to the same training images
(distillation after Hinton, Vinyals, Dean, 2015; after such changes, Elsken, Metzen, Hutter, 2019).

";

const FORMS: &str = "## Growth without learning

What others grow by is, here, the same rewrites with φ that is given instead of learned (`morphism::grow_by`). They
keep what the network computes (net2wider as long as its noise is 0), and say nothing of what they are worth.

| form | family | φ | source |
|---|---|---|---|
";

/// The page.
pub fn catalogue() -> Result<String, MorphismError> {
    let example = preset("tiny", 10)?;
    let mut page = INTRODUCTION.to_owned();
    page.push_str("| family | Δ | neutral | φ |\n|---|---|---|---|\n");
    for family in Family::ALL {
        let about = morph(family).about();
        let learned = if morph(family).is_learned() { "learned" } else { "none to learn" };
        let _ = writeln!(page, "| `{family}` | {} | {} | {learned} |", about.formula, about.neutral);
    }
    page.push('\n');
    for family in Family::ALL {
        family_section(&mut page, &example, family)?;
    }
    page.push_str(FORMS);
    for form in Form::ALL {
        let (name, family) = (form.name(), form.family());
        let _ = writeln!(page, "| `{name}` | `{family}` | {} | {} |", form.sentence(), form.source());
    }
    Ok(page)
}

fn family_section(page: &mut String, example: &Architecture, family: Family) -> Result<(), MorphismError> {
    let about = morph(family).about();
    let _ = writeln!(page, "## `{family}`\n\n{}\n", about.sentence);
    let _ = writeln!(page, "- Change: {}.\n- Neutral: {}.", about.formula, about.neutral);
    let _ = writeln!(page, "- Candidates: {}.\n- After: {}.", about.candidates, about.source);
    let all = propose(example, &[family])?;
    let Some(candidate) = all.iter().find(|candidate| candidate.layer() == "conv4").or(all.first()) else {
        page.push('\n');
        return Ok(());
    };
    let _ = writeln!(page, "- {}.\n", example_line(example, candidate)?);
    Ok(())
}

fn example_line(example: &Architecture, candidate: &Candidate) -> Result<String, MorphismError> {
    let cost = added_cost(example, candidate)?;
    let Place { inputs, channels, kernel, .. } = Place::of(example, candidate)?;
    let (parameters, flops) = (signed(cost.parameters), signed(cost.flops));
    let mut line = format!(
        "Example: `{}` of `tiny`, whose layer reads {inputs} channels and has {channels}, with kernels of \
         {kernel}×{kernel}: {parameters} parameters, {flops} FLOPs",
        candidate.id(),
    );
    let shapes = phi_shapes(example, candidate)?;
    if !shapes.is_empty() {
        let named: Vec<String> = shapes.iter().map(|(name, shape)| format!("`{name} {shape:?}`")).collect();
        let _ = write!(line, "; in files {}", named.join(", "));
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_up_to_date() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/morphisms.md");
        let kept = std::fs::read_to_string(path).unwrap();
        assert!(kept == catalogue().unwrap(), "docs/morphisms.md: run `cargo run --example catalogue`");
    }
}
