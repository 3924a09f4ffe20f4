package io.lift.dist;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of this build: what is in it, and that it runs with a Java runtime alone. */
class ArchiveIT {
  private static final String VERSION = System.getProperty("lift.version");
  private static final String NAME = "lift-" + VERSION;
  private static final Path ZIP = Path.of("target", NAME + "-linux-x86_64.zip");
  private static final Path TAR = Path.of("target", NAME + "-linux-x86_64.tar.gz");
  private static final List<String> SERVICES =
      List.of("serializer", "trainer", "inference", "evaluator");
  private static final int MINUTES = 5;

  /** An installation that nobody may write to, and an empty home. */
  @TempDir private static Path folder;

  private static Path installation;
  private static Path home;

  /** What a command printed, errors included, and its exit code. */
  private record Ran(int code, String output) {}

  @BeforeAll
  static void unpack() throws Exception {
    home = Files.createDirectory(folder.resolve("home"));
    Path opt = Files.createDirectory(folder.resolve("opt"));
    installation = opt.resolve(NAME);
    Ran tar = run(Map.of(), "tar", "-xzf", TAR.toAbsolutePath().toString(), "-C", opt.toString());
    assertThat(tar.code()).as(tar.output()).isZero();
  }

  @Test
  void itHasTheCommandTheServicesLicencesAndExamples() throws Exception {
    assertThat(installation.resolve("bin/lift")).isExecutable();
    assertThat(installation.resolve("natives")).isDirectoryContaining("glob:**linux-x86_64.jar");
    for (String file :
        List.of(
            "LICENSE",
            "README.txt",
            "THIRD-PARTY.txt",
            "sbom.json",
            "docs/example/loans.csv",
            "lib/lift-cli.jar")) {
      assertThat(installation.resolve(file)).isNotEmptyFile();
    }
    for (String service : SERVICES) {
      assertThat(installation.resolve("services/" + service + "/quarkus-run.jar")).isNotEmptyFile();
    }
    List<String> names = new ArrayList<>();
    try (ZipFile zip = ZipFile.builder().setPath(ZIP).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        if (!entry.isDirectory()) {
          names.add(entry.getName());
        }
        if (entry.getName().matches(".*/services/[^/]+/lib/?")
            && !entry.getName().contains("/services/lib")) {
          assertThat(entry.isUnixSymlink()).as(entry.getName()).isTrue();
          assertThat(zip.getUnixSymlink(entry)).isEqualTo("../lib");
        }
        if (entry.getName().endsWith("/bin/lift")) {
          assertThat(entry.getUnixMode() & 0111).isEqualTo(0111);
        }
      }
    }
    try (Stream<Path> files = Files.walk(installation)) {
      assertThat(names)
          .containsExactlyInAnyOrderElementsOf(
              files
                  .filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                  .map(file -> NAME + "/" + installation.relativize(file))
                  .toList());
    }
  }

  @Test
  void everyServiceHasTheLibrariesThatItWasBuiltWith() throws Exception {
    Set<String> missing = new TreeSet<>();
    for (String service : SERVICES) {
      Path built = Path.of("..", service + "-service", "target", "quarkus-app");
      for (Map.Entry<String, String> file : hashes(built.resolve("lib")).entrySet()) {
        Path shared = installation.resolve("services/" + service + "/lib/" + file.getKey());
        boolean native_ = file.getKey().contains("ai.djl.pytorch.pytorch-native-");
        if (!native_ && !(Files.exists(shared) && sha256(shared).equals(file.getValue()))) {
          missing.add(service + " " + file.getKey());
        }
      }
    }

    assertThat(missing).isEmpty();
  }

  @Test
  void checksumsFitTheArchives() throws Exception {
    for (Path archive : List.of(ZIP, TAR)) {
      Path sum = archive.resolveSibling(archive.getFileName() + ".sha256");
      assertThat(Files.readString(sum).strip())
          .isEqualTo(sha256(archive) + "  " + archive.getFileName());
    }
  }

  @Test
  void noLibraryIsUnderTheGplAloneAndTheBillOfMaterialsListsThem() throws Exception {
    List<String> libraries =
        Files.readAllLines(installation.resolve("THIRD-PARTY.txt")).stream()
            .filter(line -> line.startsWith("     ("))
            .toList();
    Pattern gpl = Pattern.compile("GPL|General Public License", Pattern.CASE_INSENSITIVE);
    Pattern other =
        Pattern.compile("LGPL|Lesser|Apache|MIT|BSD|EPL|Eclipse|EDL|CDDL|MPL|classpath|CPE");
    String sbom = Files.readString(installation.resolve("sbom.json"));

    assertThat(libraries).hasSizeGreaterThan(100);
    assertThat(libraries.stream().filter(gpl.asPredicate()).filter(other.asPredicate().negate()))
        .isEmpty();
    assertThat(libraries).noneMatch(line -> line.contains("(Unknown license)"));
    assertThat(sbom)
        .contains("\"bomFormat\" : \"CycloneDX\"", "pkg:maven/org.apache.kafka/kafka-clients@");
  }

  @Test
  void aReleaseHasTheArchivesOfEveryPlatform() throws Exception {
    String release = Files.readString(Path.of("..", "jreleaser.yml"));
    try (Stream<Path> descriptors = Files.list(Path.of("src/main/assembly"))) {
      List<String> platforms =
          descriptors
              .map(file -> file.getFileName().toString().replace(".xml", ""))
              .filter(platform -> !platform.equals("common"))
              .toList();

      assertThat(platforms).hasSize(3);
      assertThat(platforms)
          .allSatisfy(
              platform ->
                  assertThat(release)
                      .contains(
                          "lift-dist/target/lift-{{projectVersion}}-" + platform + ".zip",
                          "lift-dist/target/lift-{{projectVersion}}-" + platform + ".tar.gz"));
    }
  }

  @Test
  void theCommandRunsWithoutMavenRepositoryOrNetwork() throws Exception {
    Ran version = lift("--version");
    assertThat(version.code()).isZero();
    assertThat(version.output()).startsWith("lift " + VERSION);

    Ran list = lift("task", "list");
    assertThat(list.code()).isEqualTo(1);
    assertThat(list.output()).contains("lift up").doesNotContain("Exception");

    Ran bench = lift("bench");
    assertThat(bench.output())
        .isEqualTo("lift: the benchmarks are run in a checkout of the sources.\n");
  }

  @Test
  void theDemoRunsFromAFolderThatNobodyMayWriteTo() throws Exception {
    List<Path> before = files(installation);
    assertThat(run(Map.of(), "chmod", "-R", "a-w", installation.toString()).code()).isZero();
    try {
      Ran demo = lift("demo", "--rows", "200");

      assertThat(demo.code()).as(demo.output()).isZero();
      assertThat(demo.output()).contains("200 rows sent, 200 answered, 0 dead letters");
      assertThat(home.resolve(".lift/demo/logs/trainer.log")).isNotEmptyFile();
      assertThat(files(installation)).isEqualTo(before);
    } finally {
      run(Map.of(), "chmod", "-R", "u+w", installation.toString());
    }
  }

  private static Ran lift(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(installation.resolve("bin/lift").toString()));
    command.addAll(List.of(arguments));
    return run(
        Map.of(
            "HOME", home.toString(),
            "PATH", "/usr/bin:/bin",
            "JAVA_HOME", System.getProperty("java.home")),
        command.toArray(String[]::new));
  }

  private static Ran run(Map<String, String> environment, String... command) throws Exception {
    Path output = Files.createTempFile(folder, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    if (!environment.isEmpty()) {
      builder.environment().clear();
      builder.environment().putAll(environment);
    }
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroy();
      throw new AssertionError("it still runs: " + Files.readString(output));
    }
    return new Ran(process.exitValue(), Files.readString(output, UTF_8));
  }

  /** The files below a folder with their SHA-256, by their paths in it. */
  private static Map<String, String> hashes(Path root) throws Exception {
    Map<String, String> hashes = new TreeMap<>();
    for (Path file : files(root)) {
      hashes.put(root.relativize(file).toString(), sha256(file));
    }
    return hashes;
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static String sha256(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 20];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
