package io.lift.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesTest {
  private static final Topics TOPICS = Topics.of("");
  private static final Path STRIMZI = Manifest.FOLDER.resolve("kubernetes/components/strimzi");

  static List<Manifest> manifests() {
    return Manifest.below("kubernetes");
  }

  static Stream<Manifest> services() {
    return Manifest.below("kubernetes/base").stream()
        .filter(manifest -> manifest.kind().equals("StatefulSet"));
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void everyManifestFitsThePublishedSchema(Manifest manifest) {
    assertThat(Schemas.faults(manifest)).isEmpty();
  }

  @Test
  void aWordThatKubernetesDoesNotKnowIsFound() throws IOException {
    String text =
        Files.readString(Manifest.FOLDER.resolve("kubernetes/base/trainer.yaml"))
            .replace("readOnlyRootFilesystem", "readOnlyRootFileSystem");
    Path file = Files.createTempFile("trainer", ".yaml");
    Files.writeString(file, text);

    assertThat(Manifest.read(file).stream().flatMap(m -> Schemas.faults(m).stream()))
        .singleElement()
        .asString()
        .contains("readOnlyRootFileSystem");
    Files.delete(file);
  }

  @ParameterizedTest
  @MethodSource("services")
  void aServiceIsAskedForItsHealthOnItsOwnPort(Manifest manifest) throws IOException {
    StatefulSet service = Schemas.as(StatefulSet.class, manifest.content());
    Container container = service.getSpec().getTemplate().getSpec().getContainers().get(0);
    Properties settings = new Properties();
    Path source =
        Manifest.FOLDER.resolve("..").resolve(manifest.name()).resolve("src/main/resources");
    try (var in = Files.newInputStream(source.resolve("application.properties"))) {
      settings.load(in);
    }

    assertThat(container.getPorts().get(0).getContainerPort())
        .hasToString(settings.getProperty("quarkus.http.port"));
    assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/q/health/ready");
    assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/q/health/live");
  }

  @ParameterizedTest
  @MethodSource("services")
  void aServiceCannotDoMoreThanItsWork(Manifest manifest) {
    var pod = Schemas.as(StatefulSet.class, manifest.content()).getSpec().getTemplate().getSpec();
    var container = pod.getContainers().get(0);

    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(container.getResources().getLimits()).containsKey("memory");
  }

  @Test
  void aBudgetProtectsEveryService() {
    List<String> protectedOnes =
        manifests().stream()
            .filter(manifest -> manifest.kind().equals("PodDisruptionBudget"))
            .map(
                manifest ->
                    manifest
                        .content()
                        .at("/spec/selector/matchLabels/app.kubernetes.io~1name")
                        .asText())
            .toList();

    assertThat(protectedOnes)
        .containsExactlyInAnyOrderElementsOf(services().map(Manifest::name).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"trainer", "inference"})
  void noServiceGetsMoreReplicasThanItsTopicHasPartitions(String service) {
    Topic<?> topic = service.equals("trainer") ? TOPICS.prompts() : TOPICS.requests();
    JsonNode scaled =
        Manifest.read(Manifest.FOLDER.resolve("kubernetes/components/keda/" + service + ".yaml"))
            .get(0)
            .content();

    assertThat(scaled.at("/spec/scaleTargetRef/name").asText()).isEqualTo(service + "-service");
    assertThat(scaled.at("/spec/maxReplicaCount").asInt()).isEqualTo(topic.partitions());
    assertThat(scaled.at("/spec/triggers").findValuesAsText("topic")).containsExactly(topic.name());
  }

  @Test
  void strimziMakesTheTopicsOfTheCode() throws IOException {
    WrittenFile.check(STRIMZI.resolve("topics.yaml"), StrimziResources.topics());
  }

  @Test
  void strimziGivesEachUserTheRightsOfItsRole() throws IOException {
    WrittenFile.check(STRIMZI.resolve("users.yaml"), StrimziResources.users());
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "examples/production"})
  void kustomizeBuildsValidManifests(String folder) throws Exception {
    Path built = Files.createTempFile("kustomized", ".yaml");
    Process kubectl;
    try {
      kubectl =
          new ProcessBuilder("kubectl", "kustomize", "kubernetes/" + folder)
              .redirectOutput(built.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "skipped: there is no kubectl here to build " + folder);
      return;
    }
    assertThat(kubectl.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(kubectl.exitValue()).isZero();

    List<Manifest> manifests = Manifest.read(built);
    assertThat(manifests).filteredOn(m -> m.kind().equals("StatefulSet")).hasSize(4);
    assertThat(manifests.stream().flatMap(m -> Schemas.faults(m).stream())).isEmpty();
    Files.delete(built);
  }
}
