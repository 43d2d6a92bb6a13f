//! A study on standard output: its plan and its results.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::super::arguments::StudyCollectArguments;
use super::super::console::Console;
use super::super::failure::Failure;
use super::super::table::aligned;
use crate::files::write_atomically;
use crate::format::magnitude;
use crate::lab::LabError;
use crate::study::{Collection, Order, Plan, Planned, Race, Until, collect};

/// How many missing runs are named one by one.
const NAMED: usize = 8;

/// Prints one line for each run.
pub fn show_plan(plan: &Plan, console: &Console) -> Result<ExitCode, Failure> {
    let mut rows =
        vec![["run", "seed network", "rounds", "epochs", "training images"].map(str::to_owned).to_vec()];
    for Planned { name, config, layers_of } in plan.runs() {
        let images = config.data.train.map_or("all".into(), |images| images.to_string());
        rows.push(vec![
            format!("{name}-{}", config.seed),
            layers_of.map_or(config.preset.clone(), |first| format!("layers of {first}-{}", config.seed)),
            match config.search.tries() {
                true => config.search.kind.name().to_owned(),
                false => config.rounds.to_string(),
            },
            config.training.epochs.to_string(),
            images,
        ]);
    }
    let cost = match (plan.until, plan.cost) {
        (Until::Measured, _) => "each until the gains of its first round are measured".into(),
        (Until::Done, Some(cost)) => format!("each at {}FLOPs in all", magnitude(cost)),
        (Until::Done, None) => {
            "in two stages: all grow, then all are trained up to what the most expensive needs".into()
        }
    };
    let same = plan.configurations.iter().all(|configuration| configuration.seeds.is_none());
    let each = match plan.seeds.len() {
        _ if !same => String::new(),
        1 => ", one seed each".into(),
        seeds => format!(", {seeds} seeds each"),
    };
    let (runs, configurations) = (rows.len() - 1, plan.configurations.len());
    console.line(&format!("{runs} runs ({configurations} configurations{each}), {cost}.\n"));
    console.line(aligned(&rows, "  ", false).trim_end());
    Ok(ExitCode::SUCCESS)
}

/// The same for other programs: the runs by the names of their folders.
pub fn list_plan(plan: &Plan, console: &Console) -> Result<ExitCode, Failure> {
    let run = |run: Planned| json!({"id": run.id(), "configuration": run.name, "seed": run.config.seed, "after": run.after()});
    let runs: Vec<Value> = plan.runs().into_iter().map(run).collect();
    console.line(&json!({"schema": 1, "cost": plan.cost, "until": plan.until, "runs": runs}).to_string());
    Ok(ExitCode::SUCCESS)
}

/// Writes a study's tables and curves into its folder and prints the table.
pub fn show_collection(arguments: &StudyCollectArguments, console: &Console) -> Result<ExitCode, Failure> {
    let out = &arguments.out;
    let order: Order = arguments.sort.parse().map_err(|error| Failure::Usage(format!("--sort: {error}")))?;
    let Collection { plan, race, missing } = collect(out)?;
    if race.runs.is_empty() {
        console.line(&format!("No run of {} is finished yet.", plan.runs().len()));
    } else {
        write_collected(&race, out)?;
        let table = race.ordered_table(order, arguments.filter.as_deref());
        let shown = table.rows.len().min(arguments.most + 1);
        console.line(aligned(&table.rows[..shown], "  ", false).trim_end());
        if shown < table.rows.len() {
            console.line(&format!("  … and {} more (--most, --filter, --sort)", table.rows.len() - shown));
        }
        if let Some(mut differences) = race.differences() {
            // The same configurations in the same order as above.
            let places: BTreeMap<&String, usize> =
                table.rows.iter().enumerate().map(|(place, row)| (&row[0], place)).collect();
            let heading = differences.rows.remove(0);
            differences.rows.retain(|row| places.contains_key(&row[0]));
            differences.rows.sort_by_key(|row| places[&row[0]]);
            differences.rows.insert(0, heading);
            console.line("\n  Differences, seed by seed: the mean and its 95 % interval.\n");
            let shown = differences.rows.len().min(arguments.most + 1);
            console.line(aligned(&differences.rows[..shown], "  ", false).trim_end());
        }
        console.line(&format!(
            "\n  Every number is in {} (summary.csv, curves.csv, curves.svg).",
            out.display()
        ));
    }
    if !missing.is_empty() {
        let named: Vec<String> =
            missing.iter().take(NAMED).map(|(id, standing)| format!("{id} ({})", standing.name())).collect();
        let more = if missing.len() > NAMED { ", …" } else { "" };
        console.line(&format!("\n  {} runs are missing: {}{more}", missing.len(), named.join(", ")));
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes what finished runs show into the study's folder.
pub fn write_collected(race: &Race, out: &Path) -> Result<(), Failure> {
    let write =
        |name: &str, text: &str| write_atomically(&out.join(name), text.as_bytes()).map_err(LabError::from);
    write("summary.csv", &race.summary_csv())?;
    write("curves.csv", &race.curves_csv())?;
    Ok(write("curves.svg", &race.picture().svg())?)
}
