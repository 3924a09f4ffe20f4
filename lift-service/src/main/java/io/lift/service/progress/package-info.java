/** Whether a service gets on with its records, for health checks and meters. */
package io.lift.service.progress;
