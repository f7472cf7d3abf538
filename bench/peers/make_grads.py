"""Makes golden vectors of other seeds: the folder's files, with the group `grads/kd` anew.

Weights of encoder, decoder and the generated network, images, labels and teacher come from the seed; the expected values from the modules
of this folder in float32, as golden/README.md describes them. Nothing is drawn again where a unit lies within rounding of zero: such folders
are what the runner's proof of near ties (golden/src/near-ties) is for.

usage: make_grads.py OUT SEED [GOLDEN_DIR]
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor

from losses import distillation
from networks import lenet_like
from space import Decoder, Encoder

out, seed = Path(sys.argv[1]), int(sys.argv[2])
golden = Path(sys.argv[3] if len(sys.argv) > 3 else Path(__file__).parents[2] / "golden" / "data")
shutil.copytree(golden, out, dirs_exist_ok=True)
manifest = json.loads((golden / "manifest.json").read_text())
settings = manifest["configs"]["grads/kd"]
shape = tuple(settings["prepSize"])
random = torch.Generator().manual_seed(seed)


def reseeded(group: str) -> dict[str, Tensor]:
    """The group's tensors under new seeds, which the manifest takes over."""

    def one(spec: dict) -> Tensor:
        spec["seed"] = int(torch.randint(2**32, (1,), generator=random))
        i = torch.arange(torch.Size(spec["shape"]).numel(), dtype=torch.int64)
        u = (i * 2654435761 + spec["seed"]) % 2**32
        return (spec["scale"] * (u.double() / 2**32 - 0.5)).float().view(spec["shape"])

    return {name: one(spec) for name, spec in manifest["generator"]["groups"][group].items()}


def checksum(name: str, tensor: Tensor) -> dict[str, Tensor]:
    values = tensor.detach().flatten()
    exact = values.double()
    indices = torch.randperm(values.numel(), generator=random)[:64].sort().values
    stats = torch.stack([exact.mean(), exact.std(unbiased=False), exact.abs().sum()]).float()
    return {f"{name}#shape": torch.tensor(tensor.shape), f"{name}#stats": stats, f"{name}#idx": indices, f"{name}#val": values[indices]}


encoder, decoder = Encoder(settings["embSize"]), Decoder(settings["embSize"], shape, classes=settings["numArchs"])
encoder.load_state_dict(reseeded(settings["encoderGroup"]))
decoder.load_state_dict(reseeded(settings["decoderGroup"]))

lenet = lenet_like(32, 10)
stored, names = load_file(golden / "nets.safetensors"), [p["name"] for p in manifest["nets"]["lenetlike-cifar10"]["params"]]
specs = manifest["generator"]["groups"]["net:lenetlike-cifar10"]
generated = {
    name: (spec["scale"] * (((torch.arange(torch.Size(spec["shape"]).numel()) * 2654435761 + spec["seed"]) % 2**32).double() / 2**32 - 0.5)).float().view(spec["shape"])
    for name, spec in specs.items()
}
targets = [[stored[f"lenetlike-cifar10/{name}"] for name in names], [generated[name] for name in names]]
images = torch.randn(4, 3, 32, 32, generator=random)
labels = torch.randint(10, (4,), generator=random)
teacher = 3 * torch.randn(4, 10, generator=random)
class_ids = torch.tensor(settings["classIds"])

embedding = encoder(torch.stack([lenet.pack(p, shape) for p in targets]).unsqueeze(1))
prep, logits = decoder(embedding)
students = [lenet.apply(lenet.parameters(one), images) for one in prep]
kl = sum(distillation(student, teacher) for student in students)
ce = sum(F.cross_entropy(student, labels) for student in students)
of_class = F.cross_entropy(logits, class_ids, reduction="sum")
loss = of_class + 0.9 * kl + 0.1 * ce
parameters = [*encoder.parameters(), *decoder.parameters()]
(without_class,) = torch.autograd.grad(0.9 * kl + 0.1 * ce, embedding, retain_graph=True)
of_embedding, of_prep, *of_parameters = torch.autograd.grad(loss, [embedding, prep, *parameters])

tensors = {name: tensor for name, tensor in load_file(golden / "grads.safetensors").items() if not name.startswith("kd/")}
tensors |= {"kd/images": images, "kd/labels": labels, "kd/teacher": teacher, "kd/loss": loss, "kd/class": of_class, "kd/kl": kl, "kd/ce": ce}
tensors |= {"kd/arch-logits": logits, "kd/embedding": embedding[..., None, None], "kd/grad-embedding": of_embedding[..., None, None]}
tensors |= {"kd/grad-embedding-kd": without_class[..., None, None]}
tensors |= checksum("kd/prep", prep.unsqueeze(1)) | checksum("kd/grad-prep", of_prep.unsqueeze(1))
parts = [f"{part}/{name}" for part, module in (("encoder", encoder), ("decoder", decoder)) for name, _ in module.named_parameters()]
for name, gradient in zip(parts, of_parameters, strict=True):
    tensors |= checksum(f"kd/grad/{name}", gradient)

save_file({name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()}, out / "grads.safetensors")
written = (out / "grads.safetensors").read_bytes()
manifest["files"]["grads.safetensors"] = {"bytes": len(written), "sha256": hashlib.sha256(written).hexdigest()}
(out / "manifest.json").write_text(json.dumps(manifest))
print(f"{out}: seed {seed}, loss {loss.item():.6f}")
