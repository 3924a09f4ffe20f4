"""LoRA a second time, in PyTorch: two tiny decoders written from the published formulas of GPT-2 and Qwen2, low-rank
adapters beside every linear layer (the head included), completion-only cross-entropy, AdamW with a linear schedule.

lora.py FOLDER (src/test/resources/io/lift/model/lora) writes for each decoder a published model's folder, an adapter in
PEFT's format to start from, and what must be computed: the gradient of each LoRA matrix on the first batch and the loss
of 50 training steps. Rows are computed one by one without padding, so that the Java side's padding is checked too.
"""
import json, math, struct, sys
from pathlib import Path
import torch
import torch.nn.functional as F

V, D, L, H, KV, I, LONGEST, RANK = 96, 24, 2, 6, 2, 40, 14, 4
BATCHES, ROWS, STEPS, WARMUP, RATE, DECAY, CLIP = 4, 8, 50, 6, 3e-3, 0.01, 1.0
EPSILON = 1e-5  # gradients that are nothing but rounding must not become whole steps

GPT2 = dict(model_type='gpt2', architectures=['GPT2LMHeadModel'], vocab_size=V, n_embd=D, n_layer=L, n_head=3,
            n_inner=None, n_positions=32, activation_function='gelu_new', layer_norm_epsilon=1e-5,
            tie_word_embeddings=True)
QWEN2 = dict(model_type='qwen2', architectures=['Qwen2ForCausalLM'], vocab_size=V, hidden_size=D, intermediate_size=I,
             num_hidden_layers=L, num_attention_heads=H, num_key_value_heads=KV, hidden_act='silu', rms_norm_eps=1e-6,
             rope_theta=1000000.0, tie_word_embeddings=True, max_position_embeddings=32, use_sliding_window=False)


def causal(q, k, v):
    """(H, T, S) each -> (T, H * S)"""
    t, s = q.shape[1:]
    scores = (q @ k.transpose(1, 2) / math.sqrt(s)).masked_fill(torch.ones(t, t).triu(1).bool(), -math.inf)
    return (scores.softmax(-1) @ v).transpose(0, 1).reshape(t, -1)


class Gpt2:
    name, config, alpha, fan_in_fan_out = 'gpt2', GPT2, 8, True

    def __init__(self):
        w = {'transformer.wte.weight': torch.randn(V, D) * 0.3, 'transformer.wpe.weight': torch.randn(32, D) * 0.1}
        for l in range(L):
            p = f'transformer.h.{l}.'
            for n in 'ln_1', 'ln_2':
                w[p + n + '.weight'], w[p + n + '.bias'] = 1 + 0.1 * torch.randn(D), 0.1 * torch.randn(D)
            for n, i, o in (('attn.c_attn', D, 3 * D), ('attn.c_proj', D, D), ('mlp.c_fc', D, 4 * D),
                            ('mlp.c_proj', 4 * D, D)):
                w[p + n + '.weight'], w[p + n + '.bias'] = 0.2 * torch.randn(i, o), 0.1 * torch.randn(o)
        w['transformer.ln_f.weight'], w['transformer.ln_f.bias'] = 1 + 0.1 * torch.randn(D), 0.1 * torch.randn(D)
        self.w = w
        self.linears = {n[:-7]: t.shape for n, t in w.items() if 'c_' in n and n.endswith('.weight')}
        self.linears['lm_head'] = (D, V)

    def logits(self, linear, tokens):
        w, t = self.w, len(tokens)
        norm = lambda x, n: F.layer_norm(x, (D,), w[n + '.weight'], w[n + '.bias'], 1e-5)
        gelu = lambda x: 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))
        x = w['transformer.wte.weight'][tokens] + w['transformer.wpe.weight'][:t]
        for l in range(L):
            p = f'transformer.h.{l}.'
            q, k, v = (a.view(t, 3, -1).transpose(0, 1)
                       for a in linear(p + 'attn.c_attn', norm(x, p + 'ln_1')).split(D, 1))
            x = x + linear(p + 'attn.c_proj', causal(q, k, v))
            x = x + linear(p + 'mlp.c_proj', gelu(linear(p + 'mlp.c_fc', norm(x, p + 'ln_2'))))
        return linear('lm_head', norm(x, 'transformer.ln_f'))

    def frozen(self, name, x):
        if name == 'lm_head':
            return x @ self.w['transformer.wte.weight'].T
        return x @ self.w[name + '.weight'] + self.w[name + '.bias']  # Conv1D: (in, out)


class Qwen2:
    name, config, alpha, fan_in_fan_out = 'qwen2', QWEN2, 4, False

    def __init__(self):
        s = D // H
        w = {'model.embed_tokens.weight': torch.randn(V, D) * 0.3}
        for l in range(L):
            p = f'model.layers.{l}.'
            for n in 'input_layernorm', 'post_attention_layernorm':
                w[p + n + '.weight'] = 1 + 0.1 * torch.randn(D)
            for n, i, o in (('q', D, D), ('k', D, KV * s), ('v', D, KV * s), ('o', D, D)):
                w[p + f'self_attn.{n}_proj.weight'] = 0.2 * torch.randn(o, i)
                if n != 'o':
                    w[p + f'self_attn.{n}_proj.bias'] = 0.1 * torch.randn(o)
            for n, i, o in (('gate', D, I), ('up', D, I), ('down', I, D)):
                w[p + f'mlp.{n}_proj.weight'] = 0.2 * torch.randn(o, i)
        w['model.norm.weight'] = 1 + 0.1 * torch.randn(D)
        self.w = w
        self.linears = {n[:-7]: (t.shape[1], t.shape[0]) for n, t in w.items() if n.endswith('proj.weight')}
        self.linears['lm_head'] = (D, V)

    def logits(self, linear, tokens):
        w, t, s = self.w, len(tokens), D // H
        norm = lambda x, n: x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * w[n + '.weight']
        inverse = 1e6 ** (-torch.arange(0, s, 2, dtype=torch.float64) / s)
        angle = torch.outer(torch.arange(t, dtype=torch.float64), inverse).repeat(1, 2)
        cos, sin = angle.cos().float(), angle.sin().float()
        rotate = lambda x: x * cos + torch.cat([-x[..., s // 2:], x[..., :s // 2]], -1) * sin
        x = w['model.embed_tokens.weight'][tokens]
        for l in range(L):
            p = f'model.layers.{l}.'
            y = norm(x, p + 'input_layernorm')
            q, k, v = (linear(p + f'self_attn.{n}_proj', y).view(t, -1, s).transpose(0, 1) for n in 'qkv')
            k, v = (a.repeat_interleave(H // KV, 0) for a in (rotate(k), v))
            x = x + linear(p + 'self_attn.o_proj', causal(rotate(q), k, v))
            y = norm(x, p + 'post_attention_layernorm')
            x = x + linear(p + 'mlp.down_proj', F.silu(linear(p + 'mlp.gate_proj', y)) * linear(p + 'mlp.up_proj', y))
        return linear('lm_head', norm(x, 'model.norm'))

    def frozen(self, name, x):
        if name == 'lm_head':
            return x @ self.w['model.embed_tokens.weight'].T
        bias = self.w.get(name + '.bias')
        return x @ self.w[name + '.weight'].T + (0 if bias is None else bias)


def adapted(model, lora):
    """y = W x + b + alpha / r * B A x"""
    def linear(name, x):
        a, b = lora[name]
        return model.frozen(name, x) + model.alpha / RANK * (x @ a.T @ b.T)
    return linear


def loss(model, lora, rows):
    """Mean cross-entropy over all completion tokens of the batch."""
    total, count = 0, 0
    for tokens, completion in rows:
        out = model.logits(adapted(model, lora), tokens[:-1])[-completion:]
        total = total + F.cross_entropy(out, tokens[-completion:], reduction='sum')
        count += completion
    return total / count


def save(path, tensors, metadata):
    header, data = {'__metadata__': metadata}, b''
    for name, t in tensors.items():
        raw = t.detach().float().contiguous().numpy().tobytes()
        header[name] = dict(dtype='F32', shape=list(t.shape), data_offsets=[len(data), len(data) + len(raw)])
        data += raw
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack('<Q', len(text)) + text + data)


def write(model, folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / 'config.json').write_text(json.dumps(model.config, indent=1) + '\n')
    save(folder / 'model.safetensors', model.w, {'format': 'pt'})

    # an adapter to start from; its B is not zero, else the gradient of A would be
    lora = {n: (torch.randn(RANK, i) * 0.2, torch.randn(o, RANK) * 0.2) for n, (i, o) in model.linears.items()}
    lora = {n: (a.requires_grad_(), b.requires_grad_()) for n, (a, b) in lora.items()}
    names = lambda n: ('base_model.model.' + n + '.lora_A.weight', 'base_model.model.' + n + '.lora_B.weight')
    matrices = {name: t for n, pair in lora.items() for name, t in zip(names(n), pair)}
    adapter = folder / 'adapter'
    adapter.mkdir(exist_ok=True)
    save(adapter / 'adapter_model.safetensors', matrices, {'format': 'pt'})
    (adapter / 'adapter_config.json').write_text(json.dumps(dict(
        peft_type='LORA', task_type='CAUSAL_LM', r=RANK, lora_alpha=model.alpha, lora_dropout=0.0, bias='none',
        target_modules=sorted({n.split('.')[-1] for n in model.linears}), fan_in_fan_out=model.fan_in_fan_out,
        base_model_name_or_path=model.name, inference_mode=True), indent=1) + '\n')

    tokens = torch.full((BATCHES, ROWS, LONGEST), -1)
    completions = torch.randint(1, 4, (BATCHES, ROWS))
    batches = [[] for _ in range(BATCHES)]
    for b in range(BATCHES):
        for r in range(ROWS):
            n = int(torch.randint(5, LONGEST + 1, ()))
            tokens[b, r, :n] = torch.randint(0, V, (n,))
            batches[b].append((tokens[b, r, :n], int(completions[b, r])))
    loss(model, lora, batches[0]).backward()
    out = {'tokens': tokens, 'completions': completions}
    out.update({'gradient.' + n: t.grad.clone() for n, t in matrices.items()})

    optimizer = torch.optim.AdamW(matrices.values(), betas=(0.9, 0.999), eps=EPSILON, weight_decay=DECAY)
    losses = []
    for s in range(STEPS):
        # linear up over the warm-up, then linear down to zero
        rate = RATE * ((s + 1) / WARMUP if s < WARMUP else (STEPS - s) / (STEPS - WARMUP))
        for group in optimizer.param_groups:
            group['lr'] = rate
        optimizer.zero_grad()
        value = loss(model, lora, batches[s % BATCHES])
        value.backward()
        torch.nn.utils.clip_grad_norm_(list(matrices.values()), CLIP)
        optimizer.step()
        losses.append(value.item())
    out['losses'] = torch.tensor(losses)
    save(folder / 'expected.safetensors', out, {'torch': torch.__version__})
    print(model.name, losses[0], losses[-1], f'{sum(p.stat().st_size for p in folder.rglob("*.*")) / 1024:.0f} KiB')


torch.manual_seed(3)
for made in Gpt2, Qwen2:
    model = made()
    write(model, Path(sys.argv[1]) / model.name)
