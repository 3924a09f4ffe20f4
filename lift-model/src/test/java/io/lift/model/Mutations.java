package io.lift.model;

import io.lift.model.random.SeededRandom;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ways to spoil a file. */
final class Mutations {
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");
  private static final Pattern WORD = Pattern.compile("\"[^\"]*\"");
  private static final String[] NUMBERS = {
    "0",
    "1",
    "-1",
    "3",
    "65536",
    "2147483648",
    "9223372036854775807",
    "1e308",
    "99999999999999999999"
  };
  private static final String[] WORDS = {
    "\"\"", "\"F64\"", "\"../x.safetensors\"", "\"/etc/passwd\"", "null", "[[[[[[[[", "{}", "true"
  };

  /** What must become of a mutated file. */
  enum Expected {
    /** Read as if nothing had happened. */
    HARMLESS,
    REFUSED,
    EITHER
  }

  record Mutation(byte[] bytes, Expected expected) {}

  private Mutations() {}

  static Mutation of(byte[] whole, boolean weights, SeededRandom random) {
    int kinds = weights ? 9 : 5;
    int start = weights ? 8 : 0;
    int header = weights ? (int) little(whole).getLong(0) : whole.length;
    int end = start + header;
    switch ((int) (random.uniform() * kinds)) {
      case 0: // a blank where blanks are allowed
        return new Mutation(grown(whole, start, end, " ".getBytes()), Expected.HARMLESS);
      case 1: // cut short
        byte[] cut = Arrays.copyOf(whole, index(random, 0, whole.length - 1));
        return new Mutation(cut, weights ? Expected.REFUSED : Expected.EITHER);
      case 2: // another byte in the text
        byte[] bytes = whole.clone();
        bytes[index(random, start, end)] = (byte) (random.uniform() * 256);
        return new Mutation(bytes, Expected.EITHER);
      case 3: // another number in the text
        return replaced(whole, start, end, NUMBER, NUMBERS, random);
      case 4: // another word in the text
        return replaced(whole, start, end, WORD, WORDS, random);
      case 5: // more data
        byte[] more = Arrays.copyOf(whole, whole.length + index(random, 1, 100));
        return new Mutation(more, Expected.REFUSED);
      case 6: // another length of the header
        byte[] length = whole.clone();
        length[index(random, 0, 8)] ^= (byte) (1 << index(random, 0, 8));
        return new Mutation(length, Expected.REFUSED);
      case 7: // no number: all bits of the exponent
        byte[] none = whole.clone();
        int at = end + 2 * index(random, 0, (whole.length - end) / 2);
        none[at + 1] |= 0x7f;
        none[at] |= (byte) 0x80;
        return new Mutation(none, Expected.REFUSED);
      default: // another number
        byte[] other = whole.clone();
        other[index(random, end, whole.length)] ^= 1;
        return new Mutation(other, Expected.EITHER);
    }
  }

  /** Another text for something in the header; the header's length is made to fit. */
  private static Mutation replaced(
      byte[] whole, int start, int end, Pattern what, String[] by, SeededRandom random) {
    String text = new String(whole, start, end - start, StandardCharsets.ISO_8859_1);
    Matcher matcher = what.matcher(text);
    int from = index(random, 0, text.length());
    if (!matcher.find(from) && !matcher.find(0)) {
      return new Mutation(whole, Expected.HARMLESS);
    }
    String other = by[index(random, 0, by.length)];
    String all = text.substring(0, matcher.start()) + other + text.substring(matcher.end());
    byte[] head = all.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer out = little(new byte[start + head.length + whole.length - end]);
    if (start > 0) {
      out.putLong(head.length);
    }
    out.put(head).put(whole, end, whole.length - end);
    return new Mutation(out.array(), Expected.EITHER);
  }

  /** With more at the end of the text. */
  private static byte[] grown(byte[] whole, int start, int end, byte[] more) {
    ByteBuffer out = little(new byte[whole.length + more.length]);
    out.put(whole, 0, end).put(more).put(whole, end, whole.length - end);
    if (start > 0) {
      out.putLong(0, end - start + more.length);
    }
    return out.array();
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int index(SeededRandom random, int from, int to) {
    return from + (int) (random.uniform() * (to - from));
  }
}
