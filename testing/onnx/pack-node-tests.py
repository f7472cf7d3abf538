"""
Writes packages/onnx/fixtures/node-tests/cases.bin.br: ONNX's own backend node tests of the operators that @netspace/onnx claims.

    python3 -m venv venv && venv/bin/pip install onnx==1.23.2 brotli
    venv/bin/python testing/onnx/pack-node-tests.py [--all FILE]

The package `onnx` makes the cases as it defines them, from seed 0. Kept are those whose inputs and outputs take less than 25,000 bytes, or
4,000 where an operator is written out as the function that defines it. With --all FILE all cases go to that file instead, not compressed.

The file has for each case, one behind the other: its name, its ModelProto, the number of its inputs and of its outputs (uint32 each), then
each of them as a TensorProto. Before a string, model or tensor stands its length in bytes. Numbers are little-endian.
"""
import json
import pathlib
import struct
import subprocess
import sys
import warnings

import brotli
import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.case.node import collect_testcases

warnings.filterwarnings('ignore')
ROOT = pathlib.Path(__file__).parents[2]
MOST_BYTES, MOST_WRITTEN_OUT = 25_000, 4_000


def operators():
    code = "import { ONNX_OPERATORS } from '@netspace/onnx'; console.log(JSON.stringify(ONNX_OPERATORS))"
    return set(json.loads(subprocess.check_output(['node', '--input-type=module', '-e', code], cwd=ROOT / 'packages/onnx')))


def tensor(value, info):
    made = onnx.TensorProto()
    made.CopyFrom(value if isinstance(value, onnx.TensorProto) else numpy_helper.from_array(np.asarray(value)))
    made.name = info.name
    return made.SerializeToString()


def block(data):
    return struct.pack('<I', len(data)) + data


def main(out):
    known, packed, count, all_cases = operators(), [], 0, collect_testcases()
    for case in all_cases:
        model = case.model
        if model is None or any(n.op_type not in known or n.domain not in ('', 'ai.onnx') for n in model.graph.node):
            continue
        inputs, outputs = case.data_sets[0]
        if any(isinstance(v, (list, dict)) or v is None for v in [*inputs, *outputs]):  # sequences and optionals are no tensors
            continue
        tensors = [tensor(v, i) for v, i in zip([*inputs, *outputs], [*model.graph.input, *model.graph.output], strict=True)]
        most = MOST_WRITTEN_OUT if 'expanded' in case.name else MOST_BYTES
        if out is None and sum(map(len, tensors)) >= most:
            continue
        counts = struct.pack('<II', len(inputs), len(outputs))
        packed.append(block(case.name.encode()) + block(model.SerializeToString()) + counts + b''.join(map(block, tensors)))
        count += 1
    whole = b''.join(packed)
    path = out or ROOT / 'packages/onnx/fixtures/node-tests/cases.bin.br'
    data = whole if out else brotli.compress(whole, quality=11, lgwin=24)
    pathlib.Path(path).write_bytes(data)
    print(f'{count} cases of onnx {onnx.__version__}, {len(whole)} bytes, {len(data)} in {path}')


if __name__ == '__main__':
    main(sys.argv[2] if '--all' in sys.argv else None)
