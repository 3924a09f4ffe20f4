package io.lift.inference.support;

import io.lift.messages.Origin;
import io.lift.model.LabelledRowReader.LabelledRow;

/**
 * A labelled row.
 *
 * @param id the row's id
 * @param origin where the row came from
 * @param offset of its training example on {@code lift.prompts}
 * @param at the broker's time of the example, epoch milliseconds
 * @param row what the model reads
 */
record SupportRow(String id, Origin origin, long offset, long at, LabelledRow row) {}
