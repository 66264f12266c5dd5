// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What one process writes down while it lives, in a mapped file: a {@link Turn} for each time that it had what it asked for, and a
 * note. One thread of that process writes; others read, also when it is dead.
 *
 * <pre>
 * OUTSIDE -- asks --> WAITING -- has --> INSIDE -- releases, released --> OUTSIDE
 *                     WAITING -- gaveUp ---------------------------------> OUTSIDE
 * </pre>
 */
public final class Life {
    /** Where it stands, as far as it has written. */
    public enum Phase {
        OUTSIDE,
        WAITING,
        INSIDE
    }

    /** At some thousand turns a second, what a process lives that is killed sooner or later. */
    private static final int MOST_TURNS = 1 << 17;

    private static final int PID = 0;
    private static final int TURNS = 1;
    private static final int NOTED_FOR = 2;
    private static final int NOTED_AT = 3;
    private static final int NOTED = 4;
    private static final int HEADER = 8;

    private static final int ASKED = 0;
    private static final int ACQUIRED = 1;
    private static final int TOLD = 2;
    private static final int SEEN = 3;
    private static final int SIGN = 4;
    private static final int RELEASING = 5;
    private static final int RELEASED = 6;
    /** Written last of what is known when it has what it asked for. */
    private static final int VALUE = 7;

    private static final int TURN = 8;

    private final MappedLongs longs;

    private Life(MappedLongs longs) {
        this.longs = longs;
    }

    /** Of that file, which need not be there yet. */
    public static Life open(Path file) throws IOException {
        return new Life(MappedLongs.open(file, HEADER + MOST_TURNS * TURN));
    }

    void begins() {
        longs.set(PID, ProcessHandle.current().pid());
    }

    /** Whether another turn can be written down. */
    public boolean hasRoom() {
        return longs.get(TURNS) < MOST_TURNS;
    }

    /** Is going to wait. */
    public void asks() {
        long turns = longs.get(TURNS);
        longs.set(at(turns) + ASKED, System.nanoTime());
        longs.set(TURNS, turns + 1);
    }

    /** Did not get it. */
    public void gaveUp() {
        long last = longs.get(TURNS) - 1;
        longs.set(TURNS, last);
        longs.set(at(last) + ASKED, 0);
    }

    /**
     * Has what it asked for.
     *
     * @param value not 0: the token, or how many
     * @param told what it was told of the one before
     * @param seen what it found
     */
    public void has(long value, boolean told, long seen) {
        int at = last();
        longs.set(at + ACQUIRED, System.nanoTime());
        longs.set(at + TOLD, told ? 1 : 0);
        longs.set(at + SEEN, seen);
        longs.set(at + VALUE, value);
    }

    /** Still has it. */
    public void lives() {
        longs.set(last() + SIGN, System.nanoTime());
    }

    /** Is going to release it. */
    public void releases() {
        longs.set(last() + RELEASING, System.nanoTime());
    }

    /** Has released it. */
    public void released() {
        longs.set(last() + RELEASED, System.nanoTime());
    }

    /** Writes down something else, and when. */
    public void note(long about, long value) {
        longs.set(NOTED, value);
        longs.set(NOTED_AT, System.nanoTime());
        longs.set(NOTED_FOR, about);
    }

    /** 0 if it has not begun. */
    public long pid() {
        return longs.get(PID);
    }

    /** How often it has asked, without those for which it gave up. */
    public long turns() {
        return longs.get(TURNS);
    }

    public long notedFor() {
        return longs.get(NOTED_FOR);
    }

    public long notedAt() {
        return longs.get(NOTED_AT);
    }

    public long noted() {
        return longs.get(NOTED);
    }

    public Phase phase() {
        if (longs.get(TURNS) == 0) {
            return Phase.OUTSIDE;
        }
        int at = last();
        if (longs.get(at + RELEASING) != 0) {
            return Phase.OUTSIDE;
        }
        return longs.get(at + VALUE) == 0 ? Phase.WAITING : Phase.INSIDE;
    }

    /** @param killed when, by System.nanoTime; 0 if it was not */
    List<Turn> read(long killed) {
        List<Turn> read = new ArrayList<>();
        long turns = longs.get(TURNS);
        for (long turn = 0; turn < turns; turn++) {
            int at = at(turn);
            boolean last = turn == turns - 1;
            read.add(new Turn(
                    pid(),
                    longs.get(at + ASKED),
                    longs.get(at + VALUE) == 0 ? 0 : longs.get(at + ACQUIRED),
                    longs.get(at + VALUE),
                    longs.get(at + TOLD) == 1,
                    longs.get(at + SEEN),
                    longs.get(at + SIGN),
                    longs.get(at + RELEASING),
                    longs.get(at + RELEASED),
                    last ? killed : 0));
        }
        return read;
    }

    private int last() {
        return at(longs.get(TURNS) - 1);
    }

    private static int at(long turn) {
        return HEADER + Math.toIntExact(turn) * TURN;
    }
}
