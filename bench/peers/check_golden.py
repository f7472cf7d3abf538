"""Checks the baseline against the golden vectors: networks, encoder and decoder, and the gradients of the whole chain.

usage: check_golden.py [GOLDEN_DIR]; ends with `N passed, N failed`
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor

from losses import knowledge_distillation
from networks import Network, lenet_like, resnet, siren, vanilla_cnn
from savings import ThriftyEncoder
from space import Decoder, Encoder

golden = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2] / "golden" / "data")
manifest = json.loads((golden / "manifest.json").read_text())
count = {True: 0, False: 0}


def generated(group: str) -> dict[str, Tensor]:
    def one(shape: list[int], seed: int, scale: float) -> Tensor:
        i = torch.arange(torch.Size(shape).numel(), dtype=torch.int64)
        u = (i * 2654435761 + seed) % 2**32
        return (scale * (u.double() / 2**32 - 0.5)).float().view(shape)

    return {name: one(**spec) for name, spec in manifest["generator"]["groups"][group].items()}


def check(name: str, got: Tensor, expected: Tensor, rtol: float = 1e-4) -> None:
    got, expected = got.detach().double().flatten(), expected.double().flatten()
    miss = ((got - expected).abs() / (expected.abs() + expected.square().mean().sqrt())).max().item()
    count[miss <= rtol] += 1
    if miss > rtol:
        print(f"{name}: off by {miss:.2e}, allowed {rtol:.0e}")


def check_sum(name: str, got: Tensor, tensors: dict[str, Tensor], rtol: float, note: str = "") -> None:
    mean, std, _ = tensors[f"{name}#stats"].double()
    at = got.detach().double().flatten()[tensors[f"{name}#idx"]]
    expected = tensors[f"{name}#val"].double()
    miss = ((at - expected).abs() / (expected.abs() + (mean**2 + std**2).sqrt())).max().item()
    count[miss <= rtol] += 1
    if miss > rtol:
        print(f"{name} {note}: off by {miss:.2e}, allowed {rtol:.0e}")


def network(key: str) -> Network:
    family, data = key.rsplit("-", 1)
    size, classes = {"cifar10": (32, 10), "tin": (64, 200)}.get(data, (0, 0))
    if family == "mlp":
        return siren(*map(int, data.split("x")))
    if family.startswith("resnet"):
        return resnet(int(family[6:]), size, classes)
    return {"lenetlike": lenet_like, "vanillacnn": vanilla_cnn}[family](size, classes)


forward = load_file(golden / "forward.safetensors")
for name, expected in forward.items():
    if name.count("/") != 2 or "/gen/" not in name:
        continue
    key = name.split("/")[0]
    x = forward["coords"] if key.startswith("mlp") else forward[f"images-{key.rsplit('-', 1)[1]}"]
    net = network(key)
    prep = net.pack(list(generated(f"net:{key}").values()), (88, 10000))
    check(name, net.apply(net.parameters(prep), x), expected)

encdec = load_file(golden / "encdec.safetensors")
for kind in (Encoder, ThriftyEncoder):
    encoder = kind(4096)
    encoder.load_state_dict(generated("encoder4096"))
    check(f"encoder4096 {kind.__name__}", encoder(encdec["encoder4096/8x512/prep"]), encdec["encoder4096/8x512/embedding"])
decoder = Decoder(4096, (8, 512), classes=4)
decoder.load_state_dict(generated("decoder4096-8x512"))
prep, logits = decoder(encdec["embedding-a"].flatten(1))
check("decoder 8x512", prep, encdec["decoder/8x512/prep"])
check("decoder 8x512 class head", logits, encdec["decoder/8x512/arch-logits"])

grads, nets = load_file(golden / "grads.safetensors"), load_file(golden / "nets.safetensors")
lenet = network("lenetlike-cifar10")
targets = [[nets[f"lenetlike-cifar10/{name}"] for name in generated("net:lenetlike-cifar10")], list(generated("net:lenetlike-cifar10").values())]
for kind in (Encoder, ThriftyEncoder):
    encoder, decoder = kind(4096), Decoder(4096, (8, 7752), classes=4)
    encoder.load_state_dict(generated("grads-kd-encoder"))
    decoder.load_state_dict(generated("grads-kd-decoder"))
    embedding = encoder(torch.stack([lenet.pack(p, (8, 7752)) for p in targets]).unsqueeze(1))
    prep, logits = decoder(embedding)
    loss = F.cross_entropy(logits, torch.tensor(manifest["configs"]["grads/kd"]["classIds"]), reduction="sum")
    for one in prep:
        loss = loss + knowledge_distillation(lenet.apply(lenet.parameters(one), grads["kd/images"]), grads["kd/teacher"], grads["kd/labels"])
    loss.backward()
    check(f"kd/loss {kind.__name__}", loss, grads["kd/loss"])
    for part, module in (("encoder", encoder), ("decoder", decoder)):
        for name, parameter in module.named_parameters():
            check_sum(f"kd/grad/{part}/{name}", parameter.grad, grads, 1e-3, kind.__name__)

print(f"{count[True]} passed, {count[False]} failed")
sys.exit(count[False] > 0)
