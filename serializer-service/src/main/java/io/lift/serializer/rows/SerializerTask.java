package io.lift.serializer.rows;

import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.RowParser;
import io.lift.core.task.Source;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskSpecs;
import io.lift.formats.SourceReader;
import io.lift.formats.registry.SchemaRegistry;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * A task, ready to read rows and to write prompts.
 *
 * @param spec the task
 * @param key its name as the key of its prompts
 * @param rows reads the records of {@code lift.rows}
 * @param sources reads the records of its sources, by topic
 * @param parser parses its rows
 * @param language writes its prompts
 * @param languageHeader names the language on prompts
 * @param labelWait milliseconds for which a row and its label wait for each other
 */
record SerializerTask(
    TaskSpec spec,
    byte[] key,
    SourceReader rows,
    Map<String, SourceReader> sources,
    RowParser parser,
    TaskLanguage language,
    Header languageHeader,
    long labelWait) {

  /**
   * @throws IllegalArgumentException if the task is inconsistent
   */
  static SerializerTask of(TaskSpec spec, SchemaRegistry registry) {
    TaskLanguage language = new TaskLanguage(TaskSpecs.validate(spec));
    Header header = new RecordHeader(Headers.LANGUAGE, HeaderValues.bytes(language.hash()));
    Map<String, SourceReader> sources = new HashMap<>();
    for (Source source : spec.sources()) {
      sources.put(source.topic(), new SourceReader(source, spec.keys(), registry));
    }
    return new SerializerTask(
        spec,
        HeaderValues.bytes(spec.name()),
        SourceReader.json(spec.keys(), registry),
        sources,
        new RowParser(spec),
        language,
        header,
        spec.training().labelWaitMillis());
  }

  String name() {
    return spec.name();
  }
}
