// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where a JVM stands that says nothing: SIGQUIT has it write the stacks of its threads to its stdout, whatever its own code
 * does. Only where there are signals and where stdout is captured; else nothing is known.
 */
final class StackDump {
    private static final int MAX_FRAMES = 8;
    private static final int READ_BYTES = 256 << 10;
    private static final String BEGIN = "Full thread dump ";
    /** The last line of a dump begins so. */
    private static final String END = "JNI global refs";

    private static final String MAIN = "\"main\" ";
    private static final String FRAME = "at ";

    private static final int LOOKS = 100;
    private static final long LOOK_MILLIS = 20;

    private StackDump() {}

    /** Asks for it and waits until it is there, two seconds at most, or until the process has ended. */
    static void ask(Process process, Path stdout) throws InterruptedException {
        if (!WorkerLauncher.hasShell() || stdout.equals(OutputFiles.NONE.stdout())) {
            return;
        }
        try {
            Process kill = new ProcessBuilder(
                            WorkerLauncher.SHELL.toString(),
                            "-c",
                            "kill -QUIT \"$1\"",
                            "sh",
                            Long.toString(process.pid()))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            kill.getOutputStream().close();
        } catch (IOException e) { // no more processes; the stack is a help and no need
            return;
        }
        for (int look = 0; look < LOOKS && !isWhole(stdout); look++) {
            if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private static boolean isWhole(Path stdout) {
        return BoundedText.tail(stdout, READ_BYTES).stream().anyMatch(line -> line.startsWith(END));
    }

    /** The frames of the thread that was to become the worker, innermost first; empty if there are none. */
    static List<String> ofMain(Path stdout) {
        List<String> frames = new ArrayList<>();
        boolean dump = false;
        boolean main = false;
        for (String line : BoundedText.tail(stdout, READ_BYTES)) {
            dump |= line.startsWith(BEGIN);
            if (main && line.isBlank()) {
                break;
            }
            main |= dump && line.startsWith(MAIN);
            String text = line.trim();
            if (main && text.startsWith(FRAME) && frames.size() < MAX_FRAMES) {
                frames.add(text.substring(FRAME.length()));
            }
        }
        return frames;
    }
}
