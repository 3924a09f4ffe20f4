/** From the bytes of a record to a validated row, or to the reason why it is none. */
package io.lift.core.row;
