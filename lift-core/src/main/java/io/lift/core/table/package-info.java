/** Tables in files: reading them, splitting them, and inferring a task from their rows. */
package io.lift.core.table;
