// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.wire.v1.ToWorker;
import java.util.ArrayList;
import java.util.List;

/** Takes as many messages as it is told to, and keeps them. */
final class ScriptedWire implements Wire {
    final List<ToWorker> sent = new ArrayList<>();
    int room = Integer.MAX_VALUE;

    @Override
    public boolean ready() {
        return room > 0;
    }

    @Override
    public void send(ToWorker message) {
        room--;
        sent.add(message);
    }

    List<ToWorker.KindCase> kinds() {
        return sent.stream().map(ToWorker::getKindCase).toList();
    }

    long frameBytes() {
        return sent.stream().mapToLong(m -> m.getFrame().getData().size()).sum();
    }
}
