package io.lift.cli.demo;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Agrawal, Imielinski and Swami's loan applications (1993): nine attributes, ten functions that
 * decide between group A and group B. After the decision the numeric attributes are perturbed, so
 * that no reader of the row can always be right.
 */
public final class AgrawalGenerator {
  /** How many functions there are; they are numbered from 1. */
  public static final int FUNCTIONS = 10;

  public static final String GROUP_A = "A";
  public static final String GROUP_B = "B";

  /**
   * An applicant.
   *
   * @param salary 20,000..150,000
   * @param commission 0 from a salary of 75,000 on, else 10,000..75,000
   * @param age 20..80
   * @param elevel level of education, 0..4
   * @param car make of car, 1..20
   * @param zipcode 0..8
   * @param hvalue value of the house; its range depends on the zipcode
   * @param hyears years that the house has been owned, 1..30
   * @param loan 0..500,000
   */
  public record Applicant(
      double salary,
      double commission,
      int age,
      int elevel,
      int car,
      int zipcode,
      double hvalue,
      int hyears,
      double loan) {}

  /**
   * A row of the stream.
   *
   * @param applicant as shown, after the perturbation
   * @param group what the function said of the applicant before the perturbation
   */
  public record LoanRow(Applicant applicant, String group) {}

  private final RandomGenerator random;
  private final double perturbation;

  /**
   * @param perturbation how far a numeric attribute may move, as a part of its range, 0..1
   */
  public AgrawalGenerator(long seed, double perturbation) {
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.perturbation = perturbation;
  }

  /** The next row, decided by one of the ten functions. */
  public LoanRow next(int function) {
    double salary = uniform(20_000, 150_000);
    double commission = salary >= 75_000 ? 0 : uniform(10_000, 75_000);
    int age = random.nextInt(20, 81);
    int elevel = random.nextInt(5);
    int car = random.nextInt(1, 21);
    int zipcode = random.nextInt(9);
    double hvalue = (9 - zipcode) * 100_000 * uniform(0.5, 1.5);
    int hyears = random.nextInt(1, 31);
    double loan = uniform(0, 500_000);
    Applicant applicant =
        new Applicant(salary, commission, age, elevel, car, zipcode, hvalue, hyears, loan);
    return new LoanRow(perturb(applicant), group(function, applicant));
  }

  private Applicant perturb(Applicant a) {
    double hvalueUnit = (9 - a.zipcode) * 100_000;
    return new Applicant(
        move(a.salary, 20_000, 150_000),
        a.commission > 0 ? move(a.commission, 10_000, 75_000) : 0,
        (int) Math.round(move(a.age, 20, 80)),
        a.elevel,
        a.car,
        a.zipcode,
        move(a.hvalue, 0.5 * hvalueUnit, 1.5 * hvalueUnit),
        (int) Math.round(move(a.hyears, 1, 30)),
        move(a.loan, 0, 500_000));
  }

  private double move(double value, double low, double high) {
    double moved = value + (high - low) * perturbation * uniform(-1, 1);
    return Math.max(low, Math.min(high, moved));
  }

  private double uniform(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  /**
   * What a function says of an applicant.
   *
   * @param function 1..10
   */
  public static String group(int function, Applicant a) {
    boolean first =
        switch (function) {
          case 1 -> a.age < 40 || a.age >= 60;
          case 2 -> incomeFitsAge(a.salary, a.age);
          case 3 ->
              a.age < 40 ? a.elevel <= 1 : a.age < 60 ? in(a.elevel, 1, 3) : in(a.elevel, 2, 4);
          case 4 -> fourth(a);
          case 5 -> fifth(a);
          case 6 -> incomeFitsAge(total(a), a.age);
          case 7 -> disposable(a, 0.2 * a.loan, 0, -20_000) > 0;
          case 8 -> disposable(a, 0, 5_000 * a.elevel, -20_000) > 0;
          case 9 -> disposable(a, 0.2 * a.loan, 5_000 * a.elevel, -10_000) > 0;
          case 10 -> disposable(a, 0, 5_000 * a.elevel, 0.2 * equity(a) - 10_000) > 0;
          default -> throw new IllegalArgumentException("there is no function " + function);
        };
    return first ? GROUP_A : GROUP_B;
  }

  private static boolean fourth(Applicant a) {
    if (a.age < 40) {
      return a.elevel <= 1 ? in(a.salary, 25_000, 75_000) : in(a.salary, 50_000, 100_000);
    }
    if (a.age < 60) {
      return in(a.elevel, 1, 3) ? in(a.salary, 50_000, 100_000) : in(a.salary, 75_000, 125_000);
    }
    return in(a.elevel, 2, 4) ? in(a.salary, 50_000, 100_000) : in(a.salary, 25_000, 75_000);
  }

  private static boolean fifth(Applicant a) {
    if (a.age < 40) {
      return in(a.salary, 50_000, 100_000)
          ? in(a.loan, 100_000, 300_000)
          : in(a.loan, 200_000, 400_000);
    }
    if (a.age < 60) {
      return in(a.salary, 75_000, 125_000)
          ? in(a.loan, 200_000, 400_000)
          : in(a.loan, 300_000, 500_000);
    }
    return in(a.salary, 25_000, 75_000)
        ? in(a.loan, 300_000, 500_000)
        : in(a.loan, 100_000, 300_000);
  }

  private static boolean incomeFitsAge(double income, int age) {
    if (age < 40) {
      return in(income, 50_000, 100_000);
    }
    return age < 60 ? in(income, 75_000, 125_000) : in(income, 25_000, 75_000);
  }

  private static double disposable(Applicant a, double repayment, double schooling, double rest) {
    return 2 * total(a) / 3 - repayment - schooling + rest;
  }

  private static double total(Applicant a) {
    return a.salary + a.commission;
  }

  private static double equity(Applicant a) {
    return a.hyears < 20 ? 0 : 0.1 * a.hvalue * (a.hyears - 20);
  }

  private static boolean in(double value, double low, double high) {
    return value >= low && value <= high;
  }
}
