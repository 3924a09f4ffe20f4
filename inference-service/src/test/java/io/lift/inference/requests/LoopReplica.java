package io.lift.inference.requests;

import static org.awaitility.Awaitility.await;

import io.lift.inference.models.Calibrations;
import io.lift.inference.models.ModelLookup;
import io.lift.inference.models.ModelRegistry;
import io.lift.inference.requests.RequestHandler.Outcome;
import io.lift.inference.support.LiveSupport;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.Traces;
import io.lift.messages.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** One loop on a thread of its own. */
final class LoopReplica implements RequestLoop.Observer {
  private static final Topics TOPICS = Topics.of("");

  final RequestLoop loop;
  private final ModelRegistry registry;
  private final AtomicInteger toFail;
  private final AtomicInteger aborted;

  /**
   * @param toFail how often the loop fails right after a commit
   * @param aborted counts the batches that were aborted
   */
  LoopReplica(
      String instance,
      Map<String, Object> settings,
      ModelRegistry registry,
      MicroBatcher batcher,
      LiveSupport support,
      Sinks sinks,
      AtomicInteger toFail,
      AtomicInteger aborted) {
    this.registry = registry;
    this.toFail = toFail;
    this.aborted = aborted;
    Calibrations calibrations = new Calibrations();
    EvidenceFinder evidence = new EvidenceFinder(support, calibrations, Duration.ZERO);
    RequestHandler handler =
        new RequestHandler(
            new RequestAnswers(registry, calibrations, evidence),
            batcher,
            evidence,
            new NothingDeferred(),
            () -> {},
            Clock.systemUTC());
    loop =
        new RequestLoop(
            new LoopSettings(
                new KafkaConnection(settings, TOPICS),
                Traces.NONE,
                "test-inference",
                instance,
                64,
                Duration.ofDays(6)),
            handler,
            new ParkedWindow(1L << 20, (name, count) -> {}, new NothingDeferred()),
            (name, version, replyOnly) ->
                !(resolve(name, version) instanceof ModelLookup.Wait)
                    && (replyOnly || !sinks.waits(name)),
            new ReplySender(settings, new WritableTopics("replies", TOPICS, topic -> 1)),
            sinks,
            this,
            sentence -> {
              throw new AssertionError(sentence);
            },
            Clock.systemUTC());
    loop.start();
  }

  void stop() {
    loop.close();
    await().atMost(Duration.ofSeconds(30)).until(() -> !loop.alive(Duration.ofDays(1)));
  }

  @Override
  public void committed(List<Outcome> outcomes, int deadLetters) {
    if (toFail.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new IllegalStateException("as if the process had died here");
    }
  }

  @Override
  public void aborted(Throwable cause) {
    aborted.incrementAndGet();
  }

  private ModelLookup resolve(String name, int version) {
    ModelLookup lookup = registry.resolve(name, version);
    if (lookup instanceof ModelLookup.Ready ready) {
      ready.model().release();
    }
    return lookup;
  }
}
