package io.lift.core.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lift.core.Tasks;
import io.lift.core.task.Column;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.core.task.TemplateSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowParserTest {
  private final RowParser parser =
      new RowParser(Tasks.loans(TemplateSpec.paper(), NumberFormat.grid()));

  @Test
  void columnsMayComeInAnyOrder() throws RowRejectedException {
    Row row = parse("{'risk':'low','note':'hi','car':'vw','income':1.5,'age':30}");

    assertThat(row.values())
        .isEqualTo(Map.of("age", 30.0, "income", 1.5, "car", "vw", "note", "hi"));
    assertThat(row.target()).isEqualTo("low");
    assertThat(row.unseen()).isEmpty();
  }

  @Test
  void extraColumnsAreIgnoredWhateverTheyHold() throws RowRejectedException {
    assertThat(parse("{'x':{'a':[1,{}]},'age':30,'y':null,'x':'again'}").values())
        .isEqualTo(Map.of("age", 30.0));
  }

  @Test
  void theFieldsOfANestedObjectAreColumnsWithADot() throws RowRejectedException {
    TaskSpec task =
        new TaskSpec(
            "orders",
            1,
            TaskType.CLASSIFICATION,
            List.of(Column.text("customer.name"), Column.text("customer.home.city")),
            Column.category("risk", List.of("high", "low")),
            null,
            null,
            null,
            null,
            null);
    RowParser orders = new RowParser(task);
    String json =
        "{'id':1,'customer':{'name':'Ada','tags':['x'],'home':{'city':'Graz'}},'risk':'low'}";
    Map<String, String> expected = Map.of("customer.name", "Ada", "customer.home.city", "Graz");
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    assertThat(orders.parse(bytes).values()).isEqualTo(expected);
    assertThat(orders.parse(FlatJson.object(bytes))).isEqualTo(orders.parse(bytes));
    String flat = "{'customer.name':'Ada','customer':{'home.city':'Graz'}}".replace('\'', '"');
    assertThat(orders.parse(flat.getBytes(StandardCharsets.UTF_8)).values()).isEqualTo(expected);
    // names that no column can have are not followed, however long they become
    String longName = "{'" + "n".repeat(200) + "':{'customer.name':1},'customer.name':'Ada'}";
    byte[] skipped = longName.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    assertThat(orders.parse(skipped).values()).isEqualTo(Map.of("customer.name", "Ada"));
  }

  @Test
  void absentNullAndBlankValuesAreMissing() throws RowRejectedException {
    Row row = parse("{'age':30,'income':null,'car':'','note':' ','risk':''}");

    assertThat(row.values()).isEqualTo(Map.of("age", 30.0));
    assertThat(row.target()).isNull();
  }

  @Test
  void theFeaturesThatARowDoesNotNameAreListed() throws RowRejectedException {
    assertThat(parse("{'age':30,'income':null}").absent()).containsExactly("car", "note");
    assertThat(parse("{'age':30,'income':1,'car':'vw','note':''}").absent()).isEmpty();
  }

  @Test
  void aRowWithNextToNothingInItIsRejectedAsTheTaskSays() throws RowRejectedException {
    TaskSpec task =
        Tasks.loans(TemplateSpec.paper(), NumberFormat.grid()).toBuilder().minColumns(0.5).build();
    RowParser strict = new RowParser(task);
    RowRejectedException error =
        catchThrowableOfType(
            RowRejectedException.class, () -> strict.parse("{\"age\":30,\"x\":1}".getBytes()));
    assertThat(error.reason()).isEqualTo(RejectReason.FEW_COLUMNS);
    assertThat(error)
        .hasMessage(
            "The row has 1 of the task's 4 features, and the task asks for 50 % of them: income,"
                + " car, note are missing.");
    assertThat(strict.parse("{\"age\":30,\"car\":null}".getBytes()).absent()).hasSize(2);
    assertThat(strict.parse("{\"risk\":\"low\"}".getBytes()).labelOnly()).isTrue();
  }

  @Test
  void envelopesAroundARowAreRecognisedAndTheWayOutIsNamed() throws RowRejectedException {
    rejects(
        RejectReason.ENVELOPE,
        null,
        "{'schema':{'type':'struct'},'payload':{'age':30}}",
        "--format connect");
    rejects(
        RejectReason.ENVELOPE,
        null,
        "{'before':null,'after':{'age':30},'source':{'db':'x'},'op':'c','ts_ms':1}",
        "a Debezium change event: create the source with --format debezium");
    rejects(
        RejectReason.ENVELOPE,
        null,
        "{'before':{'age':30},'after':null,'op':'d','note':'by chance'}",
        "a Debezium change event: create the source with --format debezium");
    rejects(
        RejectReason.ENVELOPE,
        null,
        "{'specversion':'1.0','type':'loan','source':'/x','id':'1','data':{'age':30}}",
        "--format cloudevents");
    RowRejectedException error =
        catchThrowableOfType(
            RowRejectedException.class, () -> parser.parse(new byte[] {0, 0, 0, 0, 7, 'x', 'y'}));
    assertThat(error.reason()).isEqualTo(RejectReason.ENVELOPE);
    assertThat(error).hasMessageContaining("--format avro, protobuf or json-schema");
    // a row with columns of such names is a row
    assertThat(parse("{'age':30,'income':2,'op':'x','after':1}").values()).hasSize(2);
  }

  @Test
  void aNumberColumnTakesTheTextOfANumber() throws RowRejectedException {
    assertThat(parse("{'age':' 30 ','income':'.5e1'}").values())
        .isEqualTo(Map.of("age", 30.0, "income", 5.0));
  }

  @Test
  void aNumberColumnRejectsWordsAndBooleans() {
    rejects(RejectReason.WRONG_TYPE, "age", "{'age':'old'}", "'age' needs a number, not 'old'.");
    rejects(RejectReason.WRONG_TYPE, "age", "{'age':'NA'}", "'NA'");
    rejects(RejectReason.WRONG_TYPE, "age", "{'age':true}", "'true'");
    rejects(RejectReason.WRONG_TYPE, "age", "{'age':'1,5'}", "'1,5'");
    rejects(RejectReason.WRONG_TYPE, "age", "{'age':'0x1p3'}", "'0x1p3'");
    rejects(RejectReason.WRONG_TYPE, "age", "{'age':'1f'}", "'1f'");
    rejects(RejectReason.WRONG_TYPE, "age", "{'age':'1-2'}", "'1-2'");
  }

  @Test
  void aNumberThatIsNotFiniteIsRejectedHoweverItIsWritten() {
    for (String value : List.of("Infinity", "-Infinity", "1e999", "'-inf'", "'1e999'")) {
      rejects(
          RejectReason.NOT_FINITE,
          "age",
          "{'age':" + value + "}",
          "'age' needs a finite number, not '" + value.replace("'", "") + "'");
    }
    rejects(RejectReason.NOT_FINITE, "age", "{'age':1" + "0".repeat(400) + "}", "…'");
  }

  @Test
  void aNumberThatSaysItIsNoneIsMissing() throws RowRejectedException {
    assertThat(parse("{'age':NaN,'income':'nan','car':'vw'}").values())
        .isEqualTo(Map.of("car", "vw"));
  }

  @Test
  void aHugeFiniteNumberIsKept() throws RowRejectedException {
    assertThat(parse("{'age':1e308}").values()).isEqualTo(Map.of("age", 1e308));
  }

  @Test
  void aCategoryIsTheSameWordInEveryNotation() throws RowRejectedException {
    assertThat(parse("{'car':1}").values()).isEqualTo(Map.of("car", "1"));
    assertThat(parse("{'car':1.0}").values()).isEqualTo(Map.of("car", "1"));
    assertThat(parse("{'car':'1.0'}").values()).isEqualTo(Map.of("car", "1"));
    assertThat(parse("{'car':2.50}").values()).isEqualTo(Map.of("car", "2.5"));
    assertThat(parse("{'car':true}").values()).isEqualTo(Map.of("car", "true"));
    assertThat(parse("{'car':' vw '}").values()).isEqualTo(Map.of("car", "vw"));
  }

  @Test
  void booleansFindTheirWordHoweverATableSpellsIt() throws RowRejectedException {
    RowParser flags =
        new RowParser(
            Tasks.of(
                TaskType.CLASSIFICATION,
                List.of(Column.category("flag", List.of("True", "False"))),
                Column.category("risk", List.of("TRUE", "FALSE")),
                null,
                null));

    Row row = flags.parse(bytes("{'flag':true,'risk':false}"));
    assertThat(row.values()).isEqualTo(Map.of("flag", "True"));
    assertThat(row.target()).isEqualTo("FALSE");
  }

  @Test
  void aWordThatTheTaskHasNotSeenIsKeptAndItsColumnIsNamed() throws RowRejectedException {
    Row row = parse("{'car':' bmw ','age':30}");

    assertThat(row.values()).isEqualTo(Map.of("age", 30.0, "car", "bmw"));
    assertThat(row.unseen()).containsExactly("car");
    assertThat(row.unknown()).endsWith("car").doesNotContain("age");
    assertThat(parse("{'car':1e1000000000}").unseen()).containsExactly("car");
    assertThat(parse("{'car':'01'}").unseen()).containsExactly("car");
    assertThat(parse("{'car':'" + "x".repeat(3_000) + "'}").values())
        .isEqualTo(Map.of("car", "x".repeat(Column.MAX_WORD)));
  }

  @Test
  void textTakesAnyScalarAndIsCutBetweenCharacters() throws RowRejectedException {
    assertThat(parse("{'note':12.50}").values()).isEqualTo(Map.of("note", "12.50"));
    assertThat(parse("{'note':false}").values()).isEqualTo(Map.of("note", "false"));
    String start = "x".repeat(Column.MAX_TEXT - 1);
    assertThat(parse("{'note':'" + start + "😀😀'}").values()).isEqualTo(Map.of("note", start));
  }

  @Test
  void aNestedValueInAColumnIsRejected() {
    rejects(RejectReason.NESTED_VALUE, "age", "{'age':{'years':30}}", "'age' holds an object");
    rejects(RejectReason.NESTED_VALUE, "risk", "{'risk':['low']}", "'risk' holds an array");
  }

  @Test
  void deepNestingIsRejectedAndNeverBlowsTheStack() {
    String deep = "[".repeat(1_000_000);
    rejects(RejectReason.INVALID_JSON, null, "{'x':" + deep, "nesting depth");
    rejects(RejectReason.INVALID_JSON, null, deep, "not JSON");
    assertThat(rejection(bytes(deep))).hasMessageEndingWith("exceeds the maximum allowed (100).");
    rejects(RejectReason.NESTED_VALUE, "age", "{'age':" + deep, "'age' holds an array");
  }

  @Test
  void aColumnGivenTwiceIsRejected() {
    rejects(RejectReason.DUPLICATE_FIELD, "age", "{'age':1,'age':1}", "'age' is given twice");
    rejects(RejectReason.DUPLICATE_FIELD, "risk", "{'risk':null,'risk':'low'}", "given twice");
  }

  @Test
  void invalidUtf8IsRejectedWithItsPlace() {
    byte[][] broken = {
      {'{', (byte) 0xff, '}'}, // no lead byte
      {'{', (byte) 0xc0, (byte) 0x80}, // overlong
      {'{', (byte) 0xed, (byte) 0xa0, (byte) 0x80}, // surrogate
      {'{', (byte) 0xe2, (byte) 0x82} // cut off
    };
    for (byte[] bytes : broken) {
      RowRejectedException rejected = rejection(bytes);
      assertThat(rejected.reason()).isEqualTo(RejectReason.INVALID_UTF8);
      assertThat(rejected).hasMessage("Byte 1 of the value is not UTF-8.");
    }
  }

  @Test
  void whatIsNotJsonIsRejected() {
    for (String text :
        List.of("", " ", "hello", "{'age':30", "{'age':}", "{age:30}", "{'age':01}")) {
      rejects(RejectReason.INVALID_JSON, null, text, "");
    }
    rejects(RejectReason.INVALID_JSON, null, "{'age':30} {}", "continues after its JSON object");
    rejects(RejectReason.INVALID_JSON, null, "{'age':30}]", "not JSON at byte 10");
    assertThat(rejection("{\"age\":30}".getBytes(StandardCharsets.UTF_16LE)).reason())
        .isEqualTo(RejectReason.INVALID_JSON);
  }

  @Test
  void anythingButAnObjectIsRejected() {
    rejects(RejectReason.NOT_AN_OBJECT, null, "[1,2]", "this is an array");
    rejects(RejectReason.NOT_AN_OBJECT, null, "'row'", "but this is text");
    rejects(RejectReason.NOT_AN_OBJECT, null, "3", "this is a number");
    rejects(RejectReason.NOT_AN_OBJECT, null, "null", "this is null");
  }

  @Test
  void aTargetThatIsNoLabelIsRejected() {
    rejects(
        RejectReason.UNKNOWN_LABEL,
        "risk",
        "{'age':1,'risk':'huge'}",
        "'risk' has no label 'huge'");
  }

  @Test
  void aRegressionTargetIsANumber() throws RowRejectedException {
    RowParser prices =
        new RowParser(
            Tasks.of(
                TaskType.REGRESSION,
                List.of(Column.number("age", Tasks.stats(0))),
                Column.number("price", Tasks.stats(2)),
                null,
                null));

    assertThat(prices.parse(bytes("{'age':1,'price':'9.5'}")).target()).isEqualTo(9.5);
    RowRejectedException rejected =
        catchThrowableOfType(
            RowRejectedException.class, () -> prices.parse(bytes("{'age':1,'price':'cheap'}")));
    assertThat(rejected.reason()).isEqualTo(RejectReason.WRONG_TYPE);
  }

  @Test
  void aTargetAloneIsALabelForARowSentBefore() throws RowRejectedException {
    assertThat(parse("{'risk':'low'}").labelOnly()).isTrue();
    assertThat(parse("{'risk':'low','car':'bmw'}").labelOnly()).isFalse();
    assertThat(parse("{'risk':'low','age':1}").labelOnly()).isFalse();
    assertThat(parse("{'age':1}").labelOnly()).isFalse();
  }

  @Test
  void aRowWithNothingToReadIsRejected() {
    rejects(RejectReason.NO_FEATURES, null, "{}", "neither a feature nor the target");
    rejects(RejectReason.NO_FEATURES, null, "{'age':null,'other':1}", "neither");
  }

  @Test
  void noValueAtAllIsRejected() {
    assertThat(rejection(null).reason()).isEqualTo(RejectReason.NULL_VALUE);
  }

  @Test
  void messagesQuoteValuesShortAndOnOneLine() {
    rejects(
        RejectReason.WRONG_TYPE,
        "age",
        "{'age':'a\\n\\u0000" + "b".repeat(100) + "'}",
        "'a\\n\\u0000" + "b".repeat(37) + "…'");
  }

  private Row parse(String json) throws RowRejectedException {
    return parser.parse(bytes(json));
  }

  private void rejects(RejectReason reason, String field, String json, String message) {
    RowRejectedException rejected = rejection(bytes(json));
    assertThat(rejected).as(json.substring(0, Math.min(60, json.length()))).isNotNull();
    assertThat(rejected.reason()).isEqualTo(reason);
    assertThat(rejected.field()).isEqualTo(field);
    assertThat(rejected.getMessage())
        .contains(message)
        .endsWith(".")
        .doesNotContain("\n")
        .hasSizeLessThan(300);
  }

  private RowRejectedException rejection(byte[] json) {
    return catchThrowableOfType(RowRejectedException.class, () -> parser.parse(json));
  }

  /** JSON with apostrophes for quotation marks. */
  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
