package io.lift.cli.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.cli.base.CliException;
import io.lift.core.task.ContextPolicy;
import io.lift.core.task.LearningMethod;
import io.lift.core.task.TemplateSpec;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class LanguageOptionsTest {
  @Test
  void namesAreAnonymousNamedOrShuffled() {
    assertThat(template()).isNull();
    assertThat(template("--names", "anonymous")).isEqualTo(TemplateSpec.paper());
    assertThat(template("--names", "named")).isEqualTo(TemplateSpec.named());
    assertThat(template("--names", "shuffled")).isEqualTo(TemplateSpec.named().shuffled(0));
    assertThat(template("--names", "shuffled:42", "--template", "named"))
        .isEqualTo(TemplateSpec.named().shuffled(42));
    assertThat(template("--template", "{a} is", "--names", "shuffled:1"))
        .isEqualTo(TemplateSpec.free("{a} is").shuffled(1));
  }

  @Test
  void namesThatTheTemplateContradictsAreRefused() {
    for (String[] bad :
        new String[][] {
          {"--names", "anonymous", "--template", "named"},
          {"--names", "named", "--template", "paper"},
          {"--names", "shuffled", "--template", "image"},
          {"--names", "any"}
        }) {
      assertThatThrownBy(() -> template(bad))
          .isInstanceOf(CliException.class)
          .hasMessageContaining("--names");
    }
  }

  @Test
  void everyVariantOfTheMethodHasItsOption() {
    assertThat(method()).isNull();
    assertThat(method("--context", "nearest:8", "--no-fine-tuning"))
        .isEqualTo(
            LearningMethod.builder()
                .context(new ContextPolicy(ContextPolicy.Pick.NEAREST, 8))
                .fineTuning(false)
                .build());
    assertThat(
            method(
                "--context",
                "random:32",
                "--balance",
                "--mixup",
                "0.25",
                "--noise",
                "0.1",
                "--shuffle-columns",
                "--two-stage",
                "--no-pretrained",
                "--generate"))
        .isEqualTo(
            LearningMethod.builder()
                .context(new ContextPolicy(ContextPolicy.Pick.RANDOM, 32))
                .balance(true)
                .mixup(0.25)
                .noise(0.1)
                .shuffleColumns(true)
                .twoStage(true)
                .pretrained(false)
                .generate(true)
                .build());
    assertThatThrownBy(() -> method("--context", "8"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("nearest:K or random:K");
  }

  private static TemplateSpec template(String... arguments) {
    LanguageOptions options = new LanguageOptions();
    parse(options, arguments);
    return options.template();
  }

  private static LearningMethod method(String... arguments) {
    MethodOptions options = new MethodOptions();
    parse(options, arguments);
    return options.method();
  }

  private static void parse(Object options, String... arguments) {
    CommandSpec spec = CommandSpec.create().addMixin("o", CommandSpec.forAnnotatedObject(options));
    new CommandLine(spec).parseArgs(arguments);
  }
}
