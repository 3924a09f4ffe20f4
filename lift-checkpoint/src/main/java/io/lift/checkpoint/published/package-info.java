/**
 * The description of a published decoder, without an engine: its configuration, and the names and
 * shapes of its tensors.
 */
package io.lift.checkpoint.published;
