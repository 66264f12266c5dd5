// SPDX-License-Identifier: Apache-2.0
package io.multijvm.examples;

import io.multijvm.WorkerProcess;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A JVM that runs a program, some of whose processes are killed when all of those are there. */
final class ProgramWithDeaths {
    private static final long LOOKS_AGAIN_NANOS = 1_000_000;

    private ProgramWithDeaths() {}

    /** The arguments are the main class, and the names of the processes. */
    public static void main(String[] args) throws Exception {
        List<String> names = List.of(args).subList(1, args.length);
        Thread killer = new Thread(() -> kill(names), "killer");
        killer.setDaemon(true);
        killer.start();
        Class<?> program = Class.forName(args[0]);
        program.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    }

    private static void kill(List<String> names) {
        List<WorkerProcess> victims;
        do {
            LockSupport.parkNanos(LOOKS_AGAIN_NANOS);
            victims = WorkerProcess.activeChildren().stream()
                    .filter(process -> names.contains(process.name()))
                    .toList();
        } while (victims.size() < names.size());
        victims.forEach(WorkerProcess::kill);
    }
}
