// SPDX-License-Identifier: Apache-2.0
package io.multijvm.stress;

import io.multijvm.shared.SharedReference;
import io.multijvm.shared.SharedReference.Versioned;
import io.multijvm.stress.Owner.Seen;
import io.multijvm.worker.shared.ObjectClient;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/** A reference has one value and one version at a time, also for who reads what it kept. */
class ReferenceStress {
    @Test
    void valuesAndVersionsChangeTogether() {
        Linearizable.check(Mapped.class, Plain.class);
    }

    @Test
    void soTheyDoWhereNoMemoryIsShared() {
        Linearizable.check(ByMessages.class, Plain.class);
    }

    public static class Mapped extends Subject {
        public Mapped() {
            super(Owner.MAPPED);
        }
    }

    public static class ByMessages extends Subject {
        public ByMessages() {
            super(Owner.BY_MESSAGES);
        }
    }

    /** The real one. */
    @Param(name = "version", gen = IntGen.class, conf = "1:4")
    @Param(name = "value", gen = IntGen.class, conf = "1:9")
    public abstract static class Subject {
        private final Seen<SharedReference<Integer>> reference;

        @SuppressWarnings("unchecked") // it holds what is set here
        Subject(Owner owner) {
            reference = (Seen<SharedReference<Integer>>)
                    (Seen<?>) owner.next(SharedReference.class, core -> (ObjectClient) core.reference(0));
        }

        @Operation
        public boolean compareAndSet(
                @Param(name = "version") int version,
                @Param(name = "value") int value,
                @Param(gen = ThreadIdGen.class) int thread) {
            return reference.by(thread).compareAndSet(version, value);
        }

        @Operation
        public int getAndAdd(@Param(name = "value") int value, @Param(gen = ThreadIdGen.class) int thread) {
            return reference.by(thread).getAndUpdate(before -> before + value);
        }

        @Operation
        public void set(@Param(name = "value") int value, @Param(gen = ThreadIdGen.class) int thread) {
            reference.by(thread).set(value);
        }

        @Operation
        public String get(@Param(gen = ThreadIdGen.class) int thread) {
            Versioned<Integer> now = reference.by(thread).getVersioned();
            return now.value() + ", version " + now.version();
        }
    }

    /** What it is without threads. */
    public static class Plain {
        private int value;
        private int version = 1;

        public boolean compareAndSet(int expected, int next, int thread) {
            if (expected != version) {
                return false;
            }
            set(next, thread);
            return true;
        }

        public int getAndAdd(int delta, int thread) {
            int before = value;
            set(before + delta, thread);
            return before;
        }

        public void set(int next, int thread) {
            value = next;
            version++;
        }

        public String get(int thread) {
            return value + ", version " + version;
        }
    }
}
