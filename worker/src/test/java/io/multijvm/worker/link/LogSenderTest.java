// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.wire.Protocol;
import io.multijvm.wire.v1.FromWorker;
import io.multijvm.wire.v1.LogRecord;
import io.multijvm.wire.v1.LogRecords;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Log records leave one message at a time, and what is too much is dropped and counted. */
@Timeout(120)
class LogSenderTest {
    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final List<LogRecords> sent = new ArrayList<>();
    private final LogSender sender = new LogSender(loop::add, message -> sent.add(records(message)));

    private static LogRecords records(FromWorker message) {
        assertThat(message.hasLogRecords()).isTrue();
        return message.getLogRecords();
    }

    private void say(int number, int bytes) {
        sender.say(LogRecord.newBuilder()
                .setLevel(number)
                .setMessage("x".repeat(bytes))
                .build());
    }

    private void turn() {
        for (Runnable next = loop.poll(); next != null; next = loop.poll()) {
            next.run();
        }
    }

    @Test
    void whatComesWhileAMessageIsOutGoesTogetherWithTheNext() {
        say(1, 1);
        turn();
        say(2, 1);
        say(3, 1);
        turn();
        assertThat(sent).hasSize(1);
        sender.taken();
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).getRecordList()).extracting(LogRecord::getLevel).containsExactly(2, 3);
        sender.taken();
        assertThat(sent).hasSize(2);
        say(4, 1);
        turn();
        assertThat(sent).hasSize(3);
    }

    @Test
    void aFloodIsBoundedAndItsEndSaysHowManyWereDropped() {
        int records = 3 * LogSender.MOST_WAITING;
        for (int i = 0; i < records; i++) {
            say(i, 10);
        }
        turn();
        int taken = 0;
        while (taken < sent.size()) {
            LogRecords message = sent.get(taken++);
            assertThat(message.getRecordCount()).isLessThanOrEqualTo(Protocol.MOST_LOG_RECORDS);
            sender.taken();
        }
        assertThat(sent.stream().mapToInt(LogRecords::getRecordCount).sum()).isEqualTo(LogSender.MOST_WAITING);
        assertThat(sent.stream().mapToLong(LogRecords::getDropped).sum()).isEqualTo(2 * LogSender.MOST_WAITING);
        assertThat(sent.get(sent.size() - 1).getDropped()).isEqualTo(2 * LogSender.MOST_WAITING);
    }

    @Test
    void largeRecordsAreBoundedByTheirBytesAndCrossInSmallMessages() {
        for (int i = 0; i < 500; i++) {
            say(i, 30_000);
        }
        turn();
        int taken = 0;
        while (taken < sent.size()) {
            assertThat(sent.get(taken++).getSerializedSize()).isLessThan(Protocol.SMALL_FRAME_BYTES + 100);
            sender.taken();
        }
        int records = sent.stream().mapToInt(LogRecords::getRecordCount).sum();
        assertThat(records).isEqualTo(LogSender.MOST_WAITING_BYTES / 30_009);
        assertThat(sent.get(sent.size() - 1).getDropped()).isEqualTo(500 - records);
    }

    @Test
    void whoLeavesWaitsForWhatIsOutButNotForEver() throws InterruptedException {
        sender.awaitTaken(10_000);
        say(1, 1);
        turn();
        long begin = System.nanoTime();
        sender.awaitTaken(50);
        assertThat(System.nanoTime() - begin).isGreaterThan(40_000_000L);
        Thread leaving = new Thread(() -> sender.awaitTaken(120_000));
        leaving.start();
        sender.taken();
        leaving.join(30_000);
        assertThat(leaving.isAlive()).isFalse();
    }
}
