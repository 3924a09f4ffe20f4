"""lift-client produce|ask|follow: rows and predictions from a shell."""

import argparse
import csv
import json
import sys

from .client import Lift, LiftError


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(prog="lift-client", description=__doc__)
    parser.add_argument("--bootstrap", required=True, help="Kafka's address, HOST:PORT")
    parser.add_argument("--kafka", action="append", default=[], metavar="NAME=VALUE", help="a setting of librdkafka")
    commands = parser.add_subparsers(dest="command", required=True)
    produce = commands.add_parser("produce", help="sends the rows of a CSV file")
    produce.add_argument("task")
    produce.add_argument("file")
    produce.add_argument("--key", help="the column that is the row's id")
    ask = commands.add_parser("ask", help="asks for one row's prediction")
    ask.add_argument("task")
    ask.add_argument("row", help="a JSON object")
    follow = commands.add_parser("follow", help="prints predictions as they come")
    follow.add_argument("task")
    follow.add_argument("--earliest", action="store_true", help="from the oldest one on")
    follow.add_argument("--count", type=int, help="ends after so many")
    given = parser.parse_args(arguments)
    try:
        settings = dict(setting.split("=", 1) for setting in given.kafka)
        with Lift(given.bootstrap, kafka=settings) as lift:
            return {"produce": _produce, "ask": _ask, "follow": _follow}[given.command](lift, given)
    except (LiftError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _produce(lift: Lift, given) -> int:
    with open(given.file, newline="", encoding="utf-8") as file:
        rows = lift.produce(given.task, csv.DictReader(file), key=given.key)
    print(f"{len(rows)} rows sent to task {given.task}.")
    return 0


def _ask(lift: Lift, given) -> int:
    prediction = lift.ask(given.task, json.loads(given.row))
    print(json.dumps(prediction.raw, indent=1))
    return 0 if prediction.status == "answered" else 1


def _follow(lift: Lift, given) -> int:
    left = given.count
    for prediction in lift.follow(given.task, earliest=given.earliest):
        sure = prediction.interval if prediction.probabilities is None else f"{prediction.probability:.3f}"
        print(prediction.row, prediction.status, prediction.answer, sure, f"by version {prediction.checkpoint}", flush=True)
        if left is not None:
            left -= 1
            if left <= 0:
                return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
