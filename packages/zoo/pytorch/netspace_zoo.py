"""The networks of @netspace/zoo in PyTorch: their state dicts load there and compute the same.

    from netspace_zoo import build, save_probe

    net = build("resnet8-3x32x32-10")      # any name of the zoo
    ...                                     # train it
    torch.save(net.state_dict(), "net.pt")
    save_probe(net, "probe.pt", images)     # for netspace zoo import net.pt --probe probe.pt

    net = build("resnet8-3x32x32-10", folded=True)      # without batch norm, as NetSpace has it
    net.load_state_dict(safetensors.torch.load_file("networks/a.safetensors"))  # what netspace decode wrote

Checked against @netspace/zoo by packages/zoo/src/pytorch/pytorch.test.ts. Every hidden activation is a leaky ReLU of slope 0.01, every
SIREN's a sine of omega times its input. Needs PyTorch 1.10 or later and nothing else; save_probe needs safetensors for that format.
"""

import math
import re

import torch
from torch import nn
from torch.nn import functional as F

SLOPE = 0.01


def _scaled(count, width):
    return max(1, math.floor(count * width + 0.5))


def _convolved(size, kernel, stride, padding):
    return (size + 2 * padding - kernel) // stride + 1


class LeNetLike(nn.Module):
    """5x5 convolutions of stride 2 (two without padding below 48 pixels, else three, the first with padding 2), three linear layers."""

    def __init__(self, channels=3, size=32, classes=10, width=1.0):
        super().__init__()
        counts = [_scaled(c, width) for c in ([6, 16] if size < 48 else [4, 8, 16])]
        paddings = [0, 0] if size < 48 else [2, 0, 0]
        self.convolutions = []
        for i, (count, padding) in enumerate(zip(counts, paddings)):
            setattr(self, f"conv{i + 1}", nn.Conv2d(channels, count, 5, stride=2, padding=padding))
            self.convolutions.append(f"conv{i + 1}")
            channels, size = count, _convolved(size, 5, 2, padding)
        self.fc1 = nn.Linear(channels * size**2, _scaled(120, width))
        self.fc2 = nn.Linear(_scaled(120, width), _scaled(84, width))
        self.fc3 = nn.Linear(_scaled(84, width), classes)

    def forward(self, x):
        for name in self.convolutions:
            x = F.leaky_relu(getattr(self, name)(x), SLOPE)
        x = F.leaky_relu(self.fc1(x.flatten(1)), SLOPE)
        return self.fc3(F.leaky_relu(self.fc2(x), SLOPE))


class VanillaCNN(nn.Module):
    """Five 3x3 convolutions with padding 1, then one linear layer."""

    def __init__(self, channels=3, size=32, classes=10, width=1.0):
        super().__init__()
        counts = [_scaled(c, width) for c in ([8, 8, 32, 64, 64] if size < 48 else [8, 16, 32, 64, 64])]
        layers = []
        for count, stride in zip(counts, [2, 1, 2, 1, 2] if size < 48 else [2] * 5):
            layers.append(nn.Conv2d(channels, count, 3, stride=stride, padding=1))
            channels, size = count, _convolved(size, 3, stride, 1)
        layers.append(nn.Linear(channels * size**2, classes))
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.leaky_relu(layer(x), SLOPE)
        return self.layers[-1](x.flatten(1))


def _norm(channels, folded):
    return nn.Identity() if folded else nn.BatchNorm2d(channels)


class Block(nn.Module):
    """Convolution, norm, leaky ReLU, convolution, norm, plus the identity, leaky ReLU."""

    def __init__(self, inputs, outputs, stride, folded=False):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=folded)
        self.bn1 = _norm(outputs, folded)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=folded)
        self.bn2 = _norm(outputs, folded)
        self.downsample = None
        if stride != 1:
            convolution = nn.Conv2d(inputs, outputs, 1, stride=stride, bias=folded)
            self.downsample = convolution if folded else nn.Sequential(convolution, nn.BatchNorm2d(outputs))

    def forward(self, x):
        identity = x if self.downsample is None else self.downsample(x)
        x = F.leaky_relu(self.bn1(self.conv1(x)), SLOPE)
        return F.leaky_relu(self.bn2(self.conv2(x)) + identity, SLOPE)


class ResNet(nn.Module):
    """6n + 2 layers. With batch norm, which @netspace/zoo folds into the convolutions when it reads the state dict in eval mode.

    Or folded, as @netspace/zoo has it and writes it: convolutions with biases, no norms, stages named layers.0 to layers.2.
    """

    def __init__(self, depth, channels=3, size=32, classes=10, width=1.0, folded=False):
        super().__init__()
        first, *_ = counts = [_scaled(c, width) for c in [16, 32, 64]]
        self.conv1 = nn.Conv2d(channels, first, 3, padding=1, bias=folded)
        self.bn1 = _norm(first, folded)
        inputs = first
        stages = []
        for stage, count in enumerate(counts):
            blocks = []
            for i in range((depth - 2) // 6):
                downsample = stage > 0 and i == 0
                blocks.append(Block(inputs, count, 2 if downsample else 1, folded))
                inputs = count
            stages.append(nn.Sequential(*blocks))
        if folded:
            self.layers = nn.Sequential(*stages)
        else:
            self.layer1, self.layer2, self.layer3 = stages
        self.folded = folded
        final = _convolved(_convolved(size, 3, 2, 1), 3, 2, 1)
        self.pool = min(8, final)
        self.fc = nn.Linear(inputs * (final // self.pool) ** 2, classes)

    def forward(self, x):
        x = F.leaky_relu(self.bn1(self.conv1(x)), SLOPE)
        x = self.layers(x) if self.folded else self.layer3(self.layer2(self.layer1(x)))
        return self.fc(F.avg_pool2d(x, self.pool).flatten(1))


class Sine(nn.Module):
    def __init__(self, omega):
        super().__init__()
        self.omega = omega

    def forward(self, x):
        return torch.sin(self.omega * x)


class Siren(nn.Module):
    """Linear layers, each but the last followed by sin(omega z), with the initial values of Sitzmann et al."""

    def __init__(self, inputs=3, hidden=256, layers=1, outputs=1, omega=30.0):
        super().__init__()
        sizes = [inputs] + [hidden] * (layers + 1)
        parts = []
        for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
            linear = nn.Linear(a, b)
            bound = 1 / a if i == 0 else math.sqrt(6 / a) / omega
            nn.init.uniform_(linear.weight, -bound, bound)
            parts += [linear, Sine(omega)]
        self.mlp = nn.Sequential(*parts, nn.Linear(sizes[-1], outputs))

    def forward(self, x):
        return self.mlp(x)


_NUMBER = r"(\d+(?:\.\d+)?)"
_IMAGE = re.compile(rf"(lenet-like|vanilla-cnn|resnet)(\d*)-(\d+)x(\d+)x\4-(\d+)(?:-w{_NUMBER})?")
_SIREN = re.compile(rf"siren-(\d+)-(\d+)x(\d+)-(\d+)(?:-omega{_NUMBER})?")


def build(name, folded=False):
    """The network of a name of the zoo, such as lenet-like-3x32x32-10, resnet8-1x28x28-10-w0.25 or siren-3-256x1-1.

    folded=True gives the one that loads what NetSpace writes, as netspace decode does: no batch norm. Only ResNets differ.
    """
    match = _IMAGE.fullmatch(name)
    if match:
        family, depth, channels, size, classes, width = match.groups()
        task = dict(channels=int(channels), size=int(size), classes=int(classes), width=float(width or 1))
        if family == "resnet" and depth:
            return ResNet(int(depth), **task, folded=folded)
        if not depth:
            return LeNetLike(**task) if family == "lenet-like" else VanillaCNN(**task)
    match = _SIREN.fullmatch(name)
    if match:
        inputs, hidden, layers, outputs, omega = match.groups()
        return Siren(int(inputs), int(hidden), int(layers), int(outputs), float(omega or 30))
    raise ValueError(f"build: expected the name of a zoo architecture, got {name!r}; names look like lenet-like-3x32x32-10")


def input_shape(name, batch=4):
    """The shape of a batch of inputs of a network of the zoo, channels first."""
    match = _IMAGE.fullmatch(name)
    if match:
        channels, size = int(match.group(3)), int(match.group(4))
        return (batch, channels, size, size)
    return (batch, int(_SIREN.fullmatch(name).group(1)))


def save_probe(net, path, x):
    """Writes inputs and the outputs of a network in eval mode, for `netspace zoo import --probe`."""
    training = net.training
    net.eval()
    with torch.no_grad():
        probe = {"input": x.contiguous(), "output": net(x).contiguous()}
    net.train(training)
    if str(path).endswith(".safetensors"):
        from safetensors.torch import save_file

        save_file(probe, path)
    else:
        torch.save(probe, path)
