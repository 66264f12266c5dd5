// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes as people write it for a JVM: {@code 512m}, {@code 2g}, {@code 65536k}, {@code 1t}, or plain bytes.
 *
 * @param bytes at least 1
 */
public record MemorySize(long bytes) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18})([kmgt]?)");
    private static final String UNITS = "kmgt";

    public MemorySize {
        if (bytes < 1) {
            throw new IllegalArgumentException("a memory size is at least 1 byte, not " + bytes);
        }
    }

    /**
     * Reads {@code 512m} and the like; upper case is fine.
     *
     * @throws IllegalArgumentException with one line that quotes the text and shows the form
     */
    public static MemorySize parse(String text) {
        Matcher matcher = FORM.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            int shift = 10
                    * (UNITS.indexOf(matcher.group(2)) + 1)
                    * matcher.group(2).length();
            if (number > 0 && number <= Long.MAX_VALUE >> shift) {
                return new MemorySize(number << shift);
            }
        }
        throw new IllegalArgumentException(
                "not a memory size: '" + text + "'; write a number and k, m, g or t, such as 512m or 2g");
    }

    /** For a JVM's flag, in the largest unit that leaves no fraction: {@code 512m}. */
    public String asFlag() {
        int unit = 0;
        long number = bytes;
        while (unit < UNITS.length() && number % 1024 == 0) {
            number >>= 10;
            unit++;
        }
        return unit == 0 ? Long.toString(number) : Long.toString(number) + UNITS.charAt(unit - 1);
    }

    /** For people: {@code 512 MiB}, {@code 1.5 GiB}. */
    @Override
    public String toString() {
        String[] names = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        double number = bytes;
        while (unit < names.length - 1 && number >= 1024) {
            number /= 1024;
            unit++;
        }
        boolean whole = number == Math.rint(number) || unit == 0;
        return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", number, names[unit]);
    }
}
