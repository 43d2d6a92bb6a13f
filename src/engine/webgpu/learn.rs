//! Learning φ on the device: one forward pass, one sweep of cotangents and one Adam step for every candidate of every
//! layer, recorded once and replayed.

use super::arena::Slice;
use super::changes::Scene;
use super::commands::{Commands, Recorder};
use super::groups::{Groups, number};
use super::ops::SQUARE_SHARES;
use super::sweep::{Desk, Stage, diverged, piece_examples, pull_back, see};
use super::{GpuError, read};
use crate::engine::{
    ADAM_EPSILON, Batches, Draws, EngineError, LearnRequest, Learner, OptimizerConfig, Phase, Rule, Schedule,
    Watch, first_phi, label_draws,
};
use crate::morphism::{Family, Morphism, Site, morph};
use crate::network::Network;

/// Most steps scheduled at once.
const WINDOW: usize = 16;

/// Adam's memory and what else the steps need.
struct Memory {
    gradient: Slice,
    first: Slice,
    second: Slice,
    decays: Slice,
    rates: Slice,
    losses: Slice,
    score: Slice,
    ones: Slice,
}

/// Learns φ for the request's candidates; `network` has the device's weights.
pub async fn learn(
    stage: &mut Stage<'_>,
    network: &Network,
    request: &LearnRequest,
    watch: &dyn Watch,
) -> Result<Vec<Morphism>, EngineError> {
    let mut morphisms = request
        .candidates
        .iter()
        .map(|candidate| {
            let phi = first_phi(network, candidate, request)?;
            Ok(Morphism { candidate: candidate.clone(), phi, scale: 1.0 })
        })
        .collect::<Result<Vec<Morphism>, EngineError>>()?;
    fold_means(stage, &mut morphisms).await?;
    let learned = |morphism: &Morphism| morph(morphism.candidate.family).is_learned();
    let positions: Vec<usize> = (0..morphisms.len()).filter(|at| learned(&morphisms[*at])).collect();
    let mut chosen: Vec<Morphism> = positions.iter().map(|at| morphisms[*at].clone()).collect();
    if chosen.is_empty() || request.learner == Learner::Random {
        return Ok(morphisms);
    }
    let groups = Groups::new(stage.context, stage.graph, &chosen).await?;
    descend(stage, &groups, request, watch).await?;
    let numbers: Vec<f32> = read(&stage.context.gpu, &groups.block, groups.layout.total()).await?;
    if !numbers.iter().all(|number| number.is_finite()) {
        return Err(diverged("learning", request.steps, "φ".into()));
    }
    groups.store(&numbers, &mut chosen)?;
    for (position, morphism) in positions.into_iter().zip(chosen) {
        morphisms[position] = morphism;
    }
    Ok(morphisms)
}

async fn descend(
    stage: &mut Stage<'_>,
    groups: &Groups,
    request: &LearnRequest,
    watch: &dyn Watch,
) -> Result<(), EngineError> {
    let count = stage.part.labels.len();
    let stride = request.batch.min(count);
    let window = WINDOW.min(request.steps.max(1) as usize);
    let desk = Desk::new(stage, window, stride).await?;
    let memory = Memory::new(stage, groups, window).await?;
    let commands = record(stage, groups, &desk, &memory, request, stride).await?;
    let mut batches = Batches::new(request.seed, Phase::Learn(request.round), count, request.batch);
    let mut next = 0;
    while next < request.steps {
        if watch.cancelled() {
            return Err(EngineError::Cancelled);
        }
        let end = request.steps.min(next + window as u64);
        let (mut examples, mut draws, mut rates) = (Vec::new(), Vec::new(), Vec::new());
        for step in next..end {
            examples.extend_from_slice(batches.at(step).indices);
            draws.extend(label_draws(request.seed, request.round, Draws::Learning(step), stride));
            let power = i32::try_from(step + 1).unwrap_or(i32::MAX);
            let correction = |beta: f64| (1.0 / (1.0 - beta.powi(power))) as f32;
            rates.extend([request.learning_rate as f32, correction(0.9), correction(0.999)]);
        }
        desk.schedule(stage, &examples, &draws);
        stage.context.write(&memory.rates, &rates);
        stage.pace.run(&stage.context.gpu, &commands, (end - next) as usize).await?;
        stage.pace.drain(&stage.context.gpu).await?;
        let control: Vec<u32> = read(&stage.context.gpu, &desk.control, 4).await?;
        if control[1] != 0 {
            let step = next + u64::from(control[1]) - 1;
            return Err(diverged("learning", step, "the gradient of φ".into()));
        }
        next = end;
        watch.progress(next, request.steps, None);
    }
    Ok(())
}

impl Memory {
    async fn new(stage: &Stage<'_>, groups: &Groups, window: usize) -> Result<Self, GpuError> {
        let context = &*stage.context;
        let zeros = vec![0f32; groups.layout.total()];
        let most = groups.all.iter().map(|group| group.members.len()).max().unwrap_or(1);
        Ok(Self {
            gradient: context.upload(&zeros, "gradient of φ").await?,
            first: context.upload(&zeros, "Adam's memory").await?,
            second: context.upload(&zeros, "Adam's memory").await?,
            decays: context.upload(&vec![0u32; zeros.len() / 64], "decays").await?,
            rates: context.take(3 * window, "rates").await?,
            losses: context.take(window, "losses").await?,
            score: context.upload(&[0f32; 2], "no score").await?,
            ones: context.upload(&vec![1f32; most], "scales").await?,
        })
    }
}

/// Records one whole step of `batch` examples, in pieces whose gradients add up.
async fn record(
    stage: &mut Stage<'_>,
    groups: &Groups,
    desk: &Desk,
    memory: &Memory,
    request: &LearnRequest,
    batch: usize,
) -> Result<Commands, GpuError> {
    let seen = stage.seen();
    let bank = request.estimator.bank();
    let classes = seen.graph.classes();
    let sets = bank.size(classes);
    let size = piece_examples(seen.graph, sets);
    let keep: Vec<usize> = groups.all.iter().map(|group| group.target()).collect();
    let mut recorder = Recorder::new(stage.context);
    for start in (0..batch).step_by(size) {
        let images = size.min(batch - start);
        let values = see(&mut recorder, seen, desk, [images, start]).await?;
        let gradients = pull_back(&mut recorder, seen, desk, &values, (bank, start), &keep).await?;
        let zeros = &desk.zeros;
        let scene = Scene { graph: seen.graph, parameters: seen.parameters, values: &values, zeros };
        for group in &groups.all {
            let Some(cotangents) = gradients.at(group.target()) else { continue };
            let probe = recorder.probe(&scene, groups, group).await?;
            let change = recorder.change(&scene, groups, group, &probe, (&memory.ones, 1.0)).await?;
            let members = group.members.len();
            let responses = recorder.scratch(sets * images * members, "responses").await?;
            recorder.respond(&scene, group, sets, [&change, cotangents, &responses]).await?;
            recorder.release(change);
            let derivatives = recorder.scratch(sets * images * members, "derivatives").await?;
            let counts = [images, members, classes, start, batch];
            let logits = values.at(seen.graph.last())?;
            let slices = [&responses, logits, &derivatives];
            super::sweep::differentiate(&mut recorder, desk, request.estimator, counts, slices).await?;
            let slices = [&derivatives, cotangents, &memory.ones, &memory.gradient];
            recorder.phi_gradient(&scene, groups, group, &probe, (sets, start > 0), slices).await?;
            recorder.release(responses);
            recorder.release(derivatives);
            recorder.end(probe);
        }
        gradients.release(&mut recorder);
        values.release(&mut recorder);
    }
    let total = groups.layout.total();
    let sums = recorder.scratch(SQUARE_SHARES, "squares").await?;
    recorder.squares(total, &memory.gradient, &sums).await?;
    recorder.judge([1, 0], 0.0, [&memory.score, &sums, &desk.control, &memory.losses]).await?;
    let adam = OptimizerConfig {
        rule: Rule::Adamw,
        learning_rate: request.learning_rate,
        schedule: Schedule::Constant,
        weight_decay: 0.0,
        clip: 0.0,
        ..Default::default()
    };
    let bindings = [
        &groups.block,
        &memory.gradient,
        &memory.decays,
        &desk.control,
        &memory.rates,
        &memory.first,
        &memory.second,
    ];
    recorder.optimise(total, &adam, ADAM_EPSILON as f32, &bindings).await?;
    recorder.tick(&desk.control).await?;
    recorder.finish().await
}

/// Sets the means of the candidates that fold one: each channel's mean at its site over the training part.
async fn fold_means(stage: &mut Stage<'_>, morphisms: &mut [Morphism]) -> Result<(), EngineError> {
    if morphisms.iter().all(|morphism| morphism.candidate.family != Family::PruneMean) {
        return Ok(());
    }
    let seen = stage.seen();
    let sites = Site::all(&seen.graph.architecture)?;
    let mut sums: Vec<Vec<f64>> = Vec::new();
    let mut nodes = Vec::new();
    for site in &sites {
        let node = seen.graph.architecture.index(&site.z)?;
        sums.push(vec![0.0; seen.graph.shapes[node].channels]);
        nodes.push(node);
    }
    let all: Vec<usize> = (0..seen.part.labels.len()).collect();
    let size = piece_examples(seen.graph, 1).min(all.len().max(1));
    let desk = Desk::new(stage, 1, size).await?;
    for indices in all.chunks(size) {
        let images = indices.len();
        let mut recorder = Recorder::new(stage.context);
        let values = see(&mut recorder, seen, &desk, [images, 0]).await?;
        let mut pooled = Vec::new();
        for &node in &nodes {
            let shape = seen.graph.shapes[node];
            let slice = recorder.scratch(images * shape.channels, "means").await?;
            recorder.global_pool(images, shape, [values.at(node)?, &slice]).await?;
            pooled.push(slice);
        }
        let commands = recorder.finish().await?;
        desk.schedule(stage, indices, &vec![0.0; images]);
        stage.pace.run(&stage.context.gpu, &commands, 1).await?;
        stage.pace.drain(&stage.context.gpu).await?;
        for (slice, sums) in pooled.iter().zip(&mut sums) {
            let means: Vec<f32> = read(&stage.context.gpu, slice, images * sums.len()).await?;
            for (at, mean) in means.iter().enumerate() {
                let channel = at % sums.len();
                sums[channel] += f64::from(*mean);
            }
        }
    }
    for morphism in morphisms.iter_mut().filter(|m| m.candidate.family == Family::PruneMean) {
        let place = sites.iter().position(|site| site.layer == morphism.candidate.layer);
        if let (Some(site), Some(channel)) = (place, morphism.candidate.channel)
            && let Some(sum) = sums[site].get(channel)
        {
            morphism.phi.insert("mean".into(), number(sum / all.len() as f64)?);
        }
    }
    Ok(())
}
