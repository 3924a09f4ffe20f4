/** Tells a catalogue that speaks OpenLineage which rows each checkpoint was made from. */
package io.lift.trainer.openlineage;
