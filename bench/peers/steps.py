"""One training step of each kind, as the paper's authors take it (`plain`) or with our algorithmic savings (`thrifty`)."""

from itertools import combinations

import torch
import torch.nn.functional as F
from torch import Tensor

from losses import distillation, knowledge_distillation
from networks import Network, lenet_like, resnet, siren, vanilla_cnn
from savings import ThriftyEncoder
from space import Decoder, Encoder


def random_parameters(network: Network, generator: torch.Generator) -> list[Tensor]:
    fan_in = [torch.Size(s[1:]).numel() if len(s) > 1 else None for s in network.shapes]
    return [(torch.rand(s, generator=generator) - 0.5) * (2 / (f or 8) ** 0.5) for s, f in zip(network.shapes, fan_in)]


def make_step(kind: str, nets: int, images: int, thrifty: bool):
    """Returns a function that takes one optimizer step and gives the loss."""
    torch.manual_seed(0)
    rng = torch.Generator().manual_seed(0)
    size, classes = 64, 200
    shape = {"single": (16, 10000), "multi": (88, 10000), "sdf": (8, 10000)}[kind]
    encoder = ThriftyEncoder(4096) if thrifty else Encoder(4096)
    decoder = Decoder(4096, shape, classes=4 if kind == "multi" else 0)
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-4)
    x = torch.rand(images, 3, size, size, generator=rng)
    labels = torch.randint(classes, (images,), generator=rng)
    if kind == "sdf":
        family = [siren()]
        ids = [0] * nets
    elif kind == "multi":
        family = [lenet_like(size, classes), vanilla_cnn(size, classes), resnet(8, size, classes), resnet(32, size, classes)]
        ids = [0, 3] * (nets // 2)
    else:
        family = [resnet(8, size, classes)]
        ids = [0] * nets
    targets = [random_parameters(family[i], rng) for i in ids]
    preps = torch.stack([family[i].pack(p, shape) for i, p in zip(ids, targets)]).unsqueeze(1)
    used = max(-(-family[i].size // shape[1]) for i in ids)
    teacher_net = resnet(56, size, classes)
    teacher_parameters = random_parameters(teacher_net, rng)
    points = torch.rand(nets, 10_000, 3, generator=rng) * 2 - 1

    def encode() -> Tensor:
        return encoder(preps, used) if thrifty else encoder(preps)

    def single() -> Tensor:
        predicted, _ = decoder(encode())
        losses = []
        for prep, target in zip(predicted, targets):
            with torch.no_grad():
                wanted = family[0].apply(target, x)
            losses.append(distillation(family[0].apply(family[0].parameters(prep), x), wanted))
        return torch.stack(losses).mean()

    def sdf() -> Tensor:
        predicted, _ = decoder(encode())
        losses = []
        for prep, target, p in zip(predicted, targets, points):
            with torch.no_grad():
                wanted = family[0].apply(target, p)
            losses.append(F.mse_loss(family[0].apply(family[0].parameters(prep), p), wanted))
        return torch.stack(losses).mean()

    def terms(embeddings: Tensor, wanted: list[int], known: Tensor | None) -> Tensor:
        predicted, logits = decoder(embeddings)
        loss = F.cross_entropy(logits, torch.tensor(wanted), reduction="sum")
        for prep, row, target in zip(predicted, logits, wanted):
            int(row.argmax())  # the authors read it to choose the network; an untrained head would choose at random
            network = family[target]
            if known is None:
                with torch.no_grad():
                    teacher = teacher_net.apply(teacher_parameters, x)
            else:
                teacher = known
            loss = loss + knowledge_distillation(network.apply(network.parameters(prep), x), teacher, labels)
        return loss

    def multi() -> Tensor:
        embeddings = encode()
        known = None
        if thrifty:
            with torch.no_grad():
                known = teacher_net.apply(teacher_parameters, x)
        last = len(family) - 1
        between, wanted = [], []
        for i, j in combinations(range(len(ids)), 2):
            if {ids[i], ids[j]} == {0, last}:
                low, high = (i, j) if ids[i] == 0 else (j, i)
                for step in range(1, last):
                    between.append(embeddings[low] * (1 - step / last) + embeddings[high] * (step / last))
                    wanted.append(step)
        if thrifty:
            return terms(torch.cat([embeddings, torch.stack(between)]), [*ids, *wanted], known)
        loss = sum(terms(e.unsqueeze(0), [w], known) for e, w in zip(between, wanted))
        return loss + terms(embeddings, ids, known)

    forward = {"single": single, "multi": multi, "sdf": sdf}[kind]

    def step() -> float:
        optimizer.zero_grad()
        loss = forward()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step
