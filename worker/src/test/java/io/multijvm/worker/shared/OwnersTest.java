// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.objects.Said;
import org.junit.jupiter.api.Test;

/** Who connects finds a line that still leads somewhere, or makes one. */
class OwnersTest {
    private final SharedHandle handle = new SharedHandle("unix:/nowhere", 0x77, "00", 1, "EVENT");

    private static final class Line extends OwnerLine {
        Line(SharedHandle handle) {
            super(handle.manager(), handle.key());
        }

        @Override
        public int client() {
            return 2;
        }

        @Override
        public void say(long object, long ticket, Said said) {}

        @Override
        protected ValueCodec codec() {
            throw new AssertionError("nothing is encoded here");
        }
    }

    @Test
    void whoConnectsWhileALineEndsGetsAnotherWhichStaysWhenThatOneHasEnded() {
        OwnerLine ends = Owners.at(handle, Line::new);
        assertThat(Owners.at(handle, Line::new)).isSameAs(ends);
        assertThat(ends.isFirstWord("its owner cut it")).isTrue();

        OwnerLine next = Owners.at(handle, Line::new);
        assertThat(next).isNotSameAs(ends);

        ends.tellAll("its owner cut it");
        assertThat(Owners.of(handle, Line::new)).isSameAs(next);
        Owners.forget(next);
        assertThat(Owners.know(handle)).isFalse();
    }
}
