package io.lift.trainer;

import io.lift.trainer.assignment.TrainingStatus;
import io.lift.trainer.training.Trainer;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;

/** {@code GET /training}: the status of each task of this trainer. */
@Path("/training")
public class TrainingResource {
  private final Trainer trainer;

  TrainingResource(Trainer trainer) {
    this.trainer = trainer;
  }

  @GET
  @Blocking
  public List<TrainingStatus> training() {
    return trainer.status();
  }
}
