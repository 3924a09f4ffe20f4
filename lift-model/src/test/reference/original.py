"""The committed fixtures against the original libraries (transformers, peft), where they are at hand: original.py FOLDER [ADAPTERS]

FOLDER is src/test/resources/io/lift/model. Every model of families/ is opened by transformers and must give the logits of
its expected.safetensors; every model of lora/ is opened by transformers and peft and must give the gradients and the
losses. ADAPTERS may hold the same adapters as Lift writes them (ADAPTERS/NAME). README.md beside this file says how it
went last.
"""
import json, sys, traceback
from pathlib import Path
import torch
import torch.nn.functional as F
import peft, transformers
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM


def open_model(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation='eager').eval()


def family(folder):
    expected = load_file(folder / 'expected.safetensors')
    with torch.no_grad():
        logits = open_model(folder)(input_ids=expected['tokens'].long()).logits
    return 'largest difference of logits', (logits - expected['logits']).abs().max().item()


def rows_of(expected, batch):
    for tokens, completion in zip(expected['tokens'][batch].long(), expected['completions'][batch].long()):
        yield tokens[tokens >= 0], int(completion)


def loss_of(model, expected, batch):
    total, count = 0, 0
    for tokens, completion in rows_of(expected, batch):
        logits = model(input_ids=tokens[None, :-1]).logits[0, -completion:]
        total = total + F.cross_entropy(logits, tokens[-completion:], reduction='sum')
        count += completion
    return total / count


def with_adapter(folder, adapter):
    model = PeftModel.from_pretrained(open_model(folder), adapter, is_trainable=True).eval()
    return model, {n.replace('.default', ''): p for n, p in model.named_parameters() if 'lora_' in n}


def lora(folder):
    expected = load_file(folder / 'expected.safetensors')
    model, matrices = with_adapter(folder, folder / 'adapter')
    wanted = {n[len('gradient.'):]: t for n, t in expected.items() if n.startswith('gradient.')}
    assert set(matrices) == set(wanted), (sorted(matrices), sorted(wanted))
    loss_of(model, expected, 0).backward()
    gradient = max((matrices[n].grad - wanted[n]).abs().max().item() for n in wanted)
    optimizer = torch.optim.AdamW(matrices.values(), betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01)
    steps, warmup, worst = len(expected['losses']), 6, 0
    for s in range(steps):
        for group in optimizer.param_groups:
            group['lr'] = 3e-3 * ((s + 1) / warmup if s < warmup else (steps - s) / (steps - warmup))
        optimizer.zero_grad()
        value = loss_of(model, expected, s % len(expected['tokens']))
        value.backward()
        torch.nn.utils.clip_grad_norm_(list(matrices.values()), 1.0)
        optimizer.step()
        worst = max(worst, abs(value.item() - expected['losses'][s].item()))
    return 'largest difference of a gradient; of a loss in 50 steps', max(gradient, worst)


def written(folder, adapter):
    expected = load_file(folder / 'expected.safetensors')
    (one, a), (other, b) = with_adapter(folder, folder / 'adapter'), with_adapter(folder, adapter)
    assert set(a) == set(b)
    with torch.no_grad():
        return 'largest difference of logits, adapter written by Lift', max(
            (one(input_ids=t[None]).logits - other(input_ids=t[None]).logits).abs().max().item()
            for t, _ in rows_of(expected, 0))


def main(root, adapters):
    print('transformers', transformers.__version__, 'peft', peft.__version__, 'torch', torch.__version__)
    checks = [(family, f) for f in sorted((root / 'families').iterdir())] + [(lora, f) for f in sorted((root / 'lora').iterdir())]
    checks += [(written, f, adapters / f.name) for f in sorted((root / 'lora').iterdir()) if adapters]
    failed = 0
    for check, *folders in checks:
        try:
            what, difference = check(*folders)
            ok = difference < 1e-4
            print('ok    ' if ok else 'FAILED', folders[0].name, what, f'{difference:.1e}', flush=True)
        except Exception:
            ok = False
            print('FAILED', folders[0].name, traceback.format_exc(limit=-3), flush=True)
        failed += not ok
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
