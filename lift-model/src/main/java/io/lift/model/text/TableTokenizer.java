package io.lift.model.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tokenizes text for the embedded model. Each piece of a task (literals of its template, labels) is
 * one token. All other text is written in marks, integers and bytes. At every position the longest
 * token matches. Decoding restores every string unchanged. Immutable.
 */
public final class TableTokenizer {
  private final BaseVocabulary base;
  private final List<String> pieces;
  private final Map<Character, List<Token>> byFirst = new HashMap<>();
  private final Map<Character, List<Token>> marksByFirst = new HashMap<>();

  private record Token(String text, int id) {}

  /**
   * @param pieces strings that are one token each; their ids follow the base vocabulary in this
   *     order
   */
  public TableTokenizer(BaseVocabulary base, List<String> pieces) {
    this.base = base;
    this.pieces =
        pieces.stream().filter(p -> !p.isEmpty() && !base.marks().contains(p)).distinct().toList();
    List<Token> marks = base.marks().stream().map(m -> new Token(m, base.mark(m))).toList();
    List<Token> all = new ArrayList<>(marks);
    for (String piece : this.pieces) {
      all.add(new Token(piece, base.size() + all.size() - marks.size()));
    }
    index(marks, marksByFirst);
    index(all, byFirst);
  }

  /** The number of tokens: the base vocabulary and the pieces. */
  public int vocabulary() {
    return base.size() + pieces.size();
  }

  /** The padding token. */
  public int padding() {
    return base.mark(BaseVocabulary.PADDING);
  }

  /** The value of an integer token; -1 for any other token. */
  public int integer(int id) {
    int value = id - base.integer(0);
    return value >= 0 && value < base.integers() ? value : -1;
  }

  /** The token of an integer. */
  public int integerToken(int value) {
    return base.integer(value);
  }

  /**
   * The tokens of a completion.
   *
   * @param number whether it is a grid number, which is written in integers and not in pieces
   */
  public TokenizedText completion(String text, boolean number) {
    TokenizedText.Builder out = new TokenizedText.Builder();
    cut(text, 0, text.length(), number ? marksByFirst : byFirst, out);
    return out.build();
  }

  /** Writes the part from..to of a text, in characters. */
  void write(String text, int from, int to, TokenizedText.Builder out) {
    cut(text, from, to, byFirst, out);
  }

  /** The text of tokens. */
  public String decode(int[] ids) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int id : ids) {
      if (id < BaseVocabulary.BYTES) {
        out.write(id);
      } else {
        out.writeBytes(spelling(id).getBytes(StandardCharsets.UTF_8));
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private String spelling(int id) {
    if (integer(id) >= 0) {
      return Integer.toString(integer(id));
    }
    return id < base.size()
        ? base.marks().get(id - base.integer(base.integers()))
        : pieces.get(id - base.size());
  }

  private void cut(
      String text,
      int from,
      int to,
      Map<Character, List<Token>> candidates,
      TokenizedText.Builder out) {
    int at = from;
    while (at < to) {
      Token token = longest(text, at, to, candidates);
      if (token != null) {
        out.add(token.id());
        at += token.text().length();
      } else if (isDigit(text.charAt(at))) {
        boolean two = text.charAt(at) != '0' && at + 1 < to && isDigit(text.charAt(at + 1));
        int end = at + (two ? 2 : 1);
        out.add(base.integer(Integer.parseInt(text.substring(at, end))));
        at = end;
      } else {
        int end = Math.min(to, at + Character.charCount(text.codePointAt(at)));
        for (byte b : text.substring(at, end).getBytes(StandardCharsets.UTF_8)) {
          out.add(b & 0xff);
        }
        at = end;
      }
    }
  }

  private static Token longest(
      String text, int at, int to, Map<Character, List<Token>> candidates) {
    for (Token token : candidates.getOrDefault(text.charAt(at), List.of())) {
      if (at + token.text().length() <= to && text.startsWith(token.text(), at)) {
        return token;
      }
    }
    return null;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static void index(List<Token> tokens, Map<Character, List<Token>> byFirst) {
    for (Token token : tokens) {
      byFirst.computeIfAbsent(token.text().charAt(0), c -> new ArrayList<>()).add(token);
    }
    Comparator<Token> longestFirst = Comparator.comparing(t -> -t.text().length());
    byFirst.values().forEach(list -> list.sort(longestFirst));
  }
}
