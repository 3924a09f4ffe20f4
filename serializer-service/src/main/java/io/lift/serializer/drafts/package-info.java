/** Infers tasks from the first rows of topics, as drafts request. */
package io.lift.serializer.drafts;
