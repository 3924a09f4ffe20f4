/**
 * The contract on the wire: the topics and consumer groups of an installation, the records of each
 * topic and their headers.
 */
package io.lift.messages;
