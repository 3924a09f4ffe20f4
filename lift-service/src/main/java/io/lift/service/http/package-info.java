/** Who may call a service's HTTP endpoints, and what every response says to browsers. */
package io.lift.service.http;
