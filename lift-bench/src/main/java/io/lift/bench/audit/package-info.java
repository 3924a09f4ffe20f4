/**
 * Delivery guarantees under kills and malformed records, checked from what is on the topics
 * afterwards.
 */
package io.lift.bench.audit;
