/**
 * The broker and the four services as processes: how they are started, found again, watched and
 * stopped.
 */
package io.lift.cli.stack;
