package io.lift.inference.generation;

import io.lift.core.row.RejectReason;

/** Is told of requests for rows, for meters. */
public interface GenerationObserver {

  /**
   * The rows of a request are committed.
   *
   * @param rejected drafts of the request that were no row of the task
   */
  void generated(String task, int rows, int rejected);

  /** A request became a dead letter, which is committed. */
  void deadLetter(RejectReason reason);

  /** A transaction was aborted. Its request comes again. */
  void aborted(Throwable cause);
}
