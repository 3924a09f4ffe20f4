/** Reads the rows of a source, whatever format its records have. */
package io.lift.formats;
