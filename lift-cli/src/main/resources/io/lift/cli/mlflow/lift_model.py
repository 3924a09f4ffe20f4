"""Asks a running Lift for answers. MLflow loads this module as the model's pyfunc.

The weights beside it are a copy of one checkpoint. They are not read here: Lift answers with the
checkpoint that it serves, and names it in the column checkpoint. The environment says where Lift is:
LIFT_URL (it goes before the address of the export) and LIFT_TOKEN, if it asks for a token.
"""
import json
import os
import urllib.error
import urllib.parse
import urllib.request

MOST_ROWS = 500  # in one call
TIMEOUT = 60  # seconds


class LiftModel:
    """The answers of one task."""

    def __init__(self, task, url, token=None):
        self.task = task
        self.url = url
        self.token = token

    def predict(self, model_input, params=None):
        """Answers rows: a pandas DataFrame, a list of dicts, or a dict of columns.

        Comes back as a DataFrame with the same index, or else as a dict of columns.
        """
        rows = _rows(model_input)
        answers = {}
        for start in range(0, len(rows), MOST_ROWS):
            for name, values in self._ask(rows[start : start + MOST_ROWS]).items():
                answers.setdefault(name, []).extend(values)
        if hasattr(model_input, "iloc"):
            import pandas

            return pandas.DataFrame(answers, index=model_input.index)
        return answers

    def _ask(self, rows):
        texts = [json.dumps(row, default=str, allow_nan=False) for row in rows]
        tensor = {"name": "rows", "shape": [len(rows)], "datatype": "BYTES", "data": texts}
        path = "/v2/models/" + urllib.parse.quote(self.task, safe="") + "/infer"
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        request = urllib.request.Request(
            self.url.rstrip("/") + path, json.dumps({"inputs": [tensor]}).encode(), headers
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
                return _columns(json.load(response), len(rows))
        except urllib.error.HTTPError as error:
            raise RuntimeError(_reason(error)) from None
        except urllib.error.URLError as error:
            raise RuntimeError(
                "Lift does not answer at %s (%s): is the inference service running, and is LIFT_URL"
                " right?" % (self.url, error.reason)
            ) from None


def _rows(model_input):
    if hasattr(model_input, "to_dict"):
        rows = model_input.to_dict(orient="records")
    elif isinstance(model_input, dict):
        columns = list(model_input)
        rows = [dict(zip(columns, values)) for values in zip(*model_input.values())]
    else:
        rows = list(model_input)
    return [{column: _value(value) for column, value in row.items()} for row in rows]


def _value(value):
    if hasattr(value, "item"):  # a number of numpy
        value = value.item()
    missing = value is None or value != value  # NaN and NaT are not equal to themselves
    return None if missing else value


def _columns(response, rows):
    outputs = {output["name"]: output for output in response["outputs"]}
    columns = {"answer": outputs["answer"]["data"]}
    if "probabilities" in outputs:
        labels = json.loads(outputs["probabilities"]["parameters"]["labels"])
        shares = outputs["probabilities"]["data"]
        columns["probability"] = [
            shares[i * len(labels) + labels.index(answer)]
            for i, answer in enumerate(columns["answer"])
        ]
    for name in ("abstained", "lower", "upper"):
        if name in outputs:
            columns[name] = outputs[name]["data"]
    columns["checkpoint"] = [int(response["model_version"])] * rows
    return columns


def _reason(error):
    body = error.read().decode(errors="replace")
    try:
        answer = json.loads(body)
        return "Lift answers %d: %s" % (error.code, answer.get("error") or answer.get("detail"))
    except ValueError:
        return "Lift answers %d" % error.code


def _load_pyfunc(path):
    """The model whose settings are in this folder; called by MLflow."""
    with open(os.path.join(path, "lift.json"), encoding="utf-8") as file:
        settings = json.load(file)
    url = os.environ.get("LIFT_URL") or settings.get("url")
    if not url:
        raise RuntimeError(
            "Set LIFT_URL to the address of Lift's inference service, e.g. http://lift:8083."
        )
    return LiftModel(settings["task"], url, os.environ.get("LIFT_TOKEN"))
