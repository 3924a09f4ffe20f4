/** The answers of a model to prompts, with their calibration. */
package io.lift.core.answer;
