/** From the bytes of a key or value to JSON: plain, with the schema of Kafka Connect. */
package io.lift.formats.payload;
