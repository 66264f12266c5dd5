// SPDX-License-Identifier: Apache-2.0
package examples.api;

import examples.growth.Collatz;
import io.multijvm.Manager;
import io.multijvm.WorkerProcess;
import io.multijvm.shared.SharedMap;
import io.multijvm.shared.SharedQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Ten processes around one queue: four put jobs, six work them off. The queue has a bound, so those that put wait when those
 * that take are behind. There is no pool here.
 */
public final class TenAroundAQueue {
    private static final int PRODUCERS = 4;
    private static final int CONSUMERS = 6;
    private static final int JOBS_OF_EACH = 60;
    private static final int CAPACITY = 20;

    private TenAroundAQueue() {}

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        try (Manager manager = Manager.start()) {
            SharedQueue<Integer> jobs = manager.queue(CAPACITY);
            SharedMap<Integer, Integer> results = manager.map();
            List<WorkerProcess> producers = new ArrayList<>();
            for (int i = 0; i < PRODUCERS; i++) {
                int first = i * JOBS_OF_EACH;
                producers.add(WorkerProcess.start(() -> {
                    for (int job = first; job < first + JOBS_OF_EACH; job++) {
                        jobs.put(job); // waits while the queue is full
                    }
                }));
            }
            List<WorkerProcess> consumers = new ArrayList<>();
            for (int i = 0; i < CONSUMERS; i++) {
                // A job is leased: if its consumer dies it comes back, to another. It may have been worked off by then,
                // so
                // what is done with it must do no harm if it is done twice: putting the same under the same key does
                // none.
                consumers.add(WorkerProcess.start(() -> {
                    jobs.leaseEach(
                            job -> results.put(job, Collatz.longestInBlock(job).steps()));
                }));
            }

            CompletableFuture<?> allPut = allEnded(producers);
            CompletableFuture<?> nobodyTakes = allEnded(consumers);
            CompletableFuture.anyOf(allPut, nobodyTakes).join();
            if (!allPut.isDone()) {
                producers.forEach(WorkerProcess::kill); // they would wait for room in the queue for ever
                throw new IllegalStateException("all consumers have died; " + why(consumers));
            }
            System.out.println("producers ended with " + exitCodes(producers));
            jobs.shutdown(); // what is in it is still taken, and then leaseEach returns
            nobodyTakes.join();
            if (!jobs.isEmpty()) {
                throw new IllegalStateException(
                        "all consumers have died, and " + jobs.size() + " jobs are left; " + why(consumers));
            }
            System.out.println("consumers ended with " + exitCodes(consumers));
            long total = results.values().stream().mapToLong(steps -> steps).sum();
            System.out.println(results.size() + " jobs, " + total + " steps");
            System.out.println("the same as in one loop: " + (total == inOneLoop()));
        }
    }

    private static CompletableFuture<?> allEnded(List<WorkerProcess> processes) {
        return CompletableFuture.allOf(
                processes.stream().map(WorkerProcess::onExit).toArray(CompletableFuture<?>[]::new));
    }

    private static String why(List<WorkerProcess> dead) {
        WorkerProcess first = dead.get(0);
        return first.name() + ": " + first.crashReport().orElseThrow().what();
    }

    private static List<Integer> exitCodes(List<WorkerProcess> processes) throws InterruptedException {
        List<Integer> exitCodes = new ArrayList<>();
        for (WorkerProcess process : processes) {
            process.join();
            exitCodes.add(process.exitCode().orElseThrow());
            process.close(); // after that it tells nothing any more
        }
        return exitCodes;
    }

    private static long inOneLoop() {
        long total = 0;
        for (int job = 0; job < PRODUCERS * JOBS_OF_EACH; job++) {
            total += Collatz.longestInBlock(job).steps();
        }
        return total;
    }
}
