/** Learning from labelled texts: kernel regressions on their words and vectors. */
package io.lift.model.incontext.texts;
