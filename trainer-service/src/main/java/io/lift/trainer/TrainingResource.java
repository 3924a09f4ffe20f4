package io.lift.trainer;

import io.lift.trainer.assignment.TrainingStatus;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;

/** {@code GET /training}: how each task of this trainer stands. */
@Path("/training")
public class TrainingResource {
  private final TrainerService service;

  TrainingResource(TrainerService service) {
    this.service = service;
  }

  @GET
  @Blocking
  public List<TrainingStatus> training() {
    return service.trainer().status();
  }
}
