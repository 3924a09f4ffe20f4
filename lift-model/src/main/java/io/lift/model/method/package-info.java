/** Variants of the LIFT method: rows in context, varied rows, generated tasks. */
package io.lift.model.method;
