package io.lift.bench.paper;

/** What learns the training rows of a set and answers its test rows. */
@FunctionalInterface
interface PaperMethod {

  /**
   * @param data the cell's set, changes made
   * @throws io.lift.cli.base.CliException if it failed; the message says why
   */
  CellResult run(Cell cell, SetData data) throws InterruptedException;
}
