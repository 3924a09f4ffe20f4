/** The live page: its state, its interface over HTTP and its files. */
package io.lift.page;
