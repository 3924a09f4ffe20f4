"""The peer of 'lift bench model' in Python's PyTorch: the same weights, adapter and rows, eager operations.

model_peer.py FOLDER THREADS [ADAPTER]
FOLDER has config.json (llama or gpt2), model.safetensors, and rows.json: batches of [tokens, completion tokens], prompts
to score with their candidate answers, and the numbers of the optimizer. ADAPTER is a PEFT folder; without it all weights
are trained. Rows are padded on the right and every position's logits are computed, as transformers and PEFT do it; with
LEAN=1 in the environment logits are computed only where there is a loss. Answers one line per line of standard input:
  peak           GFLOP/s of a product of two 1024 x 1024 matrices
  train N        tokens/s and last loss of N further steps
  score          rows/s, and the probability of the first candidate of the first row
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
    """(B, H, T, S) each -> (B, T, D)"""
    scores = q @ k.transpose(2, 3) / math.sqrt(S) + mask
    return (scores.softmax(-1) @ v).transpose(1, 2).reshape(q.shape[0], -1, D)


def hidden(tokens, lengths):
    """(B, T) tokens, padded on the right -> (B, T, D) before the head"""
    b, t = tokens.shape
    split = lambda a: a.view(b, t, H, S).transpose(1, 2)
    mask = torch.full((t, t), -1e9).triu(1)
    if min(lengths) < t:
        mask = mask + torch.where(torch.arange(t) < torch.tensor(lengths)[:, None], 0.0, -1e9)[:, None, None]
    if gpt2:
        norm = lambda x, n: F.layer_norm(x, (D,), w[n + '.weight'], w[n + '.bias'], config['layer_norm_epsilon'])
        x = F.embedding(tokens, w['transformer.wte.weight']) + w['transformer.wpe.weight'][:t]
        for l in range(L):
            p = f'transformer.h.{l}.'
            q, k, v = map(split, linear(p + 'attn.c_attn', norm(x, p + 'ln_1')).split(D, -1))
            x = x + linear(p + 'attn.c_proj', attend(q, k, v, mask))
            inner = F.gelu(linear(p + 'mlp.c_fc', norm(x, p + 'ln_2')), approximate='tanh')
            x = x + linear(p + 'mlp.c_proj', inner)
        return norm(x, 'transformer.ln_f')
    norm = lambda x, n: x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + config['rms_norm_eps']) * w[n + '.weight']
    angle = torch.arange(t)[:, None] * config['rope_theta'] ** (-torch.arange(0, S, 2) / S)
    cos, sin = torch.cos(angle).repeat(1, 2), torch.sin(angle).repeat(1, 2)
    turn = lambda a: a * cos + torch.cat([-a[..., S // 2:], a[..., :S // 2]], -1) * sin
    x = F.embedding(tokens, w['model.embed_tokens.weight'])
    for l in range(L):
        p = f'model.layers.{l}.'
        y = norm(x, p + 'input_layernorm')
        q, k, v = (split(linear(p + f'self_attn.{n}_proj', y)) for n in 'qkv')
        x = x + linear(p + 'self_attn.o_proj', attend(turn(q), turn(k), v, mask))
        y = norm(x, p + 'post_attention_layernorm')
        x = x + linear(p + 'mlp.down_proj', F.silu(linear(p + 'mlp.gate_proj', y)) * linear(p + 'mlp.up_proj', y))
    return norm(x, 'model.norm')


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
    x = hidden(tokens, lengths)
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
    read, started = 0, time.perf_counter()
    for _ in range(steps):
        rows = given['batches'][done % len(given['batches'])]
        optimizer.zero_grad()
        out, targets = logits_and_targets(rows)
        loss = F.cross_entropy(out, targets, reduction='sum', label_smoothing=numbers['smoothing'])
        count = sum(c for _, c in rows)
        (loss / (count if numbers['perToken'] else len(rows))).backward()
        torch.nn.utils.clip_grad_norm_(trained, numbers['clip'])
        optimizer.step()
        read += sum(len(r) - 1 for r, _ in rows)
        done += 1
    return read / (time.perf_counter() - started), loss.item() / count


def score():
    """Every candidate's likelihood behind every prompt, in batches, as evaluation harnesses do it."""
    started, first = time.perf_counter(), None
    prompts, candidates = given['prompts'], given['candidates']
    with torch.no_grad():
        for i in range(0, len(prompts), 8):
            part = prompts[i:i + 8]
            rows = [(p + c, len(c)) for p in part for c in candidates]
            tokens, lengths, targets = padded(rows)
            logs = linear('lm_head', hidden(tokens, lengths)).log_softmax(-1)
            each = logs.gather(2, targets.clamp(min=0)[..., None])[..., 0] * (targets >= 0)
            shares = each.sum(1).view(len(part), -1).softmax(-1)
            first = shares[0, 0].item() if first is None else first
    return len(prompts) / (time.perf_counter() - started), first


def peak():
    a, b = torch.randn(1024, 1024), torch.randn(1024, 1024)
    a @ b
    started = time.perf_counter()
    for _ in range(20):
        a @ b
    return 20 * 2 * 1024 ** 3 / (time.perf_counter() - started) / 1e9, 0.0


for line in sys.stdin:
    ask = line.split()
    print(*{'peak': peak, 'score': score, 'train': lambda: train(int(ask[1]))}[ask[0]](), flush=True)
