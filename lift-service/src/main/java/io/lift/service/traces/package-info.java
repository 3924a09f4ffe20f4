/** The spans of a service and the settings that send them to a collector. */
package io.lift.service.traces;
