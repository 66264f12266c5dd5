// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.objects.ObjectKind;

/** Which class stands for which kind of object. */
final class Clients {
    private Clients() {}

    static ObjectClient make(SharedHandle handle, OwnerLine owner) {
        if (handle.object() == ManagerClient.ITSELF) {
            return new ManagerClient(handle, owner);
        }
        ObjectKind kind = ObjectKind.valueOf(handle.kind());
        return switch (kind) {
            case EVENT -> new EventClient(handle, owner);
            case LOCK, REENTRANT_LOCK -> new LockObject(handle, owner);
            case SEMAPHORE, BOUNDED_SEMAPHORE -> new SemaphoreClient(handle, owner);
            case LATCH -> new LatchClient(handle, owner);
            case BARRIER -> new BarrierClient(handle, owner);
            case LONG, INT, DOUBLE, BYTE, BOOLEAN -> new ValueClient(handle, owner, kind);
            case REFERENCE -> new ReferenceClient(handle, owner);
            case LONG_ARRAY -> new LongArrayClient(handle, owner);
            case INT_ARRAY -> new IntArrayClient(handle, owner);
            case DOUBLE_ARRAY -> new DoubleArrayClient(handle, owner);
            case BYTE_ARRAY -> new ByteArrayClient(handle, owner);
            case MEMORY -> new MemoryClient(handle, owner);
            case QUEUE -> new QueueClient(handle, owner);
            case MAP -> new MapClient(handle, owner);
            case SET -> new SetClient(handle, owner);
            case LIST -> new ListClient(handle, owner);
            case OWN -> new OwnClient(handle, owner);
            case PIPE, ONE_WAY_PIPE -> new PipeClient(handle, owner, kind);
            default -> throw new IllegalArgumentException(handle + " is not known here");
        };
    }
}
