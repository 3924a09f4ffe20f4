/**
 * The {@code lift} command. The root command stands on top of one package per group of commands.
 */
package io.lift.cli;
