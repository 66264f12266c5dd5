// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

/** How wide a text is on a terminal, where a letter is not always one column. */
final class Columns {
    /** First and last code points of what East Asian fonts and emoji draw two columns wide. */
    private static final int[][] WIDE = {
        {0x1100, 0x115F},
        {0x2E80, 0x303E},
        {0x3041, 0xA4CF},
        {0xAC00, 0xD7A3},
        {0xF900, 0xFAFF},
        {0xFE30, 0xFE6F},
        {0xFF00, 0xFF60},
        {0xFFE0, 0xFFE6},
        {0x1F300, 0x1F64F},
        {0x1F680, 0x1F6FF},
        {0x1F900, 0x1F9FF},
        {0x20000, 0x3FFFD}
    };

    private Columns() {}

    /** The columns that a text without escape sequences takes. */
    static int of(String text) {
        return text.codePoints().map(Columns::of).sum();
    }

    /** As much of the text as fits. */
    static String fit(String text, int columns) {
        int used = 0;
        int at = 0;
        while (at < text.length()) {
            int letter = text.codePointAt(at);
            used += of(letter);
            if (used > columns) {
                return text.substring(0, at);
            }
            at += Character.charCount(letter);
        }
        return text;
    }

    private static int of(int letter) {
        int type = Character.getType(letter);
        if (type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.FORMAT
                || type == Character.CONTROL) {
            return 0;
        }
        for (int[] range : WIDE) {
            if (letter >= range[0] && letter <= range[1]) {
                return 2;
            }
        }
        return 1;
    }
}
