// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.worker.pipe.BellTarget;

/** Who is meant when the bell of this process rings, at one manager. */
record PipeBells(OwnerLine line) implements BellTarget {
    @Override
    public void rung(long pipe, boolean right) {
        if (line.known(pipe) instanceof PipeClient client) {
            client.end(right).wake();
        }
    }

    @Override
    public void notRung(long pipe, boolean right) {
        if (line.known(pipe) instanceof PipeClient client) {
            client.ringByOwner(!right);
        }
    }
}
