package io.lift.page.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BroadcastTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final LivePage page = new LivePage();
  private final Broadcast broadcast = new Broadcast(page, Duration.ofMillis(600));

  private static final class Page implements Broadcast.Connection {
    final List<String> events = new CopyOnWriteArrayList<>();
    volatile boolean reads = true;
    volatile boolean dropped;

    @Override
    public boolean ready() {
      return reads;
    }

    @Override
    public void send(String event, byte[] json) {
      events.add(event);
    }

    @Override
    public void drop() {
      dropped = true;
    }
  }

  @BeforeEach
  void start() {
    broadcast.start();
    page.ready();
  }

  @AfterEach
  void stop() {
    broadcast.close();
  }

  @Test
  void aPageThatDoesNotReadIsSentNothingAndDroppedAndTheOthersAreNot() {
    Page reading = new Page();
    Page stuck = new Page();
    assertThat(broadcast.open(reading, null)).isTrue();
    assertThat(broadcast.open(stuck, null)).isTrue();
    await().atMost(LIMIT).until(() -> stuck.events.contains("tasks"));
    stuck.reads = false;
    int sent = stuck.events.size();

    await().atMost(LIMIT).until(() -> stuck.dropped);

    assertThat(stuck.events).hasSizeLessThanOrEqualTo(sent + 1);
    assertThat(reading.dropped).isFalse();
    assertThat(broadcast.pages()).isEqualTo(1);
  }

  @Test
  void thereIsABoundOfPages() {
    int opened = 0;
    while (broadcast.open(new Page(), null) && opened < 10_000) {
      opened++;
    }
    assertThat(opened).isEqualTo(200);
  }

  @Test
  void aPageThatIsClosedIsForgotten() {
    Page gone = new Page();
    broadcast.open(gone, null);
    broadcast.closed(gone);
    assertThat(broadcast.pages()).isZero();
  }
}
