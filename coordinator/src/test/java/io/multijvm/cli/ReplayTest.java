// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Items that kill their worker, kept by a run and run again alone. With real worker JVMs. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplayTest {
    private static final byte[] HANDSHAKE = "JDWP-Handshake".getBytes(StandardCharsets.US_ASCII);

    /** Length, id, flags, VirtualMachine, Resume. */
    private static final byte[] RESUME = {0, 0, 0, 11, 0, 0, 0, 1, 0, 1, 9};

    private static final String HALT = "Runtime.getRuntime().halt(9);";

    private Path directory = Path.of("");
    private Program run = new Program(-1, List.of(), List.of());

    /** One run for all, for it costs four JVMs. */
    @BeforeAll
    void runAJobWithAPoisonItem(@TempDir Path forAll) {
        directory = forAll;
        run = run(
                jar(HALT), "--retries", "5", "--crash-limit", "2", "--dead-letters", "" + directory.resolve("letters"));
    }

    private String letter() {
        return directory.resolve("letters").resolve("item-3").toString();
    }

    private Path jar(String insteadOfDying) {
        return CompiledJar.of(
                directory.resolve("job.jar"),
                Map.of(
                        "job.Poison",
                        "package job; public final class Poison { public static long take(long n) {"
                                + " if (n == 13) { " + insteadOfDying + " } return 2 * n; } }"));
    }

    private static Program run(Path jar, String... more) {
        String[] args = {"run", "" + jar, "--call", "job.Poison::take", "--range", "10..15", "-j", "1", "--heap", "64m"
        };
        String[] all = new String[args.length + more.length];
        System.arraycopy(args, 0, all, 0, args.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return Program.run(all);
    }

    @Test
    void aPoisonItemDiesAgainFromItsLetterAloneUntilItsJobIsMended() {
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).hasSize(5);
        assertThat(String.join("\n", run.err()).replaceAll("( \\\\)?\n +", " "))
                .contains("verdict  same end as attempt 1: looks tied to this item, not to chance;"
                        + " quarantined, for it has killed 2 workers (crash limit 2)")
                .contains("replay   multijvm replay " + letter());

        jar(HALT);
        Program again = Program.run("replay", letter());
        assertThat(again.err())
                .startsWith("item 3, recorded in attempt 2: halted with exit code 9 (Runtime.halt)")
                .contains("it died as recorded: same end");
        assertThat(again.exitCode()).isEqualTo(1);

        jar("throw new IllegalStateException(\"no thirteens\");");
        Program other = Program.run("replay", letter(), "--heap", "48m");
        assertThat(other.err())
                .anyMatch(line -> line.contains("no thirteens"))
                .contains("it failed in another way than recorded, which was:"
                        + " halted with exit code 9 (Runtime.halt)");
        assertThat(other.exitCode()).isEqualTo(1);

        jar("");
        Program mended = Program.run("replay", letter());
        assertThat(mended.err()).last().asString().startsWith("item 3 returned this time: a result of ");
        assertThat(mended.exitCode()).isZero();
        assertThat(mended.out()).isEmpty();
    }

    /** One that asks for a debugger stands still at its start; here nobody looks, and it is let go on. */
    @Test
    void aDebuggerIsAwaitedOnLoopbackAlone() throws Exception {
        jar(HALT);
        int port = freePort();
        CompletableFuture<Program> replay =
                CompletableFuture.supplyAsync(() -> Program.run("replay", letter(), "--debug", "" + port));
        await().atMost(Duration.ofSeconds(30)).until(() -> !listening(port).isEmpty());
        assertThat(listening(port)).containsExactly("0100007F");
        assertThat(replay).isNotDone();
        resume(port);

        Program ended = replay.get(30, TimeUnit.SECONDS);
        assertThat(ended.err())
                .anyMatch(line -> line.startsWith("the worker waits for a debugger at 127.0.0.1:" + port))
                .contains("it died as recorded: same end");
        assertThat(ended.exitCode()).isEqualTo(1);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The addresses, as the kernel writes them, at which somebody listens on the port. */
    private static List<String> listening(int port) throws IOException {
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        return Files.readAllLines(Path.of("/proc/net/tcp")).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words[1].endsWith(suffix) && words[3].equals("0A"))
                .map(words -> words[1].substring(0, words[1].indexOf(':')))
                .toList();
    }

    private static void resume(int port) throws IOException {
        try (Socket debugger = new Socket(InetAddress.getLoopbackAddress(), port)) {
            debugger.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
            debugger.getOutputStream().write(HANDSHAKE);
            DataInputStream says = new DataInputStream(debugger.getInputStream());
            assertThat(says.readNBytes(HANDSHAKE.length)).isEqualTo(HANDSHAKE);
            // that it has started: it listens before it stands still, and who resumes it too early does so for nothing
            int bytes = says.readInt();
            assertThat(says.readNBytes(bytes - Integer.BYTES)).hasSize(bytes - Integer.BYTES);
            debugger.getOutputStream().write(RESUME);
            // what the JVM says until it ends: it was let go on once its answer is there
            assertThat(says.readAllBytes()).isNotEmpty();
        }
    }

    @Test
    void whatIsNoLetterIsRefusedBeforeAnythingIsStarted() throws IOException {
        Program none = Program.run("replay", directory.toString());
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).singleElement().asString().contains(directory.toString());

        Program swallowed = Program.run("replay", "--debug", "letters");
        assertThat(swallowed.exitCode()).isEqualTo(2);
        assertThat(swallowed.err()).singleElement().asString().contains("letters");
        assertThat(Program.run("replay").exitCode()).isEqualTo(2);
    }

    @Test
    void placesForLettersThatAreNoneAreRefusedBeforeTheRun() throws IOException {
        Path link =
                Files.createSymbolicLink(directory.resolve("link"), Files.createDirectory(directory.resolve("victim")));
        Program program = run(jar(""), "--dead-letters", "" + link);
        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.err()).singleElement().asString().contains("--dead-letters " + link + " is a symbolic link");
        assertThat(directory.resolve("victim")).isEmptyDirectory();
    }

    @Test
    void limitsThatMeanNothingAreRefused() {
        Path jar = jar("");
        assertThat(run(jar, "--crash-limit", "0").err())
                .singleElement()
                .asString()
                .contains("--crash-limit must be at least 1, not 0");
        assertThat(run(jar, "--retry-on", "crash,typo").err())
                .singleElement()
                .asString()
                .contains("--retry-on \"typo\" is nothing to retry on;"
                        + " give one or more of crash, timeout, oom and exception, separated by commas");
    }
}
