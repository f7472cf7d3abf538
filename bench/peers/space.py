"""The paper's encoder and decoder in PyTorch, written as the paper describes them: the baseline our runtimes are measured against."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def conv(inputs: int, outputs: int, kernel, **options) -> nn.Sequential:
    # A Sequential of one, so that parameters have the names of the golden vectors (`conv1.0.weight`).
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, **options))


class Encoder(nn.Module):
    """PReps [B, 1, H, W] -> embeddings [B, E]."""

    def __init__(self, embedding_size: int) -> None:
        super().__init__()
        h = embedding_size // 32
        self.conv1 = conv(1, h, (1, 3), stride=(1, 2), padding=(0, 1))
        self.conv2 = conv(h, 2 * h, (1, 3), stride=(1, 2), padding=(0, 1))
        self.conv3 = conv(2 * h, 4 * h, (3, 1), padding=(1, 0))
        self.conv4 = conv(4 * h, 32 * h, (3, 1), padding=(1, 0))

    def rows(self, prep: Tensor) -> Tensor:
        """The horizontal half: every row by itself, [B, 1, H, W] -> [B, 2h, H, 1]."""
        x = F.leaky_relu(self.conv2(F.leaky_relu(self.conv1(prep))))
        return x.max(dim=3, keepdim=True).values

    def columns(self, x: Tensor) -> Tensor:
        """The vertical half, [B, 2h, H, 1] -> [B, E]."""
        x = F.leaky_relu(self.conv4(F.leaky_relu(self.conv3(x))))
        return x.max(dim=2).values.flatten(1)

    def forward(self, prep: Tensor) -> Tensor:
        return self.columns(self.rows(prep))


class Decoder(nn.Module):
    """Embeddings [B, E] -> PReps [B, H, W] and, with `classes`, class logits [B, A]."""

    def __init__(self, embedding_size: int, prep_shape: tuple[int, int], classes: int = 0) -> None:
        super().__init__()
        height, width = self.prep_shape = prep_shape
        self.channels = embedding_size // 4096
        self.conv1 = conv(self.channels, 256 * height, 3, stride=2, padding=1)
        self.conv2 = conv(128, width // 8, 3, stride=2, padding=1)
        self.conv3 = conv(512, 256, 3, stride=2, padding=1)
        self.conv4 = conv(256, 32, 3, padding=1)
        self.scalelayer = ScaleLayer(prep_shape)
        self.classes = classes
        if classes:
            self.arch_conv = conv(1, 10, 3, stride=2, padding=1)
            self.arch_classifier = nn.Linear(10 * 32 * 32, classes)

    def forward(self, embedding: Tensor) -> tuple[Tensor, Tensor | None]:
        height, width = self.prep_shape
        batch = embedding.shape[0]
        grid = embedding.view(batch, self.channels, 64, 64)
        x = F.leaky_relu(self.conv1(grid)).view(batch, 128, height, 2048)
        x = F.leaky_relu(self.conv2(x)).view(batch, 512, height // 2, width // 4)
        x = F.leaky_relu(self.conv3(x)).view(batch, 256, height // 4, width // 8)
        prep = self.scalelayer(self.conv4(x).view(batch, height, width))
        logits = self.arch_classifier(F.leaky_relu(self.arch_conv(grid)).flatten(1)) if self.classes else None
        return prep, logits


class ScaleLayer(nn.Module):
    def __init__(self, prep_shape: tuple[int, int]) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.randn(prep_shape) * 1e-3)
        self.bias = nn.Parameter(torch.rand(prep_shape) * 1e-2)

    def forward(self, x: Tensor) -> Tensor:
        return x * self.scale + self.bias
