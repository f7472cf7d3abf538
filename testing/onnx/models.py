"""Small networks of many kinds, by their definitions or torchvision's own classes at reduced width."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
import torchvision.models as tv


class View(nn.Module):
    def forward(self, x):
        return x.view(x.size(0), -1)


class Apply(nn.Module):
    """A function as a layer."""

    def __init__(self, f):
        super().__init__()
        self.f = f

    def forward(self, *xs):
        return self.f(*xs)


def cbr(i, o, k=3, s=1, g=1, act=nn.ReLU):
    return nn.Sequential(nn.Conv2d(i, o, k, s, k // 2, groups=g, bias=False), nn.BatchNorm2d(o), act())


class Basic(nn.Module):
    def __init__(self, i, o, s):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(i, o, 3, s, 1, bias=False), nn.BatchNorm2d(o)
        self.conv2, self.bn2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
        self.down = nn.Sequential(nn.Conv2d(i, o, 1, s, bias=False), nn.BatchNorm2d(o)) if s > 1 or i != o else nn.Identity()

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.down(x))


class Preact(nn.Module):
    """Norms before convolutions: none can be folded."""

    def __init__(self, c):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(c), nn.Conv2d(c, c, 3, 1, 1, bias=False)
        self.bn1.alone = True

    def forward(self, x):
        return x + self.conv1(F.relu(self.bn1(x)))


class UNet(nn.Module):
    def __init__(self, up):
        super().__init__()
        self.enc1, self.enc2, self.mid = cbr(1, 4), cbr(4, 8), cbr(8, 16)
        self.up = up
        self.t2, self.t1 = nn.ConvTranspose2d(16, 8, 2, 2), nn.ConvTranspose2d(8, 4, 3, 2, 1, 1)
        self.l2, self.l1 = nn.Conv2d(16, 8, 1), nn.Conv2d(8, 4, 1)
        self.dec2, self.dec1, self.head = cbr(16, 8), cbr(8, 4), nn.Conv2d(4, 2, 1)

    def forward(self, x):
        a = self.enc1(x)
        b = self.enc2(F.max_pool2d(a, 2))
        c = self.mid(F.max_pool2d(b, 2))
        if self.up == 'transposed':
            u2 = self.t2(c)
        else:
            u2 = self.l2(F.interpolate(c, scale_factor=2, mode=self.up, **({} if self.up == 'nearest' else {'align_corners': self.up == 'bilinear'})))
        b = self.dec2(torch.cat([u2, b], 1))
        u1 = self.t1(b) if self.up == 'transposed' else self.l1(F.interpolate(b, scale_factor=2, mode='nearest'))
        return self.head(self.dec1(torch.cat([u1, a], 1)))


class CnnGru(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.bn = nn.Conv1d(3, 8, 5, 2, 2), nn.BatchNorm1d(8)
        self.gru, self.fc = nn.GRU(8, 6, num_layers=2, batch_first=True, bidirectional=True), nn.Linear(12, 4)

    def forward(self, x):
        y, _ = self.gru(F.relu(self.bn(self.conv(x))).transpose(1, 2))
        return self.fc(y[:, -1])


class Sequence(nn.Module):
    def __init__(self, cell, **kw):
        super().__init__()
        self.embed, self.rnn = nn.Embedding(11, 6), cell(6, 5, **kw)
        self.fc = nn.Linear(5 * (2 if kw.get('bidirectional') else 1), 3)

    def forward(self, tokens):
        y, _ = self.rnn(self.embed(tokens))
        return self.fc(y.mean(0 if not self.rnn.batch_first else 1))


class Siren(nn.Module):
    def __init__(self, omega=30.0):
        super().__init__()
        self.omega = omega
        self.layers = nn.ModuleList([nn.Linear(3, 16), nn.Linear(16, 16), nn.Linear(16, 1)])
        for i, layer in enumerate(self.layers):
            n = layer.in_features
            nn.init.uniform_(layer.weight, *((-1 / n, 1 / n) if i == 0 else (-math.sqrt(6 / n) / omega, math.sqrt(6 / n) / omega)))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.sin(self.omega * layer(x))
        return self.layers[-1](x)


class Nerf(nn.Module):
    """Points and directions, encoded by sines; density and colour."""

    def __init__(self):
        super().__init__()
        self.register_buffer('bands', 2.0 ** torch.arange(3), persistent=False)
        self.pts = nn.ModuleList([nn.Linear(21, 16), nn.Linear(16, 16), nn.Linear(37, 16)])
        self.sigma, self.feature, self.view, self.rgb = nn.Linear(16, 1), nn.Linear(16, 16), nn.Linear(37, 8), nn.Linear(8, 3)

    def encode(self, x):
        angles = (x[..., None, :] * self.bands[:, None]).flatten(-2)
        return torch.cat([x, torch.sin(angles), torch.cos(angles)], -1)

    def forward(self, points, directions):
        p, d = self.encode(points), self.encode(directions)
        h = p
        for i, layer in enumerate(self.pts):
            h = F.relu(layer(h if i != 2 else torch.cat([h, p], -1)))
        color = torch.sigmoid(self.rgb(F.relu(self.view(torch.cat([self.feature(h), d], -1)))))
        return F.softplus(self.sigma(h)), color


class DeepSdf(nn.Module):
    def __init__(self):
        super().__init__()
        self.code = nn.Parameter(torch.randn(1, 4))
        self.a, self.b, self.c = nn.Linear(7, 16), nn.Linear(23, 16), nn.Linear(16, 1)

    def forward(self, x):
        x = torch.cat([x, self.code.expand(x.shape[0], -1)], 1)
        return torch.tanh(self.c(F.relu(self.b(torch.cat([F.relu(self.a(x)), x], 1)))))


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok, self.pos = nn.Embedding(13, 8), nn.Parameter(torch.randn(1, 6, 8))
        self.ln1, self.qkv, self.out = nn.LayerNorm(8), nn.Linear(8, 24), nn.Linear(8, 8)
        self.ln2, self.up, self.down, self.head = nn.LayerNorm(8), nn.Linear(8, 32), nn.Linear(32, 8), nn.Linear(8, 13, bias=False)
        self.register_buffer('mask', torch.tril(torch.ones(6, 6)) == 0, persistent=False)

    def forward(self, tokens):
        x = self.tok(tokens) + self.pos
        b, t, c = x.shape
        q, k, v = self.qkv(self.ln1(x)).split(8, 2)
        q, k, v = (y.view(b, t, 2, 4).transpose(1, 2) for y in (q, k, v))
        att = (q @ k.transpose(-2, -1)) / math.sqrt(4)
        att = F.softmax(att.masked_fill(self.mask, float('-inf')), -1)
        x = x + self.out((att @ v).transpose(1, 2).reshape(b, t, c))
        return self.head(x + self.down(F.gelu(self.up(self.ln2(x)))))


class Einsum(nn.Module):
    def __init__(self):
        super().__init__()
        self.wq, self.wk, self.core = nn.Parameter(torch.randn(6, 2, 3)), nn.Parameter(torch.randn(6, 2, 3)), nn.Parameter(torch.randn(2, 6, 4))

    def forward(self, x):
        q, k = torch.einsum('bti,ihd->bhtd', x, self.wq), torch.einsum('bti,ihd->bhtd', x, self.wk)
        att = torch.softmax(torch.einsum('bhtd,bhsd->bhts', q, k) / 3, -1)
        return torch.einsum('bhts,bsi,hio->bto', att, x, self.core)


class Mixer(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, 8, 4, 4)
        self.n1, self.n2 = nn.LayerNorm(8), nn.LayerNorm(8)
        self.tokens = nn.Sequential(nn.Linear(16, 12), nn.GELU(), nn.Linear(12, 16))
        self.channels = nn.Sequential(nn.Linear(8, 12), nn.GELU(approximate='tanh'), nn.Linear(12, 8))
        self.head = nn.Linear(8, 5)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = x + self.tokens(self.n1(x).transpose(1, 2)).transpose(1, 2)
        x = x + self.channels(self.n2(x))
        return self.head(x.mean(1))


class Se(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.down, self.up, self.fc = nn.Conv2d(3, 8, 3, padding=1), nn.Conv2d(8, 2, 1), nn.Conv2d(2, 8, 1), nn.Linear(8, 4)

    def forward(self, x):
        x = F.silu(self.conv(x))
        return self.fc((x * torch.sigmoid(self.up(F.relu(self.down(F.adaptive_avg_pool2d(x, 1)))))).mean((2, 3)))


class Activations(nn.Module):
    def __init__(self):
        super().__init__()
        self.kinds = nn.ModuleList([nn.ReLU(), nn.LeakyReLU(0.2), nn.ELU(), nn.SELU(), nn.CELU(0.7), nn.GELU(), nn.SiLU(), nn.Mish(), nn.Softplus(), nn.Softsign(), nn.Tanh(), nn.Sigmoid(), nn.Hardsigmoid(), nn.Hardswish(), nn.Hardtanh(), nn.ReLU6(), nn.PReLU(), nn.Softmax(1), nn.LogSoftmax(1), nn.Tanhshrink(), nn.GLU(1)])
        self.fcs = nn.ModuleList([nn.Linear(6, 6) for _ in self.kinds])

    def forward(self, x):
        return torch.cat([kind(fc(x)) for kind, fc in zip(self.kinds, self.fcs)], 1)


class TwoHeads(nn.Module):
    def __init__(self):
        super().__init__()
        self.image, self.label = nn.Conv2d(1, 4, 3, 2), nn.Embedding(5, 4)
        self.classes, self.box = nn.Linear(4, 3), nn.Linear(4, 4)

    def forward(self, image, label):
        h = F.relu(self.image(image)).amax((2, 3)) * self.label(label)
        return self.classes(h), torch.sigmoid(self.box(h))


class Aspp(nn.Module):
    def __init__(self):
        super().__init__()
        self.branches = nn.ModuleList([nn.Conv2d(3, 4, 3, padding=r, dilation=r) for r in (1, 2, 3)] + [nn.Conv2d(3, 3, 3, padding=(2, 4), dilation=(2, 4), stride=(1, 2), groups=3)])
        self.head = nn.Conv2d(12, 2, 1)

    def forward(self, x):
        a, b, c, d = (branch(x) for branch in self.branches)
        return self.head(F.relu(torch.cat([a, b, c], 1))), d


class Wavenet(nn.Module):
    def __init__(self):
        super().__init__()
        self.pre = nn.Conv1d(2, 6, 1)
        self.filters = nn.ModuleList([nn.Conv1d(6, 12, 2, dilation=d) for d in (1, 2, 4)])
        self.out = nn.Conv1d(6, 3, 1)

    def forward(self, x):
        x = self.pre(x)
        for conv in self.filters:
            a, b = conv(F.pad(x, (conv.dilation[0], 0))).chunk(2, 1)
            x = x + torch.tanh(a) * torch.sigmoid(b)
        return self.out(x)


class Shuffle(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.dw, self.b, self.fc = nn.Conv2d(3, 8, 1), nn.Conv2d(8, 8, 3, padding=1, groups=8), nn.Conv2d(8, 8, 1, groups=2), nn.Linear(8, 5)

    def forward(self, x):
        x = F.relu(self.a(x))
        n, c, h, w = x.shape
        x = x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)
        return self.fc(F.relu(self.b(self.dw(x))).mean([2, 3]))


class Pads(nn.Module):
    def __init__(self):
        super().__init__()
        self.kinds = nn.ModuleList([nn.ReflectionPad2d(2), nn.ReplicationPad2d((1, 2, 0, 3)), nn.ZeroPad2d((1, 0, 2, 1)), nn.ConstantPad2d(1, 0.5)])
        self.convs = nn.ModuleList([nn.Conv2d(2, 2, 3) for _ in self.kinds])

    def forward(self, x):
        for pad, conv in zip(self.kinds, self.convs):
            x = conv(pad(x))
        return x


def pools():
    return nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1), nn.MaxPool2d(3, 2, 1), nn.AvgPool2d(3, 2, 1), nn.Conv2d(4, 4, 1),
        nn.AvgPool2d(2, 1, 1, count_include_pad=False), nn.MaxPool2d((3, 2), (2, 1), ceil_mode=True), nn.AvgPool2d(2, 2, ceil_mode=True), nn.Flatten(), nn.Linear(8, 3),
    )


class Norms(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.gn, self.conv2, self.inorm = nn.Conv2d(3, 8, 3), nn.GroupNorm(4, 8), nn.Conv2d(8, 8, 3, groups=4), nn.InstanceNorm2d(8, affine=True)
        self.ln, self.fc = nn.LayerNorm([8, 6, 6]), nn.Linear(8, 3)

    def forward(self, x):
        x = F.relu(self.gn(self.conv(x)))
        return self.fc(self.ln(F.relu(self.inorm(self.conv2(x)))).mean((-1, -2)))


class Resizes(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Conv2d(2, 3, 3, padding=1), nn.Conv2d(3, 3, 1), nn.Conv2d(3, 2, 1)

    def forward(self, x):
        x = F.interpolate(self.a(x), scale_factor=2, mode='bilinear', align_corners=False)
        x = F.interpolate(self.b(x), size=(9, 11), mode='bicubic', align_corners=False)
        return F.interpolate(self.c(x), size=(5, 7), mode='bilinear', align_corners=True)


class WrittenOut(nn.Module):
    """Norms, weights and activations as plain arithmetic."""

    def __init__(self):
        super().__init__()
        self.g, self.v, self.gamma, self.beta, self.scale = (nn.Parameter(torch.randn(s)) for s in ((6, 1), (6, 5), (6,), (6,), (1,)))

    def forward(self, x):
        h = x @ (self.g * self.v / self.v.norm(dim=1, keepdim=True)).t()
        h = (h - h.mean(-1, keepdim=True)) / torch.sqrt(h.var(-1, keepdim=True, unbiased=False) + 1e-5) * self.gamma + self.beta
        h = torch.where(h > 0, h, 0.1 * h.exp() - 0.1) * self.scale
        return torch.stack([h.cumsum(-1), h.clamp(-1, 1), h.abs().pow(1.5), torch.logsumexp(h, -1, keepdim=True).expand_as(h)], 1)


class Highway(nn.Module):
    def __init__(self):
        super().__init__()
        self.h, self.t, self.carry = nn.Linear(5, 5), nn.Linear(5, 5), nn.Linear(5, 2)

    def forward(self, x):
        for _ in range(2):  # the same weights twice
            t = torch.sigmoid(self.t(x))
            x = t * F.relu(self.h(x)) + (1 - t) * x
        return self.carry(x)


class GraphConv(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(3, 6), nn.Linear(6, 2)

    def forward(self, x, adjacency):
        adjacency = adjacency / adjacency.sum(-1, keepdim=True)
        return self.b(adjacency @ F.relu(self.a(adjacency @ x))).sum(1)


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.inp = nn.Linear(4, 8)
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, 0.0, batch_first=True), 2)
        self.out = nn.Linear(8, 3)

    def forward(self, x):
        return self.out(self.encoder(self.inp(x))[:, 0])


def slim(model, factor, classes=10):
    """The same network with each width divided by `factor`."""
    g = lambda c: c if c <= 3 else max(1, round(c / factor))
    linears = [m for m in model.modules() if isinstance(m, nn.Linear)]
    for parent in list(model.modules()):
        for name, m in list(parent.named_children()):
            if isinstance(m, nn.Conv2d):
                groups = g(m.groups) if m.groups > 1 else 1
                new = nn.Conv2d(g(m.in_channels), g(m.out_channels), m.kernel_size, m.stride, m.padding, m.dilation, groups, m.bias is not None)
            elif isinstance(m, nn.BatchNorm2d):
                new = nn.BatchNorm2d(g(m.num_features), m.eps)
            elif isinstance(m, nn.Linear):
                new = nn.Linear(g(m.in_features), classes if m is linears[-1] else g(m.out_features))
            else:
                continue
            setattr(parent, name, new)
    return model


def dense():
    return tv.DenseNet(growth_rate=3, block_config=(2, 2), num_init_features=4, bn_size=2, num_classes=5)


def convnext():
    from torchvision.models.convnext import CNBlockConfig, ConvNeXt
    return ConvNeXt([CNBlockConfig(6, 10, 2), CNBlockConfig(10, None, 1)], num_classes=5)


def vit():
    return tv.VisionTransformer(image_size=16, patch_size=4, num_layers=2, num_heads=2, hidden_dim=12, mlp_dim=16, num_classes=5)


def regnet():
    from torchvision.models.regnet import BlockParams, RegNet
    return RegNet(BlockParams.from_init_params(depth=4, w_0=8, w_a=8.0, w_m=2.0, group_width=4, se_ratio=0.25), stem_width=4, num_classes=5)


IMAGE, GRAY = (2, 3, 16, 16), (2, 1, 16, 16)
# name: (what makes it, shapes of inputs or ('tokens', shape, below), exporters)
MODELS = {
    'mlp': (lambda: nn.Sequential(nn.Flatten(), nn.Linear(64, 12), nn.ReLU(), nn.Linear(12, 10)), [(2, 1, 8, 8)], 'old new'),
    'lenet': (lambda: nn.Sequential(nn.Conv2d(1, 4, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(24, 16), nn.ReLU(), nn.Linear(16, 10)), [GRAY], 'old new op11'),
    'lenet-view': (lambda: nn.Sequential(nn.Conv2d(1, 4, 5, 2), nn.ReLU(), View(), nn.Linear(144, 10)), [GRAY], 'static new'),
    'classes': (lambda: nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 5), nn.Softmax(1)), [IMAGE], 'old new'),
    'resnet8': (lambda: nn.Sequential(cbr(3, 4), Basic(4, 4, 1), Basic(4, 6, 2), Basic(6, 8, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10)), [IMAGE], 'old preserve new op11'),
    'preact': (lambda: nn.Sequential(nn.Conv2d(3, 6, 3, padding=1), Preact(6), Preact(6), nn.BatchNorm2d(6), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 4)), [IMAGE], 'old preserve new'),
    'unet-transposed': (lambda: UNet('transposed'), [GRAY], 'preserve new'),
    'unet-nearest': (lambda: UNet('nearest'), [GRAY], 'old new'),
    'unet-bilinear': (lambda: UNet('bilinear'), [GRAY], 'old new'),
    'autoencoder': (lambda: nn.Sequential(nn.Conv2d(1, 4, 3, 2, 1), nn.ELU(), nn.Conv2d(4, 6, 3, 2, 1), nn.ELU(), nn.ConvTranspose2d(6, 4, 3, 2, 1, 1), nn.ELU(), nn.ConvTranspose2d(4, 1, 4, 2, 1)), [GRAY], 'old new'),
    'generator': (lambda: nn.Sequential(nn.Unflatten(1, (6, 1, 1)), nn.ConvTranspose2d(6, 8, 4, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.ConvTranspose2d(8, 4, 4, 2, 1, groups=2), nn.ReLU(), nn.ConvTranspose2d(4, 1, 3, dilation=2), nn.Tanh()), [(2, 6)], 'preserve'),
    'cnn-gru': (CnnGru, [(2, 3, 20)], 'old preserve new'),
    'lstm': (lambda: Sequence(nn.LSTM, num_layers=2, bidirectional=True), [('tokens', (7, 2), 11)], 'old preserve'),
    'gru-batch-first': (lambda: Sequence(nn.GRU, batch_first=True), [('tokens', (2, 7), 11)], 'old new'),
    'rnn': (lambda: Sequence(nn.RNN, nonlinearity='relu', batch_first=True), [('tokens', (2, 7), 11)], 'old'),
    'siren': (Siren, [(6, 3)], 'old new'),
    'nerf': (Nerf, [(5, 3), (5, 3)], 'old new'),
    'deepsdf': (DeepSdf, [(6, 3)], 'old'),
    'transformer': (Encoder, [(2, 5, 4)], 'old preserve new'),
    'gpt': (Gpt, [('tokens', (2, 6), 13)], 'old new'),
    'einsum': (Einsum, [(2, 5, 6)], 'old new'),
    'mixer': (Mixer, [IMAGE], 'old new'),
    'se': (Se, [IMAGE], 'old new'),
    'activations': (Activations, [(4, 6)], 'old new op13'),
    'two-heads': (TwoHeads, [(2, 1, 8, 8), ('tokens', (2,), 5)], 'old new'),
    'aspp': (Aspp, [IMAGE], 'old new'),
    'wavenet': (Wavenet, [(2, 2, 12)], 'old new'),
    'c3d': (lambda: nn.Sequential(nn.Conv3d(1, 3, 3, padding=1), nn.ReLU(), nn.MaxPool3d(2), nn.Conv3d(3, 4, (1, 3, 3), stride=(1, 2, 2), groups=1), nn.BatchNorm3d(4), nn.ReLU(), nn.AvgPool3d((2, 1, 1)), nn.Flatten(), nn.Linear(4, 3)), [(2, 1, 4, 8, 8)], 'old preserve new'),
    'conv1d': (lambda: nn.Sequential(nn.Conv1d(2, 4, 3, padding=1), nn.ReLU(), nn.MaxPool1d(2), nn.Conv1d(4, 4, 3, 2, groups=4), nn.BatchNorm1d(4), nn.AvgPool1d(2), nn.Flatten(), nn.Linear(8, 3)), [(2, 2, 20)], 'old new'),
    'shuffle': (Shuffle, [IMAGE], 'old new'),
    'pads': (Pads, [(2, 2, 7, 7)], 'old new'),
    'pools': (pools, [(2, 2, 13, 13)], 'old new'),
    'norms': (Norms, [(2, 3, 10, 10)], 'old new op11'),
    'resizes': (Resizes, [(2, 2, 5, 6)], 'old new'),
    'pixel-shuffle': (lambda: nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.PixelShuffle(2), nn.PixelUnshuffle(2), nn.Conv2d(8, 4, 3, padding=1), nn.PixelShuffle(2)), [(2, 1, 6, 6)], 'old new'),
    'written-out': (WrittenOut, [(3, 5)], 'preserve'),  # others compute g · v themselves
    'highway': (Highway, [(3, 5)], 'old new'),
    'graph-conv': (GraphConv, [(2, 4, 3), ('positive', (2, 4, 4))], 'old new'),
    'resnext': (lambda: nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 8, 3, 2, 1, groups=4, bias=False), nn.BatchNorm2d(8, eps=1e-3), nn.ReLU(), nn.Conv2d(8, 12, 3, (2, 1), 1, groups=4), nn.Flatten(2), Apply(lambda x: x.mean(-1)), nn.Linear(12, 3)), [IMAGE], 'preserve new'),
    'densenet': (dense, [(2, 3, 32, 32)], 'preserve new'),
    'convnext': (convnext, [(2, 3, 16, 16)], 'old new'),
    'vit': (vit, [IMAGE], 'old new'),
    'torchvision-resnet18': (lambda: slim(tv.resnet18(), 32), [(2, 3, 32, 32)], 'preserve new'),
    'torchvision-resnet50': (lambda: slim(tv.ResNet(tv.resnet.Bottleneck, [1, 1, 1, 1]), 32), [(2, 3, 32, 32)], 'old'),
    'torchvision-mobilenet-v2': (lambda: slim(tv.MobileNetV2(inverted_residual_setting=[[1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 1, 2]]), 8), [(2, 3, 32, 32)], 'preserve'),
    'torchvision-mobilenet-v3': (lambda: slim(tv.mobilenet_v3_small(), 12), [(2, 3, 32, 32)], 'new'),
    'torchvision-efficientnet-b0': (lambda: slim(tv.efficientnet_b0(), 20), [(2, 3, 32, 32)], 'preserve'),
    'torchvision-shufflenet-v2': (lambda: slim(tv.shufflenet_v2_x0_5(), 8), [(2, 3, 32, 32)], 'preserve'),
    'torchvision-squeezenet': (lambda: slim(tv.squeezenet1_1(), 16), [(2, 3, 32, 32)], 'old'),
    'torchvision-mnasnet': (lambda: slim(tv.mnasnet0_5(), 10), [(2, 3, 32, 32)], 'new'),
    'torchvision-regnet': (regnet, [(2, 3, 32, 32)], 'new'),
}
