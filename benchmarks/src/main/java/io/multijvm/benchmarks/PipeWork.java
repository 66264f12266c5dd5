// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.shared.PipeClosedException;
import io.multijvm.shared.PipeEnd;
import io.multijvm.shared.SharedPipe;
import io.multijvm.task.SerializableCallable;

/** What goes to another process by a pipe and comes back, and how long the median of single round trips takes. */
final class PipeWork {
    /** As in the Python program. */
    private static final int BYTES = 1 << 20;

    private PipeWork() {}

    private interface Trip {
        /** Returns what came back, as a number. */
        long there(PipeEnd<Integer> end) throws InterruptedException;
    }

    static Measured values(Pool one, Manager manager, int trips) {
        try (SharedPipe<Integer> pipe = manager.pipe()) {
            PipeEnd<Integer> theirs = pipe.right();
            return trips(one, pipe.left(), trips, () -> echoValues(theirs), end -> {
                end.send(0);
                return end.receive();
            });
        }
    }

    static Measured bytes(Pool one, Manager manager, int trips) {
        byte[] bytes = new byte[BYTES];
        try (SharedPipe<Integer> pipe = manager.pipe()) {
            PipeEnd<Integer> theirs = pipe.right();
            return trips(one, pipe.left(), trips, () -> echoBytes(theirs), end -> {
                end.sendBytes(bytes);
                return end.receiveBytes().length;
            });
        }
    }

    private static Measured trips(
            Pool one, PipeEnd<Integer> ours, int trips, SerializableCallable<Integer> echo, Trip trip) {
        TaskFuture<Integer> echoes = one.submit(echo);
        long[] nanos = new long[trips];
        long check = 0;
        try (ours) {
            long unused = trip.there(ours); // until the other side is there
            for (int i = 0; i < trips; i++) {
                long begin = System.nanoTime();
                check += trip.there(ours);
                nanos[i] = System.nanoTime() - begin;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        int unused = echoes.join();
        return new Measured(PoolWork.median(nanos), check);
    }

    private static int echoValues(PipeEnd<Integer> end) throws InterruptedException {
        int n = 0;
        try (end) {
            while (true) {
                end.send(end.receive());
                n++;
            }
        } catch (PipeClosedException e) {
            return n;
        }
    }

    private static int echoBytes(PipeEnd<Integer> end) throws InterruptedException {
        int n = 0;
        try (end) {
            while (true) {
                end.sendBytes(end.receiveBytes());
                n++;
            }
        } catch (PipeClosedException e) {
            return n;
        }
    }
}
