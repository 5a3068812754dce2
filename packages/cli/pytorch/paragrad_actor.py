"""An actor that `paragrad export --to pytorch` wrote. Needs torch and safetensors."""

import json
import math

import torch
from safetensors import safe_open
from torch import nn


class Actor(nn.Module):
    """Observations [batch, obs] -> numbers [batch, n], and a list with each choice [batch]. `network` has the weights."""

    def __init__(self, path):
        super().__init__()
        with safe_open(path, framework="pt") as file:
            self.about = json.loads(file.metadata()["actor"])
            weights = {name: file.get_tensor(name) for name in file.keys()}
        sizes = self.about["sizes"]
        layers = [layer for size in zip(sizes, sizes[1:]) for layer in (nn.Linear(*size), nn.ReLU())]
        self.network = nn.Sequential(*layers[:-1])
        self.network.load_state_dict(weights)

    def forward(self, observations):
        mean, deviation = (torch.tensor(self.about[key], dtype=torch.float64) for key in ("mean", "deviation"))
        limit = self.about.get("limit", math.inf)
        outputs = self.network(((observations - mean) / deviation).clamp(-limit, limit).float())
        low, high = (torch.tensor(self.about[key], dtype=torch.float32) for key in ("low", "high"))
        numbers = low + (high - low) * (outputs[:, : len(low)].tanh() + 1) / 2
        return numbers, [
            outputs[:, c["from"] : c["to"]].argmax(dim=1) // c["stride"] % c["size"] + c["first"]
            for c in self.about["choices"]
        ]
