"""A space of networks in PyTorch: the encoder and the decoder of the paper, of any size.

    from netspace_space import load_space, pack, unpack

    space = load_space("exported")                  # the folder that netspace export-space wrote
    embedding = space.encode(pack(net.state_dict(), space.prep_shape)[None])
    prep, logits = space.decode(embedding)
    net.load_state_dict(unpack(prep[0], net.state_dict()))

    torch.save(space.encoder.state_dict(), "encoder.pt")    # for netspace import-space encoder.pt decoder.pt
    torch.save(space.decoder.state_dict(), "decoder.pt")

The state dicts have the names and shapes of the authors' code. Checked against @netspace/model by its test pytorch-space. Needs PyTorch 1.10
or later and nothing else.
"""

import json
import pathlib

import torch
from torch import nn
from torch.nn import functional as F


def _conv(inputs, outputs, kernel, **options):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, **options))  # so that names are those of the authors: conv1.0.weight


class Encoder(nn.Module):
    """PReps [B, H, W] -> embeddings [B, E]; h channels after the first convolution, E / 32 in the paper."""

    def __init__(self, embedding_size, width):
        super().__init__()
        h = width
        self.conv1 = _conv(1, h, (1, 3), stride=(1, 2), padding=(0, 1))
        self.conv2 = _conv(h, 2 * h, (1, 3), stride=(1, 2), padding=(0, 1))
        self.conv3 = _conv(2 * h, 4 * h, (3, 1), padding=(1, 0))
        self.conv4 = _conv(4 * h, embedding_size, (3, 1), padding=(1, 0))

    def forward(self, preps):
        x = F.leaky_relu(self.conv2(F.leaky_relu(self.conv1(preps[:, None]))))
        x = F.leaky_relu(self.conv4(F.leaky_relu(self.conv3(x.max(dim=3, keepdim=True).values))))
        return x.max(dim=2).values.flatten(1)


class _Scale(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.scale, self.bias = nn.Parameter(torch.randn(shape) * 1e-3), nn.Parameter(torch.rand(shape) * 1e-2)

    def forward(self, x):
        return x * self.scale + self.bias


class Decoder(nn.Module):
    """Embeddings [B, E] -> PReps [B, H, W] and, with more than one architecture, logits of the ClassId [B, A].

    The paper has grid 64, channels 128, width 2048 and hidden 256.
    """

    def __init__(self, embedding_size, prep_shape, classes=1, grid=64, channels=128, width=2048, hidden=256):
        super().__init__()
        self.prep_shape = tuple(prep_shape)
        height, columns = self.prep_shape
        self.view = (embedding_size // grid**2, grid, grid)
        self.first = (channels, height, width)
        self.second = (width // 4, height // 2, columns // 4)
        if classes > 1:
            self.arch_conv = _conv(self.view[0], 10, 3, stride=2, padding=1)
            self.arch_classifier = nn.Linear(10 * (grid // 2) ** 2, classes)
        self.conv1 = _conv(self.view[0], channels * height * width // (grid // 2) ** 2, 3, stride=2, padding=1)
        self.conv2 = _conv(channels, columns // 8, 3, stride=2, padding=1)
        self.conv3 = _conv(width // 4, hidden, 3, stride=2, padding=1)
        self.conv4 = _conv(hidden, 32, 3, padding=1)
        self.scalelayer = _Scale(self.prep_shape)

    def forward(self, embeddings):
        count = len(embeddings)
        planes = embeddings.reshape(count, *self.view)
        x = F.leaky_relu(self.conv1(planes)).reshape(count, *self.first)
        x = F.leaky_relu(self.conv2(x)).reshape(count, *self.second)
        x = self.conv4(F.leaky_relu(self.conv3(x)))
        preps = self.scalelayer(x.reshape(count, *self.prep_shape))
        if not hasattr(self, "arch_conv"):
            return preps, None
        return preps, self.arch_classifier(F.leaky_relu(self.arch_conv(planes)).flatten(1))


def encoder_of(state):
    """The encoder that a state dict is of, with its weights."""
    encoder = Encoder(state["conv4.0.weight"].shape[0], state["conv1.0.weight"].shape[0])
    encoder.load_state_dict(state, strict=True)
    return encoder.eval()


def decoder_of(state, embedding_size):
    """The decoder that a state dict is of, with its weights."""
    grid = round((embedding_size / state["conv1.0.weight"].shape[1]) ** 0.5)
    classes = len(state["arch_classifier.bias"]) if "arch_classifier.bias" in state else 1
    hidden, second = state["conv3.0.weight"].shape[:2]
    sizes = dict(classes=classes, grid=grid, channels=state["conv2.0.weight"].shape[1], width=4 * second, hidden=hidden)
    decoder = Decoder(embedding_size, state["scalelayer.scale"].shape, **sizes)
    decoder.load_state_dict(state, strict=True)
    return decoder.eval()


class Space:
    """An encoder, a decoder and, if the space has them, the units in which both measure the weights of each architecture."""

    def __init__(self, encoder, decoder, architectures=(), units=None):
        self.encoder, self.decoder, self.architectures, self.units = encoder, decoder, list(architectures), units
        self.prep_shape = decoder.prep_shape

    def _unit(self, name, class_ids, count):
        if len(self.units["mean"]) == 1:
            class_ids = [0] * count
        if class_ids is None:
            raise ValueError("this space has units for each architecture: pass class_ids, one for each network")
        return self.units.get(name, self.units["mean"])[torch.as_tensor(class_ids)]

    def encode(self, preps, class_ids=None):
        """PReps [B, H, W] -> embeddings [B, E]."""
        if self.units is not None:
            count = len(preps)
            preps = (preps - self._unit("mean", class_ids, count)) / self._unit("deviation", class_ids, count)
        return self.encoder(preps)

    def decode(self, embeddings, class_ids=None):
        """Embeddings [B, E] -> PReps [B, H, W] and logits [B, A]; without class_ids each is of the most probable architecture."""
        preps, logits = self.decoder(embeddings)
        if self.units is not None:
            ids = logits.argmax(1) if class_ids is None and logits is not None else class_ids
            preps = preps * self._unit("deviation", ids, len(preps)) + self._unit("start", ids, len(preps))
        return preps, logits


def load_space(folder):
    """The space in a folder that netspace export-space --format pt wrote."""
    folder = pathlib.Path(folder)
    encoder = encoder_of(torch.load(folder / "encoder.pt"))
    decoder = decoder_of(torch.load(folder / "decoder.pt"), encoder.conv4[0].out_channels)
    units = torch.load(folder / "units.pt") if (folder / "units.pt").exists() else None
    return Space(encoder, decoder, json.loads((folder / "architectures.json").read_text()), units)


def pack(state, prep_shape):
    """The PRep [H, W] of a network: its tensors one after the other, then zeros. The network has no batch norm layers."""
    flat = torch.cat([tensor.flatten() for tensor in state.values()])
    prep = torch.zeros(prep_shape[0] * prep_shape[1])
    if len(flat) > len(prep):
        raise ValueError(f"a PRep of {tuple(prep_shape)} holds {len(prep)} parameters, the network has {len(flat)}")
    prep[: len(flat)] = flat
    return prep.reshape(tuple(prep_shape))


def unpack(prep, like):
    """The state dict in a PRep, with the names and shapes of another state dict of its architecture."""
    flat, state, at = prep.flatten(), {}, 0
    for name, tensor in like.items():
        state[name] = flat[at : at + tensor.numel()].reshape(tensor.shape)
        at += tensor.numel()
    return state
