package io.lift.serializer.rows;

import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.RowParser;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskSpecs;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * A task, ready to read rows and to write prompts.
 *
 * @param spec the task
 * @param key its name as the key of its prompts
 * @param parser reads its rows
 * @param language writes its prompts
 * @param languageHeader names the language on prompts
 * @param labelWait milliseconds for which a row and its label wait for each other
 */
record SerializerTask(
    TaskSpec spec,
    byte[] key,
    RowParser parser,
    TaskLanguage language,
    Header languageHeader,
    long labelWait) {

  /**
   * @throws IllegalArgumentException if the task is inconsistent
   */
  static SerializerTask of(TaskSpec spec) {
    TaskLanguage language = new TaskLanguage(TaskSpecs.validate(spec));
    Header header = new RecordHeader(Headers.LANGUAGE, HeaderValues.bytes(language.hash()));
    return new SerializerTask(
        spec,
        HeaderValues.bytes(spec.name()),
        new RowParser(spec),
        language,
        header,
        spec.training().labelWaitMillis());
  }

  String name() {
    return spec.name();
  }
}
