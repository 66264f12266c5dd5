// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.testkit.CollectionWork.Kind;
import io.multijvm.testkit.CollectionWork.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@link CollectionWork} has done to maps, lists and sets, as its processes wrote it down, the dead too, against what is in them
 * afterwards: what is wrong with it, if anything is. What had returned was done once; what was cut once or not at all.
 */
public final class CollectionHistory {
    /** A turn with its place in its process's life. */
    private record Done(long pid, long number, Kind kind, Turn turn) {
        boolean isCut() {
            return turn.value() == 0;
        }
    }

    private final Map<Long, Long> firsts = new HashMap<>();
    private final List<Long> listed = new ArrayList<>();
    private final List<Long> members = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private List<Done> all = List.of();
    private int doneOfCut;

    /** Who had put something under a key that several tried. */
    void first(long key, long number) {
        firsts.put(key, number);
    }

    /** What was in the list, one after the other. */
    void listed(long number) {
        listed.add(number);
    }

    /** What was in the set in the end. */
    void member(long number) {
        members.add(number);
    }

    /** How many operations returned. */
    public long returned() {
        return all.stream().filter(each -> !each.isCut()).count();
    }

    /** How many were cut by a death. */
    public long cut() {
        return all.stream().filter(Done::isCut).count();
    }

    /** How many of those were done all the same, as far as it shows. */
    public int doneOfCut() {
        return doneOfCut;
    }

    /**
     * What must not be; empty if all is right. To be asked once.
     *
     * @param turns of all processes, those of each in their order
     */
    public List<String> wrong(List<Turn> turns, Map<String, Long> counters, Map<String, Value> values) {
        Map<Long, Long> counts = new HashMap<>();
        all = turns.stream()
                .map(turn -> {
                    long place = counts.merge(turn.pid(), 1L, Long::sum) - 1;
                    return new Done(turn.pid(), CollectionWork.number(turn.pid(), place), Kind.of(place), turn);
                })
                .toList();
        for (Long pid : counts.keySet()) {
            checkCounter(pid, counters.getOrDefault(CollectionWork.own(pid), 0L));
            checkOwn(pid, values.get(CollectionWork.own(pid)));
            checkListed(pid);
        }
        checkListedAreTheirs();
        checkMerged(counters.getOrDefault(CollectionWork.COUNTER_OF_ALL, 0L));
        checkFirsts();
        checkMembers();
        for (int i = 0; i < CollectionWork.REGISTERS; i++) {
            checkRegister(i, values.get(CollectionWork.register(i)));
        }
        return wrong;
    }

    private List<Done> of(Kind kind) {
        return all.stream().filter(each -> each.kind() == kind).toList();
    }

    private List<Done> of(Kind kind, long pid) {
        return all.stream()
                .filter(each -> each.kind() == kind && each.pid() == pid)
                .toList();
    }

    private Set<Long> cutOf(Kind kind) {
        Set<Long> cut = new HashSet<>();
        of(kind).stream().filter(Done::isCut).forEach(each -> cut.add(each.number()));
        return cut;
    }

    /** Nobody else counts there, so each finds what it made of the one before. */
    private void checkCounter(long pid, long last) {
        long expected = 0;
        int cut = 0;
        for (Done each : of(Kind.COUNT, pid)) {
            if (each.isCut()) {
                cut++;
            } else if (each.turn().value() != ++expected) {
                wrong.add("count " + expected + " of " + pid + " was "
                        + each.turn().value());
            }
        }
        checkSum("counter of " + pid, last, expected, cut);
    }

    private void checkSum(String what, long last, long returned, int cut) {
        if (last < returned || last > returned + cut) {
            wrong.add(what + " is " + last + ", and " + returned + " returned, " + cut + " were cut");
        } else {
            doneOfCut += Math.toIntExact(last - returned);
        }
    }

    private void checkMerged(long last) {
        Set<Long> seen = new HashSet<>();
        for (Done each : of(Kind.MERGE)) {
            long value = each.turn().value();
            if (!each.isCut() && (!seen.add(value) || value > last)) {
                wrong.add("the sum was " + value + " twice, or fell to " + last);
            }
        }
        checkSum("the sum", last, seen.size(), cutOf(Kind.MERGE).size());
    }

    /** The last of those that returned, or any part of one that was cut after it. */
    private void checkOwn(long pid, @Nullable Value value) {
        long expected = 0;
        long cut = -1;
        for (Done each : of(Kind.PUTS, pid)) {
            if (each.isCut()) {
                cut = each.number();
            } else {
                expected = each.number();
            }
        }
        long number = value == null ? 0 : value.whole().number();
        if (number == cut) {
            doneOfCut++;
        } else if (number != expected || (value != null && value.part() != CollectionWork.PARTS - 1)) {
            wrong.add(pid + " last put " + expected + ", and there is " + value);
        }
    }

    private void checkListed(long pid) {
        List<Long> there = listed.stream()
                .filter(number -> CollectionWork.writer(number) == pid)
                .toList();
        List<Long> expected = new ArrayList<>();
        List<Long> withCut = new ArrayList<>();
        for (Done each : of(Kind.ADD, pid)) {
            withCut.add(each.number());
            if (!each.isCut()) {
                expected.add(each.number());
            }
        }
        if (there.equals(withCut)) {
            doneOfCut += withCut.size() - expected.size();
        } else if (!there.equals(expected)) {
            wrong.add(pid + " added " + withCut + ", and in the list are " + there);
        }
    }

    private void checkListedAreTheirs() {
        Set<Long> pids = new HashSet<>();
        all.forEach(each -> pids.add(each.pid()));
        listed.stream()
                .filter(number -> !pids.contains(CollectionWork.writer(number)))
                .forEach(number -> wrong.add("nobody added " + number));
    }

    /** All who came to a key found the same there, which who put it was told alone. */
    private void checkFirsts() {
        Set<Long> winners = new HashSet<>(cutOf(Kind.PUT_IF_ABSENT));
        Consumer<Done> check = each -> {
            long value = each.turn().value();
            if (!Long.valueOf(value).equals(firsts.get(each.turn().seen()))) {
                wrong.add(each + " found what is not there: "
                        + firsts.get(each.turn().seen()));
            }
            if (each.turn().told() != (value == each.number())) {
                wrong.add(each + " was told wrongly who was the first");
            }
            if (each.turn().told()) {
                winners.add(value);
            }
        };
        of(Kind.PUT_IF_ABSENT).stream().filter(each -> !each.isCut()).forEach(check);
        Set<Long> cut = cutOf(Kind.PUT_IF_ABSENT);
        for (Long number : firsts.values()) {
            if (!winners.remove(number)) {
                wrong.add(number + " is there twice, or nobody has put it");
            } else if (cut.contains(number)) {
                doneOfCut++;
            }
        }
    }

    private void checkMembers() {
        for (int i = 0; i < CollectionWork.MEMBERS; i++) {
            int which = i;
            MemberHistory member = new MemberHistory();
            all.stream()
                    .filter(each -> each.kind() == Kind.JOIN || each.kind() == Kind.LEAVE)
                    .filter(each -> CollectionWork.member(CollectionWork.place(each.number())) == which)
                    .forEach(each -> member.did(each.turn(), each.kind() == Kind.JOIN));
            boolean last = members.remove(CollectionWork.memberNumber(i));
            member.wrong(last).forEach(text -> wrong.add("member " + which + ": " + text));
            doneOfCut += member.doneOfCut();
        }
        members.forEach(number -> wrong.add("in the set is " + number + " once too often, or nobody has added it"));
    }

    /** Each value was replaced once at most, and what replaced nothing is nowhere. */
    private void checkRegister(int register, @Nullable Value value) {
        long last = value == null ? 0 : value.whole().number();
        Set<Long> cut = cutOf(Kind.REPLACE);
        Set<Long> been = new HashSet<>(Set.of(CollectionWork.first(register)));
        Set<Long> replaced = new HashSet<>();
        Set<Long> found = new HashSet<>(Set.of(last));
        for (Done each : of(Kind.REPLACE)) {
            if (each.isCut() || each.turn().seen() != register) {
                continue;
            }
            found.add(each.turn().value());
            if (each.turn().told()) {
                been.add(each.number());
                if (!replaced.add(each.turn().value())) {
                    wrong.add(each.turn().value() + " was replaced twice");
                }
            }
        }
        if (replaced.contains(last)) {
            wrong.add(last + " was replaced and is there");
        }
        for (Long number : found) {
            if (cut.contains(number)) {
                doneOfCut++;
                been.add(number);
            } else if (!been.contains(number)) {
                wrong.add(number + " was found in register " + register + " and never came there");
            }
        }
        been.removeAll(replaced);
        been.remove(last);
        if (been.size() > cut.size()) { // what is left was replaced by one that was cut
            wrong.add(been + " were lost from register " + register + ", and only " + cut + " were cut");
        }
    }
}
