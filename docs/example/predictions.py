"""Prints the predictions of a task as they come: python3 predictions.py HOST:PORT TASK"""
import json
import sys

from confluent_kafka import Consumer

bootstrap, task = sys.argv[1:3]
consumer = Consumer({
    "bootstrap.servers": bootstrap,
    "group.id": "my-predictions",
    "isolation.level": "read_committed",
    "auto.offset.reset": "earliest",
})
consumer.subscribe(["lift.predictions"])
while True:
    record = consumer.poll(1.0)
    if record is None:
        continue
    if record.error():
        sys.exit(str(record.error()))
    prediction = json.loads(record.value())
    if prediction["task"] != task:
        continue
    if prediction["status"] != "answered":
        print(prediction["row"], prediction["status"], prediction.get("message", ""), flush=True)
        continue
    answer = prediction["answer"]
    said = answer.get("label", answer.get("value"))
    how_sure = answer["probabilities"][said] if "label" in answer else answer["interval"]
    print(prediction["row"], said, how_sure, "by version", prediction["checkpoint"]["version"], flush=True)
