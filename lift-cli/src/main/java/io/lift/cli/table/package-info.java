/** Tables that a user names on the command line: CSV files, IDX images and their target column. */
package io.lift.cli.table;
