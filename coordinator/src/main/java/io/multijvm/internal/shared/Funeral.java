// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.wire.lineage.ProcessStamp;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * From the end of a client's stream to the certainty that its process has ended. A process that is left without its stream
 * but lives on could still write into mapped memory, as if it had what it held; so it is killed, after the short time that
 * an orderly end takes. Owned by the event loop.
 */
final class Funeral {
    private static final System.Logger LOG = System.getLogger(Funeral.class.getName());
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final Duration LOOK_LATE = Duration.ofMillis(100);
    /** A JVM that ends in order closes its sockets a moment before it is gone. */
    private static final Duration MERCY = Duration.ofMillis(300);

    private static final Duration COMPLAIN = Duration.ofSeconds(10);

    private final EventLoop loop;
    private final Executor support;
    private final Consumer<Client> gone;

    /** @param gone told once of each client, on the loop */
    Funeral(EventLoop loop, Executor support, Consumer<Client> gone) {
        this.loop = loop;
        this.support = support;
        this.gone = gone;
    }

    /** Its stream has ended. */
    void of(Client client) {
        look(client, loop.now(), false, false);
    }

    private void look(Client client, long since, boolean killed, boolean complained) {
        try {
            support.execute(() -> {
                try {
                    lookNow(client, since, killed, complained);
                } catch (RuntimeException | Error e) {
                    // whatever it is, who waits for what it holds must not wait for ever
                    again(client, since, killed, true, LOOK_LATE);
                    LOG.log(Level.ERROR, "whether " + client + " has ended cannot be told", e);
                }
            });
        } catch (OutOfMemoryError e) { // the system gives no more threads just now
            loop.schedule(() -> look(client, since, killed, complained), LOOK_LATE);
        }
    }

    private void lookNow(Client client, long since, boolean killed, boolean complained) {
        ProcessStamp process = client.process();
        if (process.isGone()) {
            loop.executeIfUp(() -> gone.accept(client));
            return;
        }
        Duration passed = Duration.ofNanos(loop.now() - since);
        boolean kill = !killed && !client.leftInOrder() && passed.compareTo(MERCY) >= 0;
        if (kill) {
            kill(process);
        }
        boolean complain = !complained && passed.compareTo(COMPLAIN) >= 0;
        if (complain) {
            LOG.log(
                    Level.WARNING,
                    client + " has lost its stream " + passed.toSeconds() + " s ago"
                            + (killed ? " and was killed" : "")
                            + ", but has not ended: what it holds of shared objects stays held until it has");
        }
        Duration next = passed.compareTo(COMPLAIN) >= 0 ? LOOK_LATE : LOOK;
        again(client, since, killed || kill, complained || complain, next);
    }

    private void again(Client client, long since, boolean killed, boolean complained, Duration after) {
        loop.executeIfUp(() -> loop.schedule(() -> look(client, since, killed, complained), after));
    }

    /** The handle first: it knows when its process was started, and ends no other that has its number by then. */
    private static void kill(ProcessStamp process) {
        ProcessHandle handle = ProcessHandle.of(process.pid()).orElse(null);
        if (handle != null && process.isOfThisPlace() && !process.isGone()) {
            boolean unused = handle.destroyForcibly();
        }
    }
}
