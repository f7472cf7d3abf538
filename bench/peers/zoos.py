"""Takes a training step of K networks on request: one after the other (`loop`), or as one function over stacked parameters (`vmap`).

usage: zoos.py --network lenet|cnn|resnet8|siren --count N --batch N --steps N --threads N --mode loop|vmap
A line in is a few steps of all K networks, a JSON line out is the time of one.
"""

import argparse
import json
import resource
import sys
import time

import torch
import torch.nn.functional as F
from torch import Tensor, nn

parser = argparse.ArgumentParser()
parser.add_argument("--network", choices=["lenet", "cnn", "resnet8", "siren"], required=True)
parser.add_argument("--count", type=int, default=1)
parser.add_argument("--batch", type=int, default=64)
parser.add_argument("--steps", type=int, default=4)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--mode", choices=["loop", "vmap"], required=True)
options = parser.parse_args()


def lenet() -> nn.Module:
    leaky = nn.LeakyReLU(0.01)
    return nn.Sequential(nn.Conv2d(1, 2, 5, 2), leaky, nn.Conv2d(2, 4, 5, 2), leaky, nn.Flatten(),
                         nn.Linear(64, 30), leaky, nn.Linear(30, 21), leaky, nn.Linear(21, 10))  # fmt: skip


def cnn() -> nn.Module:
    def block(inputs: int, outputs: int) -> list[nn.Module]:
        return [nn.Conv2d(inputs, outputs, 3), nn.MaxPool2d(2), nn.LeakyReLU(0.01)]

    return nn.Sequential(*block(3, 16), *block(16, 32), *block(32, 15), nn.Flatten(), nn.Linear(60, 20), nn.LeakyReLU(0.01), nn.Linear(20, 10))


class Block(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), norm(outputs)
        self.conv2, self.bn2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), norm(outputs)
        self.down = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), norm(outputs)) if stride > 1 else None

    def forward(self, x: Tensor) -> Tensor:
        hidden = F.leaky_relu(self.bn1(self.conv1(x)), 0.01)
        identity = x if self.down is None else self.down(x)
        return F.leaky_relu(self.bn2(self.conv2(hidden)) + identity, 0.01)


def norm(channels: int) -> nn.Module:
    # vmap refuses the running statistics, which a norm updates in place
    return nn.BatchNorm2d(channels, track_running_stats=options.mode == "loop")


def resnet8() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 6, 3, 1, 1, bias=False), norm(6), nn.LeakyReLU(0.01), Block(6, 6, 1), Block(6, 12, 2), Block(12, 24, 2),
                         nn.AvgPool2d(8), nn.Flatten(), nn.Linear(24, 10))  # fmt: skip


class Sine(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.sin(30 * x)


def siren() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 128), Sine(), nn.Linear(128, 128), Sine(), nn.Linear(128, 1))


torch.manual_seed(0)
torch.set_num_threads(options.threads)
count, batch = options.count, options.batch
models = [{"lenet": lenet, "cnn": cnn, "resnet8": resnet8, "siren": siren}[options.network]() for _ in range(count)]
rates = torch.logspace(-4, -3, count)
shape = {"lenet": (1, 28, 28), "cnn": (3, 32, 32), "resnet8": (3, 32, 32), "siren": (3,)}[options.network]
# Bytes, as images are kept; each network has an order of its own.
data = torch.randint(256, (2000, *shape), dtype=torch.uint8)
labels = torch.randint(10, (2000,))
distances = torch.rand(2000, 1)


def inputs() -> tuple[Tensor, Tensor]:
    order = torch.randint(2000, (batch,))
    x = (data[order].float() / 255 - 0.5) / 0.25
    return x, distances[order] if options.network == "siren" else labels[order]


loss_of = F.mse_loss if options.network == "siren" else F.cross_entropy


def looping():
    optimizers = [torch.optim.Adam(model.parameters(), lr=float(rate)) for model, rate in zip(models, rates)]

    def step() -> None:
        for model, optimizer in zip(models, optimizers):
            x, y = inputs()
            optimizer.zero_grad()
            loss_of(model(x), y).backward()
            optimizer.step()

    return step


def vectorized():
    try:
        from torch.func import functional_call, grad, stack_module_state, vmap

        parameters, _ = stack_module_state(models)
        one = lambda values, x, y: loss_of(functional_call(models[0], values, (x,)), y)  # noqa: E731
        values = {name: value.detach() for name, value in parameters.items()}
        names = list(values)
    except ImportError:
        from functorch import combine_state_for_ensemble, grad, vmap

        stateless, parameters, buffers = combine_state_for_ensemble(models)
        one = lambda values, x, y: loss_of(stateless(list(values.values()), [], x), y)  # noqa: E731
        names = [str(i) for i in range(len(parameters))]
        values = {name: value.detach() for name, value in zip(names, parameters)}
    gradients = vmap(grad(one))
    # Adam by hand, because each network has a rate of its own, and torch.optim has one rate for a tensor.
    first = {name: torch.zeros_like(value) for name, value in values.items()}
    second = {name: torch.zeros_like(value) for name, value in values.items()}
    taken = 0

    def step() -> None:
        nonlocal taken
        taken += 1
        batches = [inputs() for _ in range(count)]
        slopes = gradients(values, torch.stack([x for x, _ in batches]), torch.stack([y for _, y in batches]))
        root = (1 - 0.999**taken) ** 0.5
        for name in names:
            slope = slopes[name]
            first[name].mul_(0.9).add_(slope, alpha=0.1)
            second[name].mul_(0.999).addcmul_(slope, slope, value=0.001)
            size = (rates / (1 - 0.9**taken)).reshape(-1, *[1] * (slope.dim() - 1))
            values[name].sub_(size * first[name] / (second[name].sqrt() / root + 1e-8))

    return step


step = looping() if options.mode == "loop" else vectorized()
print(json.dumps({"ready": True, "torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
for _ in sys.stdin:
    step()
    start, used = time.perf_counter(), time.process_time()
    for _ in range(options.steps):
        step()
    seconds, processor = ((end - begin) / options.steps for end, begin in ((time.perf_counter(), start), (time.process_time(), used)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "processorSeconds": processor, "peakBytes": peak}), flush=True)
