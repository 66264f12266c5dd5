// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.Frame;

/** A call of a collection that waits for its answer. Each end comes once, from any thread, and must not wait. */
abstract class Call {
    private final CollectionCall what;
    private final String word;
    private final Frame frame;

    Call(CollectionCall what, Frame frame) {
        this(what, what.word(), frame);
    }

    /** @param word the method that the user calls, as messages say it */
    Call(CollectionCall what, String word, Frame frame) {
        this.what = what;
        this.word = word;
        this.frame = frame;
    }

    final CollectionCall what() {
        return what;
    }

    final Frame frame() {
        return frame;
    }

    abstract void answered(Frame answer);

    /** As {@link #answered}, in the thread that calls, which has told nobody of the call yet. */
    void answeredHere(Frame answer) {
        answered(answer);
    }

    /** There will be no answer. */
    abstract void failed(IllegalStateException why);

    /** @param why the collection is no more */
    final void cut(String why) {
        failed(new IllegalStateException(
                why + "; a call of " + word + "() was not answered before that: it may have been done, or may not"));
    }
}
