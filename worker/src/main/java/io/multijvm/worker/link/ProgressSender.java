// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import com.google.protobuf.ByteString;
import io.multijvm.wire.v1.FromWorker;
import io.multijvm.wire.v1.ItemProgress;
import io.multijvm.worker.context.Newest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Tells the coordinator how far the item at hand is, by its own word; the newest, and not too often. Thread-safe. */
final class ProgressSender {
    private final Newest<Word> newest;

    private record Word(long chunkId, int position, long nestedIndex, double fraction, String text) {}

    /**
     * @param later runs something on the loop after a while
     * @param out sends, on the loop
     */
    ProgressSender(BiConsumer<Runnable, Duration> later, Consumer<FromWorker> out) {
        newest = new Newest<>((after, action) -> later.accept(action, after), word -> out.accept(message(word)));
    }

    void say(long chunkId, int position, long nestedIndex, double fraction, String text) {
        newest.say(new Word(chunkId, position, nestedIndex, fraction, text));
    }

    private static FromWorker message(Word word) {
        ItemProgress.Builder progress = ItemProgress.newBuilder()
                .setChunkId(word.chunkId())
                .setPosition(word.position())
                .setFraction(word.fraction())
                // not as a string: of half a character, where a text was cut, protobuf would log a warning
                .setTextBytes(ByteString.copyFrom(word.text(), StandardCharsets.UTF_8));
        if (word.nestedIndex() >= 0) {
            progress.setNestedIndex(word.nestedIndex());
        }
        return FromWorker.newBuilder().setItemProgress(progress).build();
    }
}
