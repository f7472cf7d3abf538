"""Makes the fixtures of torch.test.ts: state dicts of real PyTorch networks, an input and its output.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch numpy safetensors && /tmp/venv/bin/python make.py

Inputs and outputs are stored as tf.layers has them, images with the channel last, unless the network says channels_first.
"""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F


def net(forward, **layers):
    """A module of named layers, the names those of the layers of the tf.LayersModel."""
    module = nn.Module()
    for name, layer in layers.items():
        module.add_module(name, layer)
    return module, lambda x: forward(module, x)


def separable(channels, filters, kernel):
    module = nn.Module()
    module.depthwise = nn.Conv2d(channels, 2 * channels, kernel, groups=channels, bias=False)
    module.pointwise = nn.Conv2d(2 * channels, filters, 1)
    return module


flat = lambda x: torch.flatten(x, 1)

NETS = {
    "conv": ((1, 6, 6), net(lambda m, x: m.head(flat(F.relu(m.conv(x)))), conv=nn.Conv2d(1, 3, 3), head=nn.Linear(48, 5))),
    "conv-wide": ((3, 4, 9), net(lambda m, x: m.head(flat(m.conv(x).tanh())), conv=nn.Conv2d(3, 4, (2, 3)), head=nn.Linear(84, 3))),
    "strides": ((2, 9, 7), net(lambda m, x: m.head(flat(F.elu(m.conv(x)))), conv=nn.Conv2d(2, 4, 3, stride=2), head=nn.Linear(48, 3))),
    "pool-dense-dense": (
        (3, 12, 12),
        net(
            lambda m, x: m.fc2(F.relu(m.fc1(flat(F.max_pool2d(F.relu(m.conv2(F.avg_pool2d(F.relu(m.conv1(x)), 2))), 2))))),
            conv1=nn.Conv2d(3, 4, 3),
            conv2=nn.Conv2d(4, 5, 2),
            fc1=nn.Linear(20, 6),
            fc2=nn.Linear(6, 4),
        ),
    ),
    "global-average": ((2, 5, 6), net(lambda m, x: m.head(m.conv(x).mean((2, 3))), conv=nn.Conv2d(2, 6, 3), head=nn.Linear(6, 4))),
    "global-max": ((2, 5, 6), net(lambda m, x: m.head(m.conv(x).amax((2, 3))), conv=nn.Conv2d(2, 6, 3), head=nn.Linear(6, 4))),
    "channels-first": ((2, 6, 5), net(lambda m, x: m.head(flat(F.relu(m.conv(x)))), conv=nn.Conv2d(2, 3, 3), head=nn.Linear(36, 4))),
    "conv1d": ((2, 8), net(lambda m, x: m.head(flat(F.relu(m.conv(x)))), conv=nn.Conv1d(2, 3, 3), head=nn.Linear(18, 4))),
    "conv1d-pool": ((3, 9), net(lambda m, x: m.head(flat(F.max_pool1d(m.conv(x), 2))), conv=nn.Conv1d(3, 4, 2), head=nn.Linear(16, 2))),
    "conv3d": ((2, 4, 3, 5), net(lambda m, x: m.head(flat(m.conv(x))), conv=nn.Conv3d(2, 3, 2), head=nn.Linear(72, 2))),
    "depthwise": ((3, 5, 4), net(lambda m, x: m.head(flat(m.conv(x))), conv=nn.Conv2d(3, 6, 2, groups=3), head=nn.Linear(72, 3))),
    "separable": ((3, 5, 5), net(
        lambda m, x: m.head(flat(m.conv.pointwise(m.conv.depthwise(x)))), conv=separable(3, 4, 3), head=nn.Linear(36, 3))),
    "transposed": ((2, 3, 3), net(
        lambda m, x: m.head(flat(m.conv(x))), conv=nn.ConvTranspose2d(2, 3, 2, stride=2), head=nn.Linear(108, 3))),
    "rgb-without-convolution": ((3, 3, 4), net(lambda m, x: m.head(flat(x)), head=nn.Linear(36, 4))),
    "two-branches": (
        (2, 6, 6),
        net(
            lambda m, x: m.head(torch.cat([flat(m.left(x)), flat(m.right(x)), m.small(m.left(x).mean((2, 3)))], 1)),
            left=nn.Conv2d(2, 3, 3),
            small=nn.Linear(3, 5),
            right=nn.Conv2d(2, 2, 2, stride=2),
            head=nn.Linear(48 + 18 + 5, 4),
        ),
    ),
    "residual-behind-flatten": (
        (1, 4, 4),
        net(
            lambda m, x: m.head(F.relu(flat(m.conv(x)) + m.skip(flat(x)))),
            conv=nn.Conv2d(1, 3, 2),
            skip=nn.Linear(16, 27),
            head=nn.Linear(27, 3),
        ),
    ),
    "autoencoder": (
        (2, 6, 6),
        net(
            lambda m, x: m.up(F.relu(m.grow(F.relu(m.code(flat(F.relu(m.down(x)))))).view(-1, 3, 3, 3))),
            down=nn.Conv2d(2, 3, 2, stride=2),
            code=nn.Linear(27, 5),
            grow=nn.Linear(5, 27),
            up=nn.ConvTranspose2d(3, 2, 2, stride=2),
        ),
    ),
    "generator": ((4,), net(lambda m, x: m.conv(m.grow(x).view(-1, 3, 4, 2)), grow=nn.Linear(4, 24), conv=nn.Conv2d(3, 2, 2))),
}


def channels_last(name, x):
    return x if name == "channels-first" or x.dim() < 3 else x.movedim(1, -1)


for seed, (name, (shape, (module, forward))) in enumerate(NETS.items()):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.3)
        x = torch.randn(2, *shape, generator=generator)
        tensors = {f"state.{key}": value for key, value in module.state_dict().items()}
        tensors |= {"input": channels_last(name, x), "output": channels_last(name, forward(x))}
    save_file({key: value.contiguous() for key, value in tensors.items()}, Path(__file__).parent / f"{name}.safetensors")
