package io.lift.page.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PageAssetsTest {
  private static final String INDEX =
      "<link href=\"{assets}/a.css\"><!-- modules --><script src=\"{assets}/js/main.js\"></script>";

  @Test
  void theStartPageNamesItsFilesByTheirContents() {
    PageAssets assets = assets("export {}");

    assertThat(text(assets.index()))
        .contains("<link href=\"assets/" + assets.hash() + "/a.css\">")
        .contains("<link rel=\"modulepreload\" href=\"assets/" + assets.hash() + "/js/main.js\">")
        .doesNotContain("{assets}");
    assertThat(assets.index().type()).isEqualTo("text/html;charset=UTF-8");
  }

  @Test
  void aFileIsFoundOnlyBelowTheHashOfItsBuild() {
    PageAssets before = assets("export {}");
    PageAssets after = assets("export { a }");

    assertThat(before.hash()).isNotEqualTo(after.hash()).isEqualTo(assets("export {}").hash());
    assertThat(before.find(before.hash(), "js/main.js"))
        .get()
        .extracting(PageAssetsTest::text)
        .isEqualTo("export {}");
    assertThat(before.find(after.hash(), "js/main.js")).isEmpty();
    assertThat(before.find(before.hash(), "index.html")).isEmpty();
    assertThat(before.find(before.hash(), "js/../a.css")).isEmpty();
  }

  @Test
  void aFileOfUnknownTypeIsFoundOutAtTheStart() {
    SortedMap<String, byte[]> files = files("export {}");
    files.put("photo.bmp", new byte[0]);

    assertThatThrownBy(() -> new PageAssets(files)).hasMessageContaining("photo.bmp");
  }

  private static PageAssets assets(String script) {
    return new PageAssets(files(script));
  }

  private static SortedMap<String, byte[]> files(String script) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put("index.html", INDEX.getBytes(StandardCharsets.UTF_8));
    files.put("a.css", new byte[0]);
    files.put("js/main.js", script.getBytes(StandardCharsets.UTF_8));
    return files;
  }

  private static String text(PageAssets.Asset asset) {
    return new String(asset.bytes(), StandardCharsets.UTF_8);
  }
}
