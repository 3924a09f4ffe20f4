"""Training speed of the same decoder in Python's PyTorch: eager operations, torch.optim.AdamW, random rows.

trainer_peer.py VOCABULARY ANSWERS ROW_TOKENS BATCH STEPS THREADS HIDDEN INTERMEDIATE LAYERS HEADS NORM_EPS ROPE_THETA
For each line on standard input, prints the tokens per second of STEPS steps.
"""
import sys, time
import torch
import torch.nn.functional as F

vocabulary, answers, length, batch, steps, threads = map(int, sys.argv[1:7])
D, I, L, H = map(int, sys.argv[7:11])
eps, theta = map(float, sys.argv[11:13])
S = D // H
torch.set_num_threads(threads)
torch.manual_seed(1)


def matrix(*shape):
    return (torch.randn(*shape) * 0.08).requires_grad_()


embedding, head, last_norm = matrix(vocabulary, D), matrix(D, answers), torch.ones(D, requires_grad=True)
layers = [dict(norm1=torch.ones(D, requires_grad=True), q=matrix(D, D), kv=matrix(D, 2 * D), o=matrix(D, D),
               norm2=torch.ones(D, requires_grad=True), gate_up=matrix(D, 2 * I), down=matrix(I, D)) for _ in range(L)]
parameters = [embedding, head, last_norm] + [p for layer in layers for p in layer.values()]
angle = torch.arange(length)[:, None] * theta ** (-torch.arange(0, S, 2) / S)
cos, sin = torch.cos(angle).repeat(1, 2), torch.sin(angle).repeat(1, 2)


def norm(x, gain):
    return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + eps) * gain


def rotate(x, n):
    half = torch.cat([-x[..., S // 2:], x[..., :S // 2]], -1)
    return x * cos[length - n:] + half * sin[length - n:]


def logits(tokens):
    """(B, T) tokens -> (B, ANSWERS) at the last position; the last layer asks there only."""
    x = embedding[tokens]
    for i, w in enumerate(layers):
        n = 1 if i == L - 1 else length
        heads = lambda a: a.view(batch, -1, H, S).transpose(1, 2)
        h = norm(x, w['norm1'])
        k, v = (h @ w['kv']).split(D, -1)
        q, k, v = rotate(heads(h[:, length - n:] @ w['q']), n), rotate(heads(k), length), heads(v)
        scores = q @ k.transpose(2, 3) * S ** -0.5
        if n > 1:
            scores = scores + torch.full((n, length), -1e9).triu(1)
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, n, D)
        x = x[:, length - n:] + mixed @ w['o']
        gate, up = (norm(x, w['norm2']) @ w['gate_up']).split(I, -1)
        x = x + (F.silu(gate) * up) @ w['down']
    return norm(x, last_norm)[:, 0] @ head


optimizer = torch.optim.AdamW(parameters, lr=2e-3, betas=(0.9, 0.95), weight_decay=0.1, foreach=True)
for _ in sys.stdin:
    started = time.perf_counter()
    for _ in range(steps):
        tokens, targets = torch.randint(0, vocabulary, (batch, length)), torch.randint(0, answers, (batch,))
        optimizer.zero_grad()
        F.cross_entropy(logits(tokens), targets, label_smoothing=0.05).backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
    print(steps * batch * length / (time.perf_counter() - started), flush=True)
