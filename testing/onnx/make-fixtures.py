"""
Writes packages/onnx/fixtures/models: networks that PyTorch's exporters wrote, with what PyTorch and onnxruntime compute.

    python3 -m venv venv && venv/bin/pip install torch torchvision onnx onnxruntime onnxscript
    venv/bin/python testing/onnx/make-fixtures.py [NAME… | --checkpoints]

Inputs follow a rule that the test knows (`sin(0.37 i + k)`), so that only outputs are kept. Of each parameter's gradient of
`sum_k sum_i output_k[i] cos(0.11 i + k)` its norm and two projections are kept.
"""
import base64
import json
import pathlib
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn as nn

from models import MODELS

warnings.filterwarnings('ignore')
FOLDER = pathlib.Path(__file__).parents[2] / 'packages/onnx/fixtures/models'
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


def input_of(k, given):
    if given[0] == 'tokens':
        _, shape, below = given
        return torch.tensor((np.arange(np.prod(shape)) * 7 + 3) % below, dtype=torch.int64).reshape(shape)
    shape = given[1] if given[0] == 'positive' else given
    values = np.sin(np.arange(np.prod(shape)) * 0.37 + k)
    return torch.tensor((np.abs(values) + 0.1 if given[0] == 'positive' else values).astype(np.float32)).reshape(shape)


def randomize(model):
    """Values that training might have left: no two parameters alike, no norm an identity."""
    with torch.no_grad():
        for m in model.modules():
            if isinstance(m, NORMS):
                m.running_mean.normal_(0, 0.2)
                m.running_var.uniform_(0.5, 1.5)
            if isinstance(m, NORMS + (nn.GroupNorm, nn.InstanceNorm2d, nn.LayerNorm)) and m.weight is not None:
                m.weight.uniform_(0.7, 1.3)
                m.bias.normal_(0, 0.2)
            if isinstance(m, (nn.Conv2d, nn.Linear)) and m.bias is not None:
                m.bias.normal_(0, 0.1)
        for p in model.parameters():  # heads of zeros, layer scales of 1e-6
            if p.numel() > 1 and bool((p == p.flatten()[0]).all()):
                p.normal_(0.2, 0.3)


def folded_gradients(model, run):
    """Gradients of what the architecture has: norms folded into the convolution or linear layer before them, or kept as weight and bias."""
    made, pairs, hooks = {}, {}, []
    names = {m: n for n, m in model.named_modules()}
    for m in model.modules():
        if isinstance(m, (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear)):
            hooks.append(m.register_forward_hook(lambda m, _, out: made.__setitem__(id(out), (m, out))))
        if isinstance(m, NORMS):
            hooks.append(m.register_forward_pre_hook(lambda m, x: pairs.__setitem__(m, None if hasattr(m, 'alone') else made.get(id(x[0]), (None,))[0])))
    run()
    for hook in hooks:
        hook.remove()
    gradients = {n: p.grad for n, p in model.named_parameters()}
    for norm, layer in pairs.items():
        n = names[norm]
        root = torch.sqrt(norm.running_var + norm.eps)
        gamma, beta = gradients.pop(n + '.weight'), gradients.pop(n + '.bias')
        if layer is None:
            gradients[n + '.weight'], gradients[n + '.bias'] = gamma * root + norm.running_mean * beta, beta
            continue
        slope = norm.weight / root
        weight = names[layer] + '.weight'
        gradients[weight] = gradients[weight] / slope.reshape(-1, *[1] * (gradients[weight].dim() - 1))
        gradients[names[layer] + '.bias'] = beta
    return gradients


def projections(gradient):
    g = gradient.detach().double().flatten().numpy()
    i = np.arange(g.size)
    return [float(np.linalg.norm(g)), float(g @ np.cos(0.3 * i)), float(g @ np.sin(0.7 * i + 1))]


def exported(model, inputs, exporter, path):
    names = [f'input{k}' for k in range(len(inputs))]
    axis = lambda x, n: 1 if x.dtype == torch.int64 and x.dim() == 2 and x.shape[1] == 2 else 0
    axes = {n: {axis(x, n): 'batch'} for n, x in zip(names, inputs)}
    if exporter == 'new':
        batch = torch.export.Dim('batch')
        torch.onnx.export(model, tuple(inputs), path, dynamo=True, input_names=names, external_data=False, verbose=False,
                          dynamic_shapes=tuple({axis(x, n): batch} for n, x in zip(names, inputs)) if not isinstance(model, nn.Sequential) else [{axis(x, n): batch} for n, x in zip(names, inputs)])
    else:
        options = {'old': {}, 'static': {}, 'preserve': dict(training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False), 'op11': dict(opset_version=11), 'op13': dict(opset_version=13)}[exporter]
        torch.onnx.export(model, tuple(inputs), path, dynamo=False, input_names=names, dynamic_axes=None if exporter == 'static' else axes, **options)
    file = onnx.load(path)
    for node in file.graph.node:  # stack traces would be most of the file
        node.doc_string = ''
        kept = [p for p in node.metadata_props if p.key == 'namespace']
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
    del file.graph.value_info[:], file.metadata_props[:]
    for value in [*file.graph.input, *file.graph.output, *file.graph.initializer]:
        del value.metadata_props[:]
    onnx.save(file, path)


# Networks of which the state dict is kept too.
CHECKPOINTS = ('mlp', 'resnet8', 'preact', 'cnn-gru', 'lstm', 'transformer', 'resnext')


def main(wanted):
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, (make, shapes, exporters) in MODELS.items():
        if wanted and '--checkpoints' not in wanted and name not in wanted:
            continue
        torch.manual_seed(1)
        model = make().eval()
        randomize(model)
        if name in CHECKPOINTS:
            torch.save(model.state_dict(), FOLDER / f'{name}.pt')
        if '--checkpoints' in wanted:
            continue
        inputs = [input_of(k, shape) for k, shape in enumerate(shapes)]
        given = [x.clone().requires_grad_(x.dtype == torch.float32) for x in inputs]

        def run():
            outputs = model(*given)
            outputs = outputs if isinstance(outputs, tuple) else (outputs,)
            sum((y * torch.cos(0.11 * torch.arange(y.numel()).reshape(y.shape) + k)).sum() for k, y in enumerate(outputs)).backward()
            run.outputs = [y.detach() for y in outputs]

        try:
            gradients = folded_gradients(model, run)
        except Exception as error:
            print(f'{name}: FAILED {error}')
            continue
        expected = {
            'inputs': [{'kind': s[0] if isinstance(s[0], str) else 'numbers', 'shape': list(x.shape), **({'below': s[2]} if s[0] == 'tokens' else {})} for s, x in zip(shapes, inputs)],
            'outputs': [{'shape': list(y.shape), 'values': base64.b64encode(y.numpy().astype('<f4').tobytes()).decode()} for y in run.outputs],
            'gradients': {n: {'shape': list(g.shape), 'projections': projections(g)} for n, g in gradients.items() if g is not None},
            'inputGradients': [projections(x.grad) if x.grad is not None else None for x in given],
        }
        files = []
        for exporter in exporters.split():
            path = FOLDER / f'{name}.{exporter}.onnx'
            try:
                exported(model, inputs, exporter, str(path))
                session = onnxruntime.InferenceSession(str(path))
                results = session.run(None, {i.name: x.numpy() for i, x in zip(session.get_inputs(), inputs)})
                worst = max(float(np.abs(r - y.numpy()).max() / max(1, np.abs(y.numpy()).max())) for r, y in zip(results, run.outputs))
                assert worst < 1e-5, worst
                files.append(path.name)
                print(f'{name} {exporter}: {path.stat().st_size} bytes, onnxruntime within {worst:.1e}')
            except Exception as error:
                path.unlink(missing_ok=True)
                print(f'{name} {exporter}: FAILED {type(error).__name__} {str(error)[:300]}')
        expected['files'] = files
        (FOLDER / f'{name}.json').write_text(json.dumps(expected))


if __name__ == '__main__':
    main(sys.argv[1:])
