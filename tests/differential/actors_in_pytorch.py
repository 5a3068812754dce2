"""
Reads a JSON list of {"actor": a file, "model": a file, "inputs": [[...], ...]}. Prints, for each, the numbers and choices that
the actor gives, and the opset of the model, which the checker of ONNX must accept.
"""

import json
import pathlib
import sys

import onnx
import torch

here = pathlib.Path(__file__).parent
sys.path.append(str(here / "stand-ins"))
sys.path.append(str(here / "../../packages/cli/pytorch"))
from paragrad_actor import Actor  # noqa: E402


def answer(case):
    model = onnx.load(case["model"])
    onnx.checker.check_model(model, full_check=True)
    with torch.no_grad():
        numbers, choices = Actor(case["actor"])(torch.tensor(case["inputs"]))
    rows = range(len(case["inputs"]))
    return {
        "opset": model.opset_import[0].version,
        "numbers": numbers.tolist(),
        "choices": [[choice[row].item() for choice in choices] for row in rows],
    }


print(json.dumps([answer(case) for case in json.load(sys.stdin)]))
