// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** As {@link PromiseTest}, for a class whose tests share one pool: nothing may be left when all of them are over. */
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith({NothingLeftOfClass.class, Watchdog.class})
public @interface SharedPoolTest {}
