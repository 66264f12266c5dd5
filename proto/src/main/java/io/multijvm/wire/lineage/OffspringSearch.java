// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.lineage;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Goes through all processes until none is left that it has to end. Confined to its thread. */
final class OffspringSearch implements Runnable {
    /** For a search by marks only. */
    static final long NOBODY = -1;

    /** What is started while we look is found by the next round; a program that starts some for ever wins. */
    private static final int ROUNDS = 20;

    private static final int MOST_ENVIRONMENT_BYTES = 2 << 20;
    private static final String VARIABLE = Mark.VARIABLE + "=";
    private static final String BEHIND_ANOTHER = "\0" + VARIABLE;

    private final long self = ProcessHandle.current().pid();
    private final long root;
    private final Sought sought;
    /** Only these can be meant; null for processes of any session. */
    private final @Nullable Long session;

    /** Whether a process of that session with that mark is meant. */
    private interface Sought {
        boolean is(String mark, long session);
    }

    private record Entry(long pid, ProcStat stat) {}

    /**
     * @param root whose descendants are meant, or {@link #NOBODY}
     * @param session the session of those that are meant by their mark
     * @param marks whether a mark is meant
     */
    OffspringSearch(long root, long session, Predicate<String> marks) {
        this.root = root;
        this.session = session;
        this.sought = (mark, itsSession) -> marks.test(mark);
    }

    /** For all that a coordinator's workers have left, and themselves. */
    OffspringSearch(ProcessStamp coordinator) {
        this.root = NOBODY;
        this.session = null;
        this.sought = (mark, itsSession) -> Mark.isOf(mark, coordinator, itsSession);
    }

    @Override
    public void run() {
        for (int round = 0; round < ROUNDS; round++) {
            List<Entry> all = table();
            if (all.isEmpty()) {
                endDescendantsByHandle();
                return;
            }
            int found = 0;
            Set<Long> family = descendants(all);
            for (Entry entry : all) {
                if (family.contains(entry.pid) || isMarked(entry)) {
                    found++;
                    end(entry);
                }
            }
            if (found == 0) {
                return;
            }
        }
    }

    /** All that live but this one. */
    private List<Entry> table() {
        List<Entry> all = new ArrayList<>();
        String[] names = new File("/proc").list();
        if (names == null) {
            return all;
        }
        for (String name : names) {
            if (!Character.isDigit(name.charAt(0))) {
                continue;
            }
            long pid = Long.parseLong(name);
            ProcStat stat = ProcStat.of(pid);
            if (stat != null && !stat.ended() && pid != self) {
                all.add(new Entry(pid, stat));
            }
        }
        return all;
    }

    private Set<Long> descendants(List<Entry> all) {
        Set<Long> family = new HashSet<>();
        if (root == NOBODY) {
            return family;
        }
        family.add(root);
        boolean more = true;
        while (more) {
            more = false;
            for (Entry entry : all) {
                more |= family.contains(entry.stat.parent()) && family.add(entry.pid);
            }
        }
        return family;
    }

    private boolean isMarked(Entry entry) {
        long its = entry.stat.session();
        if (session != null && session != its) {
            return false;
        }
        String value = variable(entry.pid);
        if (value == null) {
            return false;
        }
        for (String mark : value.split(" ", -1)) {
            if (sought.is(mark, its)) {
                return true;
            }
        }
        return false;
    }

    /** The marks of a process; null where it has none, or is another user's. */
    private static @Nullable String variable(long pid) {
        String environment;
        try (FileInputStream file =
                new FileInputStream("/proc/".concat(Long.toString(pid)).concat("/environ"))) {
            environment = new String(file.readNBytes(MOST_ENVIRONMENT_BYTES), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return null;
        }
        int at = environment.startsWith(VARIABLE) ? 0 : environment.indexOf(BEHIND_ANOTHER) + 1;
        if (at == 0 && !environment.startsWith(VARIABLE)) {
            return null;
        }
        int end = environment.indexOf('\0', at);
        return environment.substring(at + VARIABLE.length(), end < 0 ? environment.length() : end);
    }

    /** Not who has its pid by now. */
    private static void end(Entry entry) {
        Optional<ProcessHandle> process = ProcessHandle.of(entry.pid);
        ProcStat now = ProcStat.of(entry.pid);
        if (process.isPresent() && now != null && now.startTicks() == entry.stat.startTicks()) {
            process.get().destroyForcibly();
        }
    }

    private void endDescendantsByHandle() {
        Optional<ProcessHandle> parent = root == NOBODY ? Optional.empty() : ProcessHandle.of(root);
        if (parent.isPresent()) {
            parent.get().descendants().forEach(ProcessHandle::destroyForcibly);
        }
    }
}
