/** The files of the live page. */
package io.lift.page.web;
