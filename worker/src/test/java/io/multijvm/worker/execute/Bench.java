// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.JavaCodec;
import io.multijvm.codec.PackedType;
import io.multijvm.codec.PackedValues;
import io.multijvm.codec.ValueCodec;
import io.multijvm.task.SerializableFunction;
import io.multijvm.wire.mapped.RecorderFile;
import io.multijvm.wire.mapped.RecorderReader;
import io.multijvm.wire.mapped.RecorderReader.RingRecord;
import io.multijvm.wire.mapped.RecorderWriter;
import io.multijvm.wire.mapped.ResultKind;
import io.multijvm.wire.v1.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A task loop on a bench: real recorder, real codec, and this object in place of the coordinator. */
final class Bench implements ResultLine, AutoCloseable {
    static final int SMALL_RING = 4096;
    static final int RING = 1 << 20;

    final ValueCodec codec = new ValueCodec(new JavaCodec(), Bench.class.getClassLoader(), AllowList.everything());
    final RecorderReader reader;
    final TaskLoop loop;
    final BlockingQueue<RingRecord> large = new LinkedBlockingQueue<>();
    final CompletableFuture<Throwable> retired = new CompletableFuture<>();
    /** What is left of the last run. */
    private final Deque<RingRecord> ofRun = new ArrayDeque<>();

    private long nextChunk;

    Bench(Path file, int ringBytes) throws IOException {
        RecorderFile.create(file, ringBytes);
        reader = RecorderReader.open(file);
        loop = new TaskLoop(3, 2, RecorderWriter.open(file), codec, this);
        loop.start();
    }

    TaskCode code(@Nullable Object task) {
        return new TaskCode(codec.encode(task), 0);
    }

    <T> WorkerChunk chunk(SerializableFunction<T, ? extends @Nullable Object> task, List<? extends T> items) {
        return chunk(++nextChunk, code(task), items);
    }

    WorkerChunk chunk(long id, TaskCode code, List<?> items) {
        ByteArrayOutputStream small = new ByteArrayOutputStream();
        int[] ends = new int[items.size()];
        for (int i = 0; i < ends.length; i++) {
            small.writeBytes(codec.encode(items.get(i)));
            ends[i] = small.size();
        }
        return new WorkerChunk(id, code, 1000, small.toByteArray(), ends, null);
    }

    /** As {@link #chunk(SerializableFunction, List)}, with the items packed. */
    <T> WorkerChunk packedChunk(SerializableFunction<T, ? extends @Nullable Object> task, List<? extends T> items) {
        PackedType type = Objects.requireNonNull(PackedType.of(items.get(0)));
        byte[] packed = new byte[items.size() * (type.fixed() > 0 ? type.fixed() : PackedType.MOST_BYTES)];
        int used = 0;
        for (T item : items) {
            used = type.write(item, packed, used);
        }
        return new WorkerChunk(++nextChunk, code(task), 1000, items.size(), new PackedValues(type, packed, 0, used));
    }

    /** The next finished item, within thirty seconds. One of a run is as an ordinary record with its value. */
    RingRecord next() {
        RingRecord found = ofRun.poll();
        while (found == null) {
            RingRecord record = nextRecord();
            if (record.run() == null) {
                return record;
            }
            unpack(record, record.run());
            found = ofRun.poll();
        }
        return found;
    }

    private void unpack(RingRecord record, RecorderReader.Run run) {
        PackedType type = Objects.requireNonNull(PackedType.ofCode(run.type()));
        PackedValues values = new PackedValues(type, record.data(), 0, record.data().length);
        for (int i = 0; i < run.count(); i++) {
            byte[] encoded = codec.encode(values.next());
            ofRun.add(new RingRecord(record.chunkId(), record.position() + i, ResultKind.VALUE, 0, encoded));
        }
        if (values.hasNext()) {
            throw new AssertionError("a run holds more than its values");
        }
    }

    /** The next record, or what is finished of the next run. */
    RingRecord nextRecord() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < end) {
            RingRecord found = reader.poll();
            if (found != null) {
                return found;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("no item was finished within 30 s; retired: " + retired);
    }

    @Nullable
    Object nextValue() {
        RingRecord found = next();
        if (found.kind() != ResultKind.VALUE) {
            throw new AssertionError("not a value but a " + found.kind());
        }
        return codec.decode(found.data(), 0, found.data().length);
    }

    Failure nextFailure() throws IOException {
        RingRecord found = next();
        if (found.kind() != ResultKind.FAILURE) {
            throw new AssertionError("not a failure but a " + found.kind());
        }
        return Failure.parseFrom(found.data());
    }

    @Override
    public void committed(boolean more) {}

    @Override
    public void ringFull() {}

    @Override
    public void large(long chunkId, int position, ResultKind kind, long elapsedNanos, byte[] bytes) {
        large.add(new RingRecord(chunkId, position, kind, elapsedNanos, bytes));
    }

    @Override
    public void retire(Throwable why) {
        retired.complete(why);
        throw new ThreadEnd();
    }

    /** Leaves the loop's thread parked: it is a daemon. */
    @Override
    public void close() {
        reader.close();
    }

    /** What stands for the end of the process. */
    static final class ThreadEnd extends Error {}
}
