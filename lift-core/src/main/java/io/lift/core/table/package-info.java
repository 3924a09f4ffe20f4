/** Tables in files: reading them, splitting them, and inferring a task from them. */
package io.lift.core.table;
