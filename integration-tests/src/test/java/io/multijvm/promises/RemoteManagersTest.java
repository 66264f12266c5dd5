// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Manager;
import io.multijvm.failure.PayloadException;
import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedInt;
import io.multijvm.shared.SharedLock;
import io.multijvm.shared.SharedLong;
import io.multijvm.shared.SharedMap;
import io.multijvm.shared.SharedQueue;
import io.multijvm.shared.SharedReference;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.PromiseTest;
import io.multijvm.testkit.RemotePrograms;
import io.multijvm.testkit.RemotePrograms.Word;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that nobody of them has started share objects through a manager that one of them serves. */
@PromiseTest
class RemoteManagersTest {
    private static final byte[] KEY = RemotePrograms.KEY;
    private static final Duration LONG = Duration.ofMinutes(1);
    /** A program that has pools, whose workers start processes: half a dozen JVMs one after the other. */
    private static final Duration ALL_OF_IT = Duration.ofSeconds(150);

    /** Half of what a stranger has to prove that it knows the key. */
    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private final List<Process> programs = new ArrayList<>();

    private Path output(int program) {
        return directory.resolve("output" + program);
    }

    private Process start(List<String> flags, String what, SocketAddress where) throws IOException {
        List<String> all =
                new ArrayList<>(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-Dio.multijvm.archives=read"));
        all.addAll(flags);
        Process program = ChildJvm.start(
                ChildJvm.java(), all, output(programs.size()), RemotePrograms.class, what, RemotePrograms.text(where));
        programs.add(program);
        return program;
    }

    /** Where the first program serves, once it does. */
    private SocketAddress served() {
        await().atMost(LONG).until(() -> Files.readString(output(0)).contains(" ."));
        try {
            String said = Files.readString(output(0));
            return RemotePrograms.address(said.substring(said.indexOf("at ") + 3, said.indexOf(" .")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void endPrograms() throws InterruptedException {
        for (Process program : programs) {
            program.destroyForcibly();
            program.waitFor();
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static <T> FutureTask<T> aside(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "aside");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static void signal(Process program, String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(program.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theyUseTheSameObjectsByNameAndHandThemOnToTheirOwnProcesses(boolean unix) throws Exception {
        SocketAddress wanted = unix ? UnixDomainSocketAddress.of(directory.resolve("s")) : loopback(0);
        try (Manager manager = Manager.serve(wanted, KEY)) {
            SharedQueue<Word> words = manager.queue();
            SharedMap<String, Integer> counts = manager.map();
            SharedInt total = manager.intValue(0);
            manager.publish("words", words);
            manager.publish("counts", counts);
            manager.publish("guard", manager.lock());
            manager.publish("total", total);
            AtomicInteger lengths = new AtomicInteger();
            manager.publish(
                    "tally",
                    manager.register(RemotePrograms.Tally.class, () -> word -> lengths.addAndGet(word.length())));
            int all = unix ? 10 : 30; // with the pool of a program only once
            for (int i = 0; i < all; i++) {
                words.put(i % 2 == 0 ? new Word("even", 4) : new Word("odd", 3));
            }
            Process program = start(List.of("-Dpool=" + !unix), "share", manager.address());
            assertThat(program.waitFor(ALL_OF_IT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(output(0))).endsWith("OK\n");
            assertThat(counts).containsOnly(Map.entry("even", all / 2), Map.entry("odd", all / 2));
            assertThat(lengths.get()).isEqualTo(unix ? 0 : 11);
            assertThat(total.get()).isEqualTo(all / 2 * 7 + (unix ? 0 : 1_000));
            assertThat(manager.find("answer", SharedReference.class).get())
                    .as("what a program that has ended had made")
                    .isEqualTo(new Word("answer", 6));
        }
    }

    @Test
    void whatAKilledProgramHeldIsFreeAndWhatItMadeStays() throws Exception {
        try (Manager manager = Manager.serve(loopback(0), KEY)) {
            SharedLock guard = manager.lock();
            SharedEvent held = manager.event();
            manager.publish("guard", guard);
            manager.publish("held", held);
            Process holder = start(List.of("-Dmakes=true"), "hold", manager.address());
            assertThat(held.await(LONG)).isTrue();
            assertThat(guard.tryLock()).isFalse();
            assertThat(manager.locks())
                    .singleElement()
                    .satisfies(lock -> assertThat(lock.holder())
                            .contains("pid " + holder.pid())
                            .contains("at /127.0.0.1:"));
            long begin = System.nanoTime();
            holder.destroyForcibly();
            assertThat(guard.tryLock(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            System.out.printf(
                    "remote: its lock was free %.1f ms after a program was killed%n",
                    (System.nanoTime() - begin) / 1e6);
            guard.unlock();
            assertThat(manager.find("made", SharedLong.class).get()).isEqualTo(42);
        }
    }

    @Test
    void whenTheServingProgramIsKilledThoseThatWaitAreToldAndAnotherMayTakeItsPlace() throws Exception {
        Process owner = start(List.of(), "serve", loopback(0));
        SocketAddress address = served();
        try (Manager manager = Manager.connect(address, KEY)) {
            SharedQueue<Object> words = manager.find("words", SharedQueue.class);
            FutureTask<Object> waits = aside(words::take);
            SharedLock guard = manager.find("guard", SharedLock.class);
            guard.lock();
            long begin = System.nanoTime();
            owner.destroyForcibly();
            assertThatThrownBy(() -> waits.get(LONG.toSeconds(), TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("its owner has gone")
                    .hasMessageContaining(RemotePrograms.text(address));
            System.out.printf(
                    "remote: who waited was told %.1f ms after the owner was killed%n",
                    (System.nanoTime() - begin) / 1e6);
            assertThatThrownBy(manager::event).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> manager.find("words", SharedQueue.class))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("its owner has gone");
        }
        assertThatThrownBy(() -> Manager.connect(address, KEY))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot connect to the manager at");
        try (Manager next = Manager.serve(address, KEY)) {
            assertThat(next.address()).isEqualTo(address);
        }
    }

    /** Takes 15 s of waiting, and so is of the long form alone. */
    @Test
    @EnabledIfSystemProperty(named = "multijvm.rounds", matches = "[0-9]{2,}")
    void aProgramThatStandsStillWithoutAWordIsNoticed() throws Exception {
        try (Manager manager = Manager.serve(loopback(0), KEY)) {
            SharedLock guard = manager.lock();
            SharedEvent held = manager.event();
            manager.publish("guard", guard);
            manager.publish("held", held);
            Process holder = start(List.of(), "hold", manager.address());
            assertThat(held.await(LONG)).isTrue();
            signal(holder, "STOP");
            long begin = System.nanoTime();
            assertThat(guard.tryLock(LONG.toSeconds(), TimeUnit.SECONDS))
                    .as("its connection was ended")
                    .isTrue();
            System.out.printf(
                    "remote: the lock of a program that stood still was free after %.1f s%n",
                    (System.nanoTime() - begin) / 1e9);
            guard.unlock();
            assertThat(holder.isAlive()).as("nobody killed it").isTrue();
        }
    }

    @Test
    void whoDoesNotKnowTheKeyIsRefusedOnEitherSideAndStrangersKeepNobodyOut() throws Exception {
        try (Manager manager = Manager.serve(loopback(0), KEY)) {
            assertThatThrownBy(() -> Manager.connect(manager.address(), new byte[] {1}))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("does not know the key");
            List<Socket> silent = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Socket socket = new Socket();
                socket.connect(manager.address());
                silent.add(socket);
            }
            try (Socket chatty = new Socket()) {
                chatty.connect(manager.address());
                assertThatThrownBy(() -> {
                            for (int i = 0; i < 1_000; i++) {
                                chatty.getOutputStream().write(new byte[10_000]);
                            }
                        })
                        .isInstanceOf(IOException.class);
            }
            try (Manager again = Manager.connect(manager.address(), KEY)) {
                again.publish("event", again.event());
            }
            assertThat(manager.find("event", SharedEvent.class).isSet()).isFalse();
            isCutOff(silent.get(0)); // at once: there are only so many at a time
            for (Socket socket : silent) {
                socket.close();
            }
        }
        try (ServerSocket impostor = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            FutureTask<Boolean> hangsUp = aside(() -> {
                impostor.accept().close();
                return true;
            });
            assertThatThrownBy(() -> Manager.connect(loopback(impostor.getLocalPort()), KEY))
                    .isInstanceOf(UncheckedIOException.class);
            assertThat(hangsUp.get(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void isCutOff(Socket socket) throws IOException {
        socket.setSoTimeout((int) SOON.toMillis());
        try {
            while (socket.getInputStream().read() >= 0) {
                // what the server says first
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("it is still connected", e);
        } catch (SocketException e) {
            // reset, which is an end as well
        }
    }

    @Test
    void namesAreOfOneObjectEachAndWhatMakesNoSenseIsRefused() throws Exception {
        Process owner = start(List.of(), "serve", loopback(0));
        SocketAddress address = served();
        SharedLock kept;
        try (Manager other = Manager.start();
                Manager manager = Manager.connect(address, KEY)) {
            kept = manager.find("guard", SharedLock.class);
            kept.lock();
            aNameIsOfOneObjectOfThisManager(manager, other);
            whatMakesNoSenseFromAfarIsRefused(manager);
            onlyWhatIsAllowedIsDecoded(manager, address);
        }
        assertThatThrownBy(kept::lock)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was closed by this program");
        try (Manager again = Manager.connect(address, KEY)) {
            SharedLock guard = again.find("guard", SharedLock.class);
            assertThat(guard.tryLock(LONG.toSeconds(), TimeUnit.SECONDS))
                    .as("what the connection held was freed with it")
                    .isTrue();
            assertThat(guard.previousOwnerDied()).as("it never unlocked it").isTrue();
            guard.unlock();
        }
        assertThat(owner.isAlive()).isTrue();
    }

    private static void aNameIsOfOneObjectOfThisManager(Manager manager, Manager other) {
        SharedEvent event = manager.event();
        assertThatThrownBy(() -> manager.publish("words", event))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'words' is taken");
        assertThatThrownBy(() -> manager.find("nothing", SharedEvent.class))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("'nothing'");
        assertThatThrownBy(() -> manager.find("words", SharedEvent.class))
                .isInstanceOf(ClassCastException.class)
                .hasMessage("'words' is a shared queue, no SharedEvent");
        assertThatThrownBy(() -> manager.publish("text", "no object"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.String");
        assertThatThrownBy(() -> manager.publish("other", other.event()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another manager");
        assertThatThrownBy(() -> manager.publish("", event)).isInstanceOf(IllegalArgumentException.class);
        event.close();
        assertThatThrownBy(() -> manager.publish("closed", event))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was closed");
        assertThatThrownBy(other::address).isInstanceOf(IllegalStateException.class);
    }

    private static void whatMakesNoSenseFromAfarIsRefused(Manager manager) {
        SharedQueue<Object> words = manager.find("words", SharedQueue.class);
        assertThatThrownBy(() -> words.put(Thread.currentThread())).isInstanceOf(PayloadException.class);
        assertThatThrownBy(() -> manager.barrier(2, () -> {})).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> manager.memory("memory", 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(manager::locks).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> manager.semaphore(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void onlyWhatIsAllowedIsDecoded(Manager manager, SocketAddress address) {
        SharedReference<Object> reference = manager.reference(Offset.offset(1));
        assertThatThrownBy(reference::get)
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("org.assertj.core.data.Offset");
        SharedMap<Object, String> map = manager.map();
        assertThatThrownBy(() -> map.put(Offset.offset(1), "a key"))
                .as("it is the owner that does not decode it")
                .hasMessageContaining("PayloadException")
                .hasMessageContaining("org.assertj.core.data.Offset");
        try (Manager another = Manager.start()) { // a handle of its own would lead wherever its sender wants
            reference.set(another.reference("elsewhere"));
        }
        assertThatThrownBy(reference::get)
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("of a manager that is not served");
        reference.set(Offset.offset(1));
        manager.publish("offset", reference);
        try (Manager open = Manager.connect(address, KEY, "org.assertj.core.data")) {
            assertThat(open.find("offset", SharedReference.class).get()).isEqualTo(Offset.offset(1));
        }
        assertThat(reference.get()).as("the other connection goes on").isNotNull();
    }

    @Test
    @SuppressWarnings("try") // closing is what is tried
    void aSocketsFileIsOursAloneNeverInTheWayOfAnotherAndGoes() throws Exception {
        assertThatThrownBy(() -> Manager.serve(loopback(0), new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key is empty");
        assertThatThrownBy(() -> Manager.serve(new InetSocketAddress(0), KEY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is a wildcard");
        Path socket = directory.resolve("s");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
        Files.writeString(socket, "somebody's");
        assertThatThrownBy(() -> Manager.serve(address, KEY))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("there is a file already");
        assertThat(socket).hasContent("somebody's");
        Files.delete(socket);
        try (Manager manager = Manager.serve(address, KEY)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            assertThatThrownBy(() -> Manager.serve(address, KEY)).hasMessageContaining("there is a file already");
            try (Manager here = Manager.connect(address, KEY)) {
                here.publish("event", here.event());
            }
            assertThat(manager.find("event", SharedEvent.class).isSet()).isFalse();
        }
        assertThat(directory).isEmptyDirectory();
        try (Manager manager = Manager.serve(loopback(0), KEY)) {
            assertThatThrownBy(() -> Manager.serve(manager.address(), KEY))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("cannot listen at");
        }
    }
}
