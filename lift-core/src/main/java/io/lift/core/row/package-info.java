/**
 * Parsing and validation: from the bytes of a record to a row, or to the reason of its rejection.
 */
package io.lift.core.row;
