// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.shared.PipeClosedException;
import io.multijvm.shared.PipeEnd;
import io.multijvm.shared.QueueShutDownException;
import io.multijvm.shared.SharedQueue;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Those on even seats send, those on odd seats receive: at the end of a pipe that they are given, until the other one is closed, and
 * then at the next. A turn is a message: of a sender when the send has returned, of a receiver when it was there as a whole. Who is
 * told of the end notes the pipe, and whether that was for a death.
 */
public record PipeWork(SharedQueue<PipeWork.Next> senders, SharedQueue<PipeWork.Next> receivers) implements Seats.Act {
    /** What is noted of a pipe whose other end was closed because its process had died. */
    public static final long DIED = 1;

    /** As {@link #DIED}, of any other reason. */
    public static final long CLOSED = 2;

    /** Longer than what is under way at a time, so that a kill often meets a half message. */
    private static final int LONG_MESSAGE = 700_000;

    private static final int LONG_ONE_OF = 6;
    private static final int MOST_OTHERS = 3_000;
    private static final int LONGEST_NANOS = 100_000;
    /** So many are sent as fast as it goes; nobody could write down all that pass in a minute. */
    private static final int QUICK = 400;

    /** An end, and the number of its pipe. */
    public record Next(long pipe, PipeEnd<Object> end) {}

    /** The message of that number, from 1: its number, and bytes that only it has. */
    private static byte[] message(long number) {
        int length = number % LONG_ONE_OF == 0 ? LONG_MESSAGE : (int) (number * 37 % MOST_OTHERS);
        byte[] bytes = new byte[Long.BYTES + length];
        Arrays.fill(bytes, (byte) number);
        return ByteBuffer.wrap(bytes).putLong(0, number).array();
    }

    @Override
    public void play(int seat, Life life, Seats.Orders orders) throws Exception {
        boolean sends = seat % 2 == 0;
        try {
            while (true) {
                Next next = (sends ? senders : receivers).take();
                try (PipeEnd<Object> end = next.end()) {
                    if (sends) {
                        send(next.pipe(), end, life, orders);
                    } else {
                        receive(next.pipe(), end, life);
                    }
                } catch (PipeClosedException e) {
                    life.gaveUp();
                    life.note(next.pipe(), String.valueOf(e.getMessage()).contains("has died") ? DIED : CLOSED);
                }
            }
        } catch (QueueShutDownException e) {
            // they are to stop
        }
    }

    private static void send(long pipe, PipeEnd<Object> end, Life life, Seats.Orders orders)
            throws InterruptedException {
        Random random = new Random(life.pid());
        long number = 1;
        while (!orders.stop()) {
            if (number > QUICK || random.nextInt(4) == 0) {
                LockSupport.parkNanos(random.nextInt(LONGEST_NANOS));
            }
            if (orders.rest() != 0 || !life.hasRoom()) {
                LockSupport.parkNanos(LONGEST_NANOS);
                continue;
            }
            life.asks();
            end.sendBytes(message(number));
            life.has(number, false, pipe);
            life.releases();
            life.released();
            number++;
        }
    }

    private static void receive(long pipe, PipeEnd<Object> end, Life life) throws InterruptedException {
        while (true) {
            life.asks();
            byte[] come = end.receiveBytes();
            long number = come.length < Long.BYTES ? 0 : ByteBuffer.wrap(come).getLong();
            if (number <= 0 || !Arrays.equals(come, message(number))) {
                throw new AssertionError(
                        "what came as message " + number + " has " + come.length + " bytes, or others than were sent");
            }
            life.has(number, false, pipe);
            life.releases();
            life.released();
        }
    }
}
