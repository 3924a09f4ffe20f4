/** The files of the live page. */
package io.lift.evaluator.web;
