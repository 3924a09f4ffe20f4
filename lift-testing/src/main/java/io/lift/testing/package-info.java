/**
 * Help for the tests of several modules: a broker, the other end of the topics, sample tasks and
 * messages, and model folders with random weights. What a test framework is needed for is apart,
 * and those dependencies are optional.
 */
package io.lift.testing;
