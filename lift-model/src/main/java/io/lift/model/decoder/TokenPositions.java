package io.lift.model.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lift.checkpoint.published.DecoderConfig;
import java.util.Arrays;

/** The position of each token of a pass, and the rotary table at these positions. */
final class TokenPositions {
  private final Decoder decoder;
  private final TokenInput tokens;
  private final NDManager manager;
  private final int[] positions; // (R * T); null where only distances matter

  /**
   * @param caching whether keys and values are kept for later passes
   */
  TokenPositions(Decoder decoder, TokenInput tokens, boolean caching) {
    this.decoder = decoder;
    this.tokens = tokens;
    this.manager = tokens.ids().getManager();
    this.positions = distancesSuffice(decoder.config(), caching) ? null : positions(tokens);
  }

  /** The position of every token, (R * T), for a table of learned positions. */
  NDArray array() {
    return manager.create(Arrays.stream(positions).asLongStream().toArray());
  }

  /**
   * The rotary table of these tokens: (T, 1, S) if all rows have the same positions, else (R, T, 1,
   * S).
   *
   * @return null if the decoder has no rotary positions, or if the rotation changes nothing
   */
  RotaryTable rotaryTable() {
    if (decoder.config().rotary() == null || isIdentity()) {
      return null;
    }
    if (positions == null) {
      return decoder.rotaryTable(tokens.length());
    }
    int last = Arrays.stream(positions).max().orElse(0);
    RotaryTable table = decoder.rotaryTable(last + 1);
    return table.at(array(), tokens.length());
  }

  /**
   * Rotary attention depends on the distances between tokens only. Padding and a common start
   * position leave these as they are.
   */
  private boolean distancesSuffice(DecoderConfig config, boolean caching) {
    return config.rotary() != null
        && tokens.positions() == null
        && tokens.groups().stream().allMatch(g -> g.cache() == null)
        && !(caching && tokens.padding() != null);
  }

  /** Whether all tokens are at position 0, where the rotation is the identity. */
  private boolean isIdentity() {
    return positions != null
        && decoder.config().rotary().scaling().attentionFactor() == 1
        && Arrays.stream(positions).allMatch(position -> position == 0);
  }

  private static int[] positions(TokenInput tokens) {
    if (tokens.positions() != null) {
      return tokens.positions();
    }
    int[] positions = new int[tokens.rows() * tokens.length()];
    int next = 0;
    for (TokenInput.Group group : tokens.groups()) {
      for (int r = 0; r < group.rows(); r++) {
        int row = next / tokens.length();
        int before = group.cache() == null ? 0 : group.cache().tokensBefore(r, group.rows());
        int pad = tokens.padding() == null ? 0 : tokens.padding()[row];
        for (int t = 0; t < tokens.length(); t++) {
          positions[next++] = before + Math.max(0, t - pad);
        }
      }
    }
    return positions;
  }
}
