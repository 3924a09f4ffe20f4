package io.lift.inference.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.inference.models.LoadedModel;
import io.lift.inference.models.ModelRegistry;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** The version that answers each task now. */
@Path("/models")
@Produces(MediaType.APPLICATION_JSON)
public class ModelsResource {
  private final ModelRegistry registry;

  ModelsResource(ModelRegistry registry) {
    this.registry = registry;
  }

  /**
   * One task's model in memory.
   *
   * @param task the task
   * @param version checkpoint version; 0 is the base model
   * @param sha256 hash of the checkpoint file; null for the base model
   * @param taskVersion version of the task whose language it has
   * @param loadedAt when it was loaded, ISO 8601
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Model(String task, long version, String sha256, int taskVersion, String loadedAt) {}

  /** Every task with a model in memory, by name. */
  @GET
  public List<Model> models() {
    return registry.loaded().entrySet().stream()
        .map(entry -> model(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static Model model(String task, LoadedModel loaded) {
    return new Model(
        task,
        loaded.version(),
        loaded.sha256(),
        loaded.language().task().version(),
        loaded.loadedAt().toString());
  }
}
