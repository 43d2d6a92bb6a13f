//! Recording a backward pass: of a loss to the parameters, or of many cotangents to the nodes.

use super::GpuError;
use super::forward::{Mode, Values, geometry};
use super::graph::{Graph, Layer, LayerKind};
use super::interface::buffers;
use super::ops::Finish;
use super::parameters::Parameters;
use super::record::{Recording, Span};

/// What a backward pass computes, and what stays of it.
pub struct Aim<'a> {
    /// Block for the parameters' gradients, laid out as the weights; none where they are not wanted.
    pub parameters: Option<&'a Span>,
    /// How many gradients are pulled back: as many as images, or a multiple (sets of cotangents, concatenated).
    pub gradients: usize,
    /// Nodes whose gradients are to stay.
    pub keep: &'a [usize],
}

/// Gradients at the nodes, while they live.
pub struct Gradients {
    spans: Vec<Option<Span>>,
}

impl Gradients {
    /// The gradient at `node`, which [`Aim::keep`] named. Where the graph says that the node is gated, it is
    /// the gradient before the node's ReLU.
    pub fn at(&self, node: usize) -> Option<&Span> {
        self.spans[node].as_ref()
    }

    /// Lets later dispatches overwrite what was kept.
    pub fn release(self, recording: &mut Recording) {
        for span in self.spans.into_iter().flatten() {
            recording.release(span);
        }
    }
}

/// Records the backward pass from the gradients `slopes` at the logits.
pub fn backward(
    recording: &mut Recording,
    graph: &Graph,
    parameters: &Parameters,
    values: &Values,
    slopes: Span,
    aim: Aim<'_>,
) -> Result<Gradients, GpuError> {
    let mut found = Gradients { spans: vec![None; graph.shapes.len()] };
    found.spans[graph.last()] = Some(slopes);
    for layer in graph.layers.iter().rev() {
        // What does not lead to the loss has no gradient.
        let Some(dy) = found.spans[layer.output].clone() else { continue };
        record(recording, graph, parameters, values, layer, &dy, &aim, &mut found)?;
        if !aim.keep.contains(&layer.output) {
            found.spans[layer.output] = None;
            recording.release(dy);
        }
    }
    Ok(found)
}

#[allow(clippy::too_many_arguments)] // one place, and a struct of borrowed parts would say no more
fn record(
    recording: &mut Recording,
    graph: &Graph,
    parameters: &Parameters,
    values: &Values,
    layer: &Layer,
    dy: &Span,
    aim: &Aim<'_>,
    found: &mut Gradients,
) -> Result<(), GpuError> {
    let (images, gradients) = (values.images, aim.gradients);
    let source = layer.inputs[0];
    let input = graph.shapes[source];
    let x = values.at(source)?;
    let ends_in_relu =
        matches!(layer.kind, LayerKind::Conv { relu: true, .. } | LayerKind::Norm { relu: true, .. });
    let output = graph.shapes[layer.output].elements();
    if ends_in_relu && !graph.gated[layer.output] {
        recording.gate([images * output, gradients * output], values.at(layer.output)?, dy)?;
    }
    let tensor = |suffix: &str| parameters.tensor(&format!("{}.{suffix}", graph.name(layer.node)));
    let slope = |suffix: &str| match aim.parameters {
        Some(block) => {
            parameters.layout.span(block, &format!("{}.{suffix}", graph.name(layer.node))).map(Some)
        }
        None => Ok(None),
    };
    let gate = graph.gated[source].then_some(x);
    match layer.kind {
        LayerKind::Conv { kernel, .. } => {
            let conv = geometry(graph, layer, images, kernel);
            if let (Some(dw), Some(db)) = (slope("weight")?, slope("bias")?) {
                recording.weight_gradient(conv, &buffers! { x, dy, dw, db }, false)?;
            }
            if source == 0 {
                return Ok(());
            }
            let (dx, add) = target(recording, graph, found, source, gradients)?;
            let packed = recording.scratch(conv.packed(true), "packed weights");
            recording.pack(conv, true, &tensor("weight")?, &packed)?;
            let bindings = buffers! { dy, weights: packed, dx };
            recording.input_gradient(conv, gradients, &bindings, Finish { gate, add })?;
            recording.release(packed);
            Ok(())
        }
        LayerKind::Norm { epsilon, .. } => {
            let gamma = tensor("weight")?;
            let (dx, add) = target(recording, graph, found, source, gradients)?;
            match (values.mode, slope("weight")?, slope("bias")?) {
                (Mode::Training, Some(gamma_slope), Some(beta_slope)) => {
                    let moments = values.moments_at(layer.node)?;
                    let bindings = buffers! { x, dy, gamma, moments, gamma_slope, beta_slope, dx };
                    recording.norm_backward(images, input, &bindings, add)
                }
                _ => {
                    let running_variance = tensor("running_var")?;
                    let bindings = buffers! { dy, gamma, running_variance, dx };
                    recording.norm_evaluate_backward(gradients, input, epsilon, &bindings, add)
                }
            }
        }
        LayerKind::Relu => {
            let (dx, add) = target(recording, graph, found, source, gradients)?;
            let count = gradients * output;
            if graph.gated[layer.output] {
                return match add {
                    true => recording.accumulate(count, dy, &dx),
                    false => recording.copy(count, dy, &dx),
                };
            }
            let output_value = values.at(layer.output)?;
            let bindings = buffers! { dy, output: output_value, dx };
            recording.relu_backward([images * output, count], &bindings, add)
        }
        LayerKind::Pool { mean, size } => {
            let (dx, add) = target(recording, graph, found, source, gradients)?;
            let finish = Finish { gate, add };
            recording.pool_backward(mean, size, [images, gradients], input, &buffers! { x, dy, dx }, finish)
        }
        LayerKind::Add => {
            for &source in &layer.inputs {
                let (dx, add) = target(recording, graph, found, source, gradients)?;
                match add {
                    true => recording.accumulate(gradients * output, dy, &dx)?,
                    false => recording.copy(gradients * output, dy, &dx)?,
                }
            }
            Ok(())
        }
        LayerKind::GlobalPool => {
            let (dx, add) = target(recording, graph, found, source, gradients)?;
            let finish = Finish { gate, add };
            recording.global_pool_backward([images, gradients], input, &buffers! { x, dy, dx }, finish)
        }
        LayerKind::Linear => {
            let classes = graph.shapes[layer.output].channels;
            if let (Some(dw), Some(db)) = (slope("weight")?, slope("bias")?) {
                let sizes = [images, input.channels, classes];
                recording.linear_weight_gradient(sizes, &buffers! { x, dy, dw, db })?;
            }
            let (dx, add) = target(recording, graph, found, source, gradients)?;
            let sizes = [gradients, input.channels, classes];
            let w = tensor("weight")?;
            if !add {
                return recording.linear_input_gradient(sizes, &buffers! { dy, w, dx });
            }
            let own = recording.scratch(gradients * input.channels, "gradient");
            recording.linear_input_gradient(sizes, &buffers! { dy, w, dx: own })?;
            recording.accumulate(gradients * input.channels, &own, &dx)?;
            recording.release(own);
            Ok(())
        }
    }
}

/// Where the gradient at `node` goes, and whether something is there already.
fn target(
    recording: &mut Recording,
    graph: &Graph,
    found: &mut Gradients,
    node: usize,
    gradients: usize,
) -> Result<(Span, bool), GpuError> {
    if let Some(span) = &found.spans[node] {
        return Ok((span.clone(), true));
    }
    let span = recording.scratch(gradients * graph.shapes[node].elements(), graph.name(node));
    found.spans[node] = Some(span.clone());
    Ok((span, false))
}
