/** Where the spans of a service go. */
package io.lift.service.traces;
