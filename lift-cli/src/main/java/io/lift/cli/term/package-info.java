/** Output on a terminal or as plain lines: tables, progress bars, sparklines. */
package io.lift.cli.term;
