// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines that matter of what a JVM wrote about its own crash. Made of a file that a dying process wrote: anything may
 * be missing, cut off or nonsense, and then it is empty here.
 *
 * @param file the log itself
 * @param cause its signal line or error line: {@code SIGSEGV (0xb) at pc=...}
 * @param signal {@code SIGSEGV} and the like, or empty where no signal was the cause
 * @param problematicFrame where it happened: {@code C  [libfoo.so+0x1234]  foo+0x12}
 * @param javaFrames methods from the top of the crashed thread's stack
 * @param signalInfo the signal's code and address
 * @param resident what of the process lay in memory, and the most that ever did
 */
public record FatalErrorLog(
        Path file,
        String cause,
        String signal,
        String problematicFrame,
        List<String> javaFrames,
        String signalInfo,
        MemoryReadings.Resident resident) {
    private static final int READ_BYTES = 256 << 10;
    private static final int MAX_FRAMES = 12;
    private static final Pattern SIGNAL = Pattern.compile("#\\s+(SIG[A-Z0-9]+|EXCEPTION_[A-Z_]+) .*");
    private static final Pattern ERROR = Pattern.compile("#\\s+(Internal Error|Out of Memory Error|There is insuff).*");
    private static final Pattern RESIDENT =
            Pattern.compile("Resident Set Size: ([0-9]{1,15})K(?: \\(peak: ([0-9]{1,15})K\\))?.*");
    /** On Linux and macOS {@code si_addr: 0x18}, on Windows {@code reading address 0x18}. */
    private static final Pattern ADDRESS = Pattern.compile("(?:si_addr:|address) 0x0*([0-9a-f]{1,16})\\b");
    /** Only a signal that somebody sent names its sender. */
    private static final Pattern SENDER = Pattern.compile("\\(SI_USER\\).* si_pid: ([0-9]{1,10})\\b");

    private static final Pattern METHOD = Pattern.compile("[jJA]\\s+.*?([^\\s(]+)\\(.*");

    private static final List<String> TOUCHING = List.of("SIGSEGV", "SIGBUS", "EXCEPTION_ACCESS_VIOLATION");
    private static final List<String> REFLECTION =
            List.of("jdk.internal.reflect.", "java.lang.reflect.Method.", "java.lang.invoke.");

    public FatalErrorLog {
        javaFrames = List.copyOf(javaFrames);
    }

    /** Reads the log, if there is one. Never throws because of what is in it. */
    public static Optional<FatalErrorLog> read(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(parse(file, BoundedText.head(file, READ_BYTES)))
                : Optional.empty();
    }

    /** Whether the JVM gave up because the system gave it no more memory. */
    public boolean insufficientMemory() {
        return cause.startsWith("There is insufficient memory") || cause.startsWith("Out of Memory Error");
    }

    /** The address that was touched and must not be, as {@code 0x18}; of other faults it would be that of the code. */
    Optional<String> address() {
        // the processor does not tell which address it was where it is none that could ever be one
        boolean told = TOUCHING.contains(signal) && !signalInfo.contains("(SI_KERNEL)");
        Matcher matcher = ADDRESS.matcher(signalInfo);
        return told && matcher.find() ? Optional.of("0x" + matcher.group(1)) : Optional.empty();
    }

    /** The process that sent the signal, where it was not the code's own fault. */
    OptionalLong sender() {
        Matcher matcher = SENDER.matcher(signalInfo);
        return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    static FatalErrorLog parse(Path file, List<String> lines) {
        String cause = "";
        String signal = "";
        for (String line : lines) {
            Matcher matcher = SIGNAL.matcher(line);
            boolean isSignal = matcher.matches();
            if (isSignal || ERROR.matcher(line).matches()) {
                cause = uncommented(line);
                signal = isSignal ? matcher.group(1) : "";
                break;
            }
        }
        return new FatalErrorLog(
                file,
                cause,
                signal,
                uncommented(after(lines, "# Problematic frame:")),
                javaFrames(lines),
                lines.stream()
                        .filter(line -> line.startsWith("siginfo:"))
                        .findFirst()
                        .map(line -> line.substring("siginfo:".length()).trim())
                        .orElse(""),
                resident(lines));
    }

    private static MemoryReadings.Resident resident(List<String> lines) {
        for (String line : lines) {
            Matcher matcher = RESIDENT.matcher(line);
            if (matcher.matches()) {
                long now = Long.parseLong(matcher.group(1)) << 10;
                return new MemoryReadings.Resident(
                        now, matcher.group(2) == null ? now : Long.parseLong(matcher.group(2)) << 10);
            }
        }
        return MemoryReadings.Resident.UNKNOWN;
    }

    private static List<String> javaFrames(List<String> lines) {
        List<String> frames = new ArrayList<>();
        boolean inside = false;
        for (String line : lines) {
            if (line.startsWith("Java frames:")) {
                inside = true;
            } else if (inside && (line.isBlank() || frames.size() == MAX_FRAMES)) {
                break;
            } else if (inside) {
                Matcher matcher = METHOD.matcher(line);
                if (matcher.matches()) { // others are the JVM's stubs
                    addUnlessNoise(frames, matcher.group(1));
                }
            }
        }
        return frames;
    }

    /** Overloads that call one another and the steps of a reflective call would push the user's frames out of sight. */
    private static void addUnlessNoise(List<String> frames, String method) {
        boolean again = !frames.isEmpty() && frames.get(frames.size() - 1).equals(method);
        if (!again && REFLECTION.stream().noneMatch(method::startsWith)) {
            frames.add(method);
        }
    }

    private static String after(List<String> lines, String heading) {
        int at = lines.indexOf(heading);
        return at < 0 || at + 1 >= lines.size() ? "" : lines.get(at + 1);
    }

    private static String uncommented(String line) {
        return line.startsWith("#") ? line.substring(1).trim() : "";
    }
}
