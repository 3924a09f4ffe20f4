"""The decoders of published families, each from its own formulas, in PyTorch: families.py FOLDER

Writes a tiny random model per family as it would be published (config.json, tokenizer.json, safetensors) and, in
expected.safetensors beside it, some rows of tokens and the logits after each token. Rows are computed one by one in
float64 from the weights as they are stored.
"""
import json, math, struct, sys
from pathlib import Path
import torch
import torch.nn.functional as F

VOCABULARY = ['\u010a', '\u0120'] + list('abcdefghijklmnopqrstuvwxyz0123456789=#@.,?-')
V, ROWS, LENGTH = len(VOCABULARY), 2, 20
TYPES = {'F32': torch.float32, 'F16': torch.float16, 'BF16': torch.bfloat16}


# ---- GPT-2: learned positions, LayerNorm, one matrix for q k v stored (in, out), MLP with tanh GELU

def gpt2(c, w, tokens):
    t, h, d = len(tokens), c['n_head'], c['n_embd']
    x = w['wte.weight'][tokens] + w['wpe.weight'][:t]
    for l in range(c['n_layer']):
        p = f'h.{l}.'
        y = layer_norm(x, w, p + 'ln_1', c)
        q, k, v = (y @ w[p + 'attn.c_attn.weight'] + w[p + 'attn.c_attn.bias']).split(d, 1)
        a = attention(*(m.view(t, h, d // h) for m in (q, k, v)))
        x = x + a @ w[p + 'attn.c_proj.weight'] + w[p + 'attn.c_proj.bias']
        y = layer_norm(x, w, p + 'ln_2', c)
        y = gelu_tanh(y @ w[p + 'mlp.c_fc.weight'] + w[p + 'mlp.c_fc.bias'])
        x = x + y @ w[p + 'mlp.c_proj.weight'] + w[p + 'mlp.c_proj.bias']
    return layer_norm(x, w, 'ln_f', c) @ w['wte.weight'].T


def gpt2_weights(c):
    d, w = c['n_embd'], {'wte.weight': normal(V, c['n_embd']), 'wpe.weight': normal(c['n_positions'], c['n_embd'])}
    for l in range(c['n_layer']):
        p = f'h.{l}.'
        w |= norm_weights(p + 'ln_1', d) | norm_weights(p + 'ln_2', d)
        for name, i, o in (('attn.c_attn', d, 3 * d), ('attn.c_proj', d, d), ('mlp.c_fc', d, 4 * d), ('mlp.c_proj', 4 * d, d)):
            w |= {p + name + '.weight': normal(i, o), p + name + '.bias': normal(o)}
        n = c['n_positions']
        w[p + 'attn.bias'] = torch.ones(1, 1, n, n).tril()  # a mask that old files hold; no weight
    return w | norm_weights('ln_f', d)


# ---- GPT-J: attention and MLP side by side, the first dimensions of a head turn, neighbours are a pair

def gptj(c, w, tokens):
    t, h, d = len(tokens), c['n_head'], c['n_embd']
    r = c['rotary_dim']
    angle = torch.outer(torch.arange(t).double(), 10_000.0 ** (-torch.arange(0, r, 2).double() / r))
    sin, cos = (f(angle).repeat_interleave(2, 1)[:, None] for f in (torch.sin, torch.cos))

    def turn(m):
        a, rest = m[..., :r], m[..., r:]
        every_two = torch.stack([-a[..., 1::2], a[..., ::2]], -1).flatten(-2)
        return torch.cat([a * cos + every_two * sin, rest], -1)

    x = w['transformer.wte.weight'][tokens]
    for l in range(c['n_layer']):
        p = f'transformer.h.{l}.'
        y = layer_norm(x, w, p + 'ln_1', c)
        q, k, v = ((y @ w[p + f'attn.{n}_proj.weight'].T).view(t, h, d // h) for n in 'qkv')
        a = attention(turn(q), turn(k), v) @ w[p + 'attn.out_proj.weight'].T
        m = gelu_tanh(y @ w[p + 'mlp.fc_in.weight'].T + w[p + 'mlp.fc_in.bias'])
        x = x + a + m @ w[p + 'mlp.fc_out.weight'].T + w[p + 'mlp.fc_out.bias']
    return layer_norm(x, w, 'transformer.ln_f', c) @ w['lm_head.weight'].T + w['lm_head.bias']


def gptj_weights(c):
    d, w = c['n_embd'], {'transformer.wte.weight': normal(V, c['n_embd'])}
    for l in range(c['n_layer']):
        p = f'transformer.h.{l}.'
        w |= norm_weights(p + 'ln_1', d)
        w |= {p + f'attn.{n}_proj.weight': normal(d, d) for n in ('q', 'k', 'v', 'out')}
        w |= {p + 'mlp.fc_in.weight': normal(4 * d, d), p + 'mlp.fc_in.bias': normal(4 * d)}
        w |= {p + 'mlp.fc_out.weight': normal(d, 4 * d), p + 'mlp.fc_out.bias': normal(d)}
    return w | norm_weights('transformer.ln_f', d) | {'lm_head.weight': normal(V, d), 'lm_head.bias': normal(V)}


# ---- Llama, Qwen2, Qwen3: RMSNorm, halves of a head turn, gated MLP; grouped queries

def llama(c, w, tokens):
    t, h, g, s = len(tokens), c['num_attention_heads'], c['num_key_value_heads'], head_size(c)
    inverse, sharpness = frequencies(c, s)
    angle = torch.outer(torch.arange(t).double(), inverse).repeat(1, 2)[:, None]
    cos, sin = angle.cos() * sharpness, angle.sin() * sharpness

    def turn(m):
        a, b = m.chunk(2, -1)
        return m * cos + torch.cat([-b, a], -1) * sin

    x = w['model.embed_tokens.weight'][tokens]
    for l in range(c['num_hidden_layers']):
        p = f'model.layers.{l}.'
        y = rms_norm(x, w[p + 'input_layernorm.weight'], c)
        q, k, v = (linear(y, w, p + f'self_attn.{n}_proj').view(t, -1, s) for n in 'qkv')
        if c['model_type'] == 'qwen3':
            q = rms_norm(q, w[p + 'self_attn.q_norm.weight'], c)
            k = rms_norm(k, w[p + 'self_attn.k_norm.weight'], c)
        k, v = turn(k).repeat_interleave(h // g, 1), v.repeat_interleave(h // g, 1)
        x = x + linear(attention(turn(q), k, v), w, p + 'self_attn.o_proj')
        y = rms_norm(x, w[p + 'post_attention_layernorm.weight'], c)
        x = x + linear(F.silu(linear(y, w, p + 'mlp.gate_proj')) * linear(y, w, p + 'mlp.up_proj'), w, p + 'mlp.down_proj')
    head = w['model.embed_tokens.weight'] if c['tie_word_embeddings'] else w['lm_head.weight']
    return rms_norm(x, w['model.norm.weight'], c) @ head.T


def llama_weights(c):
    d, i, s = c['hidden_size'], c['intermediate_size'], head_size(c)
    wide, narrow = c['num_attention_heads'] * s, c['num_key_value_heads'] * s
    w = {'model.embed_tokens.weight': normal(V, d)}
    for l in range(c['num_hidden_layers']):
        p = f'model.layers.{l}.'
        w[p + 'input_layernorm.weight'] = 1 + normal(d)
        for n, o in (('q', wide), ('k', narrow), ('v', narrow)):
            w[p + f'self_attn.{n}_proj.weight'] = normal(o, d)
            if c['model_type'] == 'qwen2':
                w[p + f'self_attn.{n}_proj.bias'] = normal(o)
        if c['model_type'] == 'qwen3':
            w |= {p + f'self_attn.{n}_norm.weight': 1 + normal(s) for n in 'qk'}
        w[p + 'self_attn.o_proj.weight'] = normal(d, wide)
        w[p + 'post_attention_layernorm.weight'] = 1 + normal(d)
        w |= {p + 'mlp.gate_proj.weight': normal(i, d), p + 'mlp.up_proj.weight': normal(i, d)}
        w[p + 'mlp.down_proj.weight'] = normal(d, i)
    w['model.norm.weight'] = 1 + normal(d)
    return w if c['tie_word_embeddings'] else w | {'lm_head.weight': normal(V, d)}


def head_size(c):
    return c.get('head_dim') or c['hidden_size'] // c['num_attention_heads']


def frequencies(c, s):
    """Angle per token of each pair of dimensions, and the factor of cosine and sine."""
    r = c.get('rope_parameters') or c.get('rope_scaling') or {}
    kind, theta = r.get('rope_type', r.get('type', 'default')), r.get('rope_theta', c.get('rope_theta'))
    inverse = theta ** (-torch.arange(0, s, 2).double() / s)
    if kind == 'linear':
        return inverse / r['factor'], 1
    if kind == 'llama3':  # long waves are stretched, short ones are not, those between partly
        wave, old = 2 * math.pi / inverse, r['original_max_position_embeddings']
        smooth = (old / wave - r['low_freq_factor']) / (r['high_freq_factor'] - r['low_freq_factor'])
        mixed = (1 - smooth) * inverse / r['factor'] + smooth * inverse
        mixed = torch.where(wave > old / r['low_freq_factor'], inverse / r['factor'], mixed)
        return torch.where(wave < old / r['high_freq_factor'], inverse, mixed), 1
    if kind == 'yarn':
        old = r['original_max_position_embeddings']
        pair = lambda turns: s * math.log(old / (turns * 2 * math.pi)) / (2 * math.log(theta))
        low, high = max(math.floor(pair(32)), 0), min(math.ceil(pair(1)), s - 1)
        ramp = ((torch.arange(s // 2).double() - low) / (high - low)).clamp(0, 1)
        return inverse / r['factor'] * ramp + inverse * (1 - ramp), 0.1 * math.log(r['factor']) + 1
    return inverse, 1  # also dynamic, as long as the text is no longer than max_position_embeddings


# ---- shared by all

def attention(q, k, v):
    """(T, H, S) each -> (T, H * S)"""
    q, k, v = (m.transpose(0, 1) for m in (q, k, v))
    scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
    scores = scores.masked_fill(torch.ones(len(q[0]), len(q[0])).triu(1).bool(), -math.inf)
    return (scores.softmax(-1) @ v).transpose(0, 1).flatten(1)


def linear(x, w, name):
    y = x @ w[name + '.weight'].T
    return y + w[name + '.bias'] if name + '.bias' in w else y


def layer_norm(x, w, name, c):
    x = x - x.mean(-1, keepdim=True)
    return x / (x.pow(2).mean(-1, keepdim=True) + c['layer_norm_epsilon']).sqrt() * w[name + '.weight'] + w[name + '.bias']


def rms_norm(x, gain, c):
    return x / (x.pow(2).mean(-1, keepdim=True) + c['rms_norm_eps']).sqrt() * gain


def gelu_tanh(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))


def normal(*shape):
    return torch.randn(*shape) * 0.3


def norm_weights(name, d):
    return {name + '.weight': 1 + normal(d), name + '.bias': normal(d)}


# ---- the models

def like_llama(family, width, heads, groups, inner, tied, **more):
    return dict(model_type=family, vocab_size=V, hidden_size=width, intermediate_size=inner, num_hidden_layers=2,
                num_attention_heads=heads, num_key_value_heads=groups, hidden_act='silu', rms_norm_eps=1e-6,
                tie_word_embeddings=tied, max_position_embeddings=64) | more


def like_gpt(family, width, heads, **more):
    return dict(model_type=family, vocab_size=V, n_embd=width, n_layer=2, n_head=heads, n_inner=None, n_positions=32,
                activation_function='gelu_new', layer_norm_epsilon=1e-5) | more


LLAMA3 = dict(rope_type='llama3', factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)
YARN = dict(type='yarn', factor=4.0, original_max_position_embeddings=16)
MODELS = {  # folder: (forward, weights, config, how it is stored, shards)
    'gpt2': (gpt2, gpt2_weights, like_gpt('gpt2', 24, 3), 'F32', 1),
    'gptj': (gptj, gptj_weights, like_gpt('gptj', 30, 5, rotary_dim=4, tie_word_embeddings=False), 'F16', 1),
    'llama2': (llama, llama_weights, like_llama('llama', 24, 3, 3, 40, False, rope_theta=10_000.0), 'F16', 1),
    'llama2-linear': (llama, llama_weights, like_llama('llama', 24, 3, 3, 40, False, rope_theta=10_000.0,
                      rope_scaling=dict(type='linear', factor=2.5)), 'BF16', 1),
    'llama2-dynamic': (llama, llama_weights, like_llama('llama', 24, 3, 3, 40, False, rope_theta=10_000.0,
                       rope_scaling=dict(type='dynamic', factor=2.0)), 'BF16', 1),
    'llama3': (llama, llama_weights, like_llama('llama', 36, 6, 2, 40, False, rope_theta=5_000.0, rope_scaling=LLAMA3), 'BF16', 3),
    'qwen2': (llama, llama_weights, like_llama('qwen2', 30, 5, 1, 40, True, rope_theta=1_000_000.0,
              use_sliding_window=False, sliding_window=32), 'F32', 2),
    'qwen2.5-yarn': (llama, llama_weights, like_llama('qwen2', 36, 3, 1, 40, False, rope_theta=100.0, rope_scaling=YARN), 'BF16', 1),
    'qwen3': (llama, llama_weights, like_llama('qwen3', 24, 3, 1, 40, True, head_dim=16, attention_bias=False,
              rope_parameters=dict(rope_type='default', rope_theta=1_000_000.0)), 'BF16', 1),
    'smollm2': (llama, llama_weights, like_llama('llama', 36, 9, 3, 40, True, rope_theta=100_000.0), 'BF16', 1),
}


def save(path, tensors, kind='F32'):
    header, data = {'__metadata__': {'format': 'pt'}}, b''
    for name, t in tensors.items():
        stored = t.to(TYPES[kind]).contiguous()
        raw = stored.view(torch.int16 if kind == 'BF16' else stored.dtype).numpy().tobytes()
        header[name] = dict(dtype=kind, shape=list(t.shape), data_offsets=[len(data), len(data) + len(raw)])
        data += raw
    text = json.dumps(header, separators=(',', ':')).encode()
    path.write_bytes(struct.pack('<Q', len(text)) + text + data)


def save_shards(folder, w, kind, shards):
    if shards == 1:
        return save(folder / 'model.safetensors', w, kind)
    names, places = list(w), {}
    for s in range(shards):
        file = f'model-{s + 1:05d}-of-{shards:05d}.safetensors'
        part = names[s * len(names) // shards:(s + 1) * len(names) // shards]
        save(folder / file, {n: w[n] for n in part}, kind)
        places |= {n: file for n in part}
    index = dict(metadata=dict(total_size=sum(t.numel() for t in w.values()) * (4 if kind == 'F32' else 2)), weight_map=places)
    (folder / 'model.safetensors.index.json').write_text(json.dumps(index, indent=1))


def tokenizer():
    return dict(version='1.0', truncation=None, padding=None, added_tokens=[], normalizer=None,
                pre_tokenizer=dict(type='ByteLevel', add_prefix_space=False, trim_offsets=True, use_regex=True),
                post_processor=None, decoder=dict(type='ByteLevel', add_prefix_space=True, trim_offsets=True, use_regex=True),
                model=dict(type='BPE', dropout=None, unk_token=None, continuing_subword_prefix=None, end_of_word_suffix=None,
                           fuse_unk=False, byte_fallback=False, vocab={t: i for i, t in enumerate(VOCABULARY)}, merges=[]))


def main(root):
    for seed, (name, (forward, weights, config, kind, shards)) in enumerate(MODELS.items()):
        torch.manual_seed(seed)
        folder = root / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / 'config.json').write_text(json.dumps(config, indent=1))
        (folder / 'tokenizer.json').write_text(json.dumps(tokenizer()))
        w = weights(config)
        save_shards(folder, w, kind, shards)
        stored = {n: t.to(TYPES[kind]).double() for n, t in w.items()}
        tokens = torch.randint(0, V, (ROWS, LENGTH))
        logits = torch.stack([forward(config, stored, row) for row in tokens])
        save(folder / 'expected.safetensors', dict(tokens=tokens, logits=logits))
        print(name, sum(f.stat().st_size for f in folder.iterdir()), 'bytes, largest logit', logits.abs().max().item())


if __name__ == '__main__':
    main(Path(sys.argv[1]))
