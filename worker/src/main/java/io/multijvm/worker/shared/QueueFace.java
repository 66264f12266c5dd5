// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.QueueShutDownException;
import io.multijvm.shared.SharedQueue;
import java.io.Serializable;
import java.time.Duration;
import java.util.AbstractQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What users see of a queue. What crosses is its handle. */
final class QueueFace<E> extends AbstractQueue<E> implements SharedQueue<E>, Serializable {
    private static final long serialVersionUID = 1;
    private static final int BATCH = 1000;

    private final transient QueueClient client;

    QueueFace(QueueClient client) {
        this.client = client;
    }

    private Object writeReplace() {
        return client.writeReplace();
    }

    private static Patience once() {
        return new Patience(false, true, System.nanoTime());
    }

    private static Patience within(long nanos) {
        // half of what fits, so that a deadline fits too
        return Patience.of(Math.min(nanos, Long.MAX_VALUE / 2));
    }

    private QueueShutDownException isShut() {
        return new QueueShutDownException(client + " was shut down: nothing can be put any more");
    }

    private QueueShutDownException isDrained() {
        return new QueueShutDownException(client + " was shut down, and nothing is left in it");
    }

    private boolean put(E element, Patience patience) throws InterruptedException {
        byte[][] encoded = client.encode(Objects.requireNonNull(element, "element"));
        return switch (client.way().put(encoded, patience)) {
            case DONE -> true;
            case FULL -> false;
            case ENDED -> throw isShut();
        };
    }

    private Got get(boolean lease, Patience patience) throws InterruptedException {
        return client.way().take(lease, patience);
    }

    @SuppressWarnings("unchecked") // as it was put
    private E decoded(Got got) {
        Object value = got.value();
        return (E) (value == null ? client.decode(Objects.requireNonNull(got.bytes())) : value);
    }

    @Override
    public void put(E element) throws InterruptedException {
        refuseInterrupted();
        var unused = put(element, Patience.INTERRUPTIBLE);
    }

    @Override
    public boolean offer(E element) {
        try {
            return put(element, once());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e); // it does not wait
        }
    }

    @Override
    public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
        refuseInterrupted();
        return put(element, within(unit.toNanos(timeout)));
    }

    @Override
    public E take() throws InterruptedException {
        refuseInterrupted();
        Got got = get(false, Patience.INTERRUPTIBLE);
        if (!got.isElement()) {
            throw isDrained();
        }
        return decoded(got);
    }

    @Override
    @SuppressWarnings("NullAway") // as the JDK's interface says it
    public @Nullable E poll() {
        try {
            Got got = get(false, once());
            return got.isElement() ? decoded(got) : null;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e); // it does not wait
        }
    }

    @Override
    @SuppressWarnings("NullAway") // as the JDK's interface says it
    public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
        refuseInterrupted();
        Got got = get(false, within(unit.toNanos(timeout)));
        return got.isElement() ? decoded(got) : null;
    }

    private static void refuseInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    @Override
    public Lease<E> lease() throws InterruptedException {
        refuseInterrupted();
        Got got = get(true, Patience.INTERRUPTIBLE);
        if (!got.isElement()) {
            throw isDrained();
        }
        return leased(got);
    }

    @Override
    public Optional<Lease<E>> lease(Duration limit) throws InterruptedException {
        refuseInterrupted();
        Got got = get(true, within(ObjectClient.nanos(limit)));
        return got.isElement() ? Optional.of(leased(got)) : Optional.empty();
    }

    private Lease<E> leased(Got got) {
        boolean kept = false;
        try {
            Lease<E> lease = new QueueLease<>(client, got, decoded(got));
            kept = true;
            return lease;
        } finally {
            if (!kept) { // it cannot be decoded here, but perhaps elsewhere
                var unused = client.way().giveBack(got);
            }
        }
    }

    @Override
    public long takeEach(Consumer<? super E> action) throws InterruptedException {
        for (long taken = 0; ; taken++) {
            refuseInterrupted();
            Got got = get(false, Patience.INTERRUPTIBLE);
            if (!got.isElement()) {
                return taken;
            }
            action.accept(decoded(got));
        }
    }

    @Override
    public long leaseEach(Consumer<? super E> action) throws InterruptedException {
        for (long taken = 0; ; taken++) {
            refuseInterrupted();
            Got got = get(true, Patience.INTERRUPTIBLE);
            if (!got.isElement()) {
                return taken;
            }
            try (Lease<E> lease = leased(got)) {
                action.accept(lease.item());
                var unused = lease.acknowledge();
            }
        }
    }

    @Override
    @SuppressWarnings("NullAway") // as the JDK's interface says it
    public @Nullable E peek() {
        List<Got> first = client.way().look(0, 1);
        return first.isEmpty() ? null : decoded(first.get(0));
    }

    @Override
    public int size() {
        return (int) Math.min(Integer.MAX_VALUE, client.way().size().ready());
    }

    @Override
    public boolean isEmpty() {
        return client.way().size().ready() == 0;
    }

    @Override
    public int remainingCapacity() {
        return (int) Math.min(Integer.MAX_VALUE, client.way().size().remaining());
    }

    @Override
    public int drainTo(Collection<? super E> to) {
        return drainTo(to, Integer.MAX_VALUE);
    }

    @Override
    public int drainTo(Collection<? super E> to, int most) {
        if (Objects.requireNonNull(to, "to") == this) {
            throw new IllegalArgumentException("a queue is not drained to itself");
        }
        int there = Math.min(most, size()); // of those that are put meanwhile there may be no end
        int drained = 0;
        for (E next = there > 0 ? poll() : null; next != null; next = drained < there ? poll() : null) {
            to.add(next);
            drained++;
        }
        return drained;
    }

    @Override
    public void clear() {
        long last = client.way().size().last();
        List<Long> some = numbers(0, last);
        while (!some.isEmpty()) {
            var unused = client.way().remove(some);
            some = numbers(some.get(some.size() - 1), last);
        }
    }

    private List<Long> numbers(long behind, long last) {
        return client.way().look(behind, BATCH).stream()
                .map(Got::number)
                .filter(number -> number <= last)
                .toList();
    }

    @Override
    public boolean remove(@Nullable Object element) {
        if (element == null) {
            return false;
        }
        for (Elements all = new Elements(); all.hasNext(); ) {
            if (element.equals(all.next()) && all.removeLast()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean removeIf(Predicate<? super E> filter) {
        Objects.requireNonNull(filter, "filter");
        boolean removed = false;
        for (Elements all = new Elements(); all.hasNext(); ) {
            if (filter.test(all.next())) {
                removed |= all.removeLast();
            }
        }
        return removed;
    }

    @Override
    public boolean removeAll(Collection<?> those) {
        Objects.requireNonNull(those, "those");
        return removeIf(those::contains);
    }

    @Override
    public boolean retainAll(Collection<?> those) {
        Objects.requireNonNull(those, "those");
        return removeIf(element -> !those.contains(element));
    }

    @Override
    public Iterator<E> iterator() {
        return new Elements();
    }

    /** How many there are is not known in advance, for others change that. */
    @Override
    public Spliterator<E> spliterator() {
        return Spliterators.spliteratorUnknownSize(
                iterator(), Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.CONCURRENT);
    }

    /** Those that are in it, a batch at a time. */
    private final class Elements implements Iterator<E> {
        private List<Got> batch = new ArrayList<>();
        private int next;
        private long seen;
        private boolean removable;

        @Override
        public boolean hasNext() {
            if (next == batch.size()) {
                batch = client.way().look(seen, BATCH);
                next = 0;
            }
            return next < batch.size();
        }

        @Override
        public E next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Got got = batch.get(next++);
            seen = got.number();
            removable = true;
            return decoded(got);
        }

        @Override
        public void remove() {
            if (!removable) {
                throw new IllegalStateException("nothing was given since the last remove()");
            }
            removable = false;
            var unused = removeLast();
        }

        /** False if somebody else was faster. */
        boolean removeLast() {
            return client.way().remove(List.of(seen)) == 1;
        }
    }

    @Override
    public boolean isReady() {
        return client.way().isReady();
    }

    @Override
    public Registration whenReady(Runnable action) {
        Objects.requireNonNull(action, "action");
        if (isReady()) {
            action.run();
            return () -> {};
        }
        return client.whenReady(action);
    }

    @Override
    public void taskDone() {
        if (!client.way().taskDone()) {
            throw new IllegalStateException(
                    "taskDone() of " + client + " was called more often than elements were put");
        }
    }

    @Override
    public void join() throws InterruptedException {
        refuseInterrupted();
        var unused = client.way().join(Patience.INTERRUPTIBLE);
    }

    @Override
    public boolean join(Duration limit) throws InterruptedException {
        refuseInterrupted();
        return client.way().join(within(ObjectClient.nanos(limit)));
    }

    @Override
    public void shutdown() {
        client.way().shut();
    }

    @Override
    public boolean isShutdown() {
        return client.way().size().shut();
    }

    @Override
    public void close() {
        client.closeForAll();
    }

    /** Not its elements, which others change meanwhile. */
    @Override
    public String toString() {
        return client.toString();
    }
}
