// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.failure.FailureKind;
import io.multijvm.failure.ItemOutput;
import java.time.Duration;
import java.util.Optional;

/**
 * One time that an item was begun.
 *
 * @param number from 1
 * @param slot the worker's place in the pool, from 0
 * @param incarnation how many processes the slot had had, this one included; 1 in pools without processes
 * @param pid the process that ran it
 * @param took how long it ran there, its decoding and encoding included; empty where the worker could not tell any more
 * @param failure why it came to nothing; empty if it returned
 * @param output what it wrote to stdout and stderr while it ran, see {@link ItemOutput}: the last 64 KiB and 200 lines of each
 *     where it failed, the last 8 KiB and 50 lines of each where it returned; empty for tasks that another task gave to its pool
 */
public record Attempt(
        int number,
        int slot,
        int incarnation,
        long pid,
        Optional<Duration> took,
        Optional<FailureKind> failure,
        ItemOutput output) {
    public Attempt {
        if (number < 1) {
            throw new IllegalArgumentException("number must be at least 1, not " + number);
        }
    }
}
