"""The peer of 'lift bench model' in Python's PyTorch: the same weights, adapter and rows, eager operations.

model_peer.py FOLDER THREADS [ADAPTER]
FOLDER has config.json (llama or gpt2), model.safetensors, and rows.json: batches of [tokens, completion tokens], prompts
to score with their candidate answers, and the numbers of the optimizer. ADAPTER is a PEFT folder; without it all weights
are trained. Rows are padded on the right and every position's logits are computed, as transformers and PEFT do it; with
LEAN=1 in the environment logits are computed only where there is a loss. Answers one line per line of standard input:
  peak           GFLOP/s of a product of two 1024 x 1024 matrices, and 0
  train N        tokens/s and last loss of N further steps
  score          rows/s, and the probability of the first candidate of the first row; each candidate is read behind its
                 whole prompt, as evaluation harnesses do it
  score-cached   the same, but each prompt is read once and its keys and values serve all its candidates
Scoring takes the batch size that was the fastest on the first prompts.
"""
import json, math, os, struct, sys, time
from pathlib import Path
import torch
import torch.nn.functional as F

folder, threads = Path(sys.argv[1]), int(sys.argv[2])
lean = os.environ.get('LEAN') == '1'
torch.set_num_threads(threads)


def tensors(path):
    raw = path.read_bytes()
    size = struct.unpack('<Q', raw[:8])[0]
    kinds = {'F32': torch.float32, 'F16': torch.float16, 'BF16': torch.bfloat16}
    out = {}
    for name, e in json.loads(raw[8:8 + size]).items():
        if name != '__metadata__':
            a, b = e['data_offsets']
            data = bytearray(raw[8 + size + a:8 + size + b])
            out[name] = torch.frombuffer(data, dtype=kinds[e['dtype']]).reshape(e['shape']).float()
    return out


config = json.loads((folder / 'config.json').read_text())
w = tensors(folder / 'model.safetensors')
given = json.loads((folder / 'rows.json').read_text())
numbers = given['recipe']
gpt2 = config['model_type'] == 'gpt2'
D = config['n_embd' if gpt2 else 'hidden_size']
L = config['n_layer' if gpt2 else 'num_hidden_layers']
H = config['n_head' if gpt2 else 'num_attention_heads']
S = D // H
lora, scale = {}, 1.0
if len(sys.argv) > 3:
    peft = json.loads((Path(sys.argv[3]) / 'adapter_config.json').read_text())
    scale = peft['lora_alpha'] / peft['r']
    matrices = tensors(Path(sys.argv[3]) / 'adapter_model.safetensors')
    for name, t in matrices.items():
        module, kind = name[len('base_model.model.'):-len('.weight')].rsplit('.', 1)
        lora.setdefault(module, {})[kind] = t.requires_grad_()
    trained = list(matrices.values())
else:
    trained = [t.requires_grad_() for t in w.values()]


def linear(name, x):
    if gpt2 and name != 'lm_head':
        y = torch.addmm(w[name + '.bias'], x.reshape(-1, x.shape[-1]), w[name + '.weight']).view(*x.shape[:-1], -1)
    else:
        weight = w.get(name + '.weight')
        if weight is None:  # a tied head
            weight = w['transformer.wte.weight' if gpt2 else 'model.embed_tokens.weight']
        y = F.linear(x, weight, w.get(name + '.bias'))
    if name in lora:
        y = y + scale * F.linear(F.linear(x, lora[name]['lora_A']), lora[name]['lora_B'])
    return y


def attend(q, k, v, mask):
    """(B, H, T, S) queries, (B, H, K, S) keys and values -> (B, T, D)"""
    scores = q @ k.transpose(2, 3) / math.sqrt(S) + mask
    return (scores.softmax(-1) @ v).transpose(1, 2).reshape(q.shape[0], -1, D)


def hidden(tokens, positions, mask, past=None):
    """(B, T) tokens, (T) or (B, T) positions, a mask to add to the scores, and the keys and values of earlier tokens
    of each layer -> (B, T, D) before the head, and all keys and values of each layer"""
    b, t = tokens.shape
    cache = []
    split = lambda a: a.view(b, t, H, S).transpose(1, 2)

    def mixed(layer, q, k, v):
        if past is not None:
            k, v = (torch.cat(pair, 2) for pair in zip(past[layer], (k, v)))
        cache.append((k, v))
        return attend(q, k, v, mask)

    if gpt2:
        norm = lambda x, n: F.layer_norm(x, (D,), w[n + '.weight'], w[n + '.bias'], config['layer_norm_epsilon'])
        x = F.embedding(tokens, w['transformer.wte.weight']) + w['transformer.wpe.weight'][positions]
        for l in range(L):
            p = f'transformer.h.{l}.'
            q, k, v = map(split, linear(p + 'attn.c_attn', norm(x, p + 'ln_1')).split(D, -1))
            x = x + linear(p + 'attn.c_proj', mixed(l, q, k, v))
            inner = F.gelu(linear(p + 'mlp.c_fc', norm(x, p + 'ln_2')), approximate='tanh')
            x = x + linear(p + 'mlp.c_proj', inner)
        return norm(x, 'transformer.ln_f'), cache
    norm = lambda x, n: x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + config['rms_norm_eps']) * w[n + '.weight']
    angle = positions[..., None] * config['rope_theta'] ** (-torch.arange(0, S, 2) / S)
    cos, sin = (torch.cat([f(angle)] * 2, -1) for f in (torch.cos, torch.sin))
    if positions.dim() > 1:
        cos, sin = cos[:, None], sin[:, None]
    rotate = lambda a: a * cos + torch.cat([-a[..., S // 2:], a[..., :S // 2]], -1) * sin
    x = F.embedding(tokens, w['model.embed_tokens.weight'])
    for l in range(L):
        p = f'model.layers.{l}.'
        y = norm(x, p + 'input_layernorm')
        q, k, v = (split(linear(p + f'self_attn.{n}_proj', y)) for n in 'qkv')
        x = x + linear(p + 'self_attn.o_proj', mixed(l, rotate(q), rotate(k), v))
        y = norm(x, p + 'post_attention_layernorm')
        x = x + linear(p + 'mlp.down_proj', F.silu(linear(p + 'mlp.gate_proj', y)) * linear(p + 'mlp.up_proj', y))
    return norm(x, 'model.norm'), cache


def causal(t, lengths):
    """(T, T) or (B, 1, T, T): no token sees a later one or padding"""
    mask = torch.full((t, t), -1e9).triu(1)
    if min(lengths) < t:
        mask = mask + beyond(t, lengths)[:, None, None]
    return mask


def beyond(t, lengths):
    """(B, T): 0 before each row's length, and so little behind it that nothing is read there"""
    return torch.where(torch.arange(t) < torch.tensor(lengths)[:, None], 0.0, -1e9)


def read(tokens, lengths):
    """(B, T) tokens, padded on the right -> (B, T, D) before the head, and the keys and values"""
    t = tokens.shape[1]
    return hidden(tokens, torch.arange(t), causal(t, lengths))


def padded(rows):
    """Rows of tokens and completion lengths -> tokens, lengths, targets; a target of -100 has no loss."""
    t = max(len(r) for r, _ in rows) - 1
    tokens, targets = torch.zeros(len(rows), t, dtype=torch.long), torch.full((len(rows), t), -100)
    for i, (r, completion) in enumerate(rows):
        row = torch.tensor(r)
        tokens[i, :len(r) - 1] = row[:-1]
        targets[i, len(r) - 1 - completion:len(r) - 1] = row[-completion:]
    return tokens, [len(r) - 1 for r, _ in rows], targets


def logits_and_targets(rows):
    tokens, lengths, targets = padded(rows)
    x, _ = read(tokens, lengths)
    if lean:
        return linear('lm_head', x[targets >= 0]), targets[targets >= 0]
    return linear('lm_head', x).flatten(0, 1), targets.flatten()


optimizer = torch.optim.AdamW(
    [dict(params=[t for t in trained if t.dim() > 1], weight_decay=numbers['weightDecay']),
     dict(params=[t for t in trained if t.dim() == 1], weight_decay=0.0)],
    lr=numbers['rate'], betas=(numbers['beta1'], numbers['beta2']), eps=numbers['epsilon'], foreach=True)
done = 0


def train(steps):
    global done
    tokens, started = 0, time.perf_counter()
    for _ in range(steps):
        rows = given['batches'][done % len(given['batches'])]
        optimizer.zero_grad()
        out, targets = logits_and_targets(rows)
        loss = F.cross_entropy(out, targets, reduction='sum', label_smoothing=numbers['smoothing'])
        count = sum(c for _, c in rows)
        (loss / (count if numbers['perToken'] else len(rows))).backward()
        torch.nn.utils.clip_grad_norm_(trained, numbers['clip'])
        optimizer.step()
        tokens += sum(len(r) - 1 for r, _ in rows)
        done += 1
    return tokens / (time.perf_counter() - started), loss.item() / count


prompts, candidates = given['prompts'], given['candidates']


def apart(part):
    """The log-likelihood of every candidate behind every prompt: (prompts, candidates)"""
    rows = [(p + c, len(c)) for p in part for c in candidates]
    tokens, lengths, targets = padded(rows)
    logs = linear('lm_head', read(tokens, lengths)[0]).log_softmax(-1)
    each = logs.gather(2, targets.clamp(min=0)[..., None])[..., 0] * (targets >= 0)
    return each.sum(1).view(len(part), -1)


def cached(part):
    """The same: prompts are read once; the candidates stand side by side behind their keys and values."""
    b, c, t0, t = len(part), len(candidates), max(map(len, part)), max(map(len, candidates)) - 1
    tokens, lengths = torch.zeros(b, t0, dtype=torch.long), [len(p) for p in part]
    for i, p in enumerate(part):
        tokens[i, :len(p)] = torch.tensor(p)
    x, past = read(tokens, lengths)
    last = x[torch.arange(b), torch.tensor(lengths) - 1]
    sums = linear('lm_head', last).log_softmax(-1)[:, [a[0] for a in candidates]]
    if t == 0:
        return sums
    behind, targets = torch.zeros(c, t, dtype=torch.long), torch.full((c, t), -100)
    for i, a in enumerate(candidates):
        behind[i, :len(a) - 1] = torch.tensor(a[:-1])
        targets[i, :len(a) - 1] = torch.tensor(a[1:])
    positions = (torch.tensor(lengths)[:, None, None] + torch.arange(t)).expand(b, c, t).reshape(b, -1)
    own = torch.block_diag(*[torch.ones(t, t).tril()] * c)  # a candidate does not see another one
    mask = torch.cat([beyond(t0, lengths)[:, None].expand(b, c * t, t0),
                      torch.where(own > 0, 0.0, -1e9).expand(b, c * t, c * t)], 2)[:, None]
    y, _ = hidden(behind.view(1, -1).expand(b, -1), positions, mask, past)
    logs = linear('lm_head', y).log_softmax(-1).view(b, c, t, -1)
    each = logs.gather(3, targets.clamp(min=0).expand(b, c, t)[..., None])[..., 0] * (targets >= 0)
    return sums + each.sum(2)


def score(way, batch, prompts=prompts):
    started, first = time.perf_counter(), None
    with torch.no_grad():
        for i in range(0, len(prompts), batch):
            shares = way(prompts[i:i + batch]).softmax(-1)
            first = shares[0, 0].item() if first is None else first
    return len(prompts) / (time.perf_counter() - started), first


fastest = {}


def score_fast(way):
    if way not in fastest:
        few = prompts[:128]
        score(way, 8, few[:16])
        fastest[way] = max((b for b in (8, 32, 128) if b <= len(few)), key=lambda b: score(way, b, few)[0])
    return score(way, fastest[way])


def peak():
    a, b = torch.randn(1024, 1024), torch.randn(1024, 1024)
    a @ b
    started = time.perf_counter()
    for _ in range(20):
        a @ b
    return 20 * 2 * 1024 ** 3 / (time.perf_counter() - started) / 1e9, 0.0


for line in sys.stdin:
    word, *numbers_given = line.split()
    work = {'peak': peak, 'score': lambda: score_fast(apart), 'score-cached': lambda: score_fast(cached),
            'train': lambda: train(int(numbers_given[0]))}[word]
    print(*work(), flush=True)
