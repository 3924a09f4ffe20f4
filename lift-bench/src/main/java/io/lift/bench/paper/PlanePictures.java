package io.lift.bench.paper;

import io.lift.cli.eval.AnsweredRow;
import io.lift.core.answer.Answer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;

/** What methods answer anywhere in the plane: a picture for each set and method. */
final class PlanePictures {
  // as the classes label0 to label8 of the style sheet
  private static final int[] COLOURS = {
    0x1d4ed8, 0xea580c, 0x15803d, 0x7c3aed, 0xbe185d, 0x0e7490, 0xa16207, 0x475569, 0xdc2626
  };
  private static final int SIZE = 200;
  private static final int POINTS = 150;

  private PlanePictures() {}

  static String of(Experiment experiment, CellFiles files, Sets sets) {
    StringBuilder html = new StringBuilder();
    Variant variant = experiment.variants().get(0);
    for (String set : experiment.sets()) {
      html.append("<h3>").append(Marks.escape(set)).append("</h3>\n<div class=\"planes\">");
      for (String method : experiment.methods()) {
        Cell cell = experiment.cells(set, variant, method).findFirst().orElseThrow();
        Optional<CellResult> result = files.read(cell);
        if (result.isPresent()) {
          html.append("<div>")
              .append(picture(result.get(), cell.data(sets)))
              .append(Marks.escape(Table.title(method, experiment)))
              .append("</div>\n");
        }
      }
      html.append("</div>\n");
    }
    return html.toString();
  }

  private static String picture(CellResult result, SetData data) {
    StringBuilder svg = new StringBuilder(Marks.open(SIZE, SIZE, result.cell().key()));
    svg.append(
        Marks.format(
            "<image width=\"%d\" height=\"%d\" preserveAspectRatio=\"none\""
                + " href=\"data:image/png;base64,%s\"/>%n",
            SIZE, SIZE, Base64.getEncoder().encodeToString(png(result))));
    Plane plane = Plane.of(data);
    List<Map<String, String>> points =
        data.train().subList(0, Math.min(POINTS, data.train().size()));
    for (int label = 0; label < result.labels().size(); label++) {
      StringBuilder path = new StringBuilder(); // lines of no length with round ends
      for (Map<String, String> row : points) {
        if (row.get(data.target()).equals(result.labels().get(label))) {
          path.append(
              Marks.format("M%.0f %.0fh0", SIZE * plane.partX(row), SIZE * (1 - plane.partY(row))));
        }
      }
      svg.append(
          Marks.format(
              "<path class=\"label%d\" stroke-width=\"4\" stroke-linecap=\"round\" d=\"%s\"/>%n",
              label % COLOURS.length, path));
    }
    return svg.append("</svg>").toString();
  }

  /** One pixel for each answer; rows of the plane go up, those of a picture down. */
  private static byte[] png(CellResult result) {
    List<AnsweredRow> answers = result.answers();
    int side = (int) Math.round(Math.sqrt(answers.size()));
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < side * side; i++) {
      Answer answer = answers.get(i).answer();
      if (answer != null) {
        image.setRGB(i % side, side - 1 - i / side, colour(answer, result.labels()));
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The label's colour, the stronger the surer. */
  private static int colour(Answer answer, List<String> labels) {
    double chance = 1.0 / labels.size();
    double sure = (answer.probabilities().get(answer.label()) - chance) / (1 - chance);
    int opacity = (int) (30 + 130 * Math.max(0, Math.min(1, sure)));
    return opacity << 24 | COLOURS[labels.indexOf(answer.label()) % COLOURS.length];
  }
}
