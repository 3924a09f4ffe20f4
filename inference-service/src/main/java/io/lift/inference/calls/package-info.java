/** Answers rows while their caller waits, whatever protocol the call came by. */
package io.lift.inference.calls;
