"""
Writes packages/onnx/fixtures/models/jax-*: networks of JAX and Flax that jax2onnx exported, with what JAX and onnxruntime compute.

    python3 -m venv venv && venv/bin/pip install jax flax jax2onnx onnx onnxruntime
    venv/bin/python testing/onnx/make-jax-fixtures.py [NAME…]

Inputs and gradients are those of make-fixtures.py. jax2onnx gives arrays names of its own, so the gradient of an initializer is that of the
array that has its numbers. A batch norm behind a convolution is folded into it, as our reader does.
"""
import os

os.environ['JAX_PLATFORMS'] = 'cpu'
import sys

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax2onnx import to_onnx
from onnx import numpy_helper

from expected import FOLDER, as_parameter, input_of, loss_weights, matched, write


class Mlp(nnx.Module):
    def __init__(self, rngs):
        self.a, self.b = nnx.Linear(5, 8, rngs=rngs), nnx.Linear(8, 1, rngs=rngs)

    def __call__(self, x):
        return self.b(jnp.tanh(self.a(x)))


class Cnn(nnx.Module):
    def __init__(self, rngs):
        self.c1 = nnx.Conv(1, 4, (3, 3), rngs=rngs)
        self.norm = nnx.BatchNorm(4, use_running_average=True, rngs=rngs)
        self.c2 = nnx.Conv(4, 6, (3, 3), strides=2, rngs=rngs)
        self.head = nnx.Linear(54, 3, rngs=rngs)

    def __call__(self, x):
        x = nnx.avg_pool(nnx.relu(self.norm(self.c1(x))), window_shape=(2, 2), strides=(2, 2))
        x = nnx.gelu(self.c2(x))
        return self.head(x.reshape(x.shape[0], -1))


class Attention(nnx.Module):
    def __init__(self, rngs):
        self.attention = nnx.MultiHeadAttention(num_heads=2, in_features=8, decode=False, rngs=rngs)
        self.n1, self.n2 = nnx.LayerNorm(8, rngs=rngs), nnx.LayerNorm(8, rngs=rngs)
        self.a, self.b = nnx.Linear(8, 12, rngs=rngs), nnx.Linear(12, 8, rngs=rngs)

    def __call__(self, x):
        x = self.n1(x + self.attention(x))
        return self.n2(x + self.b(nnx.silu(self.a(x))))


class Plain:
    """Functions and a dictionary of arrays, without Flax."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.arrays = {k: jnp.asarray(rng.normal(0, 0.4, s), jnp.float32) for k, s in dict(w1=(3, 16), b1=(16,), w2=(16, 16), b2=(16,), w3=(16, 2), b3=(2,)).items()}

    def __call__(self, x, arrays=None):
        p = self.arrays if arrays is None else arrays
        return jnp.sin(jnp.sin(x @ p['w1'] + p['b1']) @ p['w2'] + p['b2']) @ p['w3'] + p['b3']


# Numbers that the program writes, which its file does not tell from learned ones: zero and the epsilon of each layer norm.
CONSTANTS = {'attention': ['const_16', 'const_17', 'const_18', 'const_19']}
MODELS = {'mlp': (Mlp, (5,)), 'cnn': (Cnn, (12, 12, 1)), 'attention': (Attention, (6, 8)), 'plain': (Plain, (3,))}


def randomize(model):
    rng = np.random.default_rng(0)
    for path, variable in nnx.iter_graph(model):
        if not isinstance(variable, nnx.Param | nnx.BatchStat):
            continue
        name, shape = str(path[-1]), variable[...].shape
        if name == 'var':
            variable[...] = jnp.asarray(rng.uniform(0.5, 1.5, shape), jnp.float32)
        elif name == 'scale':
            variable[...] = jnp.asarray(rng.uniform(0.7, 1.3, shape), jnp.float32)
        elif name in ('bias', 'mean'):
            variable[...] = jnp.asarray(rng.normal(0, 0.2, shape), jnp.float32)


def gradients_of(model, x):
    """The outputs, pairs of arrays and their gradients, the input's gradient, and the norms' statistics."""
    loss_of = lambda y: (y * loss_weights(0, y.shape)).sum()
    if isinstance(model, Plain):
        g, gx = jax.grad(lambda p, x: loss_of(model(x, p)), (0, 1))(model.arrays, x)
        return model(x), [(np.asarray(model.arrays[k]), np.asarray(g[k])) for k in g], gx, []
    graph, params, rest = nnx.split(model, nnx.Param, ...)
    run = lambda p, x: nnx.merge(graph, p, rest)(x)
    g, gx = jax.grad(lambda p, x: loss_of(run(p, x)), (0, 1))(params, x)
    pairs = [(np.asarray(a), np.asarray(b)) for a, b in zip(jax.tree.leaves(params), jax.tree.leaves(g), strict=True)]
    return model(x), pairs, gx, [np.asarray(a) for a in jax.tree.leaves(rest) if jnp.issubdtype(a.dtype, jnp.floating)]


def main(wanted):
    for name, (make, shape) in MODELS.items():
        if wanted and name not in wanted:
            continue
        model = make() if make is Plain else make(nnx.Rngs(1))
        if make is not Plain:
            randomize(model)
        x = input_of(0, (2, *shape))
        y, pairs, input_gradient, statistics = gradients_of(model, jnp.asarray(x))
        file = to_onnx(model, [('B', *shape)])
        values = {t.name: numpy_helper.to_array(t) for t in file.graph.initializer}
        norms = [n for n in file.graph.node if n.op_type == 'BatchNormalization']
        makers = {o: n for n in file.graph.node for o in n.output}
        gradients, folded = {}, set()
        for norm in norms:
            layer = makers[norm.input[0]]
            (_, kernel, bias), (scale, shift, _, variance) = layer.input, norm.input[1:]
            slope = values[scale] / np.sqrt(values[variance] + [a.f for a in norm.attribute if a.name == 'epsilon'][0])
            gradients[f'{kernel}.weight'] = matched(values[kernel], pairs) / slope[:, None, None, None]
            gradients[f'{kernel}.bias'] = matched(values[shift], pairs)
            folded.update([kernel, bias, *norm.input[1:]])
        for key, value in values.items():
            if value.dtype != np.float32 or value.ndim == 0 or key in folded:
                continue
            try:
                gradients[key] = as_parameter(file, key, matched(value, pairs))
            except AssertionError as error:
                print(f'{name}: {key} {value.shape}: {error}')
        write(f'jax-{name}', file, [x], [np.asarray(y)], gradients, [input_gradient], [{'kind': 'numbers', 'shape': list(x.shape)}], constants=CONSTANTS.get(name, ()))


if __name__ == '__main__':
    main(sys.argv[1:])
