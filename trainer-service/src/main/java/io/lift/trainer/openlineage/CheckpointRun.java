package io.lift.trainer.openlineage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lift.core.task.Column;
import io.lift.core.task.Source;
import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.Topics;
import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A checkpoint as a run of OpenLineage. The job is the task. Inputs are the topics of its rows and
 * {@code lift.prompts}, and the output is a version of the dataset {@code lift.checkpoints/TASK}.
 */
final class CheckpointRun {
  /** The facet with what only Lift knows of a version. */
  static final String FACET = "lift_checkpoint";

  private static final URI PRODUCER = URI.create("https://github.com/lift-stream/lift");
  private static final double MILLIS = 1000;

  private final OpenLineage lineage = new OpenLineage(PRODUCER);
  private final String namespace;
  private final String kafka;
  private final Topics topics;

  /**
   * @param namespace of the jobs
   * @param bootstrap addresses of Kafka, of which the first names the datasets
   */
  CheckpointRun(String namespace, String bootstrap, Topics topics) {
    this.namespace = namespace;
    this.kafka = "kafka://" + bootstrap.split(",")[0].strip();
    this.topics = topics;
  }

  /** The start and the end of the run, which have the same id whenever they are made. */
  List<RunEvent> events(TaskSpec task, CheckpointManifest made) {
    double seconds = made.metrics().getOrDefault("seconds", 0.0);
    long began = made.createdAt() - (long) (seconds * MILLIS);
    String identity = made.task() + "/" + made.version() + "/" + made.sha256();
    OpenLineage.Run run =
        lineage.newRun(
            UUID.nameUUIDFromBytes(identity.getBytes(UTF_8)),
            lineage.newRunFacetsBuilder().build());
    OpenLineage.Job job =
        lineage.newJob(
            namespace,
            task.name(),
            lineage
                .newJobFacetsBuilder()
                .jobType(lineage.newJobTypeJobFacet("STREAMING", "LIFT", "TRAINING"))
                .build());
    List<OpenLineage.InputDataset> inputs = inputs(task, made);
    return List.of(
        lineage.newRunEvent(time(began), EventType.START, run, job, inputs, List.of()),
        lineage.newRunEvent(
            time(made.createdAt()), EventType.COMPLETE, run, job, inputs, List.of(output(made))));
  }

  private static ZonedDateTime time(long millis) {
    return Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC);
  }

  private List<OpenLineage.InputDataset> inputs(TaskSpec task, CheckpointManifest made) {
    List<OpenLineage.InputDataset> inputs = new ArrayList<>();
    inputs.add(
        lineage
            .newInputDatasetBuilder()
            .namespace(kafka)
            .name(topics.prompts().name())
            .inputFacets(
                lineage
                    .newInputDatasetInputFacetsBuilder()
                    .inputStatistics(
                        lineage.newInputStatisticsInputDatasetFacet(made.newRows(), null, null))
                    .build())
            .build());
    for (Source source : task.sources()) {
      inputs.add(
          lineage
              .newInputDatasetBuilder()
              .namespace(kafka)
              .name(source.topic())
              .facets(lineage.newDatasetFacetsBuilder().schema(schema(task)).build())
              .build());
    }
    if (task.sources().isEmpty()) {
      inputs.add(
          lineage.newInputDatasetBuilder().namespace(kafka).name(topics.rows().name()).build());
    }
    return inputs;
  }

  /** The fields of a row. */
  private OpenLineage.SchemaDatasetFacet schema(TaskSpec task) {
    Map<String, String> types = new TreeMap<>();
    List<Column> columns = new ArrayList<>(task.features());
    columns.add(task.target());
    for (Column column : columns) {
      String type = column.date() == null ? column.type().name().toLowerCase() : "date";
      types.put(column.field(), type);
    }
    List<OpenLineage.SchemaDatasetFacetFields> fields = new ArrayList<>();
    types.forEach(
        (name, type) -> fields.add(lineage.newSchemaDatasetFacetFields(name, type, null, null)));
    return lineage.newSchemaDatasetFacet(fields);
  }

  private OpenLineage.OutputDataset output(CheckpointManifest made) {
    OpenLineage.DatasetFacet facet = lineage.newDatasetFacet();
    Map<String, Object> known = facet.getAdditionalProperties();
    known.put("version", made.version());
    known.put("parent", made.parent());
    known.put("taskVersion", made.taskVersion());
    known.put("sha256", made.sha256());
    known.put("baseModel", made.baseModel());
    known.put("trainer", made.trainer());
    known.put("newRows", made.newRows());
    known.put("rows", made.rows());
    known.put("ranges", made.ranges());
    known.put("metrics", made.metrics());
    if (made.restored() != null) {
      known.put("restored", made.restored());
    }
    return lineage
        .newOutputDatasetBuilder()
        .namespace(kafka)
        .name(topics.checkpoints().name() + "/" + made.task())
        .facets(
            lineage
                .newDatasetFacetsBuilder()
                .version(lineage.newDatasetVersionDatasetFacet(Long.toString(made.version())))
                .put(FACET, facet)
                .build())
        .outputFacets(
            lineage
                .newOutputDatasetOutputFacetsBuilder()
                .outputStatistics(
                    lineage.newOutputStatisticsOutputDatasetFacet(made.rows(), made.size(), 1L))
                .build())
        .build();
  }
}
