// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.failure.WorkerCrashedException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Some processes that all do the same until they are told to stop, and are killed one after the other: each has a seat, and who was
 * killed is replaced there. Each life has a file. For one thread.
 */
public final class Seats implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What each of them does, until its orders are to stop. */
    public interface Act extends Serializable {
        void play(int seat, Life life, Orders orders) throws Exception;
    }

    /** What all are told. */
    public static final class Orders {
        private static final int STOP = 0;
        private static final int ROUND = 1;
        private static final int REST = 2;
        private static final int LENGTH = 8;

        private final MappedLongs longs;

        private Orders(Path file) throws IOException {
            longs = MappedLongs.open(file, LENGTH);
        }

        public boolean stop() {
            return longs.get(STOP) != 0;
        }

        /** A number that means what the act makes of it. */
        public long round() {
            return longs.get(ROUND);
        }

        public void round(long round) {
            longs.set(ROUND, round);
        }

        /** Not 0 while they are to ask for nothing more: a machine that is busy with them starts no other. */
        public long rest() {
            return longs.get(REST);
        }

        public void rest(long rest) {
            longs.set(REST, rest);
        }
    }

    private static final class Played {
        final Life life;
        final TaskFuture<Integer> future;
        long killed;

        Played(Life life, TaskFuture<Integer> future) {
            this.life = life;
            this.future = future;
        }
    }

    private final Pool pool;
    private final Path directory;
    private final Act act;
    private final Orders orders;
    private final List<Played> seated = new ArrayList<>();
    private final List<Played> all = new ArrayList<>();

    /** Fills so many, and waits until all have begun. */
    public Seats(Pool pool, Path directory, int seats, Act act) throws IOException {
        this.pool = pool;
        this.directory = directory;
        this.act = act;
        this.orders = new Orders(ordersFile(directory));
        for (int seat = 0; seat < seats; seat++) {
            seated.add(played(seat));
        }
        for (int seat = 0; seat < seats; seat++) {
            awaitBegun(seat);
        }
    }

    private static Path ordersFile(Path directory) {
        return directory.resolve("orders");
    }

    private Played played(int seat) throws IOException {
        String in = directory.toString();
        String name = "life-" + all.size();
        Act played = act;
        Life life = Life.open(directory.resolve(name));
        TaskFuture<Integer> future = pool.submit(() -> play(played, seat, in, name));
        Played one = new Played(life, future);
        all.add(one);
        return one;
    }

    private static int play(Act act, int seat, String directory, String name) throws Exception {
        Life life = Life.open(Path.of(directory, name));
        Orders orders = new Orders(ordersFile(Path.of(directory)));
        life.begins();
        act.play(seat, life, orders);
        return seat;
    }

    private void awaitBegun(int seat) {
        Played one = seated.get(seat);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> one.life.pid() != 0 || one.future.isDone());
        assertLives(seat);
    }

    /** Whoever has failed says why. */
    void assertLives(int seat) {
        if (seated.get(seat).future.isDone()) {
            throw new AssertionError("who has seat " + seat + " ended: " + ended(seated.get(seat).future));
        }
    }

    private static String ended(TaskFuture<Integer> future) {
        try {
            return "with " + future.get();
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "and this was interrupted";
        }
    }

    /** Who has that seat now. */
    public Life life(int seat) {
        return seated.get(seat).life;
    }

    public Orders orders() {
        return orders;
    }

    /**
     * Kills who has that seat, by SIGKILL.
     *
     * @return when, just before
     */
    public long kill(int seat) {
        assertLives(seat);
        Played victim = seated.get(seat);
        ProcessHandle process = ProcessHandle.of(victim.life.pid()).orElseThrow();
        victim.killed = System.nanoTime();
        assertThat(process.destroyForcibly()).isTrue();
        return victim.killed;
    }

    /** Puts another there, when the death of the one before was told, and waits until it has begun. Meanwhile the others rest. */
    public void replace(int seat) throws IOException {
        orders.rest(seat + 1L);
        TaskFuture<Integer> dead = seated.get(seat).future;
        assertThatThrownBy(() -> dead.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .hasCauseInstanceOf(WorkerCrashedException.class);
        seated.set(seat, played(seat));
        awaitBegun(seat);
        orders.rest(0);
    }

    /**
     * Tells all to stop, and waits until they have.
     *
     * @param wake wakes those that wait until others do something
     */
    public void stop(Runnable wake) throws Exception {
        orders.longs.set(Orders.STOP, 1);
        wake.run();
        for (Played one : seated) {
            one.future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS); // what it throws fails the test
        }
    }

    /** What all wrote down, the dead too. */
    public List<Turn> turns() {
        return all.stream().flatMap(one -> one.life.read(one.killed).stream()).toList();
    }

    /** Whatever happened, none goes on. */
    @Override
    public void close() {
        orders.longs.set(Orders.STOP, 1);
    }
}
