/** Seeded random numbers that depend on a seed and a path only. */
package io.lift.model.random;
