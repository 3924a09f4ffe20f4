/** Turns rows into training examples, requests and labels, batch by batch, and counts them. */
package io.lift.serializer.rows;
