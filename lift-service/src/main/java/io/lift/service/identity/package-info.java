/** Who calls a service, and what a caller may do. */
package io.lift.service.identity;
