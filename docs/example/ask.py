"""Asks for one row and waits for its answer: python3 ask.py HOST:PORT TASK '{"column": value}'"""
import json
import sys
import time
import uuid

from confluent_kafka import Consumer, KafkaException, Producer
from confluent_kafka.admin import AdminClient, NewTopic

bootstrap, task, row = sys.argv[1:4]
kafka = {"bootstrap.servers": bootstrap}
replies = "my-answers"  # a topic of the asker; several askers may share it

admin = AdminClient(kafka)
if replies not in admin.list_topics(timeout=10).topics:
    try:
        admin.create_topics([NewTopic(replies, 1, 1)])[replies].result()
    except KafkaException as error:
        if error.args[0].name() != "TOPIC_ALREADY_EXISTS":
            raise

assigned = []
consumer = Consumer({**kafka, "group.id": str(uuid.uuid4()), "isolation.level": "read_committed", "enable.auto.commit": False})
consumer.subscribe([replies], on_assign=lambda _, partitions: assigned.extend(partitions))
while not assigned:
    consumer.poll(0.1)  # from the end of the topic: before the row is sent

mine = str(uuid.uuid4())
producer = Producer(kafka)
producer.produce(
    "lift.rows",
    key=mine,
    value=row,
    headers={
        "lift.task": task,
        "lift.use": "try",  # only answered; leave it out to have the row scored and counted
        "lift.reply-topic": replies,
        "lift.correlation-id": mine,
        "lift.deadline": str(int((time.time() + 10) * 1000)),
    },
)
producer.flush()

give_up = time.time() + 15
while time.time() < give_up:
    record = consumer.poll(0.5)
    if record is not None and not record.error() and dict(record.headers() or []).get("lift.correlation-id") == mine.encode():
        print(json.dumps(json.loads(record.value()), indent=1))
        break
else:
    sys.exit("no answer; see lift.dead-letters for the reason")
consumer.close()
