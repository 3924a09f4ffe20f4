package io.lift.evaluator;

import io.lift.testing.BrokerResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A real broker and an empty folder of state for the service under test. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@QuarkusTestResource(
    value = BrokerResource.class,
    initArgs = {
      @ResourceArg(name = "lift.evaluator.state-dir", value = BrokerResource.NEW_FOLDER),
      // timing decides nothing here
      @ResourceArg(name = "lift.page.try-timeout", value = "60s"),
      @ResourceArg(name = "lift.page.rollback-timeout", value = "60s")
    })
public @interface WithBroker {}
