/** The serializer service: its settings, its beans and its health. */
package io.lift.serializer;
