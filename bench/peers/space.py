"""The paper's encoder and decoder in PyTorch, written as the paper describes them: the baseline our runtimes are measured against."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def conv(inputs: int, outputs: int, kernel, **options) -> nn.Sequential:
    # A Sequential of one, so that parameters have the names of the golden vectors (`conv1.0.weight`).
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, **options))


class Encoder(nn.Module):
    """PReps [B, 1, H, W] -> embeddings [B, E]; h channels after the first convolution, E / 32 in the paper."""

    def __init__(self, embedding_size: int, width: int | None = None) -> None:
        super().__init__()
        h = width or embedding_size // 32
        self.conv1 = conv(1, h, (1, 3), stride=(1, 2), padding=(0, 1))
        self.conv2 = conv(h, 2 * h, (1, 3), stride=(1, 2), padding=(0, 1))
        self.conv3 = conv(2 * h, 4 * h, (3, 1), padding=(1, 0))
        self.conv4 = conv(4 * h, embedding_size, (3, 1), padding=(1, 0))

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
    """Embeddings [B, E] -> PReps [B, H, W] and, with `classes`, class logits [B, A]. The sizes that it has by itself are the paper's."""

    def __init__(
        self, embedding_size: int, prep_shape: tuple[int, int], classes: int = 0, *, grid: int = 64, channels: int = 128, width: int = 2048, hidden: int = 256
    ) -> None:
        super().__init__()
        height, columns = self.prep_shape = prep_shape
        self.view = (embedding_size // grid**2, grid, grid)
        self.first, self.second = (channels, height, width), (width // 4, height // 2, columns // 4)
        self.conv1 = conv(self.view[0], channels * height * width // (grid // 2) ** 2, 3, stride=2, padding=1)
        self.conv2 = conv(channels, columns // 8, 3, stride=2, padding=1)
        self.conv3 = conv(width // 4, hidden, 3, stride=2, padding=1)
        self.conv4 = conv(hidden, 32, 3, padding=1)
        self.scalelayer = ScaleLayer(prep_shape)
        self.classes = classes
        if classes:
            self.arch_conv = conv(self.view[0], 10, 3, stride=2, padding=1)
            self.arch_classifier = nn.Linear(10 * (grid // 2) ** 2, classes)

    def forward(self, embedding: Tensor) -> tuple[Tensor, Tensor | None]:
        batch = embedding.shape[0]
        grid = embedding.view(batch, *self.view)
        x = F.leaky_relu(self.conv1(grid)).view(batch, *self.first)
        x = F.leaky_relu(self.conv2(x)).view(batch, *self.second)
        x = F.leaky_relu(self.conv3(x))
        prep = self.scalelayer(self.conv4(x).view(batch, *self.prep_shape))
        logits = self.arch_classifier(F.leaky_relu(self.arch_conv(grid)).flatten(1)) if self.classes else None
        return prep, logits


class ScaleLayer(nn.Module):
    def __init__(self, prep_shape: tuple[int, int]) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.randn(prep_shape) * 1e-3)
        self.bias = nn.Parameter(torch.rand(prep_shape) * 1e-2)

    def forward(self, x: Tensor) -> Tensor:
        return x * self.scale + self.bias
