/** Which model a service computes with. */
package io.lift.service.model;
