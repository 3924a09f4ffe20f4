package io.lift.service.http;

import io.lift.service.identity.Caller;

/**
 * Somebody has tried what the role does not allow. Sent as an event of CDI.
 *
 * @param caller who
 * @param method e.g. {@code POST}
 * @param path what was called
 */
public record RefusedAction(Caller caller, String method, String path) {}
