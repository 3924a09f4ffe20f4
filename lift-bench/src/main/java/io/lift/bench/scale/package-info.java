/** The scaling rules of {@code deploy/kubernetes/components/keda}, tried on a day of traffic. */
package io.lift.bench.scale;
