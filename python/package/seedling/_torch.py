"""The doors to PyTorch, which need torch: a module becomes a network, a network a module."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from ._seedling import Network, SeedlingError


def from_torch(module: Any, example: Any = None) -> Network:
    """A trained module of PyTorch, such as an `nn.Sequential`, with its weights, by way of ONNX.

    Parameters
    ----------
    module : torch.nn.Module
        From images [N, 3, 32, 32] to logits [N, classes], of the layers that docs/doors.md lists. What it does to the
        pixels before the first layer (a shift, a division) becomes the network's normalisation; a module that does
        nothing to them is taken to expect them normalised as the training images say.
    example : torch.Tensor, optional
        Images to follow the module with; random ones without it.
    """
    import torch

    training = module.training
    module.eval()
    try:
        if example is None:
            weights = next(module.parameters())
            example = torch.rand(2, 3, 32, 32, dtype=weights.dtype, device=weights.device)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "module.onnx"
            torch.onnx.export(
                module,
                (example,),
                str(path),
                dynamo=False,
                input_names=["images"],
                dynamic_axes={"images": {0: "N"}},
                # Batch norms stay what they are: folded into the convolutions they could not be trained on.
                training=torch.onnx.TrainingMode.PRESERVE,
                do_constant_folding=False,
            )
            return Network.load(path)
    finally:
        module.train(training)


def to_torch(network: Network) -> Any:
    """The network as a `torch.nn.Module` with its weights, in evaluation mode.

    Images [N, 3, 32, 32] with pixels in 0...1 go in and are normalised as the network is used to; logits
    [N, classes] come out. Layers and the entries of the state dict have the network's own names.
    """
    import torch

    class Grown(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            mean, std = network.normalization or ([0.0] * 3, [1.0] * 3)
            for name, values in [("mean", mean), ("std", std)]:
                self.register_buffer(name, torch.as_tensor(values).view(1, 3, 1, 1), persistent=False)
            self._nodes = network.architecture
            state = network.state_dict()
            for node in self._nodes:
                layer = _layer(node, state)
                if layer is not None:
                    self.add_module(node["name"], layer)

        def forward(self, pixels: Any) -> Any:
            values: dict[str, Any] = {}
            for node in self._nodes:
                inputs = [values[name] for name in node["inputs"]]
                values[node["name"]] = _value(self, node, inputs, pixels)
            return values[self._nodes[-1]["name"]]

    module = Grown()
    state = {name: torch.from_numpy(values) for name, values in network.state_dict().items()}
    missing, unexpected = module.load_state_dict(state, strict=False)
    # PyTorch's own count of batches is no weight.
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing or unexpected:
        found = f"{unexpected} besides, and no {missing}"
        raise SeedlingError(f"state dict: found {found}, expected the module's own names")
    return module.eval()


def _layer(node: dict[str, Any], state: dict[str, Any]) -> Any:
    """What a node with weights is in PyTorch."""
    from torch import nn

    if f"{node['name']}.weight" not in state:
        return None
    outputs, *inputs = state[f"{node['name']}.weight"].shape
    match node["op"]:
        case "conv":
            return nn.Conv2d(inputs[0], outputs, node["kernel"], padding=node["padding"])
        case "norm":
            return nn.BatchNorm2d(outputs, eps=node["epsilon"], momentum=node["momentum"])
        case "linear":
            return nn.Linear(inputs[0], outputs)
        case other:
            raise SeedlingError(f'node "{node["name"]}": found "{other}", expected a known layer')


def _value(module: Any, node: dict[str, Any], inputs: list[Any], pixels: Any) -> Any:
    """What a node gives."""
    from torch.nn import functional

    match node["op"]:
        case "input":
            return (pixels - module.mean) / module.std
        case "conv" | "norm":
            return module.get_submodule(node["name"])(inputs[0])
        case "linear":
            return module.get_submodule(node["name"])(inputs[0].flatten(1))
        case "relu":
            return functional.relu(inputs[0])
        case "max-pool":
            return functional.max_pool2d(inputs[0], node["size"])
        case "avg-pool":
            return functional.avg_pool2d(inputs[0], node["size"])
        case "add":
            return inputs[0] + inputs[1]
        case "global-avg-pool":
            return functional.adaptive_avg_pool2d(inputs[0], 1)
        case other:
            raise SeedlingError(f'node "{node["name"]}": found "{other}", expected a known operation')
