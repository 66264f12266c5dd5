// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.wire.lineage.ProcessStamp;
import io.multijvm.wire.objects.Heard;
import org.jspecify.annotations.Nullable;

/**
 * A process that uses a manager's objects. Confined to the event loop.
 *
 * <pre>
 * USING -- its stream ended --> LOST -- its process has certainly ended, or is afar --> GONE
 * USING -- the manager is closed -----------------------------------------------------> GONE
 * </pre>
 *
 * <p>One that said goodbye before its stream ended is in the midst of an orderly end.
 */
public final class Client {
    /** The owner's own process. */
    public static final int OWNER = 1;

    enum State {
        USING,
        LOST,
        GONE
    }

    private final int number;
    private final ProcessStamp process;
    private final String name;
    private final boolean afar;
    private final Ear ear;
    private State state = State.USING;
    private boolean leftInOrder;

    /** The way to it. */
    public interface Ear {
        /** Tells it; nothing happens if it hears no more. */
        void tell(long object, long ticket, Heard heard);

        /** It is to hear no more. */
        void end(String why);
    }

    Client(int number, ProcessStamp process, String name, Ear ear) {
        this(number, process, name, false, ear);
    }

    Client(int number, ProcessStamp process, String name, boolean afar, Ear ear) {
        this.number = number;
        this.process = process;
        this.name = name;
        this.afar = afar;
        this.ear = ear;
    }

    /** Stands for it in mapped memory. */
    public int number() {
        return number;
    }

    ProcessStamp process() {
        return process;
    }

    /** Whether all that it can do is to send messages: then it is gone with its stream, wherever its process is. */
    boolean isAfar() {
        return afar;
    }

    State state() {
        return state;
    }

    /** Whether what it is told reaches it, as far as is known. */
    boolean hears() {
        return state == State.USING;
    }

    void become(State next) {
        state = next;
    }

    /** It ends in good order: it was not in the middle of anything. */
    void leavesInOrder() {
        leftInOrder = true;
    }

    boolean leftInOrder() {
        return leftInOrder;
    }

    void tell(long object, long ticket, Heard heard) {
        if (state == State.USING) {
            ear.tell(object, ticket, heard);
        }
    }

    void end(String why) {
        ear.end(why);
    }

    /** As messages say it. */
    @Override
    public String toString() {
        return name + " (pid " + process.pid() + ")";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return number;
    }
}
