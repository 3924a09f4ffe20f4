package io.lift.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.cli.demo.AgrawalGenerator.Applicant;
import io.lift.cli.demo.AgrawalGenerator.LoanRow;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgrawalGeneratorTest {

  /** Applicants whose groups were worked out by hand from the published functions. */
  @ParameterizedTest
  @CsvSource({
    // function, salary, commission, age, elevel, hvalue, hyears, loan, group
    "1,  60000,     0, 39, 0,      0,  1,      0, A",
    "1,  60000,     0, 40, 0,      0,  1,      0, B",
    "1,  60000,     0, 60, 0,      0,  1,      0, A",
    "2,  50000,     0, 39, 0,      0,  1,      0, A", // young: 50,000..100,000
    "2, 101000,     0, 39, 0,      0,  1,      0, B",
    "2, 125000,     0, 59, 0,      0,  1,      0, A", // middle: 75,000..125,000
    "2,  74000,     0, 59, 0,      0,  1,      0, B",
    "2,  25000,     0, 60, 0,      0,  1,      0, A", // old: 25,000..75,000
    "3,  60000,     0, 30, 1,      0,  1,      0, A", // young: 0, 1
    "3,  60000,     0, 30, 2,      0,  1,      0, B",
    "3,  60000,     0, 50, 0,      0,  1,      0, B", // middle: 1..3
    "3,  60000,     0, 70, 4,      0,  1,      0, A", // old: 2..4
    "4,  30000,     0, 30, 1,      0,  1,      0, A",
    "4,  30000,     0, 30, 3,      0,  1,      0, B",
    "4, 120000,     0, 50, 4,      0,  1,      0, A",
    "4,  30000,     0, 70, 0,      0,  1,      0, A",
    "5,  60000,     0, 30, 0,      0,  1, 150000, A", // loan 100,000..300,000
    "5,  60000,     0, 30, 0,      0,  1, 350000, B",
    "5, 120000,     0, 30, 0,      0,  1, 350000, A", // loan 200,000..400,000
    "5,  50000,     0, 70, 0,      0,  1, 400000, A",
    "5, 120000,     0, 70, 0,      0,  1, 400000, B",
    "6,  40000, 20000, 30, 0,      0,  1,      0, A", // like 2, with the commission
    "6,  40000,     0, 30, 0,      0,  1,      0, B",
    "7,  60000,     0, 30, 0,      0,  1,  99000, A", // 40,000 - 19,800 - 20,000 > 0
    "7,  60000,     0, 30, 0,      0,  1, 101000, B",
    "8,  60000,     0, 30, 3,      0,  1,      0, A", // 40,000 - 15,000 - 20,000 > 0
    "8,  60000,     0, 30, 4,      0,  1,      0, B", // 40,000 - 20,000 - 20,000 = 0
    "9,  60000,     0, 30, 2,      0,  1,  99000, A", // 40,000 - 10,000 - 19,800 - 10,000
    "9,  60000,     0, 30, 2,      0,  1, 101000, B",
    "10, 30000,     0, 30, 3,      0,  1,      0, B", // 20,000 - 15,000 + 0 - 10,000
    "10, 30000,     0, 30, 3, 300000, 21,      0, A", // equity 30,000, a fifth of it 6,000
    "10, 30000,     0, 30, 3, 300000, 20,      0, B"
  })
  void eachFunctionDecidesAsPublished(
      int function,
      double salary,
      double commission,
      int age,
      int elevel,
      double hvalue,
      int hyears,
      double loan,
      String group) {
    Applicant applicant =
        new Applicant(salary, commission, age, elevel, 1, 0, hvalue, hyears, loan);

    assertThat(AgrawalGenerator.group(function, applicant)).isEqualTo(group);
  }

  @Test
  void withoutPerturbationTheShownRowExplainsItsGroup() {
    AgrawalGenerator generator = new AgrawalGenerator(7, 0);

    for (int function = 1; function <= AgrawalGenerator.FUNCTIONS; function++) {
      for (int i = 0; i < 200; i++) {
        LoanRow row = generator.next(function);
        assertThat(AgrawalGenerator.group(function, row.applicant())).isEqualTo(row.group());
      }
    }
  }

  @Test
  void perturbationHidesTheGroupOfSomeRowsButNotOfMost() {
    AgrawalGenerator generator = new AgrawalGenerator(7, 0.05);

    long explained =
        IntStream.range(0, 2_000)
            .mapToObj(i -> generator.next(2))
            .filter(row -> AgrawalGenerator.group(2, row.applicant()).equals(row.group()))
            .count();

    assertThat(explained).isBetween(1_700L, 1_990L);
  }

  @Test
  void attributesStayInTheirRanges() {
    AgrawalGenerator generator = new AgrawalGenerator(3, 0.2);

    for (int i = 0; i < 2_000; i++) {
      Applicant a = generator.next(1).applicant();
      assertThat(a.salary()).isBetween(20_000.0, 150_000.0);
      assertThat(a.commission())
          .satisfiesAnyOf(
              none -> assertThat(none).isZero(),
              some -> assertThat(some).isBetween(10_000.0, 75_000.0));
      assertThat(a.age()).isBetween(20, 80);
      assertThat(a.elevel()).isBetween(0, 4);
      assertThat(a.car()).isBetween(1, 20);
      assertThat(a.zipcode()).isBetween(0, 8);
      assertThat(a.hvalue()).isBetween(50_000.0 * (9 - a.zipcode()), 150_000.0 * (9 - a.zipcode()));
      assertThat(a.hyears()).isBetween(1, 30);
      assertThat(a.loan()).isBetween(0.0, 500_000.0);
    }
  }

  @Test
  void theSameSeedGivesTheSameRows() {
    AgrawalGenerator one = new AgrawalGenerator(5, 0.05);
    AgrawalGenerator other = new AgrawalGenerator(5, 0.05);

    assertThat(IntStream.range(0, 50).mapToObj(i -> one.next(4)).toList())
        .isEqualTo(IntStream.range(0, 50).mapToObj(i -> other.next(4)).toList());
  }

  @Test
  void thereIsNoEleventhFunction() {
    assertThatThrownBy(() -> new AgrawalGenerator(1, 0).next(11))
        .hasMessageContaining("no function 11");
  }
}
