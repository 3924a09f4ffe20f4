/** Takes the row out of a message about it: a change event of Debezium, a CloudEvent. */
package io.lift.formats.event;
