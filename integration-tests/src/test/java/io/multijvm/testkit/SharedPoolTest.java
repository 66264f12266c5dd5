// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** As {@link PromiseTest}, for tests that share a pool, which they open before and close after all of them. */
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith({NothingLeftInTheEnd.class, Watchdog.class})
public @interface SharedPoolTest {}
