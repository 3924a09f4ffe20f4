package io.lift.page.http;

import io.lift.service.http.ApiException;
import jakarta.ws.rs.core.Response.Status;

/** What a path answers whose task does not exist. */
final class UnknownTask {
  private UnknownTask() {}

  static ApiException of(String task) {
    return new ApiException(Status.NOT_FOUND, "There is no task '" + task + "'.");
  }
}
