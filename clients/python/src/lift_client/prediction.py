"""What Lift answers to a row."""

import json
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Union


@dataclass(frozen=True)
class Prediction:
    """The answer to one row.

    status        answered, expired or failed
    answer        the label, or the number of a regression; None without an answer
    probabilities of the labels; None for a regression
    interval      that holds the number as often as the task's coverage says; None for labels
    checkpoint    the version that answered; 0 before the first one
    message       why there is no answer; None if there is one
    raw           the whole message, as docs/asyncapi.yaml describes it
    """

    task: str
    row: str
    status: str
    answer: Union[str, float, None]
    probabilities: Optional[Dict[str, float]]
    interval: Optional[List[float]]
    checkpoint: int
    message: Optional[str]
    raw: Dict[str, Any]

    @property
    def probability(self) -> Optional[float]:
        """Of the answered label; None if there is none."""
        return None if self.probabilities is None else self.probabilities.get(self.answer)

    @staticmethod
    def of(value: bytes) -> "Prediction":
        """Reads a record's value. Raises ValueError if it is no prediction."""
        raw = json.loads(value)
        if not isinstance(raw, dict) or "task" not in raw or "status" not in raw:
            raise ValueError("this record is no prediction: " + value[:80].decode("utf-8", "replace"))
        answer = raw.get("answer") or {}
        return Prediction(
            task=raw["task"],
            row=raw["row"],
            status=raw["status"],
            answer=answer.get("label", answer.get("value")),
            probabilities=answer.get("probabilities"),
            interval=answer.get("interval"),
            checkpoint=(raw.get("checkpoint") or {}).get("version", 0),
            message=raw.get("message"),
            raw=raw,
        )
