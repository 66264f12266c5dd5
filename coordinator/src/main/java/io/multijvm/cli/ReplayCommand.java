// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.Output;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.MultijvmException;
import io.multijvm.failure.PoolBrokenException;
import io.multijvm.internal.dispatch.DeathMark;
import io.multijvm.internal.pool.Replay;
import io.multijvm.internal.process.LaunchFacts;
import io.multijvm.internal.quarantine.Letter;
import io.multijvm.internal.quarantine.LetterFiles;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code multijvm replay}: runs the item of one dead letter alone, and tells whether it dies as it did. */
@Command(
        name = ReplayCommand.NAME,
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Runs an item that killed its worker again, alone in a fresh worker JVM.",
        footer = {
            "",
            "DIR is one that a run with --dead-letters, or a pool with deadLetters(...), has made: item-37. The worker",
            "gets the class path, JDK, heap and flags that it had then, and the item its bytes of then; the code is what",
            "lies on that class path now. Values of environment variables were not recorded: they are those of here.",
            "",
            "Exit code: 0 the item returned, 1 it failed again, 2 the command or DIR cannot be right, 5 no worker",
            "became ready, 70 a bug in Multijvm.",
            "",
            "Example:",
            "  multijvm replay letters/item-37 --debug=5005"
        })
final class ReplayCommand implements Callable<Integer> {
    static final String NAME = "replay";

    /** As a pool's own default. */
    private static final Duration STARTUP_TIMEOUT = Duration.ofSeconds(30);

    private static final int ANY_PORT = 0;
    private static final String LOOPBACK = "127.0.0.1";

    private final PrintStream err;

    @Parameters(index = "0", paramLabel = "DIR", description = "The dead letter.")
    private @Nullable Path directory;

    @Option(
            names = "--debug",
            arity = "0..1",
            fallbackValue = "suspend",
            converter = Port.class,
            paramLabel = "PORT",
            description =
                    "Hold the worker at its start until a debugger comes to this port of 127.0.0.1, a free one by "
                            + "default; without time limits. What it prints goes to stderr.")
    private @Nullable Integer debug;

    @Option(names = "--heap", paramLabel = "SIZE", description = "Another heap than it had, as 512m or 2g.")
    private @Nullable String heap;

    @Option(names = "--java", paramLabel = "HOME", description = "Another JDK or JRE than it had, 17 or later.")
    private @Nullable Path javaHome;

    @Option(
            names = "--jvm-arg",
            paramLabel = "ARG",
            description = "A further flag for the worker's JVM; may be given many times.")
    private List<String> jvmArgs = new ArrayList<>();

    ReplayCommand(PrintStream err) {
        this.err = err;
    }

    /** A port, or {@code suspend} for any. */
    static final class Port implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            try {
                int port = text.equals("suspend") ? ANY_PORT : Integer.parseInt(text);
                if (port >= 0 && port <= 65_535) {
                    return port;
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw new TypeConversionException(OneLine.quote(text)
                    + " is no port; give DIR first, or --debug=PORT with a number up to 65535, or --debug=suspend");
        }
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Flags.size(heap, "--heap");
        Flags.jdk(javaHome, "--java");
        Letter letter = letter();
        say("item " + letter.index() + ", recorded in attempt " + letter.attempts() + ": " + letter.what());
        warn(letter.launch());
        List<String> more = new ArrayList<>(jvmArgs);
        if (debug != null) {
            more.add(debugger(debug == ANY_PORT ? freePort() : debug));
        }
        long begin = System.nanoTime();
        Replay.Ending ending;
        try {
            ending = Replay.run(
                    debug == null ? letter : letter.withoutLimits(),
                    more,
                    debug == null ? STARTUP_TIMEOUT : null,
                    debug == null ? Output.CAPTURE : Output.INHERIT);
        } catch (IllegalArgumentException e) {
            throw new UsageException(OneLine.messageOf(e));
        } catch (PoolBrokenException e) {
            say("error: " + OneLine.messageOf(e));
            return ExitCode.NO_WORKER.code();
        }
        return tell(letter, ending, (System.nanoTime() - begin) / 1e9).code();
    }

    private Letter letter() {
        try {
            Letter letter = LetterFiles.read(Objects.requireNonNull(directory));
            LaunchFacts launch = letter.launch();
            launch = heap == null ? launch : launch.withHeap(heap);
            launch = javaHome == null ? launch : launch.withJavaHome(javaHome);
            return letter.launchedBy(launch);
        } catch (IOException e) {
            throw new UsageException(OneLine.messageOf(e));
        }
    }

    /** What is not as it was then. */
    private void warn(LaunchFacts launch) {
        launch.classPath().stream()
                .filter(entry -> !Files.exists(entry))
                .forEach(entry -> say("warning: " + entry + ", on its class path then, is gone"));
        launch.variables().stream()
                .filter(name -> System.getenv(name) == null && !name.startsWith("MULTIJVM_"))
                .forEach(name -> say("warning: its pool had set " + name + ", which is not set here"));
        launch.withheld().stream()
                .filter(name -> jvmArgs.stream().noneMatch(given -> given.startsWith(name)))
                .forEach(name -> say("warning: the value of " + name + " was not recorded; give it with --jvm-arg "
                        + name + "=..."));
    }

    private String debugger(int port) {
        say("the worker waits for a debugger at " + LOOPBACK + ":" + port + " (jdb -connect"
                + " com.sun.jdi.SocketAttach:hostname=" + LOOPBACK + ",port=" + port + "); Ctrl-C ends it");
        return "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=" + LOOPBACK + ":" + port;
    }

    /** Free a moment ago: if somebody takes it meanwhile, the worker's JVM says so and does not start. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private ExitCode tell(Letter letter, Replay.Ending ending, double seconds) {
        MultijvmException failure = ending.failure();
        if (failure == null) {
            say(String.format(
                    Locale.ROOT,
                    "item %d returned this time: a result of %d bytes, %.1f s with the worker's start",
                    letter.index(),
                    ending.resultBytes(),
                    seconds));
            return ExitCode.OK;
        }
        say(failure.kind() + " " + FailedItem.messageOf(failure));
        Optional<DeathMark> mark = failure.report().map(report -> mark(failure, report));
        if (mark.equals(Optional.of(letter.mark()))) {
            say("it died as recorded: " + letter.mark().likeness());
        } else {
            say("it " + (mark.isPresent() ? "died" : "failed") + " in another way than recorded, which was: "
                    + letter.what());
        }
        return ExitCode.ITEMS_FAILED;
    }

    private static DeathMark mark(MultijvmException failure, CrashReport report) {
        return DeathMark.of(failure.kind(), report);
    }

    private void say(String line) {
        err.println(OneLine.tame(line));
    }
}
