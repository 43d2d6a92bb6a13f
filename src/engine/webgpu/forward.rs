//! Recording a forward pass.

use super::GpuError;
use super::convolution::Conv;
use super::graph::{Graph, Layer, LayerKind};
use super::interface::buffers;
use super::parameters::Parameters;
use super::record::{Recording, Span};

/// How norms normalise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// With the batch's statistics, moving the running ones.
    Training,
    /// With the running statistics.
    Evaluation,
}

/// The values at the nodes for a number of images, as a recorded list will compute them.
pub struct Values {
    /// Images.
    pub images: usize,
    /// How norms normalise.
    pub mode: Mode,
    slices: Vec<Option<Span>>,
    /// Mean and inverse deviation of each norm's batch, by node.
    pub moments: Vec<Option<Span>>,
}

impl Values {
    /// The value at `node`.
    pub fn at(&self, node: usize) -> Result<&Span, GpuError> {
        self.slices[node].as_ref().ok_or_else(|| unknown("value", node))
    }

    /// Lets later dispatches overwrite the values.
    pub fn release(self, recording: &mut Recording) {
        for slice in self.slices.into_iter().chain(self.moments).flatten() {
            recording.release(slice);
        }
    }

    /// The batch's moments at norm `node`.
    pub fn moments_at(&self, node: usize) -> Result<&Span, GpuError> {
        self.moments[node].as_ref().ok_or_else(|| unknown("batch statistics", node))
    }
}

fn unknown(what: &str, node: usize) -> GpuError {
    GpuError::Refused { what: format!("node {node}"), message: format!("its {what} was not recorded") }
}

/// The geometry of convolution `layer` for `images`.
pub fn geometry(graph: &Graph, layer: &Layer, images: usize, kernel: usize) -> Conv {
    let (input, output) = (graph.shapes[layer.inputs[0]], graph.shapes[layer.output]);
    Conv {
        images,
        channels: input.channels,
        height: input.height,
        width: input.width,
        outputs: output.channels,
        kernel,
    }
}

/// Records the forward pass of `images` images, which lie in `input`.
pub fn forward(
    recording: &mut Recording,
    graph: &Graph,
    parameters: &Parameters,
    images: usize,
    input: Span,
    mode: Mode,
) -> Result<Values, GpuError> {
    let mut values = Values {
        images,
        mode,
        slices: vec![None; graph.shapes.len()],
        moments: vec![None; graph.shapes.len()],
    };
    values.slices[0] = Some(input);
    for layer in &graph.layers {
        let count = images * graph.shapes[layer.output].elements();
        let y = recording.scratch(count, graph.name(layer.output));
        record(recording, graph, parameters, &mut values, layer, &y)?;
        values.slices[layer.output] = Some(y);
    }
    Ok(values)
}

fn record(
    recording: &mut Recording,
    graph: &Graph,
    parameters: &Parameters,
    values: &mut Values,
    layer: &Layer,
    y: &Span,
) -> Result<(), GpuError> {
    let images = values.images;
    let x = values.at(layer.inputs[0])?.clone();
    let input = graph.shapes[layer.inputs[0]];
    let tensor = |suffix: &str| parameters.tensor(&format!("{}.{suffix}", graph.name(layer.node)));
    match layer.kind {
        LayerKind::Conv { kernel, relu } => {
            let conv = geometry(graph, layer, images, kernel);
            let packed = recording.scratch(conv.packed(false), "packed weights");
            recording.pack(conv, false, &tensor("weight")?, &packed)?;
            let bias = tensor("bias")?;
            recording.convolve(conv, relu, &buffers! { x, weights: packed, bias, y })?;
            recording.release(packed);
            Ok(())
        }
        LayerKind::Norm { epsilon, momentum, relu } => {
            let [gamma, beta] = [tensor("weight")?, tensor("bias")?];
            let [running_mean, running_variance] = [tensor("running_mean")?, tensor("running_var")?];
            match values.mode {
                Mode::Training => {
                    let moments = recording.scratch(2 * input.channels, "batch statistics");
                    let bindings = &buffers! { x, gamma, beta, running_mean, running_variance, moments, y };
                    recording.norm_train(images, input, [epsilon, momentum], relu, bindings)?;
                    values.moments[layer.node] = Some(moments);
                    Ok(())
                }
                Mode::Evaluation => {
                    let bindings = &buffers! { x, gamma, beta, running_mean, running_variance, y };
                    recording.norm_evaluate(images, input, epsilon, relu, bindings)
                }
            }
        }
        LayerKind::Relu => recording.relu(images * input.elements(), &x, y),
        LayerKind::Pool { mean, size } => recording.pool(mean, size, images, input, [&x, y]),
        LayerKind::Add => {
            let other = values.at(layer.inputs[1])?.clone();
            let count = images * input.elements();
            if layer.inputs[0] == layer.inputs[1] {
                // A slice may not be bound twice.
                recording.copy(count, &x, y)?;
                return recording.accumulate(count, &x, y);
            }
            recording.add([count, count], &buffers! { a: x, x: other, y })
        }
        LayerKind::GlobalPool => recording.global_pool(images, input, [&x, y]),
        LayerKind::Linear => {
            let sizes = [images, input.channels, graph.shapes[layer.output].channels];
            let [w, bias] = [tensor("weight")?, tensor("bias")?];
            recording.linear(sizes, &buffers! { x, w, bias, y })
        }
    }
}

/// Records what lies downstream of `node` when its value is replaced by `value` of `images` images, a multiple of
/// those of `base`: its versions, concatenated. Returns the logits; takes `value`.
pub fn forward_from(
    recording: &mut Recording,
    graph: &Graph,
    parameters: &Parameters,
    base: &Values,
    (node, value): (usize, Span),
    images: usize,
) -> Result<Span, GpuError> {
    let mut changed = Values {
        images,
        mode: Mode::Evaluation,
        slices: vec![None; graph.shapes.len()],
        moments: vec![None; graph.shapes.len()],
    };
    changed.slices[node] = Some(value);
    let mut last_use = vec![0; graph.shapes.len()];
    for (position, layer) in graph.layers.iter().enumerate() {
        layer.inputs.iter().for_each(|input| last_use[*input] = position);
    }
    let mut skip = false;
    for (position, layer) in graph.layers.iter().enumerate() {
        if std::mem::take(&mut skip) || layer.inputs.iter().all(|input| changed.slices[*input].is_none()) {
            continue;
        }
        // A ReLU that alone reads a convolution or norm is fused into it.
        let mut layer = layer.clone();
        if let Some(next) = graph.layers.get(position + 1)
            && next.kind == LayerKind::Relu
            && next.inputs == [layer.output]
            && last_use[layer.output] == position + 1
            && let LayerKind::Conv { relu, .. } | LayerKind::Norm { relu, .. } = &mut layer.kind
            && graph.architecture.readers(graph.name(layer.output)).len() == 1
        {
            *relu = true;
            layer.output = next.output;
            skip = true;
        }
        let count = images * graph.shapes[layer.output].elements();
        let y = recording.scratch(count, graph.name(layer.output));
        let missing = layer.inputs.iter().position(|input| changed.slices[*input].is_none());
        match (missing, layer.kind) {
            (Some(missing), LayerKind::Add) => {
                let elements = base.images * graph.shapes[layer.output].elements();
                let (same, moved) = (base.at(layer.inputs[missing])?, changed.at(layer.inputs[1 - missing])?);
                let moved = moved.clone();
                recording.add([elements, count], &buffers! { a: same, x: moved, y })?;
            }
            _ => record(recording, graph, parameters, &mut changed, &layer, &y)?,
        }
        for input in &layer.inputs {
            if last_use[*input] == position
                && let Some(slice) = changed.slices[*input].take()
            {
                recording.release(slice);
            }
        }
        changed.slices[layer.output] = Some(y);
    }
    changed.at(graph.last()).cloned()
}
