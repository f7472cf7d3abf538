"""Learns a space of LeNetLikes until the next look on request, with the recipe of a task.json that bench/quality wrote.

usage: quality.py --folder FOLDER --threads N
The recipe `paper` is learned as its authors do, one network after the other; `recommended` is our recipe with our savings: sparse
backward pass of the encoder, networks at once, logits of targets remembered. A line in is a look, a JSON line out is the time until it;
`predicted.f32` then has the PReps of the held-out networks. The twin of quality/serve-quality.ts.
"""

import argparse
import json
import math
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from losses import distillation
from savings import ThriftyEncoder
from space import Decoder, Encoder

parser = argparse.ArgumentParser()
parser.add_argument("--folder", type=Path, required=True)
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()
torch.set_num_threads(options.threads)

folder = options.folder
task = json.loads((folder / "task.json").read_text())
recipe, (height, width), sizes = task["recipe"], task["prepShape"], task["sizes"]
shapes = task["parameters"]
counts = [math.prod(shape) for shape in shapes]
random = np.random.default_rng(task["seed"])
thrifty = recipe["name"] == "recommended"


def floats(name: str) -> Tensor:
    return torch.from_numpy(np.fromfile(folder / name, np.float32))


def tensors(name: str, specs: list) -> dict[str, Tensor]:
    parts = floats(name).split([math.prod(spec["shape"]) for spec in specs])
    return {spec["name"]: part.view(spec["shape"]) for spec, part in zip(specs, parts)}


known, held_out = floats("known.f32").view(-1, height, width), floats("held-out.f32").view(-1, height, width)
pixels = torch.from_numpy(np.fromfile(folder / "images.u8", np.uint8)).view(-1, *task["images"]["shape"])
labels = torch.from_numpy(np.fromfile(folder / "labels.u8", np.uint8)).long()
mean, std = (torch.tensor(task["images"][key]).view(-1, 1, 1) for key in ("mean", "std"))
units = tensors("units.f32", task["units"]) if "units" in task else None

encoder = (ThriftyEncoder if thrifty else Encoder)(sizes["embedding"], sizes["encoder"])
decoder = Decoder(sizes["embedding"], (height, width), grid=sizes["grid"], channels=sizes["channels"], width=sizes["width"], hidden=sizes["hidden"])
encoder.load_state_dict(tensors("encoder.f32", task["weights"]["encoder"]))
decoder.load_state_dict(tensors("decoder.f32", task["weights"]["decoder"]))
optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-4)


def images_of(indices: np.ndarray) -> Tensor:
    return (pixels[indices].float() / 255 - mean) / std


def parameters_of(preps: Tensor) -> list[Tensor]:
    """PReps [K, H, W] -> the parameters of K networks, each [K, ...]."""
    parts = preps.flatten(1)[:, : sum(counts)].split(counts, 1)
    return [part.reshape(-1, *shape) for part, shape in zip(parts, shapes)]


def predicted(preps: Tensor) -> Tensor:
    if units is None:
        return decoder(encoder(preps.unsqueeze(1)))[0]
    seen = (preps - units["mean"]) / units["deviation"]
    return decoder(encoder(seen.unsqueeze(1)))[0] * units["deviation"] + units.get("start", units["mean"])


def lenet(p: list[Tensor], x: Tensor) -> Tensor:
    for k in (0, 2):
        x = F.leaky_relu(F.conv2d(x, p[k], p[k + 1], stride=2))
    x = F.leaky_relu(F.linear(x.flatten(1), p[4], p[5]))
    return F.linear(F.leaky_relu(F.linear(x, p[6], p[7])), p[8], p[9])


def lenets(p: list[Tensor], x: Tensor) -> Tensor:
    """K networks on the same images at once: logits [K, B, classes]."""
    networks = len(p[0])
    x = F.leaky_relu(F.conv2d(x, p[0].flatten(0, 1), p[1].flatten(), stride=2))
    x = F.leaky_relu(F.conv2d(x, p[2].flatten(0, 1), p[3].flatten(), stride=2, groups=networks))
    x = x.view(len(x), networks, -1).transpose(0, 1)
    for k in (4, 6, 8):
        x = torch.baddbmm(p[k + 1].unsqueeze(1), x, p[k].transpose(1, 2))
        x = F.leaky_relu(x) if k < 8 else x
    return x


def imitation(students: Tensor, targets: Tensor) -> Tensor:
    """Equation (1) of each network by the variance of its target's logits to the power `relative`, mean over networks."""
    temperature = 4.0
    wanted = F.softmax(targets / temperature, 2)
    each = (wanted * (F.log_softmax(targets / temperature, 2) - F.log_softmax(students / temperature, 2))).sum(2).mean(1) * temperature**2
    off = targets - targets.mean(2, keepdim=True)
    variance = (off - off.mean(1, keepdim=True)).square().mean((1, 2)).clamp(min=1e-4)
    return (each / variance ** recipe["task"]["relative"]).mean()


def soft_accuracies(logits: Tensor, right: Tensor) -> Tensor:
    centered = logits - logits.mean(2, keepdim=True)
    scale = centered.square().mean((1, 2), keepdim=True).clamp(min=1e-8).sqrt() * 0.1
    return (F.softmax(centered / scale, 2) * right).sum(2).mean(1)


def recommended_loss(preps: Tensor, x: Tensor, y: Tensor, targets: Tensor) -> Tensor:
    students = lenets(parameters_of(predicted(preps)), x)
    right = F.one_hot(y, students.shape[2])
    gap = (soft_accuracies(students, right) - soft_accuracies(targets, right)).square().mean()
    return imitation(students, targets) + recipe["task"]["accuracyGap"] * gap


def paper_loss(preps: Tensor, x: Tensor) -> Tensor:
    losses = []
    for prep, target in zip(predicted(preps), preps):
        with torch.no_grad():
            wanted = lenet([part[0] for part in parameters_of(target[None])], x)
        losses.append(distillation(lenet([part[0] for part in parameters_of(prep[None])], x), wanted))
    return torch.stack(losses).mean()


def permuted(prep: Tensor) -> Tensor:
    """The same network with its hidden channels in a random order."""
    at = [part.reshape(shape) for part, shape in zip(np.split(np.arange(sum(counts)), np.cumsum(counts)[:-1]), shapes)]
    first, second, third, fourth = (random.permutation(shapes[k][0]) for k in (0, 2, 4, 6))
    view = (shapes[4][0], shapes[2][0], -1)
    order = [at[0][first], at[1][first], at[2][second][:, first], at[3][second], at[4].reshape(view)[third][:, second], at[5][third],
             at[6][fourth][:, third], at[7][fourth], at[8][:, fourth], at[9]]  # fmt: skip
    source = torch.from_numpy(np.concatenate([part.ravel() for part in order]))
    flat = prep.flatten().clone()
    flat[: len(source)] = flat[source]
    return flat.view_as(prep)


def batches(count: int, size: int) -> Iterator[np.ndarray]:
    """All of them in a new random order, again and again."""
    rest = np.empty(0, int)
    while True:
        while len(rest) < size:
            rest = np.concatenate([rest, random.permutation(count)])
        yield rest[:size]
        rest = rest[size:]


def rate(step: int) -> float:
    schedule = recipe["learningRate"]
    if not isinstance(schedule, dict):
        return schedule
    fallen = schedule["learningRate"] * (1 + math.cos(math.pi * min(1, step / recipe["steps"]))) / 2
    return fallen * min(1, (step + 1) / (schedule.get("warmUp", 0) + 1))


remembered: Tensor | None = None  # logits of every known network for every image, [N, images, classes]


def targets_of(nets: np.ndarray, indices: np.ndarray) -> Tensor:
    global remembered
    if remembered is None:
        with torch.no_grad():
            parts = np.array_split(np.arange(len(pixels)), 100)
            remembered = torch.cat([lenets(parameters_of(known), images_of(part)) for part in parts], 1)
    return remembered[torch.from_numpy(nets)[:, None], torch.from_numpy(indices)]


def loss_of(nets: np.ndarray, indices: np.ndarray, permute: bool) -> Tensor:
    preps = known[nets]
    if permute:
        preps = torch.stack([permuted(prep) for prep in preps])
    if thrifty:
        return recommended_loss(preps, images_of(indices), labels[indices], targets_of(nets, indices))
    return paper_loss(preps, images_of(indices))


nets_of, images_at = batches(len(known), recipe["batch"]["nets"]), batches(len(pixels), recipe["batch"]["inputs"])


def step(number: int) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate(number)
    optimizer.zero_grad()
    loss_of(next(nets_of), next(images_at), recipe["permuteChannels"]).backward()
    optimizer.step()


with torch.no_grad():
    first = loss_of(np.arange(recipe["batch"]["nets"]), np.arange(recipe["batch"]["inputs"]), permute=False).item()
remembered = None  # to compute it is part of the training
deviation = abs(first / task["firstLoss"] - 1)
if deviation > 1e-3:
    sys.exit(f"expected the first loss to be {task['firstLoss']}, got {first}: this is another recipe")
print(json.dumps({"ready": True, "torch": torch.__version__, "threads": torch.get_num_threads(), "deviation": deviation}), flush=True)

taken = 0
for look, _ in enumerate(sys.stdin):
    start, used = time.perf_counter(), time.process_time()
    while taken < task["looks"][look]:
        step(taken)
        taken += 1
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    with torch.no_grad():
        predicted(held_out).numpy().astype(np.float32).tofile(folder / "predicted.f32")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "processorSeconds": processor, "peakBytes": peak}), flush=True)
