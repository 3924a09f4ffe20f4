"""The decoder, its loss and AdamW a second time, in PyTorch, written from the formulas of the published Llama code.

Writes a tiny model and what it must compute: reference.py FOLDER (src/test/resources/io/lift/model/reference).
Rows are computed one by one without padding, so that the Java side's padding is checked too.
"""
import json, math, struct, sys
from pathlib import Path
import torch
import torch.nn.functional as F

CONFIG = dict(model_type='llama', vocab_size=360, hidden_size=16, intermediate_size=24, num_hidden_layers=2,
              num_attention_heads=2, num_key_value_heads=2, hidden_act='silu', rms_norm_eps=1e-5,
              rope_theta=10000.0, tie_word_embeddings=False, max_position_embeddings=64)
TOKENIZER = dict(model='table', integers=100, marks=['?', '###', '@@@', '<pad>'])
BATCHES, ROWS, LONGEST, STEPS, SMOOTHING, DECAY = 4, 8, 12, 20, 0.05, 0.1


def weights():
    d, i, v = CONFIG['hidden_size'], CONFIG['intermediate_size'], CONFIG['vocab_size']
    w = {'model.embed_tokens.weight': torch.randn(v, d) * 0.5}
    for l in range(CONFIG['num_hidden_layers']):
        p = f'model.layers.{l}.'
        w[p + 'input_layernorm.weight'] = 1 + 0.1 * torch.randn(d)
        for n in 'qkvo':
            w[p + f'self_attn.{n}_proj.weight'] = torch.randn(d, d) * 0.2
        w[p + 'post_attention_layernorm.weight'] = 1 + 0.1 * torch.randn(d)
        w[p + 'mlp.gate_proj.weight'] = torch.randn(i, d) * 0.2
        w[p + 'mlp.up_proj.weight'] = torch.randn(i, d) * 0.2
        w[p + 'mlp.down_proj.weight'] = torch.randn(d, i) * 0.2
    w['model.norm.weight'] = 1 + 0.1 * torch.randn(d)
    w['lm_head.weight'] = torch.randn(v, d) * 0.2
    return {k: t.requires_grad_() for k, t in w.items()}


def rms_norm(x, gain):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + CONFIG['rms_norm_eps']) * gain


def rotate_half(x):
    a, b = x.chunk(2, -1)
    return torch.cat([-b, a], -1)


def logits(w, tokens):
    """(T) tokens -> (T, V)"""
    t, h = len(tokens), CONFIG['num_attention_heads']
    s = CONFIG['hidden_size'] // h
    inverse = CONFIG['rope_theta'] ** (-torch.arange(0, s, 2, dtype=torch.float64) / s)
    angle = torch.outer(torch.arange(t, dtype=torch.float64), inverse).repeat(1, 2)
    cos, sin = angle.cos().float(), angle.sin().float()
    x = w['model.embed_tokens.weight'][tokens]
    for l in range(CONFIG['num_hidden_layers']):
        p = f'model.layers.{l}.'
        y = rms_norm(x, w[p + 'input_layernorm.weight'])
        q, k, v = ((y @ w[p + f'self_attn.{n}_proj.weight'].T).view(t, h, s).transpose(0, 1) for n in 'qkv')
        q, k = (a * cos + rotate_half(a) * sin for a in (q, k))
        scores = (q @ k.transpose(1, 2) / math.sqrt(s)).masked_fill(torch.ones(t, t).triu(1).bool(), -math.inf)
        x = x + (scores.softmax(-1) @ v).transpose(0, 1).reshape(t, -1) @ w[p + 'self_attn.o_proj.weight'].T
        y = rms_norm(x, w[p + 'post_attention_layernorm.weight'])
        x = x + (F.silu(y @ w[p + 'mlp.gate_proj.weight'].T) * (y @ w[p + 'mlp.up_proj.weight'].T)) \
            @ w[p + 'mlp.down_proj.weight'].T
    return rms_norm(x, w['model.norm.weight']) @ w['lm_head.weight'].T


def loss(w, rows):
    """Smoothed cross-entropy of the completion tokens, summed, over the number of rows."""
    total, count = 0, 0
    for tokens, completion in rows:
        out = logits(w, tokens[:-1])[-completion:]
        total = total + F.cross_entropy(out, tokens[-completion:], reduction='sum', label_smoothing=SMOOTHING)
        count += completion
    return total / len(rows), count


def save(path, tensors, metadata):
    header, data = {'__metadata__': metadata}, b''
    for name, t in tensors.items():
        raw = t.detach().float().contiguous().numpy().tobytes()
        header[name] = dict(dtype='F32', shape=list(t.shape), data_offsets=[len(data), len(data) + len(raw)])
        data += raw
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack('<Q', len(text)) + text + data)


def main(folder):
    torch.manual_seed(1)
    w = weights()
    (folder / 'config.json').write_text(json.dumps(CONFIG, indent=1))
    (folder / 'tokenizer.json').write_text(json.dumps(TOKENIZER, indent=1))
    save(folder / 'model.safetensors', w, {'format': 'pt'})

    tokens = torch.full((BATCHES, ROWS, LONGEST), -1)
    completions = torch.randint(1, 4, (BATCHES, ROWS))
    batches = []
    for b in range(BATCHES):
        batches.append([])
        for r in range(ROWS):
            n = int(torch.randint(5, LONGEST + 1, ()))
            tokens[b, r, :n] = torch.randint(0, CONFIG['vocab_size'], (n,))
            batches[b].append((tokens[b, r, :n], int(completions[b, r])))
    out = {'tokens': tokens, 'completions': completions,
           'logits': torch.stack([logits(w, row[:-1])[-1] for row, _ in batches[0]])}

    first, _ = loss(w, batches[0])
    first.backward()
    out.update({'gradient.' + k: t.grad.clone() for k, t in w.items()})

    optimizer = torch.optim.AdamW([
        dict(params=[t for t in w.values() if t.dim() > 1], weight_decay=DECAY),
        dict(params=[t for t in w.values() if t.dim() == 1], weight_decay=0.0)], betas=(0.9, 0.95), eps=1e-8)
    rates, losses = [], []
    for s in range(STEPS):
        rates.append(2e-2 * 0.5 * (1 + math.cos(math.pi * s / STEPS)))
        for group in optimizer.param_groups:
            group['lr'] = rates[-1]
        optimizer.zero_grad()
        value, count = loss(w, batches[s % BATCHES])
        value.backward()
        torch.nn.utils.clip_grad_norm_(list(w.values()), 1.0)
        optimizer.step()
        losses.append(value.item() * ROWS / count)
    out['rates'], out['losses'] = torch.tensor(rates), torch.tensor(losses)
    save(folder / 'expected.safetensors', out, {'torch': torch.__version__})


main(Path(sys.argv[1]))
