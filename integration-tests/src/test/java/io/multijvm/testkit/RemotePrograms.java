// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.WorkerProcess;
import io.multijvm.shared.PipeEnd;
import io.multijvm.shared.SharedBoolean;
import io.multijvm.shared.SharedDoubleArray;
import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedInt;
import io.multijvm.shared.SharedLock;
import io.multijvm.shared.SharedLong;
import io.multijvm.shared.SharedMap;
import io.multijvm.shared.SharedPipe;
import io.multijvm.shared.SharedQueue;
import io.multijvm.shared.SharedReference;
import io.multijvm.shared.SharedSemaphore;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/** Programs that serve managers, or connect to one of a program that did not start them: what to do, and where. */
public final class RemotePrograms {
    /** What all of them know. */
    public static final byte[] KEY = "something that all of them know".getBytes(UTF_8);

    private static final Duration LONG = Duration.ofMinutes(1);

    private RemotePrograms() {}

    /** Something of the user's own that crosses. */
    public record Word(String text, int length) implements Serializable {}

    /** What an object of a class of the serving program's can do. */
    public interface Tally {
        /** Returns the sum of all lengths so far. */
        int add(Word word);
    }

    public static void main(String[] args) throws Exception {
        SocketAddress address = address(args[1]);
        switch (args[0]) {
            case "serve" -> serve(address);
            case "share" -> share(address);
            case "hold" -> hold(address);
            case "read" -> read(address);
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.out.println("OK");
    }

    /** A path, or a port of the loopback address. */
    public static SocketAddress address(String text) {
        return text.contains("/")
                ? UnixDomainSocketAddress.of(text)
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(text));
    }

    /** What {@link #address} reads. */
    public static String text(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? Integer.toString(inet.getPort())
                : ((UnixDomainSocketAddress) address).getPath().toString();
    }

    private static void serve(SocketAddress address) throws IOException {
        try (Manager manager = Manager.serve(address, KEY)) {
            manager.publish("guard", manager.lock());
            manager.publish("held", manager.event());
            manager.publish("words", manager.queue());
            System.out.println("at " + text(manager.address()) + " .");
            untilToldToEnd();
        }
    }

    private static void untilToldToEnd() throws IOException {
        if (System.in.read() >= 0) {
            throw new IOException("something came");
        }
    }

    /** Takes the lock and keeps it. */
    private static void hold(SocketAddress address) throws IOException {
        Manager manager = Manager.connect(address, KEY);
        SharedLock guard = manager.find("guard", SharedLock.class);
        guard.lock();
        if (Boolean.getBoolean("makes")) {
            manager.publish("made", manager.longValue(42));
        }
        manager.find("held", SharedEvent.class).set();
        untilToldToEnd();
    }

    /** What does not fit here, and then what does. */
    private static void read(SocketAddress address) {
        try (Manager manager = Manager.connect(address, KEY)) {
            SharedMap<String, byte[]> map = manager.find("large", SharedMap.class);
            SharedMap<String, Integer> other = manager.find("small", SharedMap.class);
            require(other.containsValue(42), "what is small");
            try {
                System.out.println("read: " + map.containsKey("value") + (map.get("value") != null));
            } catch (IllegalStateException e) {
                System.out.println("refused: " + e.getMessage());
            }
            require(other.containsValue(42), "what is small, after that");
        }
    }

    private static void share(SocketAddress address) throws Exception {
        try (Manager manager = Manager.connect(address, KEY)) {
            SharedQueue<Word> words = manager.find("words", SharedQueue.class);
            SharedMap<String, Integer> counts = manager.find("counts", SharedMap.class);
            SharedLock guard = manager.find("guard", SharedLock.class);
            SharedInt total = manager.find("total", SharedInt.class);
            work(words, counts, guard, total); // this process itself
            if (Boolean.getBoolean("pool")) {
                inAPool(words, counts, guard, total);
            }
            made(manager);
            ownClass(manager);
            manager.publish("answer", manager.reference(new Word("answer", 6)));
        }
    }

    /** The program's own workers, and a process of one of those. */
    private static void inAPool(
            SharedQueue<Word> words, SharedMap<String, Integer> counts, SharedLock guard, SharedInt total)
            throws Exception {
        try (Pool pool = Pool.processes(2)) {
            List<TaskFuture<Integer>> busy = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                busy.add(pool.submit(() -> work(words, counts, guard, total)));
            }
            for (TaskFuture<Integer> each : busy) {
                require(each.get() == 10, "a worker's words");
            }
            require(pool.apply(() -> grandchild(total)) == 0, "a worker's own process");
        }
    }

    /** Takes a word, counts it, and adds its length to the total in a way that only the lock makes right. */
    private static int work(
            SharedQueue<Word> words, SharedMap<String, Integer> counts, SharedLock guard, SharedInt total)
            throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            Word word = words.take();
            counts.mergeAtOwner(word.text(), 1, Integer::sum);
            guard.lock();
            try {
                total.set(total.get() + word.length());
            } finally {
                guard.unlock();
            }
        }
        return 10;
    }

    private static int grandchild(SharedInt total) throws InterruptedException {
        try (WorkerProcess process = WorkerProcess.start(() -> total.addAndGet(1_000))) {
            process.join();
            return process.exitCode().orElseThrow();
        }
    }

    /** Of each kind one, made there and used from here. */
    private static void made(Manager manager) throws Exception {
        SharedLong number = manager.longValue(-5);
        require(number.addAndGet(7) == 2, "a long");
        require(manager.doubleValue(1.5).get() == 1.5, "a double");
        require(manager.byteValue((byte) -3).get() == -3, "a byte");
        SharedBoolean flag = manager.booleanValue(true);
        require(flag.get(), "a boolean");
        SharedReference<Object> reference = manager.reference("is it");
        require("is it".equals(reference.get()), "a reference");
        SharedDoubleArray array = manager.doubleArrayOf(1, 2, 3);
        require(array.length() == 3 && array.get(2) == 3, "an array");
        require(manager.intArrayOf(4).get(0) == 4 && manager.longArrayOf(5).get(0) == 5, "arrays");
        require(manager.byteArray(100_000).length() == 100_000, "a long array");
        SharedSemaphore permits = manager.boundedSemaphore(1);
        permits.acquire();
        require(!permits.tryAcquire() && manager.semaphore(1).tryAcquire(), "semaphores");
        manager.latch(0).await();
        require(manager.barrier(1).await() == 0, "a barrier");
        manager.rlock().lock();
        manager.<String>list().add("element");
        require(manager.<String>set().add("element"), "a set");
        SharedQueue<String> bounded = manager.queue(1);
        require(bounded.offer("one") && !bounded.offer("two"), "a bounded queue");
        SharedPipe<String> pipe = manager.pipe();
        try (PipeEnd<String> left = pipe.left();
                PipeEnd<String> right = pipe.right()) {
            left.send("through");
            require(right.receive(LONG).equals("through"), "a pipe");
        }
        manager.publish("mine", number);
        require(manager.find("mine", SharedLong.class) == number, "one object stands for it here");
        number.close();
        try {
            manager.find("mine", SharedLong.class);
            throw new AssertionError("a closed object was found");
        } catch (NoSuchElementException e) {
            // its name went with it
        }
    }

    /** An object of the other program's, which this one's processes call too, and cannot make. */
    private static void ownClass(Manager manager) {
        if (!Boolean.getBoolean("pool")) {
            return;
        }
        Tally tally = manager.find("tally", Tally.class);
        require(tally.add(new Word("four", 4)) == 4, "a call");
        try (Pool pool = Pool.processes(1)) {
            require(pool.apply(() -> tally.add(new Word("seven", 7))) == 11, "a worker's call");
        }
        require(manager.find("tally", Tally.class) == tally, "one proxy stands for it here");
        for (Class<?> other : List.of(Word.class, Runnable.class)) {
            try {
                manager.find("tally", other);
                throw new AssertionError("it was found as a " + other);
            } catch (ClassCastException e) {
                // it is found by its own interface alone
            }
        }
        try {
            manager.register(Tally.class, () -> word -> 0);
            throw new AssertionError("its code was carried there");
        } catch (UnsupportedOperationException e) {
            require(String.valueOf(e.getMessage()).contains("publish it"), "what to do instead");
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
