// SPDX-License-Identifier: Apache-2.0
package io.multijvm.stress;

import io.multijvm.internal.process.SharedFiles;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.arena.SharedSegment;
import io.multijvm.wire.mapped.Words;
import io.multijvm.wire.objects.ObjectKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/**
 * Shared objects of one kind in a file that is mapped twice, as two processes would: each object as the one sees it and as the
 * other does. They are made once and used in turn, for a test makes millions of states.
 *
 * @param <T> what users see of one
 */
final class Mapped<T> {
    /**
     * Enough: a state has two of a kind at most, and jcstress makes as many new ones as it has under way before the last of those
     * are looked at.
     */
    private static final int OBJECTS = 4 * MappedMemoryStress.STATES_UNDER_WAY;

    private final SharedSegment file;
    private final List<Pair<T>> all = new ArrayList<>(OBJECTS);
    private final AtomicInteger next = new AtomicInteger();

    /**
     * One object.
     *
     * @param one as the one process has it
     * @param other as the other has it
     * @param number of its cell
     */
    record Pair<T>(T one, T other, int number) {}

    private Mapped(BiFunction<MappedProcess, Integer, T> seen) {
        int bytes = OBJECTS * MappedProcess.CELL_BYTES;
        try {
            file = SharedFiles.ofThisJvm().make(bytes);
            file.reserve();
        } catch (IOException e) {
            throw new UncheckedIOException("no memory to be mapped twice: " + e.getMessage(), e);
        }
        MappedProcess one = new MappedProcess(1, file.address(), bytes);
        MappedProcess other = new MappedProcess(2, file.address(), bytes);
        for (int number = 0; number < OBJECTS; number++) {
            all.add(new Pair<>(seen.apply(one, number), seen.apply(other, number), number));
        }
    }

    /** Objects of this kind, each all zeros when it is taken. */
    static <T> Mapped<T> of(ObjectKind kind, Class<T> type) {
        return new Mapped<>((process, number) ->
                type.cast(process.client(new SharedHandle("", process.manager(), "", number, kind.name()))
                        .face()));
    }

    /** Memory that is read and written as it is, as users' raw memory is: no access has an order. */
    static Mapped<ByteBuffer> plain() {
        return new Mapped<>(MappedProcess::plain);
    }

    /** One that no test under way uses, all zeros. */
    Pair<T> take() {
        Pair<T> pair = all.get(Math.floorMod(next.getAndIncrement(), OBJECTS));
        ByteBuffer memory = file.words();
        int at = pair.number() * MappedProcess.CELL_BYTES;
        for (int word = 0; word < MappedProcess.CELL_BYTES; word += Long.BYTES) {
            Words.set(memory, at + word, 0);
        }
        return pair;
    }
}
