/** The language interface: rows as prompts, targets as completions, distributions as answers. */
package io.lift.core.prompt;
