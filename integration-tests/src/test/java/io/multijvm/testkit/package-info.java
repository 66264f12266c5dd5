/** What the tests of promises share: a watchdog, the check that nothing is left, tasks that misbehave, child JVMs. */
@NullMarked
package io.multijvm.testkit;

import org.jspecify.annotations.NullMarked;
