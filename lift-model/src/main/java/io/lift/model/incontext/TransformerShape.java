package io.lift.model.incontext;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.ModelFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The sizes of a {@link TabularTransformer}.
 *
 * @param cellWidth E, width of a cell's vector
 * @param cellBlocks blocks over cells, each over the columns' rows and then over a row's columns
 * @param inducing I, inducing vectors of a column
 * @param pools P, vectors that a row's cells are summed up in
 * @param rowWidth D, width of a row's vector
 * @param rowBlocks blocks over rows
 * @param heads H of a block over rows
 */
public record TransformerShape(
    int cellWidth,
    int cellBlocks,
    int inducing,
    int pools,
    int rowWidth,
    int rowBlocks,
    int heads) {
  /** The shape that is pretrained. */
  public static final TransformerShape STANDARD = new TransformerShape(32, 2, 16, 8, 96, 4, 4);

  private static final String TYPE = "lift-in-context-2";
  private static final int WIDEST = 4096;
  private static final Features OLDEST = new Features(44, RowFeatures.RIDGE_STRENGTH + 1);
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * How many features the cells and rows of a model have.
   *
   * @param cells F
   * @param rows G
   */
  record Features(int cells, int rows) {
    /** Those of this version. */
    static final Features OWN = new Features(CellFeatures.SIZE, RowFeatures.SIZE);

    /** The shape of a tensor of this version where it has so many features. */
    long[] shape(TransformerLayout.Entry entry) {
      long[] shape = entry.shape().clone();
      boolean direct = entry.start() == TransformerLayout.Start.DIRECT;
      if (direct || entry.name().equals("rows.weight") || entry.name().equals("cells.row.weight")) {
        shape[0] = rows;
      } else if (entry.name().equals("cells.up.weight")) {
        shape[0] = cells;
      }
      return shape;
    }

    /** {@code config.json} with the features of this version. */
    byte[] replaced(byte[] json) {
      ObjectNode node = (ObjectNode) tree(json);
      node.put("cell_features", OWN.cells()).put("row_features", OWN.rows());
      return node.toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * The features of a model of this version or an older one, whose features are the first of this
   * version's.
   *
   * @throws InvalidModelException if it is neither
   */
  static Features features(byte[] json) {
    JsonNode node = tree(json);
    Features features =
        new Features(node.path("cell_features").asInt(), node.path("row_features").asInt());
    boolean older =
        TYPE.equals(node.path("model_type").asText())
            && node.isObject()
            && features.cells() >= OLDEST.cells()
            && features.cells() <= Features.OWN.cells()
            && features.rows() >= OLDEST.rows()
            && features.rows() <= Features.OWN.rows();
    if (!older) {
      throw new InvalidModelException(
          "%s is of an in-context model that cannot be taken up: it must be a %s with %d to %d"
              .concat(" features of cells and %d to %d of rows.")
              .formatted(
                  ModelFolder.CONFIG,
                  TYPE,
                  OLDEST.cells(),
                  Features.OWN.cells(),
                  OLDEST.rows(),
                  Features.OWN.rows()));
    }
    return features;
  }

  private static JsonNode tree(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new InvalidModelException(ModelFolder.CONFIG + " is not JSON.");
    }
  }

  /** The bytes of {@code config.json}. */
  public byte[] toBytes() {
    ObjectNode node =
        JSON.createObjectNode()
            .put("model_type", TYPE)
            .put("cell_features", CellFeatures.SIZE)
            .put("row_features", RowFeatures.SIZE)
            .put("cell_width", cellWidth)
            .put("cell_blocks", cellBlocks)
            .put("inducing_vectors", inducing)
            .put("pools", pools)
            .put("row_width", rowWidth)
            .put("row_blocks", rowBlocks)
            .put("heads", heads)
            .put("labels", RowFeatures.LABELS)
            .put("quantiles", Quantiles.COUNT);
    try {
      return (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads {@code config.json}.
   *
   * @throws InvalidModelException if it is of another model
   */
  public static TransformerShape read(byte[] json) {
    JsonNode node = tree(json);
    boolean fits =
        TYPE.equals(node.path("model_type").asText())
            && node.path("cell_features").asInt() == CellFeatures.SIZE
            && node.path("row_features").asInt() == RowFeatures.SIZE
            && node.path("labels").asInt() == RowFeatures.LABELS
            && node.path("quantiles").asInt() == Quantiles.COUNT;
    if (!fits) {
      throw new InvalidModelException(
          "%s is not of an in-context model of this version: its model_type must be %s."
              .formatted(ModelFolder.CONFIG, TYPE));
    }
    TransformerShape shape =
        new TransformerShape(
            size(node, "cell_width"),
            size(node, "cell_blocks"),
            size(node, "inducing_vectors"),
            size(node, "pools"),
            size(node, "row_width"),
            size(node, "row_blocks"),
            size(node, "heads"));
    if (shape.rowWidth() % shape.heads() != 0) {
      throw new InvalidModelException(
          "%s: row_width %d is not a multiple of heads %d."
              .formatted(ModelFolder.CONFIG, shape.rowWidth(), shape.heads()));
    }
    return shape;
  }

  private static int size(JsonNode node, String name) {
    int size = node.path(name).asInt();
    if (size < 1 || size > WIDEST) {
      throw new InvalidModelException(
          "%s: %s must be 1 to %d.".formatted(ModelFolder.CONFIG, name, WIDEST));
    }
    return size;
  }
}
