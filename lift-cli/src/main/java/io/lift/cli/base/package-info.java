/**
 * What every command uses: the error that a user reads, the folders of an installation, the
 * detection of a stalled wait.
 */
package io.lift.cli.base;
