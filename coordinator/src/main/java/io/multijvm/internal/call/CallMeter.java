// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.call;

import io.multijvm.CallProgress;
import java.util.OptionalLong;

/** How far one call is: written by whoever runs it, seldom and not by two at once, read by anybody. */
public final class CallMeter {
    private static final CallProgress NOTHING = new CallProgress(0, 0, OptionalLong.empty());

    private volatile CallProgress now = NOTHING;

    /** So far it is now; {@code total} is how many items there are, or -1. */
    public void set(long done, long failed, long total) {
        now = new CallProgress(done, failed, total < 0 ? OptionalLong.empty() : OptionalLong.of(total));
    }

    public CallProgress now() {
        return now;
    }
}
