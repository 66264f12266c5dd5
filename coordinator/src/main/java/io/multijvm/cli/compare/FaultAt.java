// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import io.multijvm.worker.job.Fault;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A fault and where it strikes.
 *
 * @param index the item's place in the input, from 0
 */
public record FaultAt(Fault fault, long index) {
    private static final Pattern FORM = Pattern.compile("([a-z]+)@([0-9]{1,18})");

    /**
     * Reads {@code halt@37}.
     *
     * @throws IllegalArgumentException with the sentence for the user
     */
    public static FaultAt parse(String text) {
        Matcher matcher = FORM.matcher(text);
        Fault fault = matcher.matches() ? Fault.named(matcher.group(1)).orElse(null) : null;
        if (fault == null) {
            throw new IllegalArgumentException("\"" + text + "\" is not a fault; write "
                    + Arrays.stream(Fault.values()).map(Fault::toString).collect(Collectors.joining(", "))
                    + ", an @ and the item's place, as halt@37");
        }
        return new FaultAt(fault, Long.parseLong(matcher.group(2)));
    }

    /** As the user writes it. */
    @Override
    public String toString() {
        return fault + "@" + index;
    }
}
