// SPDX-License-Identifier: Apache-2.0
package io.multijvm.stress;

import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * Lincheck's question: can what each operation returned, in threads that ran at the same time, be had from operations one after
 * the other, in an order that does not contradict what came before what?
 *
 * <p>In the form that runs threads and looks what comes of it. Its model checker would have to own all threads, and one here is
 * the event loop.
 */
final class Linearizable {
    private static final int SCENARIOS = Integer.getInteger("multijvm.lincheck.scenarios", 30);
    private static final int TIMES = Integer.getInteger("multijvm.lincheck.times", 100);

    private Linearizable() {}

    /**
     * Fails with the scenario that shows it if not.
     *
     * @param subject makes a new object each time, and has its operations
     * @param plain has the same operations, and no threads
     */
    static void check(Class<?> subject, Class<?> plain) {
        Owner.startAll(); // or it would be counted as a run's time
        long began = System.nanoTime();
        new StressOptions()
                .iterations(SCENARIOS)
                .invocationsPerIteration(TIMES)
                .threads(3)
                .actorsBefore(0) // before and after are of threads that have no number of their own
                .actorsPerThread(3)
                .actorsAfter(0)
                .sequentialSpecification(plain)
                .check(subject);
        System.out.printf(
                "lincheck: %s linearizable in %d scenarios, %d runs each, %.1f s%n",
                subject.getName().replaceAll(".*\\.", "").replace('$', ' '),
                SCENARIOS,
                TIMES,
                (System.nanoTime() - began) / 1e9);
    }
}
