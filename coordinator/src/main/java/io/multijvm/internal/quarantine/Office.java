// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.quarantine;

import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.dispatch.DeadLetters;
import io.multijvm.internal.dispatch.DeathMark;
import io.multijvm.internal.dispatch.WorkerProcess.Death;
import io.multijvm.internal.process.LaunchFacts;
import io.multijvm.internal.process.LaunchSpec;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Writes the dead letters of one pool. Thread-safe: it holds nothing that changes. */
public final class Office implements DeadLetters {
    private static final System.Logger LOG = System.getLogger(Office.class.getName());

    private final Path place;
    private final LaunchSpec launch;
    private final Letter.OfPool pool;

    /**
     * @param place as {@link LetterFiles#office} gave it
     * @param launch of the pool's workers
     * @param pool what its items have in common
     */
    public Office(Path place, LaunchSpec launch, Letter.OfPool pool) {
        this.place = place;
        this.launch = launch;
        this.pool = pool;
    }

    @Override
    public Optional<Path> keep(DeadItem item) {
        try {
            return Optional.of(LetterFiles.write(place, letter(item), item.deaths()));
        } catch (IOException | RuntimeException e) { // the slot's variables are user code
            LOG.log(
                    Level.WARNING,
                    "item " + item.index() + " has failed for good and could not be kept in " + place + ": " + e
                            + "; the run goes on without its dead letter");
            return Optional.empty();
        }
    }

    private Letter letter(DeadItem item) {
        Death last = item.deaths().get(item.deaths().size() - 1);
        ItemBlock block = item.block();
        return new Letter(
                item.index(),
                block.packed(),
                item.function(),
                bytes(block, (int) (item.index() - block.firstIndex())),
                pool,
                item.settings().itemTimeout(),
                LaunchFacts.of(launch, Math.max(0, last.report().slot())),
                DeathMark.of(last.kind(), last.report()),
                last.report().what(),
                last.report().attempt());
    }

    private static byte[] bytes(ItemBlock block, int position) {
        byte[] large = block.large(position);
        return large != null
                ? large
                : Arrays.copyOfRange(block.smallBytes(), block.begin(position), block.end(position));
    }
}
