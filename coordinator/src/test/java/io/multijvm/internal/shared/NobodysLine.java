// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.wire.objects.Said;
import io.multijvm.worker.shared.ObjectClient;
import io.multijvm.worker.shared.OwnerLine;

/** The way to an owner to whom nothing is said. */
final class NobodysLine extends OwnerLine {
    private NobodysLine() {
        super(1, "");
    }

    /** What stands for an object that nobody uses. */
    static ObjectClient client(long object, ObjectKind kind) {
        return new NobodysLine().client(new SharedHandle("unix:/nowhere", 1, "00", object, kind.name()));
    }

    @Override
    public int client() {
        throw new AssertionError();
    }

    @Override
    public void say(long object, long ticket, Said said) {
        throw new AssertionError();
    }

    @Override
    protected ValueCodec codec() {
        throw new AssertionError();
    }
}
