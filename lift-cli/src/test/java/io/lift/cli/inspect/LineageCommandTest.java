package io.lift.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.cli.term.Terminal;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.CheckpointManifest.OffsetRange;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LineageCommandTest {

  @Test
  void aVersionTellsItsParentRowsOffsetsAndFigure() {
    TreeMap<Long, CheckpointManifest> versions = new TreeMap<>();
    versions.put(1L, manifest(1, 0, new OffsetRange(0, 64), 64, null));
    versions.put(2L, manifest(2, 1, new OffsetRange(64, 320), 256, null));
    versions.put(3L, manifest(3, 1, new OffsetRange(320, 320), 0, 1L));
    versions.put(4L, retrained(manifest(4, 3, new OffsetRange(320, 320), 0, null)));

    String[] lines =
        LineageCommand.table(versions, Map.of(1L, Map.of("count", 256.0, "accuracy", 0.925)))
            .render(Terminal.stdout())
            .split("\n");

    assertThat(lines).hasSize(5);
    assertThat(lines[1]).contains("4:0-64").contains("0.2500").contains("accuracy 92.5 %");
    assertThat(lines[2]).contains("4:64-320").doesNotContain("accuracy");
    assertThat(lines[3]).contains("1 restored").contains("4:320-320");
    assertThat(lines[4]).contains("3 retrained").contains("4:320-320");
  }

  @Test
  void aVersionWithoutAParentBeginsATaskMadeAnewUnlessTheTaskItselfHasChanged() {
    CheckpointManifest before = manifest(7, 6, new OffsetRange(0, 64), 64, null);

    assertThat(manifest(8, 0, new OffsetRange(64, 128), 64, null).beginsAnewAfter(before)).isTrue();
    assertThat(manifest(8, 7, new OffsetRange(64, 128), 64, null).beginsAnewAfter(before))
        .isFalse();
    assertThat(before.beginsAnewAfter(manifest(8, 0, new OffsetRange(64, 128), 64, null)))
        .isFalse();
  }

  private static CheckpointManifest retrained(CheckpointManifest manifest) {
    manifest.metrics().put(CheckpointManifest.RETRAINED, 1.0);
    return manifest;
  }

  private static CheckpointManifest manifest(
      long version, long parent, OffsetRange range, long newRows, Long restored) {
    return new CheckpointManifest(
        "loans",
        version,
        parent,
        1,
        "language",
        "base",
        "sha",
        1,
        null,
        0,
        "trainer",
        0,
        0,
        Map.of(4, range),
        Map.of(),
        newRows,
        range.to(),
        new HashMap<>(Map.of("loss", 0.25)),
        null,
        restored);
  }
}
