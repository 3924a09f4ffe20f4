/**
 * Tokenization of a task's sentences: with the table vocabulary of the embedded model, or with the
 * tokenizer of a published model.
 */
package io.lift.model.text;
