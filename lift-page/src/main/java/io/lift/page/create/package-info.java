/** Creating a task on the live page: from a dropped table or a topic to rows on Kafka. */
package io.lift.page.create;
