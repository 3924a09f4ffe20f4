/**
 * The in-context model: a small model, pretrained on synthetic tables, that answers a row from
 * labelled rows of the same table without training on them.
 */
package io.lift.model.incontext;
