package io.lift.broker;

import java.nio.file.Path;

/** The configuration of the one node, which is broker and controller. */
final class BrokerProperties {
  private static final int MAX_MESSAGE_BYTES = 20 * 1024 * 1024;

  private BrokerProperties() {}

  static String of(Path data, int port, int controllerPort) {
    return """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@%1$s:%3$d
        listeners=PLAINTEXT://%1$s:%2$d,CONTROLLER://%1$s:%3$d
        advertised.listeners=PLAINTEXT://%1$s:%2$d
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
        log.dirs=%4$s

        # one node holds the only replica
        default.replication.factor=1
        min.insync.replicas=1
        offsets.topic.replication.factor=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1

        # few internal partitions, so that the first group and the first transaction start at once
        offsets.topic.num.partitions=4
        transaction.state.log.num.partitions=4
        group.initial.rebalance.delay.ms=0

        # after a crash of the broker: the controller admits it again once its old session is over,
        # and the newest segment of each log is read, several at a time because each waits for the
        # disk
        broker.session.timeout.ms=3000
        broker.heartbeat.interval.ms=500
        log.segment.bytes=67108864
        num.recovery.threads.per.data.dir=8

        auto.create.topics.enable=false
        num.partitions=6
        message.max.bytes=%5$d
        replica.fetch.max.bytes=%5$d
        socket.request.max.bytes=104857600
        offsets.retention.minutes=10080
        log.retention.check.interval.ms=300000
        log.cleaner.backoff.ms=5000
        log.cleaner.dedupe.buffer.size=16777216
        num.network.threads=2
        num.io.threads=4
        """
        .formatted(
            EmbeddedBroker.HOST,
            port,
            controllerPort,
            data.toString().replace("\\", "\\\\"),
            MAX_MESSAGE_BYTES);
  }
}
