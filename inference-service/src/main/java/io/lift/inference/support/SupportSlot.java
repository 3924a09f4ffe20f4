package io.lift.inference.support;

/** One window of one task. */
record SupportSlot(TaskSupport task, SupportWindow window) {}
