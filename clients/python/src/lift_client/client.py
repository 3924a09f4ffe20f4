"""Rows and predictions of Lift over Kafka."""

import json
import time
import uuid
from typing import Any, Dict, Iterable, Iterator, List, Optional

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

from .prediction import Prediction

_POLL = 0.2  # seconds


class LiftError(Exception):
    """What went wrong, in one sentence."""


class Lift:
    """A running Lift.

    bootstrap  Kafka's address, HOST:PORT
    prefix     of Lift's topics, if it has one (lift.topics.prefix)
    kafka      further settings of librdkafka: security.protocol, sasl.username, ...

    >>> lift = Lift("127.0.0.1:9092")
    >>> lift.produce("loans", [{"salary": 60000, "age": 41, "group": "B"}])
    >>> lift.ask("loans", {"salary": 60000, "age": 41}).answer
    """

    def __init__(self, bootstrap: str, prefix: str = "", kafka: Optional[Dict[str, Any]] = None):
        self._kafka = {"bootstrap.servers": bootstrap, **(kafka or {})}
        self._prefix = prefix
        self._producer = Producer({**self._kafka, "enable.idempotence": True, "linger.ms": 5})
        self._replies: Optional[Consumer] = None

    def produce(
        self,
        task: str,
        rows: Iterable[Dict[str, Any]],
        key: Optional[str] = None,
        topic: Optional[str] = None,
        headers: Optional[Dict[str, str]] = None,
    ) -> List[str]:
        """Sends rows, and waits until Kafka has them all. Rows with their target are learned.

        key    the column that is the row's id; without it each row has an id of its own
        topic  a source of the task; without it lift.rows
        Returns the ids of the rows. Raises LiftError if Kafka does not take one.
        """
        ids = []
        failed = []

        def delivered(error, record):
            if error is not None:
                failed.append(f"Kafka does not take row {record.key().decode()}: {error.str()}")

        for row in rows:
            if key is not None and row.get(key) is None:
                raise LiftError(f"Row {len(ids) + 1} has no column {key}, which is its id.")
            row_id = str(uuid.uuid4()) if key is None else str(row[key])
            value = {column: cell for column, cell in row.items() if column != key}
            self._send(topic or "lift.rows", row_id, value, {"lift.task": task, **(headers or {})}, delivered)
            ids.append(row_id)
        self._flush(failed)
        return ids

    def ask(self, task: str, row: Dict[str, Any], timeout: float = 10, counted: bool = False) -> Prediction:
        """Asks for one row's prediction and waits for it.

        timeout  seconds; after them the row is not answered any more
        counted  whether it is a row of the task: scored when its label comes, and counted
        Raises LiftError if there is no answer in time.
        """
        replies = self._open_replies()
        asked = str(uuid.uuid4())
        headers = {
            "lift.task": task,
            "lift.reply-topic": self._prefix + "lift.replies",
            "lift.correlation-id": asked,
            "lift.deadline": str(int((time.time() + timeout) * 1000)),
        }
        if not counted:
            headers["lift.use"] = "try"
        failed: List[str] = []
        self._send("lift.rows", asked, row, headers, lambda error, _: error and failed.append(error.str()))
        self._flush(failed)
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            record = _next(replies)
            if record is not None and _header(record, "lift.correlation-id") == asked:
                return Prediction.of(record.value())
        raise LiftError(f"Task {task} did not answer within {timeout:g} s. See lift status, and lift dead-letters for the reason.")

    def follow(
        self,
        task: Optional[str] = None,
        topic: str = "lift.predictions",
        group: Optional[str] = None,
        earliest: bool = False,
    ) -> Iterator[Prediction]:
        """Predictions as they come, without end.

        task      whose predictions; without it those of all tasks
        topic     a task's own topic (lift task create --to), where there is one
        group     consumer group: it goes on where it was, and shares the work with others
        earliest  whether a new group begins with the oldest prediction
        """
        consumer = self._consumer(group or str(uuid.uuid4()), earliest, group is not None)
        try:
            consumer.subscribe([topic if topic != "lift.predictions" else self._prefix + topic])
            while True:
                record = _next(consumer)
                if record is None or record.value() is None:
                    continue
                prediction = Prediction.of(record.value())
                if task is None or prediction.task == task:
                    yield prediction
        finally:
            consumer.close()

    def close(self) -> None:
        """Sends what is left and closes the connections."""
        self._producer.flush(10)
        if self._replies is not None:
            self._replies.close()
            self._replies = None

    def __enter__(self) -> "Lift":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _send(self, topic, row_id, value, headers, delivered) -> None:
        name = self._prefix + topic if topic.startswith("lift.") else topic
        while True:
            try:
                self._producer.produce(name, json.dumps(value), row_id, headers=headers, on_delivery=delivered)
                self._producer.poll(0)
                return
            except BufferError:
                self._producer.poll(_POLL)

    def _flush(self, failed: List[str]) -> None:
        left = self._producer.flush(30)
        if failed:
            raise LiftError(failed[0])
        if left:
            raise LiftError(f"Kafka did not take {left} records within 30 s. Check the address and the settings.")

    def _consumer(self, group: str, earliest: bool, commit: bool) -> Consumer:
        return Consumer({
            **self._kafka,
            "group.id": group,
            "isolation.level": "read_committed",  # predictions are written in transactions
            "auto.offset.reset": "earliest" if earliest else "latest",
            "enable.auto.commit": commit,
        })

    def _open_replies(self) -> Consumer:
        """A consumer at the end of the topic of replies, before the row is sent."""
        if self._replies is None:
            topic = self._prefix + "lift.replies"
            consumer = self._consumer(str(uuid.uuid4()), False, False)
            try:
                known = consumer.list_topics(topic, timeout=10).topics[topic].partitions
                places = [TopicPartition(topic, p, consumer.get_watermark_offsets(TopicPartition(topic, p), 10)[1]) for p in known]
            except KafkaException as error:
                consumer.close()
                raise LiftError(f"Kafka does not answer: {error.args[0].str()}") from None
            if not places:
                consumer.close()
                raise LiftError(f"There is no topic {topic}. Is this the Kafka of a running Lift?")
            consumer.assign(places)
            self._replies = consumer
        return self._replies


def _next(consumer: Consumer):
    record = consumer.poll(_POLL)
    if record is None:
        return None
    error = record.error()
    if error is None:
        return record
    if error.code() == KafkaError._PARTITION_EOF or error.retriable():
        return None
    raise LiftError(f"Kafka says: {error.str()}")


def _header(record, name: str) -> Optional[str]:
    for key, value in record.headers() or []:
        if key == name:
            return value.decode()
    return None
