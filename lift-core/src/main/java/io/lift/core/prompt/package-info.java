/** The language interface: rows as sentences, targets as completions, distributions as answers. */
package io.lift.core.prompt;
