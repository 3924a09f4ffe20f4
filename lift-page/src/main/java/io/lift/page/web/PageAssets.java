package io.lift.page.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The page's files in memory. All but the start page are addressed below the hash of their
 * contents, so that browsers may keep them without limit and never mix those of two builds.
 */
public final class PageAssets {
  private static final String INDEX = "index.html";

  /** Where the start page names the folder of the other files. */
  private static final String FOLDER_MARK = "{assets}";

  /** Where the start page names the modules that are to be fetched at once. */
  private static final String MODULES_MARK = "<!-- modules -->";

  private static final String MODULES = "js/";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html;charset=UTF-8",
          "css", "text/css;charset=UTF-8",
          "js", "text/javascript;charset=UTF-8",
          "svg", "image/svg+xml");

  private final String hash;
  private final byte[] index;
  private final Map<String, Asset> assets;

  /**
   * A file as it is sent.
   *
   * @param bytes its contents; not to be changed
   * @param type its media type
   */
  public record Asset(byte[] bytes, String type) {}

  /**
   * @param files contents by path, with slashes, relative to the page's folder
   */
  PageAssets(SortedMap<String, byte[]> files) {
    hash = hash(files);
    index = index(files).getBytes(StandardCharsets.UTF_8);
    assets =
        files.entrySet().stream()
            .filter(file -> !file.getKey().equals(INDEX))
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, file -> new Asset(file.getValue(), type(file.getKey()))));
  }

  /** Reads all files of a folder and those below it. */
  public static PageAssets read(Path folder) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
        files.put(folder.relativize(path).toString().replace('\\', '/'), Files.readAllBytes(path));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the page's files in " + folder, e);
    }
    return new PageAssets(files);
  }

  /** The start page. */
  public Asset index() {
    return new Asset(index, type(INDEX));
  }

  /** Hash of all files; a part of their addresses. */
  public String hash() {
    return hash;
  }

  /**
   * A file other than the start page.
   *
   * @return empty if there is none of that name, or the hash is that of another build
   */
  public Optional<Asset> find(String requestedHash, String path) {
    return hash.equals(requestedHash) ? Optional.ofNullable(assets.get(path)) : Optional.empty();
  }

  private String index(SortedMap<String, byte[]> files) {
    String folder = "assets/" + hash;
    List<String> modules =
        files.keySet().stream()
            .filter(path -> path.startsWith(MODULES))
            .map(path -> "<link rel=\"modulepreload\" href=\"" + folder + "/" + path + "\">")
            .toList();
    return new String(files.get(INDEX), StandardCharsets.UTF_8)
        .replace(MODULES_MARK, String.join("\n    ", modules))
        .replace(FOLDER_MARK, folder);
  }

  private static String type(String path) {
    String extension = path.substring(path.lastIndexOf('.') + 1);
    String type = TYPES.get(extension);
    if (type == null) {
      throw new IllegalStateException("no media type is known for " + path);
    }
    return type;
  }

  private static String hash(SortedMap<String, byte[]> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files.forEach(
          (path, bytes) -> {
            digest.update(path.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(Integer.toString(bytes.length).getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(bytes);
          });
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
