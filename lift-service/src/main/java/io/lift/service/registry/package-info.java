/** Where the schema registry is. */
package io.lift.service.registry;
