/** What the model answers. */
package io.lift.core.answer;
