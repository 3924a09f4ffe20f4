package io.lift.service.kafka;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;

/** The name of a replica where no setting gives one. It is part of the transactional ids. */
public final class InstanceName {
  private InstanceName() {}

  /**
   * Host name and port: unique among the replicas, since one of them listens on a port, and the
   * same after a restart. A random port does not identify a replica later, so it gets a random
   * name.
   *
   * @param port HTTP port; 0 for a random one
   */
  public static String of(int port) {
    return hostName() + "-" + (port > 0 ? Integer.toString(port) : UUID.randomUUID().toString());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
