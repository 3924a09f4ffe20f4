package io.lift.cli.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
  @TempDir private Path folder;

  @AfterEach
  void forget() {
    System.clearProperty("lift.home");
    System.clearProperty("lift.state");
  }

  @Test
  void aCheckoutKeepsItsFilesInsideOfItself() {
    System.setProperty("lift.home", folder.toString());

    Home home = Home.find();

    assertThat(home.isInstallation()).isFalse();
    assertThat(home.stack("up")).isEqualTo(folder.resolve(".lift/up"));
    assertThat(home.service("trainer"))
        .isEqualTo(folder.resolve("trainer-service/target/quarkus-app"));
  }

  @Test
  void anUnpackedArchiveKeepsThemWhereTheScriptSays() throws Exception {
    Path root = folder.resolve("lift-1.0.0");
    Files.createDirectories(root.resolve("services"));
    System.setProperty("lift.home", root.toString());
    System.setProperty("lift.state", folder.resolve("state").toString());

    Home home = Home.find();

    assertThat(home.isInstallation()).isTrue();
    assertThat(home.stack("up")).isEqualTo(folder.resolve("state/up"));
    assertThat(home.djlCache()).isEqualTo(folder.resolve("state/djl"));
    assertThat(home.service("trainer")).isEqualTo(root.resolve("services/trainer"));
  }
}
