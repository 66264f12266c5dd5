// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks {@code stty} whether descriptor 2 is a terminal and how wide. {@code System.console()} asks about the other two
 * descriptors, which are a pipe in every second command of ours. The width is asked for again after a SIGWINCH only,
 * and at most once a second.
 */
final class StderrTerminal implements Terminal {
    private static final Path DESCRIPTOR = Path.of("/proc/self/fd/2");
    /** Its own complaint, where descriptor 2 is none, is not for our user. */
    private static final String[] SIZE = {"/bin/sh", "-c", "stty size <&2 2>/dev/null"};

    private static final Pattern ROWS_AND_COLUMNS = Pattern.compile("([0-9]+) ([0-9]+)\\s*");
    private static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PATIENCE_MILLIS = 1000;

    private final OptionalInt named;
    private final LongSupplier nanoClock;
    private final AtomicBoolean changed = new AtomicBoolean(true);
    /** Guarded by this. */
    private OptionalInt columns = OptionalInt.empty();

    private boolean asked;
    private long askedAt;

    private StderrTerminal(OptionalInt named, LongSupplier nanoClock) {
        this.named = named;
        this.nanoClock = nanoClock;
    }

    /** Looks at nothing yet but the environment, in which COLUMNS overrides what the terminal says. */
    static Terminal of(Map<String, String> environment) {
        StderrTerminal terminal = new StderrTerminal(named(environment.get("COLUMNS")), System::nanoTime);
        // never taken back: the program ends with its run
        var unused = Signals.handle("WINCH", () -> terminal.changed.set(true));
        return terminal;
    }

    private static OptionalInt named(@Nullable String text) {
        return text != null && text.matches("[1-9][0-9]{0,4}")
                ? OptionalInt.of(Integer.parseInt(text))
                : OptionalInt.empty();
    }

    @Override
    public synchronized OptionalInt columns() {
        boolean first = !asked;
        long now = nanoClock.getAsLong();
        if (first || (columns.isPresent() && now - askedAt >= ASK_NANOS && changed.getAndSet(false))) {
            asked = true;
            askedAt = now;
            changed.set(false);
            columns = ask();
        }
        return columns.isPresent() && named.isPresent() ? named : columns;
    }

    private static OptionalInt ask() {
        if (surelyNone()) {
            return OptionalInt.empty();
        }
        try {
            Process stty = new ProcessBuilder(SIZE)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try {
                stty.getOutputStream().close();
                if (!stty.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                    return OptionalInt.empty();
                }
                return stty.exitValue() == 0
                        ? sizeIn(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        : OptionalInt.empty();
            } finally {
                stty.destroyForcibly();
            }
        } catch (IOException e) {
            return OptionalInt.empty(); // no sh here, so no terminal that we know of
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    /** Linux says it without a process: a terminal is a device. */
    private static boolean surelyNone() {
        try {
            String target = Files.readSymbolicLink(DESCRIPTOR).toString();
            return !target.startsWith("/dev/") || target.equals("/dev/null");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** What {@code stty size} printed. A terminal of zero columns is one that nobody told its size. */
    static OptionalInt sizeIn(String printed) {
        Matcher matcher = ROWS_AND_COLUMNS.matcher(printed);
        if (!matcher.matches() || matcher.group(2).length() > 5) {
            return OptionalInt.empty();
        }
        int columns = Integer.parseInt(matcher.group(2));
        return OptionalInt.of(columns == 0 ? USUAL_COLUMNS : columns);
    }
}
