"""
Writes packages/onnx/fixtures/models/keras-*: networks that Keras exported through tf2onnx, with what Keras and onnxruntime compute.

    python3 -m venv venv && venv/bin/pip install tensorflow-cpu tf2onnx onnx onnxruntime
    venv/bin/python testing/onnx/make-keras-fixtures.py [NAME…]

Inputs and gradients are those of make-fixtures.py. tf2onnx joins variables before it writes them, so the gradient of an initializer is that of
the variables that have its numbers: `candidates` lists what it makes of them.
"""
import os

os.environ.update(TF_CPP_MIN_LOG_LEVEL='3', CUDA_VISIBLE_DEVICES='')
import sys
import tempfile

import keras
import numpy as np
import onnx
import tensorflow as tf
from keras import layers as L
from onnx import numpy_helper

from expected import FOLDER, as_parameter, input_of, loss_weights, matched, write


def cnn():
    i = L.Input((12, 12, 1))
    x = L.ReLU()(L.BatchNormalization()(L.Conv2D(4, 3, padding='same', use_bias=False)(i)))
    x = L.BatchNormalization()(L.Conv2D(6, 3, strides=2, padding='same')(L.MaxPooling2D()(x)))
    x = L.Flatten()(L.AveragePooling2D(3)(L.Activation('relu')(x)))
    return keras.Model(i, L.Dense(10, activation='softmax')(L.Dropout(0.3)(x)))


def separable():
    i = L.Input((8, 8, 3))
    x = L.ReLU(6.0)(L.BatchNormalization()(L.DepthwiseConv2D(3, padding='same', use_bias=False)(i)))
    x = L.BatchNormalization()(L.Conv2D(4, 1, use_bias=False)(x))
    x = L.SeparableConv2D(5, 3, strides=2, padding='same', activation='swish')(x)
    return keras.Model(i, L.Dense(3)(L.GlobalMaxPooling2D()(x)))


def gru():
    i = L.Input((3, 4, 1))
    x = L.ReLU()(L.BatchNormalization()(L.DepthwiseConv2D(3, padding='same', depth_multiplier=2)(i)))
    return keras.Model(i, L.Dense(3)(L.GRU(5, unroll=True)(L.Reshape((3, 8))(x))))


def lstm():
    i = L.Input((6, 4))
    return keras.Model(i, L.Dense(2)(L.LSTM(4)(L.Bidirectional(L.LSTM(3, return_sequences=True))(i))))


def unrolled():
    i = L.Input((3,), dtype='int64')
    x = L.Bidirectional(L.SimpleRNN(3, unroll=True, return_sequences=True))(L.Embedding(11, 4)(i))
    return keras.Model(i, L.Dense(2)(L.SimpleRNN(3, unroll=True)(x)))


def mlp():
    i = L.Input((5,))
    x = L.Dense(8, activation='softplus')(L.Dense(8, activation='gelu')(i))
    return keras.Model(i, L.Dense(1)(L.Dense(6, activation='selu', use_bias=False)(x)))


def transformer():
    i = L.Input((6, 4))
    x = L.Dense(8)(i)
    x = L.LayerNormalization()(L.Add()([x, L.MultiHeadAttention(2, 4)(x, x)]))
    y = L.Dense(8)(L.Activation(lambda t: keras.activations.gelu(t, approximate=True))(L.Dense(16)(x)))
    x = L.LayerNormalization()(L.Add()([x, y]))
    return keras.Model(i, L.Dense(3)(L.GlobalAveragePooling1D()(x)))


def conv1d():
    i = L.Input((16, 2))
    x = L.Conv1D(4, 3, padding='causal', activation='relu')(i)
    x = L.BatchNormalization()(L.Conv1D(4, 3, padding='causal', dilation_rate=2, activation='elu')(x))
    x = L.Conv1D(5, 3, strides=2, padding='same')(L.MaxPooling1D(2)(x))
    return keras.Model(i, L.Dense(2)(L.GlobalMaxPooling1D()(x)))


def unet():
    i = L.Input((8, 8, 1))
    a = L.LeakyReLU(negative_slope=0.2)(L.Conv2D(3, 3, padding='same')(i))
    b = L.PReLU(shared_axes=[1, 2])(L.Conv2D(5, 3, strides=2, padding='same')(a))
    u = L.Conv2DTranspose(3, 3, strides=2, padding='same')(L.GroupNormalization(5)(b))
    x = L.Concatenate()([a, u, L.UpSampling2D(interpolation='bilinear')(b)])
    return keras.Model(i, L.Conv2D(1, 1, activation='sigmoid')(x))


def two():
    a, b = L.Input((6, 6, 2)), L.Input((3,))
    x = L.Concatenate()([L.Flatten()(L.Conv2D(2, 3)(a)), b])
    return keras.Model([a, b], [L.Dense(2)(x), L.Dense(1)(b)])


MODELS = dict(cnn=cnn, separable=separable, gru=gru, lstm=lstm, unrolled=unrolled, mlp=mlp, transformer=transformer, conv1d=conv1d, unet=unet, two=two)
TOKENS = {'unrolled': 11}
# Keras's exact gelu becomes an operator that ONNX does not have.
NOT_ONNX = ('mlp',)


def randomize(model):
    """Values that training might have left: tf2onnx leaves out a bias of zeros, and a norm that does nothing."""
    rng = np.random.default_rng(0)
    for v in model.weights:
        if 'variance' in v.path:
            v.assign(rng.uniform(0.5, 1.5, v.shape))
        elif 'gamma' in v.path:
            v.assign(rng.uniform(0.7, 1.3, v.shape))
        elif len(v.shape) == 1 or 'bias' in v.path or 'alpha' in v.path:
            v.assign(rng.normal(0, 0.2, v.shape))


def gates(values, order):
    """Columns of Keras's gates in ONNX's order, as rows."""
    return np.concatenate([np.split(values, len(order), axis=-1)[k] for k in order], axis=-1).T


def candidates(model, gradients):
    """What tf2onnx may have made of the variables: pairs of values and gradients."""
    of = lambda v: (v.numpy(), gradients[v.path])
    pairs = [of(v) for v in model.trainable_variables]
    kernels = [of(v) for v in model.trainable_variables if v.path.endswith('kernel') and len(v.shape) >= 3]
    biases = [of(v) for v in model.trainable_variables if v.path.endswith('bias') and len(v.shape) == 1]
    for layer in model._flatten_layers():
        if isinstance(layer, L.BatchNormalization):
            (gamma, g_gamma), (beta, g_beta) = of(layer.gamma), of(layer.beta)
            mean, root = layer.moving_mean.numpy(), np.sqrt(layer.moving_variance.numpy() + layer.epsilon)
            slope = gamma / root
            pairs += [(slope, root * g_gamma + mean * g_beta), (beta - mean * slope, g_beta)]
            pairs += [(b * slope + beta - mean * slope, g_beta) for b, _ in biases if b.shape == slope.shape]
            for w, g in kernels:
                for axis in (-1, -2):
                    if w.shape[axis] == slope.size:
                        s = slope.reshape([-1 if k == w.ndim + axis else 1 for k in range(w.ndim)])
                        pairs.append((w * s, g / s))
        if isinstance(layer, L.PReLU):
            pairs.append(tuple(-x for x in of(layer.alpha)))
        if isinstance(layer, L.GRU):
            bias, g = of(layer.cell.bias)
            pairs += [(bias[k], g[k]) for k in (0, 1)]
    lstms = [layer for layer in model._flatten_layers() if isinstance(layer, L.LSTM)]
    groups = [[layer] for layer in lstms] + [[a.forward_layer, a.backward_layer] for a in model._flatten_layers() if isinstance(a, L.Bidirectional) and a.forward_layer in lstms]
    for group in groups:
        order = [0, 3, 1, 2]  # input, output, forget, cell
        for part in ('kernel', 'recurrent_kernel'):
            both = [of(getattr(layer.cell, part)) for layer in group]
            pairs.append(tuple(np.stack([gates(one[k], order) for one in both]) for k in (0, 1)))
        both = [of(layer.cell.bias) for layer in group]
        value = np.stack([np.concatenate([gates(b, order), np.zeros_like(b)]) for b, _ in both])
        pairs.append((value, np.stack([np.concatenate([gates(g, order)] * 2) for _, g in both])))
    return pairs


def exported(model):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'net.onnx')
        model.export(path, format='onnx', verbose=False)
        return onnx.load(path)


def main(wanted):
    for name, make in MODELS.items():
        if wanted and name not in wanted:
            continue
        keras.backend.clear_session()
        keras.utils.set_random_seed(1)
        model = make()
        randomize(model)
        below = TOKENS.get(name)
        inputs = [input_of(k, (2, *i.shape[1:]), below) for k, i in enumerate(model.inputs)]
        given = [tf.constant(x) for x in inputs]
        with tf.GradientTape() as tape:
            tape.watch(given)
            y = model(given if len(given) > 1 else given[0])
            outputs = list(y) if isinstance(y, (list, tuple)) else [y]
            loss = sum(tf.reduce_sum(o * loss_weights(k, o.shape)) for k, o in enumerate(outputs))
        found, found_inputs = tape.gradient(loss, [[v.value for v in model.trainable_variables], given])
        dense = lambda g: tf.convert_to_tensor(g).numpy()
        pairs = candidates(model, {v.path: dense(g) for v, g in zip(model.trainable_variables, found)})
        file = exported(model)
        gradients = {}
        for t in file.graph.initializer:
            values = numpy_helper.to_array(t)
            if values.dtype != np.float32 or values.ndim == 0 or values.size == 0 or t.name.startswith('scales__'):
                continue
            try:
                gradients[t.name] = as_parameter(file, t.name, matched(values, pairs))
            except AssertionError as error:
                print(f'{name}: {t.name} {values.shape}: {error}')
        kinds = [{'kind': 'numbers' if below is None else 'tokens', 'shape': list(x.shape), **({} if below is None else {'below': below})} for x in inputs]
        input_gradients = [None if below else dense(g) for g in found_inputs]
        write(f'keras-{name}', file, inputs, [o.numpy() for o in outputs], gradients, input_gradients, kinds, name not in NOT_ONNX)


def twice():
    """Two networks of one model in one process: their names are not the same, as Keras and tf2onnx count on."""
    for number in (1, 2):
        i = L.Input((4, 4, 1))
        model = keras.Model(i, L.Dense(1)(L.GlobalAveragePooling2D()(L.BatchNormalization()(L.Conv2D(2, 3)(i)))))
        randomize(model)
        model(np.zeros((1, 4, 4, 1), np.float32))
        file = exported(model)
        del file.graph.value_info[:]
        onnx.save(file, FOLDER.parent / f'keras-twice-{number}.onnx')
        print(number, [t.name for t in file.graph.initializer])


if __name__ == '__main__':
    FOLDER.mkdir(parents=True, exist_ok=True)
    main(sys.argv[1:])
    if not sys.argv[1:] or 'twice' in sys.argv:
        twice()
