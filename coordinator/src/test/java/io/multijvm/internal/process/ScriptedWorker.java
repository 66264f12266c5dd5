// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.wire.Bootstrap;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A main class in place of the worker's: does what the variable SCRIPT says, then waits for the end of its stdin. */
final class ScriptedWorker {
    static final int LIFE_LINE_ENDED = 42;

    private ScriptedWorker() {}

    public static void main(String[] args) throws Exception {
        Bootstrap bootstrap = Bootstrap.read(System.in);
        System.out.println("slot " + bootstrap.slot() + ", incarnation " + bootstrap.incarnation());
        play(System.getenv().getOrDefault("SCRIPT", "wait"));
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // until the coordinator lets go
        }
        Runtime.getRuntime().halt(LIFE_LINE_ENDED);
    }

    private static void play(String script) throws Exception {
        switch (script) {
            case "segv" -> segv();
            case "heap" -> fillHeap();
            case "array" -> System.out.println(new long[Integer.MAX_VALUE].length);
            case "halt" -> Runtime.getRuntime().halt(7);
            case "halt225" -> {
                System.err.println("no class of that name");
                Runtime.getRuntime().halt(225);
            }
            case "halt3" -> Runtime.getRuntime().halt(3);
            case "exit137" -> System.exit(137);
            case "flood" -> flood();
            case "children" -> children();
            case "exit0" -> {
                children();
                System.exit(0);
            }
            case "hook" ->
                Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("the hook has run")));
            case "flags" -> flags();
            case "both" -> {
                System.out.println("to stdout");
                System.err.println("to stderr");
            }
            default -> System.out.println("script " + script);
        }
    }

    private static void segv() throws ReflectiveOperationException {
        System.out.println("about to crash");
        Class<?> unsafe = Class.forName("sun.misc.Unsafe");
        Field field = unsafe.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        unsafe.getMethod("putAddress", long.class, long.class).invoke(field.get(null), 0L, 0L);
    }

    private static void fillHeap() {
        List<byte[]> kept = new ArrayList<>();
        while (kept.size() < Integer.MAX_VALUE) {
            kept.add(new byte[1 << 20]);
        }
        System.out.println(kept.size());
    }

    private static void flood() throws IOException {
        byte[] line = ("x".repeat(99) + "\n").getBytes(StandardCharsets.UTF_8);
        while (System.in.available() == 0 && !Thread.currentThread().isInterrupted()) {
            System.out.write(line);
            System.err.write(line);
        }
    }

    private static void children() throws IOException {
        // a child that has a child of its own, and both outlive the one who started them unless somebody ends them
        Process child = new ProcessBuilder("/bin/sh", "-c", "sleep 600 & echo $!; wait").start();
        try (var lines = child.inputReader(StandardCharsets.UTF_8)) {
            System.out.println("child " + child.pid());
            System.out.println("grandchild " + lines.readLine());
            System.out.println("ready");
            while (System.in.read() >= 0) {
                // until the coordinator lets go
            }
        }
    }

    private static void flags() {
        ManagementFactory.getRuntimeMXBean().getInputArguments().forEach(flag -> System.out.println("flag " + flag));
        System.out.println("cpus " + Runtime.getRuntime().availableProcessors());
        System.out.println("directory " + System.getProperty("user.dir"));
    }
}
