"""The paper's losses."""

import torch.nn.functional as F
from torch import Tensor


def distillation(student: Tensor, teacher: Tensor, temperature: float = 4.0) -> Tensor:
    """Equations (1) and (3)."""
    return F.kl_div(F.log_softmax(student / temperature, 1), F.softmax(teacher / temperature, 1), reduction="batchmean") * temperature**2


def knowledge_distillation(student: Tensor, teacher: Tensor, labels: Tensor, alpha: float = 0.9) -> Tensor:
    """Equation (5)."""
    return alpha * distillation(student, teacher) + (1 - alpha) * F.cross_entropy(student, labels)
