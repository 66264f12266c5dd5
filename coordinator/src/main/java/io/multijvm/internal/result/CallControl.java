// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import io.multijvm.CallProgress;

/** What the receiver of a call's results can say back. From any thread; never blocks. */
public interface CallControl extends WaitHelp {
    /**
     * Drop what has not begun, interrupt what runs, say no more.
     *
     * @param byForce end the worker of an item that does not follow
     */
    void cancel(boolean byForce);

    /** How far the call is. */
    CallProgress progress();

    /** Drop what has not begun, let run what runs, say no more. */
    void letRun();

    /** The consumer of a lazy stream has taken so many results, of so many bytes, since it last said so. */
    void taken(int items, long bytes);
}
