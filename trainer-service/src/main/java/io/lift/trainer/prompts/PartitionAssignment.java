package io.lift.trainer.prompts;

/**
 * One assignment of a partition of {@code lift.prompts} to this trainer, up to its revocation. A
 * partition that comes back is another assignment: work that began under the first one is void.
 *
 * @param id tells the assignments of this process apart
 * @param partition the partition
 * @param generation of the consumer group in which it was assigned; records polled in an earlier
 *     one are stale
 * @param handledTo the offset before which earlier trainers have sent every dead letter; 0 if it is
 *     not known
 */
public record PartitionAssignment(long id, int partition, int generation, long handledTo) {}
