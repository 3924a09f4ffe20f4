package io.lift.core.task;

/**
 * Where a column that holds a part of a date comes from. Weekday, hour and month are those of the
 * date as it is written; epoch numbers and dates without an offset are in UTC.
 *
 * @param field the JSON field or CSV header that holds the date
 * @param part the part of it
 * @param format how the field writes dates
 */
public record DateSource(String field, DatePart part, DateFormat format) {}
