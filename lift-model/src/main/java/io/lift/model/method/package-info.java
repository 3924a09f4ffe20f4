/**
 * The variants of the LIFT method: rows in context, augmentation, synthetic tasks for two-stage
 * fine-tuning, and questions about columns for data generation.
 */
package io.lift.model.method;
