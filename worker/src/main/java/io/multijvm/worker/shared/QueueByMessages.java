// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.QueueHeard;
import io.multijvm.wire.objects.QueueSaid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A queue whose owner keeps its elements, and is asked for everything. Thread-safe. */
final class QueueByMessages implements QueueWay {
    private final QueueClient client;

    QueueByMessages(QueueClient client) {
        this.client = client;
    }

    @Override
    public Put put(byte[][] element, Patience patience) throws InterruptedException {
        long ticket = client.newTicket();
        byte[] bytes = joined(element);
        Heard answer;
        try {
            byte[] last = sendAllButTheLast(ticket, bytes);
            boolean waits = patience.left() > 0;
            answer = ask(ticket, new QueueSaid.Put(last, waits), waits, patience);
        } catch (RuntimeException | OutOfMemoryError e) {
            if (bytes.length > QueueSaid.MOST_BYTES) { // the owner need not keep the pieces that have come
                client.tellOwner(new QueueSaid.Leave(ticket));
            }
            throw e;
        }
        if (answer instanceof QueueHeard.Ended) {
            return Put.ENDED;
        }
        return answer instanceof Heard.IsSo is && is.so() ? Put.DONE : Put.FULL;
    }

    /** The pieces of an element. */
    private byte[] sendAllButTheLast(long ticket, byte[] bytes) {
        int at = 0;
        for (; bytes.length - at > QueueSaid.MOST_BYTES; at += QueueSaid.MOST_BYTES) {
            byte[] piece = Arrays.copyOfRange(bytes, at, at + QueueSaid.MOST_BYTES);
            client.askOwner(new QueueSaid.Piece(ticket, piece));
        }
        return at == 0 ? bytes : Arrays.copyOfRange(bytes, at, bytes.length);
    }

    private static byte[] joined(byte[][] parts) {
        if (parts[1].length == 0) {
            return parts[0];
        }
        byte[] all = Arrays.copyOf(parts[0], parts[0].length + parts[1].length);
        System.arraycopy(parts[1], 0, all, parts[0].length, parts[1].length);
        return all;
    }

    private @Nullable Heard ask(long ticket, QueueSaid said, boolean waits, Patience patience)
            throws InterruptedException {
        return client.askOwner(ticket, said, waits ? patience : Patience.FOR_EVER);
    }

    @Override
    public Got take(boolean lease, Patience patience) throws InterruptedException {
        boolean waits = patience.left() > 0;
        Heard answer = ask(client.newTicket(), new QueueSaid.Take(waits, lease), waits, patience);
        if (answer instanceof QueueHeard.Ended) {
            return Got.ENDED;
        }
        if (!(answer instanceof QueueHeard.Elements some) || some.all().isEmpty()) {
            return Got.NOTHING;
        }
        QueueHeard.Element first = some.all().get(0);
        Got got = wholeOrGivenBack(first);
        if (got == null) {
            throw new IllegalStateException("the owner of " + client + " has lost an element that it leased");
        }
        if (!lease && first.data().length < first.bytes()) {
            var unused = acknowledge(got);
        }
        return got;
    }

    private @Nullable Got wholeOrGivenBack(QueueHeard.Element element) {
        boolean read = false;
        try {
            Got got = whole(element);
            read = true;
            return got;
        } finally {
            if (!read && element.data().length < element.bytes()) { // there was no memory for it, say
                var unused = isSo(new QueueSaid.GiveBack(element.number()));
            }
        }
    }

    /** With all its pieces; null if it is no more there. */
    private @Nullable Got whole(QueueHeard.Element element) {
        byte[] data = element.data();
        byte[] all = data;
        if (data.length < element.bytes()) {
            all = Arrays.copyOf(data, Math.toIntExact(element.bytes()));
            for (int at = data.length; at < all.length; at += data.length) {
                Heard rest = client.askOwner(new QueueSaid.Rest(element.number(), at));
                if (!(rest instanceof Heard.Data piece)) {
                    return null;
                }
                data = piece.bytes();
                System.arraycopy(data, 0, all, at, data.length);
            }
        }
        return Got.element(element.number(), element.attempt(), 0, all);
    }

    @Override
    public boolean acknowledge(Got leased) {
        return isSo(new QueueSaid.Acknowledge(leased.number()));
    }

    @Override
    public boolean giveBack(Got leased) {
        return isSo(new QueueSaid.GiveBack(leased.number()));
    }

    private boolean isSo(QueueSaid said) {
        return ((Heard.IsSo) client.askOwner(said)).so();
    }

    @Override
    public List<Got> look(long behind, int most) {
        List<Got> seen = new ArrayList<>();
        long last = behind;
        while (seen.isEmpty()) { // what was seen may be taken before its rest is asked for
            List<QueueHeard.Element> some =
                    ((QueueHeard.Elements) client.askOwner(new QueueSaid.Look(last, most))).all();
            if (some.isEmpty()) {
                return seen;
            }
            for (QueueHeard.Element element : some) {
                last = element.number();
                Got got = whole(element);
                if (got != null) {
                    seen.add(got);
                }
            }
        }
        return seen;
    }

    @Override
    public int remove(List<Long> numbers) {
        return (int) ((Heard.Count) client.askOwner(new QueueSaid.Remove(numbers))).number();
    }

    @Override
    public boolean taskDone() {
        return isSo(new QueueSaid.TaskDone());
    }

    @Override
    public boolean join(Patience patience) throws InterruptedException {
        return client.askOwner(client.newTicket(), new QueueSaid.Join(), patience) != null;
    }

    @Override
    public void shut() {
        client.askOwner(new QueueSaid.Shut());
    }

    private QueueHeard.Size ask() {
        return (QueueHeard.Size) client.askOwner(new QueueSaid.Ask());
    }

    @Override
    public boolean isReady() {
        QueueHeard.Size size = ask();
        return size.ready() > 0 || size.drained();
    }

    @Override
    public Size size() {
        QueueHeard.Size size = ask();
        return new Size(size.ready(), size.ready(), size.capacity(), size.last(), size.shut());
    }
}
