"""Trains ten small networks of one architecture, and exports the architecture once: python3 train.py zoo/ [NETWORKS] [STEPS]"""
import inspect
import pathlib
import sys

import torch
from torch import nn

from network import Net

torch.set_num_threads(1)  # networks as small as these gain nothing by more, and lose much on a busy machine
folder, count, steps = pathlib.Path(sys.argv[1]), int((sys.argv[2:] or [10])[0]), int((sys.argv[3:] or [600])[0])
digits = torch.load(folder / 'digits.pt')
images, labels = digits['train_images'], digits['train_labels'].long()
(folder / 'networks').mkdir(exist_ok=True)
metrics = ['name,seed,testAccuracy']

for seed in range(count):
    torch.manual_seed(seed)
    net = Net()
    optimizer = torch.optim.Adam(net.parameters(), 3e-3)
    for _ in range(steps):
        batch = torch.randint(len(images), (64,))
        loss = nn.functional.cross_entropy(net(images[batch]), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    net.eval()
    with torch.no_grad():
        right = net(digits['test_images']).argmax(1) == digits['test_labels']
    metrics.append(f'net-{seed},{seed},{right.float().mean().item()}')
    torch.save(net.state_dict(), folder / 'networks' / f'net-{seed}.pt')
    print(metrics[-1], flush=True)

(folder / 'metrics.csv').write_text('\n'.join(metrics) + '\n')
# Norms stay norms, so that names are those of the state dict. Newer versions of PyTorch have two exporters; this is the one that all have.
older = {'dynamo': False} if 'dynamo' in inspect.signature(torch.onnx.export).parameters else {}
torch.onnx.export(
    net, (images[:2],), str(folder / 'net.onnx'), input_names=['images'], output_names=['logits'],
    dynamic_axes={'images': {0: 'batch'}, 'logits': {0: 'batch'}},
    training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False, **older)
