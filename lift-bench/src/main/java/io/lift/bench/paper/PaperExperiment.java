package io.lift.bench.paper;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;

/**
 * An experiment of the paper, and whether it is run here.
 *
 * @param title what it is
 * @param covered whether experiments here run it
 * @param by the experiments that do; empty if none does
 * @param why what is missing; null if nothing is
 */
record PaperExperiment(String title, Coverage covered, List<String> by, String why) {

  /** How much of it is run. */
  enum Coverage {
    YES("yes"),
    PARTLY("partly"),
    NO("no");

    private final String word;

    Coverage(String word) {
      this.word = word;
    }

    @JsonCreator
    static Coverage of(String given) {
      return switch (given) {
        case "true" -> YES;
        case "partly" -> PARTLY;
        case "false" -> NO;
        default -> throw new IllegalArgumentException("covered is true, partly or false: " + given);
      };
    }

    String word() {
      return word;
    }
  }

  PaperExperiment {
    by = by == null ? List.of() : List.copyOf(by);
  }
}
