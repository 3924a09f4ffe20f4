#!/usr/bin/env python3
"""Writes src/test/resources/metrics-reference.json: rows, and scikit-learn's figures for them."""
import json
import pathlib

import numpy as np
from sklearn import metrics

rng = np.random.default_rng(7)
LABELS = ["a", "b", "c", "d"]  # d occurs in no truth and no answer


def classification(n):
    logits = rng.normal(size=(n, 3))
    truth = rng.choice(3, size=n, p=[0.5, 0.3, 0.2])
    logits[np.arange(n), truth] += 1.2
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    p = np.hstack([p, np.zeros((n, 1))])
    answer = p.argmax(axis=1)
    hot = np.eye(4)[truth]
    confidence = p.max(axis=1)
    edges = np.linspace(0, 1, 16)
    ece = sum(
        abs((answer[b] == truth[b]).mean() - confidence[b].mean()) * b.mean()
        for low, high in zip(edges[:-1], edges[1:])
        if (b := (confidence > low) & (confidence <= high)).any()
    )
    return {
        "labels": LABELS,
        "truth": [LABELS[t] for t in truth],
        "probabilities": p.tolist(),
        "confusion": metrics.confusion_matrix(truth, answer, labels=range(4)).tolist(),
        "values": {
            "count": n,
            "accuracy": metrics.accuracy_score(truth, answer),
            "macro_f1": metrics.f1_score(truth, answer, average="macro"),
            "log_loss": metrics.log_loss(truth, p, labels=range(4)),
            "brier": ((p - hot) ** 2).sum(axis=1).mean(),
            "ece": ece,
            "majority": np.bincount(truth).max() / n,
        },
    }


def regression(n):
    truth = 1e6 + rng.normal(size=n) * 30  # far from zero: sums of squares would cancel
    value = truth + rng.normal(size=n) * 10
    lower, upper = value - 15, value + 15
    return {
        "truth": truth.tolist(),
        "value": value.tolist(),
        "lower": lower.tolist(),
        "upper": upper.tolist(),
        "values": {
            "count": n,
            "rmse": metrics.mean_squared_error(truth, value) ** 0.5,
            "mae": metrics.mean_absolute_error(truth, value),
            "rae": abs(truth - value).sum() / abs(truth - truth.mean()).sum(),
            "r2": metrics.r2_score(truth, value),
            "median_relative_error": np.median(np.abs(value - truth) / np.abs(truth)),
            "coverage": ((lower <= truth) & (truth <= upper)).mean(),
        },
    }


target = pathlib.Path(__file__).parent.parent / "resources" / "metrics-reference.json"
target.write_text(json.dumps({"classification": classification(60), "regression": regression(60)}, indent=1))
