//! A folder for the Hub (<https://huggingface.co/docs/hub/model-cards>): the model card, and what describes the network to
//! programs.

use std::fmt::Write;

use serde_json::{Value, json};

use super::exported::Exported;
use super::run_folder::RunFolder;
use crate::format::{percent, thousands};
use crate::network::NetworkError;

/// What the card says besides the network.
#[derive(Clone, Debug)]
pub struct Card<'a> {
    /// The run.
    pub run: &'a RunFolder,
    /// The network.
    pub exported: &'a Exported,
}

/// The images of a run, for people and for the Hub.
struct Images {
    name: String,
    /// On the Hub, if they are there.
    hub: Option<&'static str>,
    held_out: u64,
}

impl Images {
    fn of(record: &Value) -> Self {
        let dataset = &record["dataset"];
        let name = dataset["name"].as_str().unwrap_or("unknown").to_owned();
        let hub = match name.as_str() {
            "cifar10" => Some("uoft-cs/cifar10"),
            "cifar100" => Some("uoft-cs/cifar100"),
            "mnist" => Some("ylecun/mnist"),
            "fashion-mnist" => Some("zalando-datasets/fashion_mnist"),
            _ => None,
        };
        Self { name, hub, held_out: dataset["held_out"].as_u64().unwrap_or(0) }
    }
}

/// The model card, `README.md`: its head is YAML for the Hub, with the scores of the held-out images.
pub fn card(card: &Card) -> Result<String, NetworkError> {
    let Card { run, exported } = card;
    let images = Images::of(&run.record);
    let cost = exported.network.architecture.cost()?;
    let text = |text: &str| Value::from(text).to_string();
    // A text of JSON is one of YAML.
    let mut head = "---\nlicense: apache-2.0\npipeline_tag: image-classification\ntags:\n- seedling\n\
         - image-classification\n- network-morphism\n- onnx\n- pytorch\n"
        .to_owned();
    if let Some(hub) = images.hub {
        let _ = writeln!(head, "datasets:\n- {hub}");
    }
    head.push_str("metrics:\n- accuracy\n");
    let mut scores = String::new();
    if let Some(quality) = exported.quality {
        let source = images.hub.unwrap_or(&images.name);
        let _ = write!(
            head,
            "model-index:\n- name: seedling\n  results:\n  - task:\n      type: image-classification\n    dataset:\n      \
             type: {}\n      name: {}\n      split: test\n    metrics:\n    - type: accuracy\n      value: {}\n    - type: \
             loss\n      name: cross-entropy in nats\n      value: {}\n",
            text(source),
            text(&format!("{}, {} held-out images", images.name, images.held_out)),
            quality.held_out.accuracy,
            quality.held_out.loss,
        );
        let _ = write!(
            scores,
            "| on {} held-out images of {} | |\n|---|---|\n| accuracy | {} |\n| loss (cross-entropy, nats) | {:.4} |\n",
            thousands(images.held_out),
            images.name,
            percent(quality.held_out.accuracy),
            quality.held_out.loss
        );
    }
    head.push_str("---\n");
    let names = exported.info.class_names.join(", ");
    Ok(format!(
        r#"{head}
# A network grown by Seedling

An image classifier that was grown from a small seed by network morphisms: channels split, were pruned, layers came,
as a formula estimated that each change would lower the loss. This is the network {growth}.

- **Input**: 32×32 colour images, `[N, 3, 32, 32]`, pixels in 0…1. They are normalised within the network.
- **Output**: logits of {classes} classes: {names}.
- **Size**: {parameters} parameters, {flops} FLOPs per image.

## Results

{scores}
Losses and accuracies are means over images that took no part in training or in choosing changes.

## How to load it

PyTorch (`model.py` is a plain `nn.Module`):

```python
import torch
from model import CLASSES, load

network = load("model.safetensors")
pixels = torch.rand(1, 3, 32, 32)
print(CLASSES[network(pixels).argmax()])
```

ONNX:

```python
import numpy, onnxruntime

session = onnxruntime.InferenceSession("model.onnx")
pixels = numpy.random.rand(1, 3, 32, 32).astype("float32")
logits = session.run(["logits"], {{"pixels": pixels}})[0]
```

Seedling, to grow it further: `seedling grow --network model.onnx --inherit`.

## How it was made

Seedling {version}, seed {seed}. Every setting, for `seedling grow --config`:

```toml
{settings}```

## Limits and licence

A small network for teaching and research: do not rely on what it says of images. The code (`model.py`) may be used by
Apache-2.0 or MIT, as Seedling's own; choose the licence of the weights yourself, and keep to the terms of the images that
they were trained on.
"#,
        growth = exported.growth,
        classes = exported.info.class_names.len(),
        parameters = thousands(cost.parameters),
        flops = thousands(cost.flops),
        version = env!("CARGO_PKG_VERSION"),
        seed = run.session.config.seed,
        settings = run.settings(),
    ))
}

/// `config.json`: the architecture and the names of the classes, for programs.
pub fn config_json(exported: &Exported) -> String {
    let labels: serde_json::Map<String, Value> = exported
        .info
        .class_names
        .iter()
        .enumerate()
        .map(|(index, name)| (index.to_string(), Value::from(name.as_str())))
        .collect();
    let config = json!({
        "model_type": "seedling",
        "seedling": env!("CARGO_PKG_VERSION"),
        "id2label": labels,
        "normalization": { "mean": exported.info.checkpoint.mean, "std": exported.info.checkpoint.std },
        "architecture": exported.network.architecture,
    });
    let mut text = serde_json::to_string_pretty(&config).expect("plain data serialises");
    text.push('\n');
    text
}
