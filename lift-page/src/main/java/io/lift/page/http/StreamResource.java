package io.lift.page.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lift.page.live.Broadcast;
import io.lift.page.web.PagePath;
import io.lift.service.http.ApiException;
import io.lift.service.identity.Caller;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** Pushes changes to open pages as server-sent events. */
@PagePath
@Path("/api/stream")
public class StreamResource {
  private static final int EVENTS_AT_ONCE = 16;
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final Broadcast broadcast;
  private final SecurityIdentity identity;

  StreamResource(Broadcast broadcast, SecurityIdentity identity) {
    this.broadcast = broadcast;
    this.identity = identity;
  }

  /**
   * @param task the task that the page shows, or null
   */
  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @APIResponse(
      responseCode = "200",
      description = "Events whose data is JSON",
      content =
          @Content(
              mediaType = MediaType.SERVER_SENT_EVENTS,
              schema = @Schema(type = SchemaType.STRING)))
  public Multi<OutboundSseEvent> stream(
      @QueryParam("task") String task, @Context Sse sse, @Context HttpServerRequest request) {
    Multi<OutboundSseEvent> events =
        Multi.createFrom()
            .emitter(
                emitter -> {
                  Page page = new Page(emitter, sse, request);
                  emitter.onTermination(() -> broadcast.closed(page));
                  if (!broadcast.open(page, task)) {
                    emitter.fail(
                        new ApiException(Status.SERVICE_UNAVAILABLE, "Too many pages are open."));
                  }
                },
                EVENTS_AT_ONCE);
    // what a caller may see ends with the token; a browser connects again with a newer one
    return Caller.of(identity).until().map(end -> events.select().first(left(end))).orElse(events);
  }

  private static Duration left(Instant end) {
    Duration left = Duration.between(Instant.now(), end);
    return left.compareTo(SHORTEST) > 0 ? left : SHORTEST;
  }

  /** One open page: takes the next event when the one before has left. */
  private record Page(
      MultiEmitter<? super OutboundSseEvent> emitter, Sse sse, HttpServerRequest request)
      implements Broadcast.Connection {
    @Override
    public boolean ready() {
      return emitter.requested() > 0;
    }

    @Override
    public void send(String event, byte[] json) {
      emitter.emit(
          sse.newEventBuilder()
              .name(event)
              .mediaType(MediaType.TEXT_PLAIN_TYPE) // the text is JSON already
              .data(String.class, new String(json, UTF_8))
              .build());
    }

    @Override
    public void drop() {
      emitter.complete();
      request.connection().close();
    }
  }
}
