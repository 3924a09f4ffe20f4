/**
 * The trainer service: its start and end, its configuration, its channel, its health and its HTTP
 * interface. The work is done in the packages below.
 */
package io.lift.trainer;
