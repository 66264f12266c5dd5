// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import io.multijvm.CallProgress;
import io.multijvm.internal.dispatch.CallDesk;
import io.multijvm.internal.dispatch.CallState;
import io.multijvm.internal.result.CallControl;

/** What those who receive a call's results can say back. Thread-safe. */
final class CallVoice implements CallControl {
    private final CallState call;
    private final CallDesk dispatcher;

    CallVoice(CallState call, CallDesk dispatcher) {
        this.call = call;
        this.dispatcher = dispatcher;
    }

    @Override
    public void cancel(boolean byForce) {
        call.readNoFurther();
        dispatcher.cancel(call, byForce);
    }

    @Override
    public void letRun() {
        call.readNoFurther();
        dispatcher.letRun(call);
    }

    @Override
    public CallProgress progress() {
        return call.meter().now();
    }

    @Override
    public void taken(int count, long bytes) {
        dispatcher.taken(call, count, bytes);
    }

    @Override
    public boolean help() {
        return dispatcher.help(call);
    }

    @Override
    public void waited() {
        dispatcher.waited(call);
    }
}
