"""Takes steps on request, so that a benchmark can interleave them with another program's: a line in is a step, a JSON line out is its time.

usage: serve.py --kind single|multi|sdf --nets N --images N --threads N [--thrifty]
"""

import argparse
import json
import resource
import sys
import time

import torch

from steps import make_step

parser = argparse.ArgumentParser()
parser.add_argument("--kind", choices=["single", "multi", "sdf"], required=True)
parser.add_argument("--nets", type=int, default=2)
parser.add_argument("--images", type=int, default=128)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--thrifty", action="store_true")
options = parser.parse_args()

torch.set_num_threads(options.threads)
step = make_step(options.kind, options.nets, options.images, options.thrifty)
print(json.dumps({"ready": True, "torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    loss = step()
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "loss": loss, "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}), flush=True)
