package io.lift.trainer;

import io.lift.kafka.GroupProtocol;
import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.eclipse.microprofile.config.Config;

/**
 * Leaves out what the group's protocol refuses. The settings of the channel's consumer are in
 * {@code application.properties}.
 */
@ApplicationScoped
public class PromptsConsumer implements ClientCustomizer<Map<String, Object>> {

  @Override
  public Map<String, Object> customize(
      String channel, Config channelConfig, Map<String, Object> client) {
    GroupProtocol.fit(client);
    return client;
  }
}
