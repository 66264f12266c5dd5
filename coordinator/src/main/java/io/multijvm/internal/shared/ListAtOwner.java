// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.wire.objects.CollectionAnswer;
import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.Frame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A list of elements as they crossed, decoded only to be compared. All of it is the turns'. */
final class ListAtOwner extends CollectionAtOwner {
    private static final long END = -1;

    private List<byte[]> elements = new ArrayList<>();
    private long version = 1;

    ListAtOwner(long id, EventLoop loop, Executor threads, OwnersCodec codec) {
        super(id, loop, threads, codec);
    }

    @Override
    void forget() {
        elements = new ArrayList<>();
    }

    @Override
    Frame done(CollectionCall what, Frame call, FunctionsOfCaller functions) {
        byte[][] parts = call.parts();
        return switch (what) {
            case SIZE -> answer(elements.size());
            case CLEAR -> {
                elements.clear();
                version++;
                yield answer(0);
            }
            case LIST_GET, LIST_SET, LIST_REMOVE -> atPlace(what, call);
            case LIST_ADD -> added(call.number() == END ? elements.size() : call.number(), parts);
            case LIST_REMOVE_EQUAL -> removedEqual(parts[0]);
            case LIST_REMOVE_RANGE -> removedRange(call.number(), Frame.numbers(parts[0])[0]);
            case LIST_INDEX -> answer(indexOf(parts[0]));
            case LIST_LAST_INDEX -> answer(lastIndexOf(parts[0]));
            case LIST_CONTAINS_ALL -> answer(Arrays.stream(parts).allMatch(this::has));
            case LIST_SCAN -> scanned(call.number(), Frame.numbers(parts[0])[0]);
            case LIST_ARRANGE -> arranged(call.number(), Frame.numbers(parts[0]));
            case LIST_REPLACE -> replaced(call.number(), parts);
            default -> throw new IllegalArgumentException("a list is not asked for " + what);
        };
    }

    private Frame outside() {
        return Frame.of(CollectionAnswer.OUTSIDE, elements.size());
    }

    private Frame atPlace(CollectionCall what, Frame call) {
        if (call.number() < 0 || call.number() >= elements.size()) {
            return outside();
        }
        int index = (int) call.number();
        if (what == CollectionCall.LIST_GET) {
            return answer(version, elements.get(index));
        }
        version++;
        byte[] before = what == CollectionCall.LIST_SET ? elements.set(index, call.parts()[0]) : elements.remove(index);
        return answer(version, before);
    }

    private Frame added(long index, byte[][] parts) {
        if (index < 0 || index > elements.size()) {
            return outside();
        }
        if (parts.length == 1) {
            elements.add((int) index, parts[0]);
        } else {
            elements.addAll((int) index, Arrays.asList(parts));
        }
        version++;
        return answer(0);
    }

    private Frame removedEqual(byte[] wanted) {
        int index = indexOf(wanted);
        if (index >= 0) {
            elements.remove(index);
            version++;
        }
        return answer(index >= 0);
    }

    private Frame removedRange(long from, long count) {
        if (from < 0 || count < 0 || from + count > elements.size()) {
            return outside();
        }
        elements.subList((int) from, (int) (from + count)).clear();
        version++;
        return answer(0);
    }

    /** Looks for the same bytes first: of what only workers can decode nothing else can be found. */
    private boolean has(byte[] wanted) {
        return elements.stream().anyMatch(element -> Arrays.equals(wanted, element)) || indexOf(wanted) >= 0;
    }

    private int indexOf(byte[] wanted) {
        Wanted element = new Wanted(wanted);
        for (int i = 0; i < elements.size(); i++) {
            if (element.is(elements.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private int lastIndexOf(byte[] wanted) {
        Wanted element = new Wanted(wanted);
        for (int i = elements.size() - 1; i >= 0; i--) {
            if (element.is(elements.get(i))) {
                return i;
            }
        }
        return -1;
    }

    /** What is looked for; decoded once, and only if the same bytes are not what is found first. */
    private final class Wanted {
        private final byte[] bytes;
        private @Nullable Object value;
        private boolean decoded;

        Wanted(byte[] bytes) {
            this.bytes = bytes;
        }

        /** As {@code equals} says, or because they crossed as the same bytes, as two copies of one value do. */
        boolean is(byte[] stored) {
            if (Arrays.equals(bytes, stored)) {
                return true;
            }
            if (!decoded) {
                value = codec().value(bytes);
                decoded = true;
            }
            return Objects.equals(value, codec().value(stored));
        }
    }

    /** @param enough bytes; 0 for all */
    private Frame scanned(long from, long enough) {
        List<byte[]> parts = new ArrayList<>();
        long bytes = 0;
        for (long i = from; i < elements.size() && (enough == 0 || bytes < enough); i++) {
            byte[] element = elements.get((int) i);
            parts.add(element);
            bytes += element.length;
        }
        return answer(version, parts.toArray(byte[][]::new));
    }

    private Frame arranged(long expected, long[] places) {
        if (expected != version) {
            return answer(false);
        }
        List<byte[]> arranged = new ArrayList<>(places.length);
        for (long place : places) {
            arranged.add(elements.get(Math.toIntExact(place)));
        }
        elements = arranged;
        version++;
        return answer(true);
    }

    private Frame replaced(long expected, byte[][] parts) {
        if (expected != version) {
            return answer(false);
        }
        elements = new ArrayList<>(Arrays.asList(parts));
        version++;
        return answer(true);
    }
}
