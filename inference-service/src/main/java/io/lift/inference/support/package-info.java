/**
 * The newest labelled rows of each task, which answers are based on without training: they are
 * followed as they come, and read by the in-context model in windows of several sizes.
 */
package io.lift.inference.support;
