/** The client of a schema registry, and values whose schemas it has. */
package io.lift.formats.registry;
