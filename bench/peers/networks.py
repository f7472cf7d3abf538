"""The target networks as functions of their parameters, and the PRep codec (parameters in the order of the golden manifest)."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Network:
    name: str
    shapes: list[Shape]
    apply: Callable[[list[Tensor], Tensor], Tensor]

    @property
    def size(self) -> int:
        return sum(math.prod(shape) for shape in self.shapes)

    def parameters(self, prep: Tensor) -> list[Tensor]:
        """Reads the parameters back out of one PRep [H, W]."""
        return [part.view(shape) for part, shape in zip(prep.flatten()[: self.size].split([math.prod(s) for s in self.shapes]), self.shapes)]

    def pack(self, parameters: list[Tensor], prep_shape: tuple[int, int]) -> Tensor:
        flat = torch.cat([p.flatten() for p in parameters])
        return F.pad(flat, (0, prep_shape[0] * prep_shape[1] - flat.numel())).view(prep_shape)


def weights(*shape: int) -> list[Shape]:
    """A weight and its bias."""
    return [shape, shape[:1]]


def lenet_like(size: int, classes: int) -> Network:
    convs = [(3, 6, 0), (6, 16, 0)] if size == 32 else [(3, 4, 2), (4, 8, 0), (8, 16, 0)]
    shapes = [s for i, o, _ in convs for s in weights(o, i, 5, 5)] + weights(120, 400) + weights(84, 120) + weights(classes, 84)

    def apply(p: list[Tensor], x: Tensor) -> Tensor:
        for k, (_, _, padding) in enumerate(convs):
            x = F.leaky_relu(F.conv2d(x, p[2 * k], p[2 * k + 1], stride=2, padding=padding))
        x = x.flatten(1)
        k = 2 * len(convs)
        x = F.leaky_relu(F.linear(x, p[k], p[k + 1]))
        x = F.leaky_relu(F.linear(x, p[k + 2], p[k + 3]))
        return F.linear(x, p[k + 4], p[k + 5])

    return Network(f"lenet-like-{size}", shapes, apply)


def vanilla_cnn(size: int, classes: int) -> Network:
    channels, strides = ([8, 8, 32, 64, 64], [2, 1, 2, 1, 2]) if size == 32 else ([8, 16, 32, 64, 64], [2] * 5)
    final = size // math.prod(strides)
    shapes = [s for i, o in zip([3, *channels], channels) for s in weights(o, i, 3, 3)] + weights(classes, final * final * 64)

    def apply(p: list[Tensor], x: Tensor) -> Tensor:
        for k, stride in enumerate(strides):
            x = F.leaky_relu(F.conv2d(x, p[2 * k], p[2 * k + 1], stride=stride, padding=1))
        return F.linear(x.flatten(1), p[-2], p[-1])

    return Network(f"vanilla-cnn-{size}", shapes, apply)


def resnet(depth: int, size: int, classes: int) -> Network:
    blocks = [(i if n == 0 else o, o, 2 if n == 0 and o > 16 else 1) for i, o in [(16, 16), (16, 32), (32, 64)] for n in range((depth - 2) // 6)]
    shapes = weights(16, 3, 3, 3)
    for i, o, stride in blocks:
        shapes += weights(o, i, 3, 3) + weights(o, o, 3, 3) + (weights(o, i, 1, 1) if stride == 2 else [])
    shapes += weights(classes, 64 * (size // 32) ** 2)

    def apply(p: list[Tensor], x: Tensor) -> Tensor:
        take = iter(p)
        x = F.leaky_relu(F.conv2d(x, next(take), next(take), padding=1))
        for _, _, stride in blocks:
            y = F.leaky_relu(F.conv2d(x, next(take), next(take), stride=stride, padding=1))
            y = F.conv2d(y, next(take), next(take), padding=1)
            identity = F.conv2d(x, next(take), next(take), stride=stride) if stride == 2 else x
            x = F.leaky_relu(y + identity)
        return F.linear(F.avg_pool2d(x, 8).flatten(1), p[-2], p[-1])

    return Network(f"resnet{depth}-{size}", shapes, apply)


def siren(hidden: int = 256, layers: int = 1) -> Network:
    widths = [3] + [hidden] * (layers + 1) + [1]
    shapes = [s for i, o in zip(widths, widths[1:]) for s in weights(o, i)]

    def apply(p: list[Tensor], x: Tensor) -> Tensor:
        for k in range(0, len(p) - 2, 2):
            x = torch.sin(30 * F.linear(x, p[k], p[k + 1]))
        return F.linear(x, p[-2], p[-1])

    return Network(f"siren-{hidden}x{layers}", shapes, apply)
