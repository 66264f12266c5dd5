// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.messages;

import io.multijvm.wire.objects.CollectionHeard;
import io.multijvm.wire.objects.CollectionSaid;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.Said;
import io.multijvm.wire.v1.CollectionBytes;

/** What is said of maps, sets and lists as messages, and back. */
final class CollectionMessages {
    private CollectionMessages() {}

    static CollectionBytes message(CollectionSaid said) {
        return message(said.taken(), said.data());
    }

    static CollectionBytes message(CollectionHeard heard) {
        return message(heard.taken(), heard.data());
    }

    private static CollectionBytes message(long taken, byte[] data) {
        return CollectionBytes.newBuilder()
                .setTaken(taken)
                .setData(DataMessages.wrapped(data))
                .build();
    }

    static Said said(CollectionBytes message) {
        return new CollectionSaid(message.getTaken(), message.getData().toByteArray());
    }

    static Heard heard(CollectionBytes message) {
        return new CollectionHeard(message.getTaken(), message.getData().toByteArray());
    }
}
