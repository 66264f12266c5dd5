// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.failure.CrashReport;
import io.multijvm.failure.FailureKind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What two deaths have in common if one thing caused both: how the process ended, and where in the code. Without what differs
 * from process to process: addresses, and what the compiler has made of a method by then.
 *
 * @param kind of the failure
 * @param exitCode of the process, unless a signal ended it
 * @param signal that ended it
 * @param nativeFrame the problematic frame; empty if none is known
 * @param javaFrame the topmost Java frame; empty if none is known
 */
public record DeathMark(
        FailureKind kind, OptionalInt exitCode, OptionalInt signal, String nativeFrame, String javaFrame) {
    /** {@code J 1234 c2 com.acme.Parser.parse(I)I (5 bytes) @ 0x00007f...}, {@code j  com.acme.Parser.parse(I)I+5}. */
    private static final Pattern METHOD = Pattern.compile("([\\w$]+(?:[.$/][\\w$<>]+)+)\\(");

    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-fA-F]{8,}");

    /** Of one death. */
    public static DeathMark of(FailureKind kind, CrashReport report) {
        return new DeathMark(
                kind,
                report.exitCode(),
                report.signal(),
                comparable(report.nativeFrame()),
                report.javaFrames().stream()
                        .findFirst()
                        .map(DeathMark::comparable)
                        .orElse(""));
    }

    private static String comparable(String frame) {
        Matcher method = METHOD.matcher(frame);
        if (!frame.startsWith("C") && !frame.startsWith("V") && method.find()) {
            return method.group(1);
        }
        return ADDRESS.matcher(frame).replaceAll("0x..").strip();
    }

    /** Whether it is known where in the code it was. */
    private boolean hasFrame() {
        return !nativeFrame.isEmpty() || !javaFrame.isEmpty();
    }

    /** In words: {@code same frame} or, where no frame is known, {@code same end}. */
    public String likeness() {
        return hasFrame() ? "same frame" : "same end";
    }

    /**
     * What a death says beside the item's earlier ones.
     *
     * @param earlier first to last
     * @return empty for a first one
     */
    static String verdict(List<WorkerProcess.Death> earlier, WorkerProcess.Death now) {
        if (earlier.isEmpty()) {
            return "";
        }
        DeathMark mark = of(now.kind(), now.report());
        Optional<WorkerProcess.Death> alike = earlier.stream()
                .filter(death -> of(death.kind(), death.report()).equals(mark))
                .findFirst();
        if (alike.isPresent()) {
            return mark.likeness() + " as attempt " + alike.get().report().attempt()
                    + ": looks tied to this item, not to chance";
        }
        CrashReport last = earlier.get(earlier.size() - 1).report();
        return "another death than attempt " + last.attempt() + " (" + last.what()
                + "): looks like chance or the machine";
    }
}
