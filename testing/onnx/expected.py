"""What a fixture of a network from Keras or JAX holds; see make-keras-fixtures.py and make-jax-fixtures.py. Needs numpy, onnx and onnxruntime."""
import base64
import json
import pathlib

import numpy as np
import onnx
import onnxruntime

FOLDER = pathlib.Path(__file__).parents[2] / 'packages/onnx/fixtures/models'


def input_of(k, shape, below=None):
    """The inputs that the tests know: `sin(0.37 i + k)`, or tokens."""
    count = np.arange(int(np.prod(shape)))
    if below is not None:
        return ((count * 7 + 3) % below).astype(np.int64).reshape(shape)
    return np.sin(count * 0.37 + k).astype(np.float32).reshape(shape)


def loss_weights(k, shape):
    """The loss of a network is the sum of its outputs times these."""
    return np.cos(0.11 * np.arange(int(np.prod(shape))) + k).astype(np.float32).reshape(shape)


def projections(gradient):
    g = np.asarray(gradient, np.float64).flatten()
    i = np.arange(g.size)
    return [float(np.linalg.norm(g)), float(g @ np.cos(0.3 * i)), float(g @ np.sin(0.7 * i + 1))]


def matched(initializer, candidates):
    """The gradient of an initializer: that of the one candidate (value, gradient) that has its numbers, with axes in some order."""
    import itertools
    found = []
    for value, gradient in candidates:
        if value.size != initializer.size:
            continue
        for order in itertools.permutations(range(value.ndim)):
            if np.allclose(np.transpose(value, order).flatten(), initializer.flatten(), rtol=1e-5, atol=1e-6):
                found.append(np.transpose(gradient, order).reshape(initializer.shape))
                break
    assert len(found) == 1, f'{len(found)} candidates'
    return found[0]


def as_parameter(model, name, gradient):
    """A gradient in the shape that the reader gives a parameter: linear layers [out, in], what arithmetic reads without axes of length one."""
    readers = [(n.op_type, list(n.input).index(name)) for n in model.graph.node if name in n.input]
    kind, place = readers[0]
    if kind in ('MatMul', 'Gemm') and place == 1 and gradient.ndim == 2:
        return gradient.T
    # A constant that tf2onnx made is a parameter of its own shape, and what is read as a factor or a summand has none of length one.
    if kind in ('Mul', 'Add', 'Sub', 'Div'):
        return gradient.reshape([side for side in gradient.shape if side > 1] or [1])
    return gradient


def write(name, model, inputs, outputs, gradients, input_gradients, kinds, is_onnx=True, constants=()):
    """Writes NAME.EXPORTER.onnx and NAME.json, having compared the file with onnxruntime."""
    exporter = model.producer_name
    path = FOLDER / f'{name}.{exporter}.onnx'
    del model.graph.value_info[:]  # jax2onnx writes wrong shapes of values that it transposed
    onnx.save(model, path)
    if is_onnx:
        session = onnxruntime.InferenceSession(str(path))
        results = session.run(None, {i.name: x for i, x in zip(session.get_inputs(), inputs)})
        worst = max(float(np.abs(r - y).max() / max(1, np.abs(y).max())) for r, y in zip(results, outputs, strict=True))
        assert worst < 1e-5, worst
    expected = {
        'inputs': kinds,
        'outputs': [{'shape': list(y.shape), 'values': base64.b64encode(np.asarray(y, '<f4').tobytes()).decode()} for y in outputs],
        'gradients': {n: {'shape': list(g.shape), 'projections': projections(g)} for n, g in gradients.items()},
        'inputGradients': [None if g is None else projections(g) for g in input_gradients],
        **({} if is_onnx else {'isOnnx': False}),
        **({'constants': list(constants)} if constants else {}),
        'files': [path.name],
    }
    (FOLDER / f'{name}.json').write_text(json.dumps(expected))
    print(f'{name}: {path.stat().st_size} bytes, {len(gradients)} parameters')
