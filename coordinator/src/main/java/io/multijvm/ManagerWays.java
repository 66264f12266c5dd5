// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.internal.process.SharedFiles;
import io.multijvm.internal.shared.ManagerCore;
import io.multijvm.internal.shared.RemoteMaker;
import io.multijvm.internal.transport.Door;
import io.multijvm.internal.transport.Hub;
import io.multijvm.wire.net.HubAddress;
import io.multijvm.wire.objects.ManagerKey;
import io.multijvm.worker.link.Connecting;
import io.multijvm.worker.shared.ManagerClient;
import io.multijvm.worker.shared.Owners;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The ways to a manager: started, served, or another program's. */
final class ManagerWays {
    private static final long SUPPORT_IDLE_SECONDS = 1;
    private static final String PURPOSE = "a manager that is served";
    private static final String CLOSED = "its manager was closed";

    private ManagerWays() {}

    static Manager start(Class<?> user) {
        Hub hub = Hub.acquire();
        ThreadPoolExecutor support = support();
        boolean sharesMemory = hub.onUnixSocket() && SharedFiles.wanted();
        ManagerCore core =
                new ManagerCore(hub, support, hub.address(), sharesMemory ? SharedFiles.ofThisJvm() : null, user);
        hub.open(core.home());
        return new Manager(core, null, () -> {
            hub.shut(core.home());
            if (core.close(CLOSED)) {
                support.shutdown();
                hub.release();
            }
        });
    }

    private static ThreadPoolExecutor support() {
        ThreadPoolExecutor made = new ThreadPoolExecutor(
                1, 1, SUPPORT_IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "multijvm-manager");
                    thread.setDaemon(true);
                    return thread;
                });
        made.allowCoreThreadTimeOut(true);
        return made;
    }

    static Manager serve(SocketAddress address, byte[] users, Class<?> caller, String... allow) {
        ManagerKey key = ManagerKey.of(users, PURPOSE);
        List<String> packages = List.of(allow);
        Hub hub = Hub.acquire();
        Door door;
        try {
            door = hub.serve(address);
        } catch (RuntimeException e) {
            hub.release();
            throw e;
        }
        ThreadPoolExecutor support = support();
        ManagerCore core = new ManagerCore(hub, support, door.forHandles(), key, caller, packages);
        Runnable end = () -> {
            door.shut(core.home());
            if (core.close(CLOSED)) {
                support.shutdown();
                door.close();
                hub.release();
            }
        };
        try {
            door.leadsTo(core.home());
            door.show();
        } catch (RuntimeException e) {
            end.run();
            throw e;
        }
        return new Manager(core, door.address(), end);
    }

    static Manager connect(SocketAddress address, byte[] users, Class<?> caller, String... allow) {
        ManagerKey key = ManagerKey.of(users, PURPOSE);
        List<String> packages = List.of(allow);
        ManagerClient manager = Connecting.to(towards(address), key);
        Owners.trust(caller, packages);
        AtomicBoolean closed = new AtomicBoolean();
        return new Manager(new RemoteMaker(manager), address, () -> {
            if (closed.compareAndSet(false, true)) {
                Connecting.end(manager);
            }
        });
    }

    private static HubAddress towards(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress unix) {
            return HubAddress.served(unix.getPath().toAbsolutePath());
        }
        if (address instanceof InetSocketAddress inet) {
            return HubAddress.served(inet);
        }
        throw new IllegalArgumentException(
                "address " + address + " is neither an InetSocketAddress nor a UnixDomainSocketAddress");
    }
}
