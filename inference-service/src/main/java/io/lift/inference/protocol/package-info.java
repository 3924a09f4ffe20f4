/**
 * The Open Inference Protocol, version 2, whatever transport it comes by: tasks as models, rows as
 * tensors.
 */
package io.lift.inference.protocol;
