"""Loads networks that NetSpace wrote, strictly, and measures each: python3 check.py zoo/ FOLDER, of .pt or .onnx"""
import json
import pathlib
import sys

import torch

from network import Net

digits = torch.load(pathlib.Path(sys.argv[1]) / 'digits.pt')
images, labels = digits['test_images'], digits['test_labels']


def load(path):
    if path.suffix == '.onnx':
        import onnxruntime

        session = onnxruntime.InferenceSession(str(path))
        return lambda x: torch.from_numpy(session.run(None, {'images': x.numpy()})[0])
    net = Net().eval()
    net.load_state_dict(torch.load(path), strict=True)
    return net


results = {}
for path in sorted(pathlib.Path(sys.argv[2]).iterdir()):
    with torch.no_grad():
        logits = load(path)(images)
    results[path.stem] = {'accuracy': (logits.argmax(1) == labels).float().mean().item(), 'logits': logits[:4].tolist()}
print(json.dumps(results))
