"""The in-context model: features of a table and the forward pass, in NumPy and PyTorch: in_context.py FOLDER

Writes a tiny random model (config.json, model.safetensors) and, in expected.safetensors beside it, two tables with
numbers, categories and missing cells, their features, and what the model answers. Statistics of a labelled row are
computed from the other rows alone, one row at a time; ridge regression is fitted again for each row that is left out.
What trees, logistic and kernel regression and the stack of all of them say is drawn at random: they have tests of
their own, trees against small cases that are counted by hand. The weights of a stack are computed here from scores that are given, by plain descent.
"""
import json, math, struct, sys
from pathlib import Path
import numpy as np
import torch
import torch.nn.functional as F

LABELS, QUANTILES, FREQUENCIES = 10, 39, 3
SHAPE = dict(cell_width=8, cell_blocks=2, inducing_vectors=4, pools=3, row_width=16, row_blocks=3, heads=2)
IDENTITIES = 8
CELL, CLOSED = 5 + 2 * FREQUENCIES + 1 + 2 * LABELS + 4 + IDENTITIES, 3 * LABELS + 1 + 2 + 3 + 1 + 1
ROW = CLOSED + 3 * LABELS + 4 + 3 + 2 * LABELS + 1 + 2


# ---- features

def same(a, b):
    return a == b or (math.isnan(a) and math.isnan(b))


def near(column, category, answers, mean, x, width, left_out):
    """The mean answer of rows with near values, drawn towards the mean of all; without the row left_out."""
    n = len(column)
    if math.isnan(x):
        rows = [r for r in range(n) if math.isnan(column[r])]
    else:
        there = sorted((column[r], r) for r in range(n) if not math.isnan(column[r]))
        values = [v for v, _ in there]
        low, high = sum(v < x for v in values), sum(v <= x for v in values)
        wanted = max(3, math.floor(math.sqrt(n) + 0.5)) if width == 0 else max(6, math.floor(n / 4 + 0.5))
        more = wanted - (high - low)
        if not category and more > 0:
            low, high = max(0, low - (more + 1) // 2), min(len(values), high + (more + 1) // 2)
        rows = [r for _, r in there[low:high]]
    prior = ((0.5, 4) if category or math.isnan(x) else (1, 3))[width]
    total = sum((answers[r] for r in rows if r != left_out), np.zeros_like(mean)) + prior * mean
    # a labelled row is within its own window, in which it is left out
    return total / (len(rows) - (left_out is not None) + prior)


def value(column, x):
    there = column[~np.isnan(column)]
    if math.isnan(x) or not there.std() > 0:
        return 0
    z = (x - there.mean()) / there.std()
    return z if abs(z) <= 3 else math.copysign(3 + math.log1p(abs(z) - 3), z)


def ridge_inputs(table, context, categories, order):
    columns = []
    for c in order:
        if not categories[c]:
            columns.append(np.array([value(context[c], x) for x in table[c]]))
        kinds = sorted(x for x in set(context[c][~np.isnan(context[c])])) if categories[c] else []
        for kind in kinds + ([math.nan] if np.isnan(context[c]).any() else []):
            count = sum(same(x, kind) for x in context[c])
            share = count / len(context[c])
            if count >= 2 and len(context[c]) - count >= 2:
                scale = 1 / max(0.2, math.sqrt(share * (1 - share)))
                columns.append(np.array([scale * same(x, kind) for x in table[c]]))
    return np.stack(columns, 1)


def ridge_fit(x, y, penalty):
    center, mean = x.mean(0), y.mean(0)
    a = x - center
    slopes = np.linalg.solve(a.T @ a + penalty * np.eye(x.shape[1]), a.T @ (y - mean))
    return lambda q: (q - center) @ slopes + mean


def ridge(x, y, queries):
    n, best = len(x), None
    for share in (1e-4, 1e-2, 5e-2, 0.2, 1):
        penalty = share * n + 1e-3
        left_out = []
        for r in range(n):
            others = np.arange(n) != r
            left_out.append(ridge_fit(x[others], y[others], penalty)(x[r]))
        left_out = np.array(left_out)
        error = ((y - left_out) ** 2).sum()
        if best is None or error < best[0]:
            best = error, left_out, ridge_fit(x, y, penalty)(queries)
    return best[1], best[2]


def features(context, queries, categories, answers, labels, identities):
    """Cells (C, n + q, F) and rows (n + q, G); answers are indicators of slots, or numbers and their squares."""
    n, q, mean = len(answers), len(queries[0]), answers.mean(0)
    strength = []
    for c in range(len(context)):
        gains = []
        for width in range(2):
            means = [near(context[c], categories[c], answers, mean, context[c][r], width, r) for r in range(n)]
            if labels:
                gains.append(np.mean([math.log(max(1e-3, means[r][answers[r].argmax()]) / mean[answers[r].argmax()])
                                      for r in range(n)]))
            else:
                y = answers[:, 0]
                gains.append((y ** 2 - (y - np.array(means)[:, 0]) ** 2).sum() / (y ** 2).sum())
        strength.append(min(2, max(-2, max(gains))))
    cells, rows = np.zeros((len(context), n + q, CELL)), np.zeros((n + q, CLOSED))
    cells[:, :, -IDENTITIES:] = identities[:, None]
    for r in range(n + q):
        evidence, total = np.zeros(LABELS), 0
        own = r if r < n else None
        for c in range(len(context)):
            x = context[c][r] if r < n else queries[c][r - n]
            f = cells[c, r]
            f[4] = (sum(same(x, other) for other in context[c]) - (r < n)) / n
            f[3] = categories[c]
            if math.isnan(x):
                f[2] = 1
            elif not categories[c]:
                there = context[c][~np.isnan(context[c])]
                rank = ((there < x).sum() + (there <= x).sum()) / len(there) - 1
                f[0], f[1] = value(context[c], x), rank
                for i in range(FREQUENCIES):
                    f[5 + 2 * i], f[6 + 2 * i] = math.sin(math.pi * rank * 2 ** i), math.cos(math.pi * rank * 2 ** i)
            at = 5 + 2 * FREQUENCIES
            f[at] = strength[c]
            narrow, wide = (near(context[c], categories[c], answers, mean, x, width, own) for width in range(2))
            if labels:
                there = mean > 0
                f[at + 1:][:LABELS] = np.where(there, narrow - mean, 0)
                f[at + 1 + LABELS:][:LABELS] = np.where(there, wide - mean, 0)
                evidence[there] += np.log(np.maximum(1e-3, wide[there]) / mean[there])
            else:
                deviation = lambda m: math.sqrt(max(0, m[1] - m[0] ** 2))
                f[-4 - IDENTITIES:-IDENTITIES] = narrow[0], deviation(narrow), wide[0], deviation(wide)
                total += wide[0]
        if labels:
            there = mean > 0
            evidence[there] += np.log(mean[there])
            rows[r, LABELS:2 * LABELS] = np.where(
                there, np.clip((evidence - evidence[there].mean()) / math.sqrt(len(context)), -5, 5), 0)
            if r < n:
                rows[r, 2 * LABELS:3 * LABELS] = answers[r]
            else:
                rows[r, 3 * LABELS] = 1
        else:
            rows[r, 3 * LABELS + 2] = np.clip(total / math.sqrt(len(context)), -5, 5)
            if r < n:
                y = answers[r, 0]
                rows[r, 3 * LABELS + 3:3 * LABELS + 6] = y, math.copysign(math.sqrt(abs(y)), y), math.tanh(2 * y)
            else:
                rows[r, 3 * LABELS + 6] = 1
    order = sorted(range(len(context)), key=lambda c: -strength[c])
    known, asked = (ridge_inputs(t, context, categories, order) for t in (context, queries))
    left_out, predicted = ridge(known, answers if labels else answers[:, :1], asked)
    scores = np.clip(np.concatenate([left_out, predicted]), -5, 5)
    y = answers if labels else answers[:, :1]
    rows[:, -1] = max(-1, 1 - ((y - left_out) ** 2).sum() / ((y - y.mean(0)) ** 2).sum())
    if labels:
        rows[:, :LABELS] = scores
    else:
        rows[:, 3 * LABELS + 1] = scores[:, 0]
    return torch.tensor(cells), torch.tensor(rows)


def stack(logits, answers, prior, prior_rows, labels):
    """Weights of sources (S, n, K): those that are at least 0 and have the least loss, by projected descent."""
    x, start = torch.tensor(logits), torch.tensor(prior)
    penalty = prior_rows * (x ** 2).mean((1, 2)) + 1e-9
    w = start.clone().requires_grad_()

    def loss(w):
        scores = (w[:, None, None] * x).sum(0)
        if labels:
            data = F.cross_entropy(scores, torch.tensor(answers), reduction='sum')
        else:
            data = 0.04 * ((1 + (torch.tensor(answers) - scores[:, 0]) ** 2 / 0.04).sqrt() - 1).sum()
        return data + (penalty * (w - start) ** 2).sum() / 2

    for _ in range(20000):
        gradient, = torch.autograd.grad(loss(w), w)
        with torch.no_grad():
            w = (w - 0.2 * gradient / len(answers)).clamp(min=0).requires_grad_()
    return w.detach()


# ---- the forward pass, of one table and one query at a time

class Model:
    def __init__(self, w):
        self.w = {k: v.double() for k, v in w.items()}

    def linear(self, x, name):
        return x @ self.w[name + '.weight'] + self.w[name + '.bias']

    def norm(self, x, name):
        return F.layer_norm(x, x.shape[-1:], self.w[name + '.weight'], self.w[name + '.bias'], 1e-5)

    def mlp(self, x, name):
        return self.linear(F.gelu(self.linear(x, name + 'up')), name + 'down')

    def answer(self, cells, rows, n, head):
        w, s = self.w, SHAPE
        u = self.mlp(cells, 'cells.') + rows @ w['cells.row.weight']
        x = self.linear(rows, 'rows')
        for l in range(s['cell_blocks']):
            p = f'cells.{l}.'
            out = []
            for column in u:  # (n + q, E)
                a = self.norm(column, p + 'norm')
                sharp = w[p + 'induce.scale'] + math.log(n) * w[p + 'induce.slope']
                weight = torch.softmax((a[:n] @ w[p + 'induce.weight']) * sharp, 0)
                h = self.linear(weight.T @ a[:n], p + 'induced') + w[p + 'inducing.weight']
                h = h + self.mlp(h, p + 'induced.')
                key, value = h @ w[p + 'key.weight'], h @ w[p + 'value.weight']
                scores = a @ w[p + 'query.weight'] @ key.T / math.sqrt(s['cell_width'])
                column = column + torch.softmax(scores, 1) @ value
                out.append(column + self.mlp(self.norm(column, p + 'mlp.norm'), p + 'mlp.'))
            u = torch.stack(out)
            a = self.norm(u, p + 'pool.norm')
            pooled = []
            for r in range(a.shape[1]):
                weight = torch.softmax(self.linear(a[:, r], p + 'pool.query'), 0)  # (C, P)
                pooled.append((weight.T @ a[:, r]).flatten())
            x = x + self.linear(torch.stack(pooled), p + 'pool.out')
            if l < s['cell_blocks'] - 1:
                back = self.linear(self.norm(x, p + 'back.norm'), p + 'back')
                u = u + self.mlp(self.norm(u, p + 'mix.norm') + back, p + 'mix.')
        for l in range(s['row_blocks']):
            p, d = f'rows.{l}.', s['row_width'] // s['heads']
            a = self.norm(x, p + 'norm')
            q, k, v = a @ w[p + 'query.weight'], a[:n] @ w[p + 'key.weight'], a[:n] @ w[p + 'value.weight']
            mixed = []
            for h in range(s['heads']):
                part = slice(h * d, (h + 1) * d)
                sharp = (w[p + 'attention.scale'] + math.log(n) * w[p + 'attention.slope'])[h]
                mixed.append(torch.softmax(sharp * q[:, part] @ k[:, part].T / math.sqrt(d), 1) @ v[:, part])
            x = x + self.linear(torch.cat(mixed, 1), p + 'out')
            x = x + self.mlp(self.norm(x, p + 'mlp.norm'), p + 'mlp.')
        hidden = F.gelu(self.linear(self.norm(x[n:], head + 'norm'), head + 'in'))
        return self.linear(hidden, head + 'out') + rows[n:] @ w[head + 'direct']


def weights():
    s, w = SHAPE, {}
    e, d, i = s['cell_width'], s['row_width'], s['inducing_vectors']

    def matrix(name, a, b):
        w[name + '.weight'] = torch.randn(a, b) / math.sqrt(a)

    def linear(name, a, b):
        matrix(name, a, b)
        w[name + '.bias'] = 0.1 * torch.randn(b)

    def norm(name, a):
        w[name + '.weight'], w[name + '.bias'] = 1 + 0.1 * torch.randn(a), 0.1 * torch.randn(a)

    def mlp(name, a):
        linear(name + 'up', a, 2 * a)
        linear(name + 'down', 2 * a, a)

    linear('cells.up', CELL, 2 * e)
    linear('cells.down', 2 * e, e)
    matrix('cells.row', ROW, e)
    linear('rows', ROW, d)
    for l in range(s['cell_blocks']):
        p = f'cells.{l}.'
        norm(p + 'norm', e)
        matrix(p + 'induce', e, i)
        w[p + 'induce.slope'], w[p + 'induce.scale'] = 0.3 * torch.randn(i), 1 + 0.3 * torch.randn(i)
        linear(p + 'induced', e, e)
        w[p + 'inducing.weight'] = torch.randn(i, e)
        mlp(p + 'induced.', e)
        for name in ('key', 'value', 'query'):
            matrix(p + name, e, e)
        norm(p + 'mlp.norm', e)
        mlp(p + 'mlp.', e)
        norm(p + 'pool.norm', e)
        linear(p + 'pool.query', e, s['pools'])
        linear(p + 'pool.out', s['pools'] * e, d)
        if l < s['cell_blocks'] - 1:
            norm(p + 'back.norm', d)
            linear(p + 'back', d, e)
            norm(p + 'mix.norm', e)
            mlp(p + 'mix.', e)
    for l in range(s['row_blocks']):
        p = f'rows.{l}.'
        norm(p + 'norm', d)
        for name in ('query', 'key', 'value'):
            matrix(p + name, d, d)
        w[p + 'attention.slope'] = 0.3 * torch.randn(s['heads'], 1, 1)
        w[p + 'attention.scale'] = 1 + 0.3 * torch.randn(s['heads'], 1, 1)
        linear(p + 'out', d, d)
        norm(p + 'mlp.norm', d)
        mlp(p + 'mlp.', d)
    for head, out in (('labels.', LABELS), ('quantiles.', QUANTILES)):
        norm(head + 'norm', d)
        linear(head + 'in', d, d)
        linear(head + 'out', d, out)
        w[head + 'direct'] = torch.randn(ROW, out) / math.sqrt(ROW)
    return w


def write(path, tensors):
    header, data = {}, b''
    for name, tensor in tensors.items():
        raw = np.ascontiguousarray(tensor.detach().numpy().astype('<f4')).tobytes()
        header[name] = dict(dtype='F32', shape=list(tensor.shape), data_offsets=[len(data), len(data) + len(raw)])
        data += raw
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    path.write_bytes(struct.pack('<Q', len(text)) + text + data)


def main(folder):
    torch.manual_seed(1)
    g = np.random.default_rng(1)
    folder.mkdir(parents=True, exist_ok=True)
    w = weights()
    config = dict(model_type='lift-in-context-2', cell_features=CELL, row_features=ROW, labels=LABELS,
                  quantiles=QUANTILES, **SHAPE)
    (folder / 'config.json').write_text(json.dumps(config, indent=2) + '\n')
    write(folder / 'model.safetensors', w)
    n, q = 37, 6
    table = np.stack([g.normal(size=n + q), np.exp(2 * g.normal(size=n + q)), g.integers(0, 5, n + q).astype(float),
                      g.integers(0, 4, n + q).astype(float)])
    table[0, [3, 8, 20, n + 1]] = math.nan
    table[3, [1, 5, 30, n + 2]] = math.nan
    categories = [False, False, False, True]
    identities = g.normal(size=(len(table), IDENTITIES))
    expected = dict(table=torch.tensor(table), identities=torch.tensor(identities))
    context, queries = table[:, :n], table[:, n:]
    slots = np.array([7, 2, 4])[(context[0] > 0.3).astype(int) + (context[3] == 2)]
    indicators = np.eye(LABELS)[slots]
    z = np.where(np.isnan(context[0]), 0, context[0]) + 0.5 * context[2] + 0.3 * g.normal(size=n)
    z = (z - z.mean()) / z.std()
    model = Model(w)
    for name, answers, head in (('labels', indicators, 'labels.'), ('numbers', np.stack([z, z * z], 1), 'quantiles.')):
        cells, closed = features(context, queries, categories, answers, name == 'labels', identities)
        rows = torch.cat([closed, torch.tensor(g.normal(size=(n + q, ROW - CLOSED)))], 1)
        expected |= {name + '.given': torch.tensor(slots if name == 'labels' else z), name + '.cells': cells,
                     name + '.rows': rows, name + '.out': model.answer(cells, rows, n, head)}
    truth = g.integers(0, 3, 60)
    scores = g.normal(size=(4, 60, 3)) + np.array([2, 1, 0, -1])[:, None, None] * np.eye(3)[truth]
    scores -= scores.mean(2, keepdims=True)
    line = g.normal(size=60)
    guesses = line * np.array([0.8, 0.5, 0.3, -0.5])[:, None] + 0.5 * g.normal(size=(4, 60))
    expected |= {
        'stack.labels.given': torch.tensor(truth), 'stack.labels.scores': torch.tensor(scores),
        'stack.labels.weights': stack(scores, truth, [0.3, 0.1, 0.3, 0.3], 8, True),
        'stack.numbers.given': torch.tensor(line), 'stack.numbers.scores': torch.tensor(guesses),
        'stack.numbers.weights': stack(guesses[:, :, None], line, [0.2, 0.0, 0.4, 0.4], 1, False)}
    write(folder / 'expected.safetensors', expected)


main(Path(sys.argv[1]))
