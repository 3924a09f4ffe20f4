/** Checks that what is deployed fits the published schemas and the code. */
package io.lift.deploy;
