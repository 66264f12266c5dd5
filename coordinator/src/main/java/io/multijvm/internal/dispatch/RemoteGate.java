// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

/** The gate of a call whose feeder is in a worker. Owned by the event loop. */
final class RemoteGate extends Gate {
    private final WorkerPort port;
    private final long call;
    private final long expected;
    private long told;

    /**
     * @param call its number in the worker
     * @param expected how many items there will be, or -1
     */
    RemoteGate(WorkerPort port, long call, long expected) {
        super(() -> {
            port.nestedAsk(call);
            port.flush();
        });
        this.port = port;
        this.call = call;
        this.expected = expected;
    }

    @Override
    public void open(long index, int items) {
        super.open(index, items);
        // wide open is wide open: nothing is left to be told
        if (index > told && (expected < 0 || told < expected)) {
            told = index;
            port.nestedGate(call, index, items);
            port.flush();
        }
    }
}
