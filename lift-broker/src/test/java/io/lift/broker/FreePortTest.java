package io.lift.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class FreePortTest {
  @RepeatedTest(20)
  void aChosenPortCanBeListenedOnAndIsNoneOfThoseForOutgoingConnections() throws IOException {
    int port = FreePort.choose();

    assertThat(port).isBetween(1_024, 32_767);
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(socket.getLocalPort()).isEqualTo(port);
    }
  }

  @Test
  void aPortThatSomebodyListensOnIsNotFree() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThat(FreePort.isFree(taken.getLocalPort())).isFalse();
    }
  }
}
