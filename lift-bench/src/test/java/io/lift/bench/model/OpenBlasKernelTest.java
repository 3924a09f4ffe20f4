package io.lift.bench.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenBlasKernelTest {

  @Test
  void onlyKernelsThatTheProcessorCanRunAreTried() {
    assertThat(OpenBlasKernel.candidates(List.of("sse2"))).containsExactly("");
    assertThat(OpenBlasKernel.candidates(List.of("sse2", "avx2")))
        .containsExactly("", "HASWELL", "ZEN");
    assertThat(
            OpenBlasKernel.candidates(
                List.of("avx2", "avx512f", "avx512bw", "avx512dq", "avx512vl")))
        .containsExactly("", "HASWELL", "ZEN", "SKYLAKEX");
  }

  @Test
  void noSettingTakesAnInheritedOneAway() {
    Map<String, String> environment = new HashMap<>(Map.of("OPENBLAS_CORETYPE", "Haswell"));

    new OpenBlasKernel("SKYLAKEX", Map.of()).use(environment);
    assertThat(environment).containsEntry("OPENBLAS_CORETYPE", "SKYLAKEX");

    new OpenBlasKernel("", Map.of()).use(environment);
    assertThat(environment).isEmpty();
  }
}
