/**
 * Decoder-only language models on PyTorch: the forward pass, key-value caches, low-rank adapters
 * and the loading of published weights.
 */
package io.lift.model.decoder;
