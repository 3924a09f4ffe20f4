package io.lift.trainer.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MonitorTest {
  private static final long NEVER = Long.MAX_VALUE;
  private final Monitor<AtomicInteger> monitor = new Monitor<>(new AtomicInteger());

  @Test
  void aThreadThatPollsGetsTheResultOfAChangeByAnother() throws Exception {
    CompletableFuture<Optional<Integer>> result = CompletableFuture.supplyAsync(() -> poll(60_000));

    monitor.change(AtomicInteger::incrementAndGet);

    assertThat(result.get(30, TimeUnit.SECONDS)).contains(1);
  }

  @Test
  void aPollEndsWithoutAResultAfterItsTime() {
    assertThat(poll(1)).isEmpty();
  }

  @Test
  void aPollEndsWithoutAResultOnceItIsToStop() throws Exception {
    CompletableFuture<Optional<Integer>> result = CompletableFuture.supplyAsync(() -> poll(60_000));

    monitor.change(state -> state.set(-1));

    assertThat(result.get(30, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void aPollTriesAgainAtTheTimeThatTheStateSays() throws Exception {
    long soon = System.currentTimeMillis() + 20;
    Optional<Long> result =
        monitor.poll(
            state -> Optional.of(System.currentTimeMillis()).filter(now -> now >= soon),
            state -> false,
            state -> soon,
            60_000);

    assertThat(result).isPresent();
  }

  @Test
  void awaitSaysWhetherTheConditionHoldsAtItsEnd() throws Exception {
    assertThat(monitor.await(state -> state.get() == 1, Duration.ofMillis(1))).isFalse();

    monitor.change(AtomicInteger::incrementAndGet);

    assertThat(monitor.await(state -> state.get() == 1, Duration.ofMillis(1))).isTrue();
  }

  @Test
  void anActionThatFailsLeavesTheStateReachable() throws Exception {
    assertThatThrownBy(
            () ->
                monitor.change(
                    state -> {
                      throw new IllegalStateException("for a test");
                    }))
        .hasMessage("for a test");

    CompletableFuture<Integer> other =
        CompletableFuture.supplyAsync(() -> monitor.get(AtomicInteger::get));
    assertThat(other.get(30, TimeUnit.SECONDS)).isZero();
  }

  /** Waits until the state is positive, and stops once it is negative. */
  private Optional<Integer> poll(long maxMillis) {
    try {
      return monitor.poll(
          state -> Optional.of(state.get()).filter(value -> value > 0),
          state -> state.get() < 0,
          state -> NEVER,
          maxMillis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
