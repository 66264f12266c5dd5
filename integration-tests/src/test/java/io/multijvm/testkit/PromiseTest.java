// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** A class of tests with real JVMs: a hang fails and shows itself, and nothing may be left behind. */
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({NothingLeft.class, Watchdog.class})
public @interface PromiseTest {}
