/**
 * Tables as streams in order of time: each row is predicted before it is learned, at a rate that
 * waits for nobody.
 */
package io.lift.bench.prequential;
