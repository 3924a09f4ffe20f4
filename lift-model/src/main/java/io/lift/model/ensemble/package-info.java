/**
 * Many small models of one task: how each reads numbers, which rows it trains on, and how much it
 * is weighted.
 */
package io.lift.model.ensemble;
