package io.lift.it.docs;

import io.lift.kafka.RequiredAcl;
import io.lift.kafka.Role;
import io.lift.messages.Topics;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.apache.kafka.common.resource.PatternType;
import org.junit.jupiter.api.Test;

class DocumentsTest {

  @Test
  void theTableOfRightsIsThatOfTheCode() throws IOException {
    Generated.check("docs/operations.md", "rights", rights());
  }

  @Test
  void theTableOfSettingsIsThatOfTheConfigInterfaces() throws IOException {
    Generated.check("docs/configuration.md", "settings", ConfigurationTable.of(Generated.root()));
  }

  @Test
  void theTablesOfResultsAreThoseOfThePublishedRun() throws IOException {
    ResultTables results = new ResultTables(Generated.root().resolve("docs/results/paper.json"));
    Generated.check("README.md", "results", results.front());
    Generated.check("docs/benchmarks.md", "accuracies", results.all());
    Generated.check("docs/benchmarks.md", "baselines", results.baselineSettings());
    Generated.check("docs/benchmarks.md", "errors", results.errors());
    Generated.check("docs/benchmarks.md", "texts", results.texts());
  }

  private static String rights() {
    StringBuilder table = new StringBuilder("| who | right | on |\n|---|---|---|\n");
    for (Role role : Role.values()) {
      Map<String, StringJoiner> lines = new LinkedHashMap<>();
      for (RequiredAcl right : role.rights(Topics.of(""))) {
        String kind = right.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String name = right.name() + (right.pattern() == PatternType.PREFIXED ? "*" : "");
        lines
            .computeIfAbsent(
                "`" + right.operationName() + "` | " + kind + " ", key -> new StringJoiner(", "))
            .add("`" + name + "`");
      }
      String who = role.name().toLowerCase(Locale.ROOT);
      lines.forEach((key, names) -> table.append("| " + who + " | " + key + names + " |\n"));
    }
    return table.toString();
  }
}
