// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedPipe;
import io.multijvm.wire.mapped.ElementType;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ManagerSaid;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.worker.shared.ManagerClient;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What programs ask of the manager itself: other objects, and names for them, by which those find them that have none of its
 * handles. Owned by the event loop; objects are made aside, for memory may take a while.
 */
final class Requests {
    private final EventLoop loop;
    private final Executor support;
    private final Maker maker;
    private final CallPipes calls;
    private final ObjLongConsumer<String> unwanted;
    private final Map<String, Heard.Named> names = new HashMap<>();
    /** The same, by their objects. */
    private final Map<Long, Map<String, Heard.Named>> namesOf = new HashMap<>();

    /** For calls of collections that are waited for. */
    interface CallPipes {
        /**
         * Makes one. Waits for memory.
         *
         * @throws RuntimeException if there is none to be had
         */
        SharedPipe<@Nullable Object> make();

        /**
         * From now on that process may call by it. On the loop.
         *
         * @throws OutOfMemoryError if the system gives no thread for it just now
         * @throws RejectedExecutionException if the manager is closed
         */
        void serve(Client from, SharedPipe<@Nullable Object> pipe);
    }

    /** @param unwanted told of an object that was made for somebody who cannot have it any more, and why */
    Requests(EventLoop loop, Executor support, Maker maker, CallPipes calls, ObjLongConsumer<String> unwanted) {
        this.loop = loop;
        this.support = support;
        this.maker = maker;
        this.calls = calls;
        this.unwanted = unwanted;
    }

    /** @param lives whether there is such an object */
    void said(Client from, long ticket, ManagerSaid said, LongPredicate lives) {
        if (said instanceof ManagerSaid.Make make) {
            make(from, ticket, make);
        } else if (said instanceof ManagerSaid.Publish publish) {
            if (!lives.test(publish.object())) {
                tell(
                        from,
                        ticket,
                        new Heard.Refused("what is published as '" + publish.name() + "', shared object "
                                + publish.object() + ", was closed"));
            } else {
                tell(from, ticket, new Heard.IsSo(publish(publish)));
            }
        } else if (said instanceof ManagerSaid.CallPipe) {
            callPipe(from, ticket);
        } else if (said instanceof ManagerSaid.Find find) {
            Heard.Named found = names.get(find.name());
            tell(from, ticket, found == null ? new Heard.Named(ManagerClient.ITSELF, "", "") : found);
        }
    }

    private static void tell(Client client, long ticket, Heard heard) {
        client.tell(ManagerClient.ITSELF, ticket, heard);
    }

    private boolean publish(ManagerSaid.Publish publish) {
        if (publish.name().isEmpty() || publish.name().length() > ManagerClient.MOST_NAME_CHARS) {
            return false; // a client of ours looks before it asks
        }
        Heard.Named named = new Heard.Named(publish.object(), publish.kind(), publish.face());
        if (names.putIfAbsent(publish.name(), named) != null) {
            return false;
        }
        namesOf.computeIfAbsent(publish.object(), id -> new HashMap<>()).put(publish.name(), named);
        return true;
    }

    /** It has come to its end, and its names are free. */
    void closed(long object) {
        Map<String, Heard.Named> its = namesOf.remove(object);
        if (its != null) {
            names.keySet().removeAll(its.keySet());
        }
    }

    private void make(Client from, long ticket, ManagerSaid.Make make) {
        make(from, ticket, make.kind(), () -> made(ObjectKind.valueOf(make.kind()), make.number()), made -> {});
    }

    private void callPipe(Client from, long ticket) {
        if (from.isAfar()) {
            tell(from, ticket, new Heard.Refused("no memory is shared with a program that comes from elsewhere"));
        } else {
            make(from, ticket, ObjectKind.PIPE.name(), calls::make, made -> calls.serve(from, made));
        }
    }

    private <T> void make(Client from, long ticket, String kind, Supplier<T> making, Consumer<T> next) {
        try {
            support.execute(() -> {
                try {
                    T made = making.get();
                    SharedHandle its = Objects.requireNonNull(ManagerClient.handleOf(made), "it has a handle");
                    loop.executeIfUp(() -> {
                        if (!from.hears()) {
                            // and nobody else knows of it
                            unwanted.accept("who asked for it has ended", its.object());
                            return;
                        }
                        try {
                            next.accept(made);
                            tell(from, ticket, new Heard.Named(its.object(), kind, ""));
                        } catch (OutOfMemoryError | RejectedExecutionException e) {
                            unwanted.accept("it cannot be served: " + e, its.object());
                            tell(from, ticket, refused(kind, e));
                        }
                    });
                } catch (Throwable e) { // who asks is to hear of it, whatever it is
                    loop.executeIfUp(() -> tell(from, ticket, refused(kind, e)));
                }
            });
        } catch (RejectedExecutionException e) {
            // the manager is closed, and who asks hears of that
        }
    }

    private static Heard refused(String kind, Throwable why) {
        return new Heard.Refused("a shared " + kind + " cannot be made: " + why);
    }

    private Object made(ObjectKind kind, long number) {
        return switch (kind) {
            case EVENT -> maker.event();
            case LOCK -> maker.lock(false);
            case REENTRANT_LOCK -> maker.lock(true);
            case SEMAPHORE -> maker.semaphore(Math.toIntExact(number));
            case BOUNDED_SEMAPHORE -> maker.boundedSemaphore(Math.toIntExact(number));
            case LATCH -> maker.latch(number);
            case BARRIER -> maker.barrier(Math.toIntExact(number), null);
            case LONG -> maker.value(kind, ElementType.LONG, number);
            case INT, BOOLEAN -> maker.value(kind, ElementType.INT, number);
            case DOUBLE -> maker.value(kind, ElementType.DOUBLE, number);
            case BYTE -> maker.value(kind, ElementType.BYTE, number);
            case REFERENCE -> maker.reference(null);
            case LONG_ARRAY -> maker.array(kind, ElementType.LONG, number);
            case INT_ARRAY -> maker.array(kind, ElementType.INT, number);
            case DOUBLE_ARRAY -> maker.array(kind, ElementType.DOUBLE, number);
            case BYTE_ARRAY -> maker.array(kind, ElementType.BYTE, number);
            case MAP, SET, LIST -> maker.collection(kind);
            case QUEUE -> maker.queue(number);
            case PIPE -> maker.pipe(true);
            case ONE_WAY_PIPE -> maker.pipe(false);
            default -> throw new IllegalArgumentException("a " + kind.word() + " is not made for other programs");
        };
    }
}
