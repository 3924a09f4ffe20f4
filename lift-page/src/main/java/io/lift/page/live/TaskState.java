package io.lift.page.live;

import io.lift.core.metrics.MetricNames;
import io.lift.core.task.TaskSpec;
import io.lift.kafka.CheckpointFiles;
import io.lift.messages.ChartsMessage;
import io.lift.messages.ChartsMessage.Drift;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.EventMessage;
import io.lift.messages.MetricsMessage;
import io.lift.messages.RollbackRequest;
import io.lift.messages.TrainingProgress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The newest state of one task. Each change of a part has a number that is higher than that of any
 * earlier change, so that a page session can find what is new to it. Not thread-safe: callers
 * synchronize on {@link LivePage}.
 */
final class TaskState {
  private static final int MAX_VERSIONS = 100;
  private static final int MAX_PREDICTIONS = 100;
  private static final int MAX_EVENTS = 50;
  private static final long SILENT_MILLIS = 3 * TrainingProgress.HEARTBEAT.toMillis();

  /** The parts that change on their own. */
  enum Part {
    SPEC,
    CARD,
    METRICS,
    ROUND,
    LINEAGE,
    PREDICTIONS,
    EVENTS
  }

  private record Numbered(long change, Prediction prediction) {}

  private final Map<Part, Long> changes = new TreeMap<>();
  private final TreeMap<Long, CheckpointManifest> versions = new TreeMap<>();
  private final LinkedHashMap<String, Numbered> predictions = new LinkedHashMap<>();
  private final Deque<EventMessage> events = new ArrayDeque<>();
  private final RoundLosses losses = new RoundLosses();

  private TaskSpec spec; // null while only other things are known of it
  private MetricsMessage metrics;
  private ChartsMessage charts;
  private TrainingProgress progress;
  private RollbackRequest rollback;
  private TaskCard.Upload upload;
  private boolean silent;

  boolean exists() {
    return spec != null;
  }

  TaskSpec spec() {
    return spec;
  }

  /** Number of the newest change of a part; 0 if there is nothing yet. */
  long changed(Part part) {
    return changes.getOrDefault(part, 0L);
  }

  private void change(long number, Part... parts) {
    for (Part part : parts) {
      changes.put(part, number);
    }
    changes.put(Part.CARD, number);
  }

  void spec(TaskSpec newer, long number) {
    spec = newer;
    change(number, Part.SPEC);
  }

  void metrics(MetricsMessage newer, long number) {
    boolean versionsScored = newer != null && !newer.checkpoints().isEmpty();
    metrics = newer;
    change(number, Part.METRICS);
    if (versionsScored) {
      change(number, Part.LINEAGE);
    }
  }

  void charts(ChartsMessage newer, long number) {
    charts = newer;
    change(number, Part.METRICS);
  }

  void rollback(RollbackRequest request, long number) {
    rollback = request;
    change(number);
  }

  void upload(TaskCard.Upload now, long number) {
    upload = now;
    change(number);
  }

  void progress(TrainingProgress newer, long number) {
    progress = newer;
    silent = false;
    change(number);
    if (newer == null || newer.state() != TrainingProgress.State.TRAINING || newer.step() == 0) {
      return;
    }
    if (losses.add(newer)) {
      change(number, Part.ROUND);
    }
  }

  /** Whether the trainer has fallen silent since the last call. */
  boolean fallsSilent(long now, long number) {
    boolean falls = progress != null && !silent && now - progress.at() > SILENT_MILLIS;
    if (falls) {
      silent = true;
      change(number);
    }
    return falls;
  }

  void checkpoint(CheckpointManifest manifest, long number) {
    versions.values().removeIf(manifest::beginsAnewAfter);
    versions.put(manifest.version(), manifest);
    if (versions.size() > MAX_VERSIONS) {
      versions.pollFirstEntry();
    }
    change(number, Part.LINEAGE);
  }

  CheckpointManifest version(long version) {
    return versions.get(version);
  }

  CheckpointManifest current() {
    return versions.isEmpty() ? null : versions.lastEntry().getValue();
  }

  /** The newest version above one that restores another. */
  Optional<CheckpointManifest> restoredSince(long version, long restored) {
    return versions.tailMap(version, false).descendingMap().values().stream()
        .filter(manifest -> manifest.restored() != null && manifest.restored() == restored)
        .findFirst();
  }

  /** The rollback request that no trainer has fulfilled, or null. */
  RollbackRequest rollback() {
    return rollback;
  }

  void event(EventMessage event, long number) {
    events.addLast(event);
    if (events.size() > MAX_EVENTS) {
      events.removeFirst();
    }
    changes.put(Part.EVENTS, number);
  }

  /** What happened to it, oldest first. */
  List<EventMessage> events() {
    return List.copyOf(events);
  }

  void predicted(Prediction prediction, long number) {
    predictions.remove(prediction.row());
    predictions.put(prediction.row(), new Numbered(number, prediction));
    if (predictions.size() > MAX_PREDICTIONS) {
      predictions.remove(predictions.keySet().iterator().next());
    }
    changes.put(Part.PREDICTIONS, number);
  }

  /** Whether the label belongs to a prediction that is shown. */
  boolean labelled(String row, String truth, long number) {
    Numbered shown = predictions.get(row);
    if (shown == null) {
      return false;
    }
    predictions.put(row, new Numbered(number, shown.prediction().with(truth)));
    changes.put(Part.PREDICTIONS, number);
    return true;
  }

  /** The predictions that have changed since a number, oldest change first. */
  List<Prediction> predictionsSince(long number, int most) {
    List<Prediction> changed =
        predictions.values().stream()
            .filter(shown -> shown.change() > number)
            .sorted((a, b) -> Long.compare(a.change(), b.change()))
            .map(Numbered::prediction)
            .toList();
    return changed.subList(Math.max(0, changed.size() - most), changed.size());
  }

  TaskDetail detail(long now) {
    List<Prediction> newest =
        new ArrayList<>(predictions.values().stream().map(Numbered::prediction).toList());
    Collections.reverse(newest);
    return new TaskDetail(
        now, card(now), spec, metrics, charts, round(), lineage(), newest, events());
  }

  MetricsMessage metrics() {
    return metrics;
  }

  ChartsMessage charts() {
    return charts;
  }

  TaskDetail.Round round() {
    return losses.round();
  }

  List<TaskDetail.Version> lineage() {
    return versions.descendingMap().values().stream().map(this::version).toList();
  }

  private TaskDetail.Version version(CheckpointManifest manifest) {
    CheckpointManifest current = current();
    boolean newest = manifest.version() == current.version();
    return new TaskDetail.Version(
        manifest.version(),
        manifest.parent(),
        manifest.restored(),
        manifest.taskVersion(),
        manifest.createdAt(),
        manifest.trainer(),
        manifest.ranges(),
        manifest.newRows(),
        manifest.rows(),
        manifest.step(),
        manifest.size(),
        manifest.sha256(),
        manifest.metrics(),
        metrics == null ? null : metrics.checkpoints().get(manifest.version()),
        newest,
        !newest
            && manifest.version() > current.version() - CheckpointFiles.KEPT_VERSIONS
            && manifest.templateHash().equals(current.templateHash())
            && manifest.baseModel().equals(current.baseModel()));
  }

  TaskCard card(long now) {
    CheckpointManifest current = current();
    List<Drift> drifts = charts == null ? List.of() : charts.drifts();
    boolean scored = metrics != null && metrics.updatedAt() > 0;
    return new TaskCard(
        spec.name(),
        spec.version(),
        spec.type(),
        spec.target().name(),
        spec.features().size(),
        metrics == null ? 0 : metrics.rows(),
        progress == null ? null : progress.waitingRows(),
        metrics == null ? 0 : metrics.predictions(),
        metrics == null ? 0 : metrics.total().getOrDefault(MetricNames.COUNT, 0.0).longValue(),
        metrics == null ? 0 : metrics.deadLetters(),
        current == null ? null : TaskCard.Current.of(current),
        trainer(now),
        TaskCard.Headline.of(spec.type(), metrics),
        scored ? metrics.updatedAt() : null,
        drifts.isEmpty() ? null : drifts.get(drifts.size() - 1),
        upload,
        rollback == null
            ? null
            : new TaskCard.Rollback(
                rollback.version(),
                rollback.error() == null ? "waiting" : "failed",
                rollback.error()));
  }

  private TaskCard.Trainer trainer(long now) {
    if (progress == null) {
      return new TaskCard.Trainer("none", null, null, null, null, null, null);
    }
    if (now - progress.at() > SILENT_MILLIS) {
      return new TaskCard.Trainer(
          "none", progress.trainer(), null, null, null, progress.loss(), progress.at());
    }
    boolean training = progress.state() == TrainingProgress.State.TRAINING;
    boolean retraining = progress.state() == TrainingProgress.State.RETRAINING;
    return new TaskCard.Trainer(
        training ? "training" : retraining ? "retraining" : "idle",
        progress.trainer(),
        training ? progress.version() : null,
        training || retraining ? progress.step() : null,
        training || retraining ? progress.steps() : null,
        progress.loss(),
        progress.at());
  }
}
