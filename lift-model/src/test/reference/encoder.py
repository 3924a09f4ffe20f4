"""BERT in PyTorch, from its formulas: encoder.py FOLDER [ONNX TOKENIZER]

Without ONNX and TOKENIZER: writes a tiny random encoder (config.json, tokenizer.json, model.safetensors) to FOLDER and, in
expected.json beside them, texts with their tokens and vectors. adapter.json has an adapter, and for rows whose sentences
are compared with the labels' sentences the loss and the gradient of each of its matrices. With the two files of a
published MiniLM: writes FOLDER/minilm.json, texts with their tokens and vectors by that model. WordPiece is done here
with plain string operations.
"""
import json, math, struct, sys, unicodedata
from pathlib import Path
import numpy as np
import torch

TEXTS = ["monthly income", "salary", "red car", "scarlet automobile",
         "It was naïve of the Café to close at 9:30, wasn't it?  [SEP] unaffordable!!",
         "Two rows of one batch may be of different lengths; the shorter one is padded, and must not notice.", ""]

RANK, ALPHA = 2, 3
LABELS = ["topic: cars", "topic: income"]
ROWS = [("red car", 0), ("monthly income", 1), ("a scarlet automobile, and a salary", 0), ("salary", 1)]


# ---- ONNX is protobuf: field numbers of onnx.proto

def varint(b, i):
    value = shift = 0
    while True:
        c = b[i]
        i += 1
        value |= (c & 127) << shift
        shift += 7
        if c < 128:
            return value, i


def fields(b):
    i = 0
    while i < len(b):
        key, i = varint(b, i)
        if key & 7 == 0:
            value, i = varint(b, i)
            yield key >> 3, value
        elif key & 7 == 2:
            length, i = varint(b, i)
            yield key >> 3, b[i:i + length]
            i += length
        else:
            i += 4 if key & 7 == 5 else 8


def onnx(path):
    """Matrices stay as they are stored, for x W."""
    graph = next(v for f, v in fields(memoryview(Path(path).read_bytes())) if f == 7)
    tensors, modules = {}, {}
    for field, value in fields(graph):
        parts = list(fields(value)) if field in (1, 5) else []
        if field == 1 and any(f == 4 and bytes(v) == b"MatMul" for f, v in parts):
            name = next(bytes(v).decode() for f, v in parts if f == 3)
            second = [bytes(v).decode() for f, v in parts if f == 1][1]
            modules[second] = name[1:].rsplit("/", 1)[0].replace("/", ".")
        if field == 5 and next(v for f, v in parts if f == 2) == 1:
            name = next(bytes(v).decode() for f, v in parts if f == 8)
            raw = next(v for f, v in parts if f == 9)
            tensors[name] = np.frombuffer(raw, "<f4").reshape([v for f, v in parts if f == 1]).copy()
    return {modules[n] + ".weight" if n in modules else n: torch.tensor(t) for n, t in tensors.items()}


# ---- WordPiece

def tokens(text, vocabulary, limit=256):
    text = unicodedata.normalize("NFD", text.lower())
    text = "".join(c for c in text if unicodedata.category(c) != "Mn")
    words, word = [], ""
    for c in text + " ":
        if c.isspace() or unicodedata.category(c)[0] == "P" or c in "$+<=>^`|~":
            words += [w for w in (word, c.strip()) if w]
            word = ""
        else:
            word += c
    ids = []
    for w in words:
        pieces, start = [], 0
        while start < len(w):
            end = next((e for e in range(len(w), start, -1) if ("##" if start else "") + w[start:e] in vocabulary), None)
            if end is None:
                pieces = ["[UNK]"]
                break
            pieces.append(("##" if start else "") + w[start:end])
            start = end
        ids += [vocabulary[p] for p in pieces]
    return [vocabulary["[CLS]"]] + ids[:limit - 2] + [vocabulary["[SEP]"]]


# ---- the forward pass of one text, without a batch

def vector(ids, w, layers, heads, eps, lora=None):
    """A list of numbers; with an adapter, name to (A, B), a tensor with a graph."""
    def norm(x, name):
        return torch.nn.functional.layer_norm(x, x.shape[-1:], w[name + ".weight"], w[name + ".bias"], eps)

    def linear(x, name):
        y = x @ w[name + ".weight"] + w[name + ".bias"]
        return y if lora is None else y + ALPHA / RANK * (x @ lora[name][0].T @ lora[name][1].T)

    t = len(ids)
    h = w["embeddings.word_embeddings.weight"][torch.tensor(ids)] + w["embeddings.position_embeddings.weight"][:t]
    h = norm(h + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for l in range(layers):
        p = f"encoder.layer.{l}."
        q, k, v = (linear(h, p + "attention.self." + n).view(t, heads, -1).transpose(0, 1) for n in ("query", "key", "value"))
        a = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(q.shape[-1]), -1) @ v
        h = norm(h + linear(a.transpose(0, 1).reshape(t, -1), p + "attention.output.dense"), p + "attention.output.LayerNorm")
        u = linear(h, p + "intermediate.dense")
        h = norm(h + linear(0.5 * u * (1 + torch.erf(u / math.sqrt(2))), p + "output.dense"), p + "output.LayerNorm")
    mean = h.mean(0)
    unit = mean / mean.norm()
    return unit.tolist() if lora is None else unit


def expected(w, vocabulary, layers, heads, eps):
    ids = [tokens(text, vocabulary) for text in TEXTS]
    return [dict(text=text, tokens=i, vector=[round(x, 7) for x in vector(i, w, layers, heads, eps)])
            for text, i in zip(TEXTS, ids)]


def adapter(w, vocabulary):
    """Cross-entropy of the rows' labels: 20 times the inner products with the labels' vectors before any training."""
    shapes = {n[:-7]: w[n].shape for n in w if n.startswith("encoder.") and "LayerNorm" not in n and n.endswith(".weight")}
    lora = {n: (torch.randn(RANK, i) * 0.2, torch.randn(o, RANK) * 0.2) for n, (i, o) in shapes.items()}
    for pair in lora.values():
        for matrix in pair:
            matrix.requires_grad_(True)
    labels = torch.tensor([vector(tokens(s, vocabulary), w, 2, 4, 1e-12) for s in LABELS])
    rows = torch.stack([vector(tokens(s, vocabulary), w, 2, 4, 1e-12, lora) for s, _ in ROWS])
    loss = torch.nn.functional.cross_entropy(20 * rows @ labels.T, torch.tensor([k for _, k in ROWS]))
    loss.backward()
    numbers = lambda t: [round(x, 8) for x in t.detach().flatten().tolist()]
    matrices = {}
    for n, (a, b) in lora.items():
        for letter, matrix in (("A", a), ("B", b)):
            matrices[f"base_model.model.bert.{n}.lora_{letter}.weight"] = dict(
                shape=list(matrix.shape), values=numbers(matrix), gradient=numbers(matrix.grad))
    return dict(rank=RANK, alpha=ALPHA, labels=LABELS, rows=[dict(sentence=s, label=k) for s, k in ROWS],
                loss=loss.item(), matrices=matrices)


# ---- a tiny model

def tokenizer(vocabulary):
    special = [dict(id=vocabulary[t], content=t, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
               for t in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")]
    template = [dict(SpecialToken=dict(id="[CLS]", type_id=0)), dict(Sequence=dict(id="A", type_id=0)),
                dict(SpecialToken=dict(id="[SEP]", type_id=0))]
    return dict(version="1.0", truncation=None, padding=None, added_tokens=special,
                normalizer=dict(type="BertNormalizer", clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True),
                pre_tokenizer=dict(type="BertPreTokenizer"),
                post_processor=dict(type="TemplateProcessing", single=template, pair=template,
                                    special_tokens={t: dict(id=t, ids=[vocabulary[t]], tokens=[t]) for t in ("[CLS]", "[SEP]")}),
                decoder=dict(type="WordPiece", prefix="##", cleanup=True),
                model=dict(type="WordPiece", unk_token="[UNK]", continuing_subword_prefix="##", max_input_chars_per_word=100,
                           vocab=vocabulary))


def tiny(folder):
    letters = sorted(set("".join(TEXTS).lower()) - set(" ïé[]")) + ["i", "e"]
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[", "]"] + sorted(set(letters))
    pieces += ["##" + c for c in sorted(set(letters)) if c.isalpha()] + ["in", "##come", "red", "car", "row", "##s", "the", "##er"]
    vocabulary = {p: i for i, p in enumerate(pieces)}
    config = dict(model_type="bert", vocab_size=len(pieces), hidden_size=16, num_hidden_layers=2, num_attention_heads=4,
                  intermediate_size=24, hidden_act="gelu", layer_norm_eps=1e-12, max_position_embeddings=256)
    torch.manual_seed(1)
    draw = lambda *shape: torch.randn(*shape) * 0.3
    w = {"embeddings.word_embeddings.weight": draw(len(pieces), 16), "embeddings.position_embeddings.weight": draw(256, 16),
         "embeddings.token_type_embeddings.weight": draw(2, 16)}
    norms, linears = ["embeddings.LayerNorm"], {}
    for l in range(2):
        p = f"encoder.layer.{l}."
        norms += [p + "attention.output.LayerNorm", p + "output.LayerNorm"]
        linears.update({p + "attention.self." + n: (16, 16) for n in ("query", "key", "value")})
        linears.update({p + "attention.output.dense": (16, 16), p + "intermediate.dense": (16, 24), p + "output.dense": (24, 16)})
    for n in norms:
        w[n + ".weight"], w[n + ".bias"] = 1 + draw(16), draw(16)
    for n, (i, o) in linears.items():
        w[n + ".weight"], w[n + ".bias"] = draw(i, o), draw(o)
    # a folder of a published model stores matrices transposed, and BERT's pooler, which no vector needs
    stored = {"bert." + n: (t.T if n[:-7] in linears else t).contiguous() for n, t in w.items()}
    stored["bert.pooler.dense.weight"] = draw(16, 16)
    header, data = {}, b""
    for n, t in stored.items():
        raw = t.numpy().astype("<f4").tobytes()
        header[n] = dict(dtype="F32", shape=list(t.shape), data_offsets=[len(data), len(data) + len(raw)])
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
    (folder / "config.json").write_text(json.dumps(config, indent=1))
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer(vocabulary), ensure_ascii=False))
    (folder / "expected.json").write_text(json.dumps(expected(w, vocabulary, 2, 4, 1e-12)))
    (folder / "adapter.json").write_text(json.dumps(adapter(w, vocabulary)))


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    if len(sys.argv) == 2:
        tiny(target)
    else:
        words = json.loads(Path(sys.argv[3]).read_text())["model"]["vocab"]
        (target / "minilm.json").write_text(json.dumps(expected(onnx(sys.argv[2]), words, 6, 12, 1e-12)))
