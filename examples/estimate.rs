//! Computes the estimates and the actual gains of a saved run again, from its files alone, and compares them with its
//! table: `cargo run --release --example estimate RUN [ROUND]`. RUN is a folder that `seedling grow --out RUN` wrote.
//!
//! It reads the settings (`session.safetensors`), the network before growth (`round-01.safetensors`), each candidate's
//! φ at its scale (`morphisms-01.safetensors`) and the table (`candidates.csv`), and changes nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use pollster::block_on;
use seedling::data::load;
use seedling::engine::candle::CandleEngine;
use seedling::engine::{Engine, EstimateRequest, Part, Unwatched};
use seedling::estimate::{Agreement, Estimator};
use seedling::lab::Session;
use seedling::morphism::{Morphism, Phi, propose};
use seedling::network::{Model, Tensors, load_checkpoint, tensors_from_file};

/// A line of the table: its values by the names of their columns.
type Line = BTreeMap<String, String>;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder: PathBuf = arguments.next().context("usage: estimate RUN [ROUND]")?.into();
    let round = arguments.next().map_or(Ok(1), |text| text.parse()).context("ROUND: expected a number")?;

    // What the run was asked for, and the images that it saw.
    let Session { config, state, .. } = Session::load(&folder)?;
    let grown = state.rounds.iter().filter(|round| !round.candidates.is_empty()).count() as u64;
    ensure!((1..=grown).contains(&round), "ROUND: found {round}, expected a number from 1 to {grown}");
    let data = Arc::new(load(&config.data, config.seed)?);
    let (network, info) = load_checkpoint(&folder.join(format!("round-{round:02}.safetensors")))?;
    ensure!(info.sha256 == data.sha256, "these are not the images that the run saw");

    // Every change that this network allows, with what the run learned for it.
    let lines = table(&folder.join("candidates.csv"), round)?;
    let (tensors, _) = tensors_from_file(&folder.join(format!("morphisms-{round:02}.safetensors")))?;
    let mut morphisms = propose(&network.architecture, &config.families)?
        .into_iter()
        // The files hold φ at the run's scale, so that 1 is the scale here.
        .map(|candidate| Morphism { phi: phi_of(&candidate.id(), &tensors), candidate, scale: 1.0 })
        .collect::<Vec<_>>();
    // Settings may leave layers out, and a change of scale 0 changes nothing and gains nothing.
    morphisms.retain(|morphism| {
        let line = lines.get(&morphism.candidate.id());
        line.and_then(|line| line.get("scale")).is_some_and(|scale| scale != "0")
    });
    ensure!(!morphisms.is_empty(), "round {round} has no candidate with a scale above 0");
    println!("Round {round}: {} of {} candidates have a scale above 0.\n", morphisms.len(), lines.len());

    let mut engine = CandleEngine::new();
    block_on(engine.set_data(data))?;
    block_on(engine.load(&Model::new(network)))?;
    let request = EstimateRequest {
        seed: config.seed,
        round,
        morphisms: &morphisms,
        scales: vec![vec![1.0]; morphisms.len()],
        part: Part::HeldOut,
        estimators: Estimator::ALL.to_vec(),
    };
    let estimates = block_on(engine.estimate(&request, &Unwatched))?;
    let actual = block_on(engine.measure(&morphisms, Part::HeldOut, &Unwatched))?;

    print!("{:<24}", "candidate");
    Estimator::ALL.iter().for_each(|estimator| print!("{:>14}", estimator.name()));
    println!("{:>14}", "actual");
    let mut differences = BTreeMap::new();
    for ((morphism, estimates), actual) in morphisms.iter().zip(&estimates).zip(&actual) {
        let id = morphism.candidate.id();
        print!("{id:<24}");
        for (estimator, gain) in Estimator::ALL.iter().zip(&estimates[0]) {
            print!("{gain:>+14.6}");
            compare(&mut differences, &lines[&id], &estimator.name().replace('-', "_"), *gain)?;
        }
        println!("{actual:>+14.6}");
        compare(&mut differences, &lines[&id], "actual", *actual)?;
    }

    println!("\nLargest difference from {}, in nats:", folder.join("candidates.csv").display());
    for (column, difference) in &differences {
        println!("  {column:<14}{difference:.1e}");
    }
    println!("\nPearson's correlation with the actual gains, family by family:");
    print!("  {:<16}{:>6}", "family", "n");
    Estimator::ALL.iter().for_each(|estimator| print!("{:>14}", estimator.name()));
    println!();
    for family in &config.families {
        let members: Vec<usize> =
            (0..morphisms.len()).filter(|at| morphisms[*at].candidate.family == *family).collect();
        let actual: Vec<f64> = members.iter().map(|at| actual[*at]).collect();
        print!("  {:<16}{:>6}", family.name(), members.len());
        let pearson = |estimator: usize| {
            let estimated: Vec<f64> = members.iter().map(|at| estimates[*at][0][estimator]).collect();
            Agreement::of(&estimated, &actual).pearson
        };
        for pearson in (0..Estimator::ALL.len()).map(pearson) {
            print!("{:>14}", pearson.map_or("-".into(), |pearson| format!("{pearson:.3}")));
        }
        println!();
    }
    Ok(())
}

/// The lines of one round, by the candidates' ids.
fn table(path: &Path, round: u64) -> Result<BTreeMap<String, Line>> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let mut lines = text.lines().map(|line| line.split(','));
    let names: Vec<&str> = lines.next().context("candidates.csv is empty")?.collect();
    let named = lines.map(|values| {
        names.iter().zip(values).map(|(name, value)| ((*name).to_owned(), value.to_owned())).collect::<Line>()
    });
    let wanted = named.filter(|line| line.get("round").is_some_and(|found| *found == round.to_string()));
    Ok(wanted.filter_map(|line| Some((line.get("id")?.clone(), line))).collect())
}

/// The tensors called `ID.NAME`, by NAME.
fn phi_of(id: &str, tensors: &Tensors) -> Phi {
    let name = |name: &String| Some(name.strip_prefix(id)?.strip_prefix('.')?.to_owned());
    tensors.iter().filter_map(|(full, tensor)| Some((name(full)?, tensor.clone()))).collect()
}

/// Notes how far a number is from the table's, where the table has one.
fn compare(differences: &mut BTreeMap<String, f64>, line: &Line, column: &str, found: f64) -> Result<()> {
    let Some(text) = line.get(column).filter(|text| !text.is_empty()) else { return Ok(()) };
    let expected: f64 = text.parse().with_context(|| format!("candidates.csv, {column}"))?;
    let largest = differences.entry(column.to_owned()).or_insert(0.0);
    *largest = largest.max((found - expected).abs());
    Ok(())
}
