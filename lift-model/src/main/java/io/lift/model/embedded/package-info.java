/** The small model that every task fine-tunes in full, and how its weights are initialised. */
package io.lift.model.embedded;
