// SPDX-License-Identifier: Apache-2.0
package io.multijvm.stress;

import io.multijvm.codec.ValueCodec;
import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.internal.shared.Client;
import io.multijvm.internal.shared.ManagerHome;
import io.multijvm.wire.lineage.ProcessStamp;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.Said;
import io.multijvm.worker.shared.OwnerLine;
import io.multijvm.worker.shared.Owners;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * A second client of a manager in this JVM, where another process would stand: the owner has a number of its own for it, and it
 * maps the memory anew. What it says reaches the event loop as what comes from a stream does.
 */
final class SecondClient extends OwnerLine implements Client.Ear {
    private final EventLoop loop;
    private final ManagerHome home;
    private final CompletableFuture<Client> self = new CompletableFuture<>();

    SecondClient(EventLoop loop, ManagerHome home) {
        super(home.number(), "");
        this.loop = loop;
        this.home = home;
        loop.execute(() -> self.complete(Objects.requireNonNull(
                home.connect(ProcessStamp.ofThisProcess(), "a second client", this), "the manager is open")));
    }

    @Override
    public int client() {
        return self.join().number();
    }

    @Override
    public void say(long object, long ticket, Said said) {
        loop.execute(() -> home.said(self.join(), object, ticket, said));
    }

    @Override
    protected ValueCodec codec() {
        return Owners.codec();
    }

    @Override
    public void tell(long object, long ticket, Heard heard) {
        heard(object, ticket, heard);
    }

    @Override
    public void end(String why) {
        gone(why);
    }
}
