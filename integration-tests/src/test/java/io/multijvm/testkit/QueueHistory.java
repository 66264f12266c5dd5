// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What became of elements of a queue, as those who put and took them wrote it down, the dead too: what is wrong with it, if
 * anything is.
 */
public final class QueueHistory {
    private final boolean leases;
    private final Set<Long> put = new TreeSet<>();
    /** Of those who died in the middle of it, or found the queue shut: it is in the queue or not. */
    private final Set<Long> inDoubt = new HashSet<>();

    private final Map<Long, List<Turn>> taken = new HashMap<>();
    /** In the order of each process's turns. */
    private final Map<Long, List<Turn>> takers = new HashMap<>();

    /**
     * @param puts turns of those who put
     * @param takes turns of those who took
     */
    public QueueHistory(boolean leases, List<Turn> puts, List<Turn> takes) {
        this.leases = leases;
        Map<Long, Long> turns = new HashMap<>();
        for (Turn turn : puts) {
            long number = QueueWork.number(turn.pid(), turns.merge(turn.pid(), 1L, Long::sum) - 1);
            (turn.value() == 0 ? inDoubt : put).add(number);
        }
        for (Turn turn : takes) {
            takers.computeIfAbsent(turn.pid(), first -> new ArrayList<>()).add(turn);
            if (turn.value() != 0) {
                taken.computeIfAbsent(turn.value(), first -> new ArrayList<>()).add(turn);
            }
        }
    }

    public int puts() {
        return put.size();
    }

    /** How many were taken more than once. */
    public long again() {
        return taken.values().stream().filter(turns -> turns.size() > 1).count();
    }

    /** Those that were put, and that nobody has. */
    public long lost() {
        return put.stream().filter(number -> !taken.containsKey(number)).count();
    }

    /** How many of those who took were killed. */
    public long deadTakers() {
        return takers.values().stream()
                .filter(turns -> turns.get(turns.size() - 1).killed() != 0)
                .count();
    }

    /** What must not be; empty if all is right. */
    public List<String> wrong() {
        List<String> wrong = new ArrayList<>();
        for (Long number : taken.keySet()) {
            if (!put.contains(number) && !inDoubt.contains(number)) {
                wrong.add("nobody put " + number);
            }
        }
        if (leases) {
            put.stream().filter(number -> !isWorkedOff(number)).forEach(number -> wrong.add(number + " is lost"));
        } else if (lost() > deadTakers()) {
            wrong.add(lost() + " are lost, and only " + deadTakers() + " of those who took have died");
        }
        taken.forEach((number, turns) -> checkTurns(number, turns, wrong));
        checkOrder(wrong);
        return wrong;
    }

    private boolean isWorkedOff(Long number) {
        return taken.getOrDefault(number, List.of()).stream().anyMatch(turn -> turn.releasing() != 0);
    }

    /** One after the other, each but the last in the hands of somebody who died with it. */
    private void checkTurns(Long number, List<Turn> turns, List<String> wrong) {
        List<Turn> inOrder =
                turns.stream().sorted(Comparator.comparingLong(Turn::seen)).toList();
        for (int i = 0; i < inOrder.size(); i++) {
            Turn turn = inOrder.get(i);
            boolean last = i == inOrder.size() - 1;
            if (!last && (!leases || turn.killed() == 0 || turn.released() != 0)) {
                wrong.add(number + " was taken again although its taker has not died with it: " + turn);
            }
            if (i > 0 && turn.seen() <= inOrder.get(i - 1).seen()) {
                wrong.add(number + " had attempt " + turn.seen() + " twice");
            }
        }
    }

    /**
     * Those of one producer come to each taker as they were put; but for those that come again. Without leases nothing tells
     * those: each of the dead can have had one in its hands when it died, a large one, which it was still reading.
     */
    private void checkOrder(List<String> wrong) {
        List<String> late = new ArrayList<>();
        takers.values().forEach(turns -> checkOrder(turns, wrong, late));
        if (late.size() > deadTakers()) {
            wrong.addAll(late);
        }
    }

    private void checkOrder(List<Turn> turns, List<String> wrong, List<String> late) {
        Map<Long, Long> last = new HashMap<>();
        for (Turn turn : turns) {
            long number = turn.value();
            if (number == 0 || turn.seen() > 1) {
                continue;
            }
            long before = last.getOrDefault(QueueWork.producer(number), 0L);
            if (before < number) {
                last.put(QueueWork.producer(number), number);
            } else {
                (!leases && QueueWork.isLarge(number) ? late : wrong).add(number + " came after " + before);
            }
        }
    }
}
