//! `seedling bench`: this machine's figures, to read and to send.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use pollster::block_on;

use super::arguments::{BenchArguments, from_here};
use super::console::Console;
use super::failure::Failure;
use super::table::aligned;
use crate::bench::{CandidateCost, Clock, Convolution, Pass, Plan, Report, TrainingStep, measure, named};
use crate::files::{is_folder, write_atomically};
use crate::format::{known, seconds, thousands};
use crate::lab::LabError;

type Rows = Vec<Vec<String>>;

/// Runs the command.
pub fn bench(arguments: &BenchArguments, console: &Console) -> Result<ExitCode, Failure> {
    let out = from_here(&arguments.out);
    // Not after minutes of measuring.
    check(&out)?;
    let plan = match (arguments.quick, arguments.smallest) {
        (true, _) => Plan::quick(),
        (false, true) => Plan::smallest(),
        (false, false) => Plan::full(),
    };
    let say = |text: &str| {
        if !arguments.quiet {
            console.error(text);
        }
    };
    let report = block_on(measure(arguments.engine, &plan, &say))?;
    let mut text = serde_json::to_string_pretty(&report).expect("plain data serialises");
    text.push('\n');
    write_atomically(&out, text.as_bytes()).map_err(LabError::from)?;
    console.line(&tables(&report));
    for failure in &report.failures {
        console.error(&format!("failed: {failure}"));
    }
    console.line(&format!("Every number is in {}, measured in {}.", out.display(), seconds(report.seconds)));
    Ok(if report.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// An error if there can be no such file.
fn check(out: &Path) -> Result<(), Failure> {
    let folder = out.parent().filter(|folder| is_folder(folder));
    match (is_folder(out), folder) {
        (false, Some(_)) => Ok(()),
        (true, _) => {
            Err(Failure::Usage(format!("--out: found the folder {}, expected a file", out.display())))
        }
        (false, None) => Err(Failure::Usage(format!(
            "--out: found no folder for {}, expected a file in a folder that exists",
            out.display()
        ))),
    }
}

/// The report for people.
fn tables(report: &Report) -> String {
    let mut text = aligned(&heading(report), "", true);
    let mut add = |title: &str, rows: Rows| {
        // The first row names the columns.
        if rows.len() > 1 {
            text.push_str(&format!("\n{title}\n{}", aligned(&rows, "  ", false)));
        }
    };
    let clock = match report.device.as_ref().map(|device| device.clock) {
        Some(Clock::Processor) => " by processor time, shared out among the cores",
        _ => "",
    };
    add(&format!("Matrix products, GFLOP/s{clock}"), products(report));
    add(&format!("Convolutions, GFLOP/s{clock}"), forward(report));
    add("Gradients, GFLOP/s, and the slowest in use as a share of the product", gradients(report));
    add("Training steps, and how many times as fast the adapter is", training(report));
    add("Where a training step's time goes on the adapter", step_kernels(report));
    let title =
        "Candidates: all, in training steps on as many examples; each, in training steps and forward passes";
    add(title, candidates(&report.candidates));
    if let Some(submissions) = &report.submissions {
        text.push_str(&format!(
            "\nLongest submission: {:.0} ms; {} lasted more than 50 ms, of {} whose beginning and end were seen, of {} \
             in all.\nLongest first use of a kernel, when it is compiled: {:.0} ms.\n",
            submissions.longest_milliseconds,
            thousands(submissions.longer_than_50_milliseconds),
            thousands(submissions.seen),
            thousands(submissions.all),
            submissions.longest_first_use_milliseconds
        ));
    }
    text
}

fn heading(report: &Report) -> Rows {
    let machine = &report.machine;
    let build = match report.build {
        "debug" => "debug build (slow; expected: cargo run --release -- bench)".to_owned(),
        build => format!("{build} build"),
    };
    let adapter = match (&report.device, &report.no_device) {
        (Some(device), _) => {
            let parts = [&device.kind, &device.backend, &device.driver].map(String::as_str);
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            format!("{} ({})", device.name, parts.join(", "))
        }
        (None, Some(why)) => format!("none measured: {why}"),
        (None, None) => "none".to_owned(),
    };
    [
        ("seedling", format!("{}, {build}, {} plan", report.seedling, report.plan)),
        ("system", format!("{}, {}", machine.system, machine.architecture)),
        ("processor", machine.processor.clone().unwrap_or_else(|| "unknown".into())),
        ("cores", machine.cores.to_string()),
        ("adapter", adapter),
    ]
    .map(|(name, value)| vec![name.to_owned(), value])
    .to_vec()
}

fn products(report: &Report) -> Rows {
    let products = &report.matrix_products;
    let mut rows = vec![["side", "GFLOP/s"].map(String::from).to_vec()];
    rows.extend(
        products.iter().map(|product| vec![product.side.to_string(), rate(product.gflop_per_second)]),
    );
    rows
}

/// A line for each shape: what `cells` makes of its kernels.
fn by_shape(report: &Report, head: &[&str], cells: impl Fn(&[&Convolution]) -> Vec<String>) -> Rows {
    let mut rows = vec![head.iter().map(|name| String::from(*name)).collect::<Vec<_>>()];
    let all: Vec<&Convolution> = report.convolutions.iter().collect();
    for kernels in all.chunk_by(|a, b| a.shape == b.shape) {
        rows.push([vec![named(kernels[0].shape)], cells(kernels)].concat());
    }
    rows
}

/// The rates of some kernels; `-` where one failed.
fn rates(kernels: &[&Convolution], wanted: &[(Pass, &str)]) -> Vec<String> {
    let of = |(pass, version): &(Pass, &str)| {
        let found = kernels.iter().find(|kernel| (kernel.pass, kernel.version) == (*pass, *version));
        known(found.map(|kernel| kernel.gflop_per_second), rate)
    };
    wanted.iter().map(of).collect()
}

const SHAPE: &str = "images·channels·rows×columns → channels";

fn forward(report: &Report) -> Rows {
    let versions = Pass::Forward.versions();
    let wanted: Vec<(Pass, &str)> = versions.iter().map(|version| (Pass::Forward, *version)).collect();
    by_shape(report, &[&[SHAPE][..], &versions].concat(), |kernels| rates(kernels, &wanted))
}

fn gradients(report: &Report) -> Rows {
    let wanted: Vec<(Pass, &str)> = [Pass::Dx, Pass::Dw]
        .into_iter()
        .flat_map(|pass| pass.versions().into_iter().map(move |v| (pass, v)))
        .collect();
    let names: Vec<String> =
        wanted.iter().map(|(pass, version)| format!("{pass:?} {version}").to_lowercase()).collect();
    let head: Vec<&str> =
        [SHAPE].into_iter().chain(names.iter().map(String::as_str)).chain(["in use", "slowest"]).collect();
    by_shape(report, &head, |kernels| {
        let used: Vec<&&Convolution> = kernels.iter().filter(|kernel| kernel.in_use).collect();
        let versions: Vec<&str> = used.iter().map(|kernel| kernel.version).collect();
        let name = if versions.is_empty() { "-".to_owned() } else { versions.join(", ") };
        let shares = used.iter().filter_map(|kernel| kernel.share_of_matrix_product);
        let slowest = known(shares.min_by(f64::total_cmp), |share| format!("{:.0} %", 100.0 * share));
        [rates(kernels, &wanted), vec![name, slowest]].concat()
    })
}

fn training(report: &Report) -> Rows {
    let steps = &report.training_steps;
    let head = ["network", "batch", "adapter", "GFLOP/s", "processor", "GFLOP/s", "speed-up"];
    let mut rows = vec![head.map(String::from).to_vec()];
    let mut cases: Vec<(&str, usize)> = Vec::new();
    for step in steps {
        if !cases.contains(&(step.network, step.batch)) {
            cases.push((step.network, step.batch));
        }
    }
    for (network, batch) in cases {
        let on = |engine: &str| {
            let same = |step: &&TrainingStep| (step.network, step.batch) == (network, batch);
            steps.iter().filter(same).find(|step| step.engine == engine)
        };
        let (adapter, processor) = (on("webgpu"), on("candle"));
        let mut row = vec![network.to_owned(), batch.to_string()];
        for step in [adapter, processor] {
            row.push(known(step.map(|step| step.milliseconds), milliseconds));
            row.push(known(step.map(|step| step.gflop_per_second), rate));
        }
        let faster = adapter.zip(processor).map(|(a, b)| b.milliseconds / a.milliseconds);
        row.push(known(faster, |times| format!("{times:.2}")));
        rows.push(row);
    }
    rows
}

/// A line for each kernel of each network's step, the longest first.
fn step_kernels(report: &Report) -> Rows {
    let mut rows =
        vec![["network", "batch", "kernel", "dispatches", "all", "share"].map(String::from).to_vec()];
    for step in report.step_kernels.chunk_by(|a, b| a.network == b.network) {
        let mut kernels: BTreeMap<&str, (usize, f64)> = BTreeMap::new();
        for dispatch in step {
            let (count, sum) = kernels.entry(dispatch.kernel).or_default();
            (*count, *sum) = (*count + 1, *sum + dispatch.milliseconds);
        }
        let total: f64 = kernels.values().map(|(_, sum)| sum).sum();
        let mut kernels: Vec<_> = kernels.into_iter().collect();
        kernels.sort_by(|a, b| b.1.1.total_cmp(&a.1.1));
        for (kernel, (count, sum)) in kernels {
            rows.push(vec![
                step[0].network.to_owned(),
                step[0].batch.to_string(),
                kernel.to_owned(),
                count.to_string(),
                format!("{sum:.3} ms"),
                format!("{:.0} %", 100.0 * sum / total),
            ]);
        }
    }
    rows
}

fn candidates(costs: &[CandidateCost]) -> Rows {
    let head = ["network", "engine", "stage", "candidates", "examples", "all", "steps", "each", "passes"];
    let mut rows = vec![head.map(String::from).to_vec()];
    for cost in costs {
        rows.push(vec![
            cost.network.to_owned(),
            cost.engine.clone(),
            cost.stage.to_owned(),
            cost.candidates.to_string(),
            cost.examples.to_string(),
            milliseconds(cost.milliseconds),
            format!("{:.2}", cost.all_in_training_steps),
            format!("{:.4}", cost.each_in_training_steps),
            format!("{:.4}", cost.each_in_forward_passes),
        ]);
    }
    rows
}

fn rate(gflop_per_second: f64) -> String {
    format!("{gflop_per_second:.1}")
}

fn milliseconds(value: f64) -> String {
    if value < 10.0 { format!("{value:.2} ms") } else { format!("{value:.1} ms") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_must_be_a_place_for_the_file() {
        let folder = tempfile::tempdir().unwrap();
        assert!(check(&folder.path().join("bench.json")).is_ok());
        let message = check(folder.path()).unwrap_err().to_string();
        assert!(message.contains("--out: found the folder"), "{message}");
        let message = check(&folder.path().join("no/bench.json")).unwrap_err().to_string();
        assert!(message.contains("--out: found no folder"), "{message}");
    }
}
