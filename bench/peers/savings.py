"""Our algorithmic savings (DESIGN section 6, 1 and 2) in PyTorch, for a comparison of runtimes rather than of algorithms."""

import torch
import torch.nn.functional as F
from torch import Tensor

from space import Encoder


class ConvMaxOverWidth(torch.autograd.Function):
    """conv 1x3 stride 2 pad 1, then max over width; the backward pass touches only the patches that won."""

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        values, where = F.conv2d(x, weight, bias, stride=(1, 2), padding=(0, 1)).max(dim=3)  # [B, O, H]
        ctx.save_for_backward(x, weight, where)
        return values

    @staticmethod
    def backward(ctx, grad: Tensor) -> tuple[Tensor, Tensor]:
        x, weight, where = ctx.saved_tensors
        b, c, h, w = x.shape
        o = weight.shape[0]
        padded = F.pad(x, (1, 1)).permute(0, 2, 3, 1).reshape(b, h, (w + 2), c)  # [B, H, W+2, C]
        start = 2 * where.permute(0, 2, 1)  # [B, H, O]
        index = (start.unsqueeze(-1) + torch.arange(3)).reshape(b, h, o * 3, 1).expand(-1, -1, -1, c)
        patches = padded.gather(2, index).view(b, h, o, 3, c)
        g = grad.permute(0, 2, 1)  # [B, H, O]
        grad_weight = torch.einsum("bho,bhokc->ock", g, patches).unsqueeze(2)
        spread = (g[..., None, None] * weight[:, :, 0].permute(0, 2, 1)).reshape(b, h, o * 3, c)
        grad_x = torch.zeros_like(padded).scatter_add_(2, index, spread)[:, :, 1:-1].permute(0, 3, 1, 2)
        return grad_x, grad_weight, grad.sum((0, 2))


class ThriftyEncoder(Encoder):
    """The same encoder: padding rows computed once, and no gradient through positions that lost the maximum."""

    def rows(self, prep: Tensor, used: int | None = None) -> Tensor:
        height = prep.shape[2]
        used = height if used is None else used
        head = prep[:, :, : min(used + 1, height)]  # the last of these is a padding row, if there is one
        x = F.leaky_relu(self.conv1(head))
        x = ConvMaxOverWidth.apply(x, self.conv2[0].weight, self.conv2[0].bias)
        x = F.leaky_relu(x).unsqueeze(3)
        return x if used >= height - 1 else torch.cat([x, x[:, :, -1:].expand(-1, -1, height - used - 1, -1)], 2)

    def forward(self, prep: Tensor, used: int | None = None) -> Tensor:
        return self.columns(self.rows(prep, used))
