/**
 * Pretrains the model that reads rows in context, on synthetic tables, and tries it on few rows.
 */
package io.lift.bench.pretrain;
