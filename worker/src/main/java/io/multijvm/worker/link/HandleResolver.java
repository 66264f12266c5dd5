// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.PipeEnd;
import io.multijvm.shared.PipeListener;
import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedLock;
import io.multijvm.shared.SharedMemory;
import io.multijvm.wire.net.HubAddress;
import io.multijvm.worker.pipe.Connections;
import io.multijvm.worker.shared.ClientCondition;
import io.multijvm.worker.shared.NamedMemory;
import io.multijvm.worker.shared.Owners;
import java.net.SocketAddress;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** Finds or opens the line to a handle's owner. Found by {@link java.util.ServiceLoader}. */
public final class HandleResolver implements SharedHandle.Resolver {
    @Override
    public Object resolve(SharedHandle handle) {
        if (ValueCodec.isDecodingOfStrangers() && !HubAddress.isServed(handle.address()) && !Owners.know(handle)) {
            // its owner would be believed whatever it says: it could have any class decoded and any file mapped here
            throw new IllegalStateException(
                    handle + " came from another program, and is of a manager that is not served:"
                            + " share objects of managers that are");
        }
        return Owners.of(handle, ObjectLink::new).client(handle).face();
    }

    @Override
    public Condition condition(SharedLock lock, long number) {
        return ClientCondition.of(lock, number);
    }

    @Override
    public SharedMemory attach(String name) {
        return NamedMemory.attach(name, this);
    }

    @Override
    public <T extends @Nullable Object> PipeListener<T> listen(
            SocketAddress address, byte[] key, Class<?> caller, String... allow) {
        return Connections.listen(address, key, caller, allow);
    }

    @Override
    public <T extends @Nullable Object> PipeEnd<T> connect(
            SocketAddress address, byte[] key, Class<?> caller, String... allow) {
        return Connections.connect(address, key, caller, allow);
    }
}
