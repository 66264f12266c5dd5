// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;

/** Takes a handle from one client to another. */
final class Crossing {
    private Crossing() {}

    @SuppressWarnings("unchecked") // it is what it was
    static synchronized <T> T to(JoinedLocks.Client client, T value) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        JoinedLocks.Handle.readAt(client);
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }
}
