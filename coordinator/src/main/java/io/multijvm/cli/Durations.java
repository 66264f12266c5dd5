// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as users write them: {@code 500ms}, {@code 1.5s}, {@code 5m}, {@code 2h}. */
final class Durations {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)(ms|s|m|h)");

    private Durations() {}

    /** @throws UsageException if it is no time, or nothing */
    static Duration parse(String text, String flag) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new UsageException(
                    flag + " " + OneLine.quote(text) + " is not a time; write it as 500ms, 30s, 5m or 2h");
        }
        BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(nanosOf(matcher.group(2))));
        if (nanos.longValue() == 0) {
            throw new UsageException(flag + " must be more than nothing, not " + text);
        }
        return Duration.ofNanos(nanos.longValue());
    }

    private static long nanosOf(String unit) {
        return switch (unit) {
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
    }
}
