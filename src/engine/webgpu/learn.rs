//! Learning φ on the device: one forward pass, one sweep of cotangents and one Adam step for every candidate of every
//! layer, recorded once and replayed.

use super::arena::Slice;
use super::changes::Scene;
use super::groups::{Groups, number};
use super::interface::buffers;
use super::ops::SQUARE_SHARES;
use super::record::{Recording, Span};
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
    let recording = record(stage, groups, &desk, &memory, request, stride)?;
    let commands = stage.context.realise(recording).await?;
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
        stage.pace.run_through(&stage.context.gpu, &commands, (end - next) as usize).await?;
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
        let sizes = [
            (zeros.len(), "gradient of φ"),
            (zeros.len(), "Adam's memory"),
            (zeros.len(), "Adam's memory"),
            (zeros.len() / 64, "decays"),
            (3 * window, "rates"),
            (window, "losses"),
            (2, "no score"),
            (most, "scales"),
        ];
        let [gradient, first, second, decays, rates, losses, score, ones] = context.take_all(sizes).await?;
        for slice in [&gradient, &first, &second] {
            context.write(slice, &zeros);
        }
        context.write(&decays, &vec![0u32; zeros.len() / 64]);
        context.write(&score, &[0f32; 2]);
        context.write(&ones, &vec![1f32; most]);
        Ok(Self { gradient, first, second, decays, rates, losses, score, ones })
    }
}

/// Records one whole step of `batch` examples, in pieces whose gradients add up.
fn record(
    stage: &Stage<'_>,
    groups: &Groups,
    desk: &Desk,
    memory: &Memory,
    request: &LearnRequest,
    batch: usize,
) -> Result<Recording, GpuError> {
    let seen = stage.seen();
    let bank = request.estimator.bank();
    let classes = seen.graph.classes();
    let sets = bank.size(classes);
    let size = piece_examples(seen.graph, sets);
    let keep: Vec<usize> = groups.all.iter().map(|group| group.target()).collect();
    let Memory { gradient, first, second, decays, rates, losses, score, ones } = memory;
    let [gradient, first, second, decays] = [gradient, first, second, decays].map(Span::from);
    let [rates, losses, score, ones] = [rates, losses, score, ones].map(Span::from);
    let [control, zeros] = [&desk.control, &desk.zeros].map(Span::from);
    let mut recording = stage.context.recording();
    for start in (0..batch).step_by(size) {
        let images = size.min(batch - start);
        let values = see(&mut recording, seen, desk, [images, start])?;
        let gradients = pull_back(&mut recording, seen, desk, &values, (bank, start), &keep)?;
        let scene = Scene { graph: seen.graph, parameters: seen.parameters, values: &values, zeros: &zeros };
        for group in &groups.all {
            let Some(cotangents) = gradients.at(group.target()) else { continue };
            let probe = recording.probe(&scene, groups, group)?;
            let change = recording.change(&scene, groups, group, &probe, (&ones, 1.0))?;
            let members = group.members.len();
            let responses = recording.scratch(sets * images * members, "responses");
            recording.respond(&scene, group, sets, [&change, cotangents, &responses])?;
            recording.release(change);
            let derivatives = recording.scratch(sets * images * members, "derivatives");
            let counts = [images, members, classes, start, batch];
            let logits = values.at(seen.graph.last())?;
            let slices = [&responses, logits, &derivatives];
            super::sweep::differentiate(&mut recording, desk, request.estimator, counts, slices)?;
            let slices = [&derivatives, cotangents, &ones, &gradient];
            recording.phi_gradient(&scene, groups, group, &probe, (sets, start > 0), slices)?;
            recording.release(responses);
            recording.release(derivatives);
            recording.end(probe);
        }
        gradients.release(&mut recording);
        values.release(&mut recording);
    }
    let total = groups.layout.total();
    let sums = recording.scratch(SQUARE_SHARES, "squares");
    recording.squares(total, &gradient, &sums)?;
    recording.judge([1, 0], 0.0, &buffers! { score, sums, control, losses })?;
    let adam = OptimizerConfig {
        rule: Rule::Adamw,
        learning_rate: request.learning_rate,
        schedule: Schedule::Constant,
        weight_decay: 0.0,
        clip: 0.0,
        ..Default::default()
    };
    let weights = groups.span();
    let buffers = buffers! { weights, gradient, decays, control, rates, first, second };
    recording.optimise(total, &adam, ADAM_EPSILON as f32, &buffers)?;
    recording.tick(&control)?;
    Ok(recording)
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
        let mut recording = stage.context.recording();
        let values = see(&mut recording, seen, &desk, [images, 0])?;
        let mut pooled = Vec::new();
        for &node in &nodes {
            let shape = seen.graph.shapes[node];
            let slice = recording.scratch(images * shape.channels, "means");
            recording.global_pool(images, shape, [values.at(node)?, &slice])?;
            pooled.push(slice);
        }
        let commands = stage.context.realise(recording).await?;
        desk.schedule(stage, indices, &vec![0.0; images]);
        stage.pace.run_through(&stage.context.gpu, &commands, 1).await?;
        for (slice, sums) in pooled.iter().zip(&mut sums) {
            let means: Vec<f32> =
                read(&stage.context.gpu, &commands.slice(slice)?, images * sums.len()).await?;
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
