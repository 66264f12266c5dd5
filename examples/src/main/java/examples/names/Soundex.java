// SPDX-License-Identifier: Apache-2.0
package examples.names;

import java.util.Locale;

/**
 * The American Soundex code of a name, under which names that sound alike stand together: Rupert and Robert are both
 * R163.
 *
 * <pre>multijvm run multijvm-examples.jar --call examples.names.Soundex::code --lines data/names.txt -j 3</pre>
 */
public final class Soundex {
    private static final int LENGTH = 4;

    /** The digit of each letter from A to Z. A dot is a vowel and parts two letters; a space, of H and W, does not. */
    private static final String DIGITS = ".123.12 .22455.12623.1 2.2";

    private Soundex() {}

    /** The code of the last word of a name; letters other than A to Z are left out. */
    public static String code(String name) {
        String letters = name.substring(name.strip().lastIndexOf(' ') + 1)
                .toUpperCase(Locale.ROOT)
                .replaceAll("[^A-Z]", "");
        if (letters.isEmpty()) {
            throw new IllegalArgumentException("\"" + name + "\" has no letter from A to Z");
        }
        StringBuilder code = new StringBuilder().append(letters.charAt(0));
        char before = digit(letters.charAt(0));
        for (int i = 1; i < letters.length() && code.length() < LENGTH; i++) {
            char digit = digit(letters.charAt(i));
            if (digit == ' ') {
                continue;
            }
            if (digit != '.' && digit != before) {
                code.append(digit);
            }
            before = digit;
        }
        return code.append("0".repeat(LENGTH - code.length())).toString();
    }

    private static char digit(char letter) {
        return DIGITS.charAt(letter - 'A');
    }
}
