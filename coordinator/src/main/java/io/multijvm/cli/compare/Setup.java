// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

/**
 * One of the things that are compared.
 *
 * @param workers threads or worker JVMs; 1 when serial
 */
public record Setup(Mode mode, int workers) {
    public Setup {
        if (workers < 1 || (mode == Mode.SERIAL && workers != 1)) {
            throw new IllegalArgumentException(mode + " with " + workers + " workers");
        }
    }

    /** {@code serial}, {@code threads/4}. */
    @Override
    public String toString() {
        return mode == Mode.SERIAL ? mode.toString() : mode + "/" + workers;
    }
}
