/** The Open Inference Protocol over gRPC, on the port of HTTP. */
package io.lift.inference.grpc;
