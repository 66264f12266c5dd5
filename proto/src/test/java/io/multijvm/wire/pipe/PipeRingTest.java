// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.wire.mapped.Words;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

class PipeRingTest {
    private static final int SMALL = 1024;
    private static final int MESSAGES = Math.max(1, Integer.getInteger("multijvm.rounds", 1)) * 60_000;

    private final PipeMemory memory = memory(SMALL);

    private static PipeMemory memory(int ringBytes) {
        return new PipeMemory(
                ByteBuffer.allocateDirect(PipeMemory.bytes(ringBytes, true) + 64)
                        .alignedSlice(64)
                        .order(ByteOrder.nativeOrder()),
                ringBytes);
    }

    private static byte[] message(Random random, int most) {
        byte[] bytes = new byte[random.nextInt(most + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void messagesOfAllLengthsComeOutAsTheyWentInAlsoThoseThatDoNotFit() {
        PipeRing ring = memory.ringTo(true);
        ArrivingMessage come = new ArrivingMessage();
        Random random = new Random(1);
        for (int round = 0; round < 2_000; round++) {
            byte[] sent = message(random, 3 * SMALL);
            boolean first = true;
            int at = 0;
            while (first || at < sent.length) {
                int n = ring.write(first, round % 2 == 0, sent.length, sent, at, sent.length - at);
                if (n < 0) {
                    assertThat(ring.read(come)).isTrue();
                } else {
                    first = false;
                    at += n;
                }
            }
            while (!come.isWhole()) {
                assertThat(ring.read(come)).isTrue();
            }
            assertThat(come.isRaw()).isEqualTo(round % 2 == 0);
            assertThat(come.take()).isEqualTo(sent);
        }
        assertThat(ring.hasPart()).isFalse();
        assertThat(memory.ringTo(false).hasPart()).as("the other direction").isFalse();
    }

    /** Takes memory of that length, and so is of the long form alone. */
    @Test
    @EnabledIfSystemProperty(named = "multijvm.rounds", matches = "[0-9]{2,}")
    void theLongestMessageOfWhichAllButOneByteHasComeGoesOnInParts() {
        int total = Integer.MAX_VALUE - 8;
        ArrivingMessage come = new ArrivingMessage();
        byte[] most = new byte[PipePart.MOST_BYTES];
        for (int at = 0; at < total - 1; ) {
            int n = Math.min(most.length, total - 1 - at);
            come.add(new PipePart(at == 0, true, total, n == most.length ? most : new byte[n]));
            at += n;
        }
        assertThat(come.isWhole()).isFalse();
        long there = 0;
        for (int i = 0; i < come.parts(); i++) {
            there += come.part(i).data().length;
        }
        assertThat(there).isEqualTo(total - 1);
    }

    @Test
    void aMessageThatItsSenderGaveUpIsReplacedByTheNext() {
        PipeRing ring = memory.ringTo(true);
        ArrivingMessage come = new ArrivingMessage();
        assertThat(ring.write(true, true, 5_000, new byte[5_000], 0, 5_000)).isPositive();
        assertThat(ring.read(come)).isTrue();
        assertThat(come.isWhole()).isFalse();
        assertThat(ring.write(true, true, 1, new byte[] {7}, 0, 1)).isEqualTo(1);
        assertThat(ring.read(come)).isTrue();
        assertThat(come.take()).containsExactly(7);
    }

    @Test
    void memoryThatSomebodyOverwroteIsToldAndNotRead() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(PipeMemory.bytes(SMALL, false) + 64)
                .alignedSlice(64)
                .slice(0, PipeMemory.bytes(SMALL, false))
                .order(ByteOrder.nativeOrder());
        PipeRing ring = new PipeMemory(bytes, SMALL).ringTo(true);
        assertThat(ring.write(true, true, 4, new byte[4], 0, 4)).isEqualTo(4);
        int header = bytes.capacity() - bytes.capacity() % 8 - SMALL;
        int at = 4096;
        assertThat(header).isLessThanOrEqualTo(at);
        Words.set(bytes, at, Words.get(bytes, at) + 1_000);
        assertThatThrownBy(() -> ring.read(new ArrivingMessage()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("makes no sense");
    }

    @Test
    void whatHasArrivedOfAMessageGoesOnElsewhere() {
        ArrivingMessage here = new ArrivingMessage();
        byte[] whole = message(new Random(2), 0);
        assertThat(here.parts()).isZero();
        here.add(new PipePart(true, false, 0, whole));
        assertThat(here.parts()).isEqualTo(1);
        assertThat(here.part(0).first()).isTrue();
        here.clear();
        byte[] long1 = new byte[3 * PipePart.MOST_BYTES];
        new Random(3).nextBytes(long1);
        PipeRing ring = memory(1 << 20).ringTo(false);
        pass(ring, long1, 0, 2 * PipePart.MOST_BYTES + 1, here);
        ArrivingMessage there = new ArrivingMessage();
        assertThat(here.parts()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            there.add(here.part(i));
        }
        assertThat(there.isWhole()).isFalse();
        pass(ring, long1, 2 * PipePart.MOST_BYTES + 1, long1.length, there);
        assertThat(there.take()).isEqualTo(long1);
    }

    /** So much of a message through the ring, part by part. */
    private static void pass(PipeRing ring, byte[] message, int from, int to, ArrivingMessage into) {
        for (int at = from; at < to; ) {
            int n = ring.write(at == 0, true, message.length, message, at, to - at);
            assertThat(n).isPositive();
            at += n;
            assertThat(ring.read(into)).isTrue();
        }
    }

    /** One side of the ring, that waits only after it has raised its word and looked once more. */
    private static void awaitOrFail(Semaphore bell, String who) throws InterruptedException {
        if (!bell.tryAcquire(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the " + who + " was not woken");
        }
    }

    @Test
    void nobodyWhoWaitsIsForgotten() throws Exception {
        PipeRing ring = memory.ringTo(true);
        Semaphore readersBell = new Semaphore(0);
        Semaphore writersBell = new Semaphore(0);
        FutureTask<Integer> reader = new FutureTask<>(() -> {
            ArrivingMessage come = new ArrivingMessage();
            int waits = 0;
            for (int i = 0; i < MESSAGES; ) {
                boolean read = ring.read(come);
                if (!read) {
                    ring.raiseReader();
                    read = ring.read(come);
                }
                if (!read) {
                    waits++;
                    awaitOrFail(readersBell, "reader");
                    continue;
                }
                if (ring.takeWriter()) {
                    writersBell.release();
                }
                if (come.isWhole()) {
                    byte[] bytes = come.take();
                    assertThat(ByteBuffer.wrap(bytes).getInt()).isEqualTo(i);
                    i++;
                }
            }
            return waits;
        });
        Thread other = new Thread(reader, "reader");
        other.start();
        int waits = 0;
        Random random = new Random(4);
        for (int i = 0; i < MESSAGES; i++) {
            byte[] bytes = new byte[4 + random.nextInt(300)];
            ByteBuffer.wrap(bytes).putInt(i);
            while (true) {
                int n = ring.write(true, true, bytes.length, bytes, 0, bytes.length);
                if (n < 0) {
                    ring.raiseWriter(bytes.length);
                    n = ring.write(true, true, bytes.length, bytes, 0, bytes.length);
                }
                if (n == bytes.length) {
                    break;
                }
                if (n >= 0) {
                    continue; // a part only: it is given up, and sent again
                }
                waits++;
                awaitOrFail(writersBell, "writer");
            }
            if (ring.takeReader()) {
                readersBell.release();
            }
        }
        int readersWaits = reader.get(60, TimeUnit.SECONDS);
        System.out.printf(
                "pipe's ring: %d messages; the reader waited %d times, the writer %d times, and both were woken each time%n",
                MESSAGES, readersWaits, waits);
        assertThat(readersWaits + waits).isPositive();
    }
}
