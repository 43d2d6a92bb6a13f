//! Recording a backward pass: of a loss to the parameters, or of many cotangents to the nodes.

use super::GpuError;
use super::arena::Slice;
use super::commands::Recorder;
use super::forward::{Mode, Values, geometry};
use super::graph::{Graph, Kind, Layer};
use super::ops::Finish;
use super::parameters::Parameters;

/// What a backward pass is to leave.
pub struct Aim<'a> {
    /// Block for the parameters' gradients, laid out as the weights; none where they are not wanted.
    pub parameters: Option<&'a Slice>,
    /// Gradients pulled back: as many as images, or a multiple (sets of cotangents one behind another).
    pub gradients: usize,
    /// Nodes whose gradients are to stay.
    pub keep: &'a [usize],
}

/// Gradients at the nodes, while they live.
pub struct Gradients {
    slices: Vec<Option<Slice>>,
}

impl Gradients {
    /// The gradient at `node`, which [`Aim::keep`] named. Where the graph says that the node is gated, it is
    /// the gradient before the node's ReLU.
    pub fn at(&self, node: usize) -> Option<&Slice> {
        self.slices[node].as_ref()
    }

    /// Lets later dispatches overwrite what was kept.
    pub fn release(self, recorder: &mut Recorder<'_>) {
        for slice in self.slices.into_iter().flatten() {
            recorder.release(slice);
        }
    }
}

/// Records the backward pass from `slopes` at the logits.
pub async fn backward(
    recorder: &mut Recorder<'_>,
    graph: &Graph,
    parameters: &Parameters,
    values: &Values,
    slopes: Slice,
    aim: Aim<'_>,
) -> Result<Gradients, GpuError> {
    let mut found = Gradients { slices: vec![None; graph.shapes.len()] };
    found.slices[graph.last()] = Some(slopes);
    for layer in graph.layers.iter().rev() {
        // What does not lead to the loss has no gradient.
        let Some(dy) = found.slices[layer.output].clone() else { continue };
        record(recorder, graph, parameters, values, layer, &dy, &aim, &mut found).await?;
        if !aim.keep.contains(&layer.output) {
            found.slices[layer.output] = None;
            recorder.release(dy);
        }
    }
    Ok(found)
}

#[allow(clippy::too_many_arguments)] // one place, and a struct of borrowed parts would say no more
async fn record(
    recorder: &mut Recorder<'_>,
    graph: &Graph,
    parameters: &Parameters,
    values: &Values,
    layer: &Layer,
    dy: &Slice,
    aim: &Aim<'_>,
    found: &mut Gradients,
) -> Result<(), GpuError> {
    let (images, gradients) = (values.images, aim.gradients);
    let source = layer.inputs[0];
    let input = graph.shapes[source];
    let x = values.at(source)?;
    let ends_in_relu = matches!(layer.kind, Kind::Conv { relu: true, .. } | Kind::Norm { relu: true, .. });
    let output = graph.shapes[layer.output].elements();
    if ends_in_relu && !graph.gated[layer.output] {
        recorder.gate([images * output, gradients * output], values.at(layer.output)?, dy).await?;
    }
    let tensor = |suffix: &str| parameters.tensor(&format!("{}.{suffix}", graph.name(layer.node)));
    let slope = |suffix: &str| match aim.parameters {
        Some(block) => {
            parameters.layout.slice(block, &format!("{}.{suffix}", graph.name(layer.node))).map(Some)
        }
        None => Ok(None),
    };
    let gate = graph.gated[source].then_some(x);
    match layer.kind {
        Kind::Conv { kernel, .. } => {
            let conv = geometry(graph, layer, images, kernel);
            if let (Some(dw), Some(db)) = (slope("weight")?, slope("bias")?) {
                recorder.weight_gradient(conv, [x, dy, &dw, &db], false).await?;
            }
            if source == 0 {
                return Ok(());
            }
            let (dx, add) = target(recorder, graph, found, source, gradients).await?;
            let packed = recorder.scratch(conv.packed(true), "packed weights").await?;
            recorder.pack(conv, true, &tensor("weight")?, &packed).await?;
            recorder.input_gradient(conv, gradients, [dy, &packed, &dx], Finish { gate, add }).await?;
            recorder.release(packed);
            Ok(())
        }
        Kind::Norm { epsilon, .. } => {
            let gamma = tensor("weight")?;
            let (dx, add) = target(recorder, graph, found, source, gradients).await?;
            match (values.mode, slope("weight")?, slope("bias")?) {
                (Mode::Training, Some(dgamma), Some(dbeta)) => {
                    let moments = values.moments_at(layer.node)?;
                    let bindings = [x, dy, &gamma, moments, &dgamma, &dbeta, &dx];
                    recorder.norm_backward(images, input, bindings, add).await
                }
                _ => {
                    let bindings = [dy, &gamma, &tensor("running_var")?, &dx];
                    recorder.norm_evaluate_backward(gradients, input, epsilon, bindings, add).await
                }
            }
        }
        Kind::Relu => {
            let (dx, add) = target(recorder, graph, found, source, gradients).await?;
            let count = gradients * output;
            if graph.gated[layer.output] {
                return match add {
                    true => recorder.accumulate(count, dy, &dx).await,
                    false => recorder.copy(count, dy, &dx).await,
                };
            }
            let y = values.at(layer.output)?;
            recorder.relu_backward([images * output, count], [dy, y, &dx], add).await
        }
        Kind::Pool { mean, size } => {
            let (dx, add) = target(recorder, graph, found, source, gradients).await?;
            let finish = Finish { gate, add };
            recorder.pool_backward(mean, size, [images, gradients], input, [x, dy, &dx], finish).await
        }
        Kind::Add => {
            for &source in &layer.inputs {
                let (dx, add) = target(recorder, graph, found, source, gradients).await?;
                match add {
                    true => recorder.accumulate(gradients * output, dy, &dx).await?,
                    false => recorder.copy(gradients * output, dy, &dx).await?,
                }
            }
            Ok(())
        }
        Kind::GlobalPool => {
            let (dx, add) = target(recorder, graph, found, source, gradients).await?;
            let finish = Finish { gate, add };
            recorder.global_pool_backward([images, gradients], input, [x, dy, &dx], finish).await
        }
        Kind::Linear => {
            let classes = graph.shapes[layer.output].channels;
            if let (Some(dw), Some(db)) = (slope("weight")?, slope("bias")?) {
                let sizes = [images, input.channels, classes];
                recorder.linear_weight_gradient(sizes, [x, dy, &dw, &db]).await?;
            }
            let (dx, add) = target(recorder, graph, found, source, gradients).await?;
            let sizes = [gradients, input.channels, classes];
            if !add {
                return recorder.linear_input_gradient(sizes, [dy, &tensor("weight")?, &dx]).await;
            }
            let own = recorder.scratch(gradients * input.channels, "gradient").await?;
            recorder.linear_input_gradient(sizes, [dy, &tensor("weight")?, &own]).await?;
            recorder.accumulate(gradients * input.channels, &own, &dx).await?;
            recorder.release(own);
            Ok(())
        }
    }
}

/// Where the gradient at `node` goes, and whether something is there already.
async fn target(
    recorder: &mut Recorder<'_>,
    graph: &Graph,
    found: &mut Gradients,
    node: usize,
    gradients: usize,
) -> Result<(Slice, bool), GpuError> {
    if let Some(slice) = &found.slices[node] {
        return Ok((slice.clone(), true));
    }
    let slice = recorder.scratch(gradients * graph.shapes[node].elements(), graph.name(node)).await?;
    found.slices[node] = Some(slice.clone());
    Ok((slice, false))
}
