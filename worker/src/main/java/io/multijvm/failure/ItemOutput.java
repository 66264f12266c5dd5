// SPDX-License-Identifier: Apache-2.0
package io.multijvm.failure;

import java.util.ArrayList;
import java.util.List;

/**
 * What one item wrote to stdout and stderr while it ran, as text: the last lines of each. Also what native code and child
 * processes wrote, and what a process wrote that was killed meanwhile, as far as it had come to the file. Made safe to print:
 * control characters are replaced, and lines of more than 500 characters cut. Immutable.
 *
 * <p>Known in pools of processes with {@code Output.CAPTURE}, which is the default; else empty. A worker runs one item at a time,
 * so what lies between an item's beginning and its end is the item's. A thread or process that a task leaves behind belongs to
 * the worker: what it writes counts to the item that runs just then, or to none. Native code that writes in items of less than
 * fifty microseconds may be counted to one that comes soon after; what Java code writes never is.
 *
 * @param stdout lines, without their ends; where earlier ones were dropped the first line says so, in brackets
 * @param stderr the same
 */
public record ItemOutput(List<String> stdout, List<String> stderr) {
    /** Nothing was written, or it was not captured. */
    public static final ItemOutput EMPTY = new ItemOutput(List.of(), List.of());

    public ItemOutput {
        stdout = List.copyOf(stdout);
        stderr = List.copyOf(stderr);
    }

    /** Whether there is nothing on either. */
    public boolean isEmpty() {
        return stdout.isEmpty() && stderr.isEmpty();
    }

    /**
     * The last lines of both, those of stdout first; where both are long, half from each.
     *
     * @param count how many lines at most, at least 0
     * @throws IllegalArgumentException if {@code count} is negative
     */
    public List<String> last(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("count must be at least 0, not " + count);
        }
        int fromErr = Math.min(stderr.size(), Math.max(count / 2, count - stdout.size()));
        int fromOut = Math.min(stdout.size(), count - fromErr);
        List<String> lines = new ArrayList<>(stdout.subList(stdout.size() - fromOut, stdout.size()));
        lines.addAll(stderr.subList(stderr.size() - fromErr, stderr.size()));
        return List.copyOf(lines);
    }
}
