// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.failure.FailureKind;
import java.nio.charset.Charset;

/**
 * With which signs and colours we write. Neither says anything that does not stand beside it in words.
 *
 * @param signs whether the reader sees a terminal, on which signs catch the eye
 * @param unicode whether the locale can show more than ASCII
 * @param colour whether escape sequences for colours are wanted
 */
record Look(boolean signs, boolean unicode, boolean colour) {
    /** Words alone: for files, pipes and logs. */
    static final Look PLAIN = new Look(false, false, false);

    private static final String FAILED = "\u2717";
    private static final String LATE = "\u29D6";
    private static final String DOT = "\u00B7";
    private static final String AGAIN = "\u21BB";
    private static final String BLOCKS = "\u258F\u258E\u258D\u258C\u258B\u258A\u2589\u2588";

    private static final String RED = "31";
    private static final String YELLOW = "33";

    /** Whether all our signs exist in that charset. */
    static boolean canShowSigns(Charset charset) {
        return charset.canEncode() && charset.newEncoder().canEncode(FAILED + LATE + AGAIN + DOT + BLOCKS);
    }

    /** What stands before the word for a failed item. */
    String failed() {
        return unicode ? FAILED : "x";
    }

    /** What stands before the word for items that were begun again. */
    String again() {
        return unicode ? AGAIN : "r";
    }

    /** A bar of that many columns, filled to that share of it. */
    String bar(double share, int columns) {
        int eighths = (int) Math.floor(Math.max(0, Math.min(1, share)) * columns * BLOCKS.length());
        if (!unicode) {
            int full = eighths / BLOCKS.length();
            return "#".repeat(full) + "-".repeat(columns - full);
        }
        int full = eighths / BLOCKS.length();
        int rest = eighths % BLOCKS.length();
        String last = BLOCKS.substring(BLOCKS.length() - 1).repeat(full)
                + (rest == 0 ? "" : BLOCKS.substring(rest - 1, rest));
        return last + " ".repeat(columns - last.length());
    }

    /** The word with which a failed item's line begins. */
    String kind(FailureKind kind) {
        String late = unicode ? LATE : "!";
        return (signs ? red(kind == FailureKind.TIMEOUT ? late : failed()) + " " : "") + red(kind.name());
    }

    /** The same without colours, as wide as it is on a terminal. */
    String plainKind(FailureKind kind) {
        return new Look(signs, unicode, false).kind(kind);
    }

    /** What stands behind each part of a line but the last. */
    String separator() {
        return unicode ? " " + DOT : ",";
    }

    /** What went wrong. */
    String red(String text) {
        return paint(RED, text);
    }

    /** What the user should see, though nothing is wrong. */
    String yellow(String text) {
        return paint(YELLOW, text);
    }

    private String paint(String code, String text) {
        return colour ? "\u001B[" + code + "m" + text + "\u001B[0m" : text;
    }
}
