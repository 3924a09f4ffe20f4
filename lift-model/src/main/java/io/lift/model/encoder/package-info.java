/**
 * Texts as vectors: a pretrained encoder, and what is learned from labelled texts on top of its
 * vectors.
 */
package io.lift.model.encoder;
