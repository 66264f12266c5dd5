// SPDX-License-Identifier: Apache-2.0
package io.multijvm.failure;

/**
 * How a worker died, as finely as what it left allows to say: from whether it had said hello, its last words, its fatal-error
 * log, its exit code or signal, and what was known of its memory. {@link CrashReport#what} has the words and the numbers.
 */
public enum DeathKind {
    /** Native code, or {@code Unsafe}, did what the processor or the system forbids: SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT. */
    NATIVE_CRASH(FailureKind.CRASH),
    /** The JVM found itself broken and gave up; its fatal-error log names no signal. */
    JVM_CRASH(FailureKind.CRASH),
    /** The heap was full. */
    OUT_OF_HEAP(FailureKind.OUT_OF_MEMORY),
    /** No more classes fit: metaspace or compressed class space was full. */
    OUT_OF_METASPACE(FailureKind.OUT_OF_MEMORY),
    /** No more direct buffers fit. */
    OUT_OF_DIRECT_MEMORY(FailureKind.OUT_OF_MEMORY),
    /** The system gave the JVM no more memory beside the heap. */
    OUT_OF_NATIVE_MEMORY(FailureKind.OUT_OF_MEMORY),
    /** The system gave the JVM no more threads. */
    OUT_OF_THREADS(FailureKind.OUT_OF_MEMORY),
    /** An array was asked for that no heap can hold, however large. */
    ARRAY_TOO_LARGE(FailureKind.OUT_OF_MEMORY),
    /** Something called {@code System.exit}; {@link CrashReport#javaFrames} says what. */
    EXIT(FailureKind.CRASH),
    /** The task of a {@code WorkerProcess} threw; {@link CrashReport#javaFrames} says where. */
    UNCAUGHT_EXCEPTION(FailureKind.TASK),
    /** The process ended without a word: {@code Runtime.halt}, or {@code exit} in native code. */
    HALT(FailureKind.CRASH),
    /** Somebody else sent a signal, SIGKILL and SIGTERM for instance. */
    KILLED(FailureKind.CRASH),
    /** The kernel killed it because machine or container were short of memory. */
    KILLED_FOR_MEMORY(FailureKind.OUT_OF_MEMORY),
    /** It took more memory than its pool allows a worker, and was ended by its coordinator. */
    MEMORY_LIMIT(FailureKind.OUT_OF_MEMORY),
    /** It gave no sign of life any more, and was ended by its coordinator. */
    HUNG(FailureKind.CRASH),
    /** It lived, but its stream to the coordinator broke; it was ended. */
    LOST_STREAM(FailureKind.CRASH),
    /** What it left as results was none that a worker writes: something overwrote its memory. It was ended. */
    CORRUPT_RESULTS(FailureKind.CRASH),
    /** Its coordinator ended it for another's sake: an item that was cancelled or late, or the pool's end. */
    ENDED(FailureKind.CRASH),
    /** The worker's own code gave up, and its exit code says why. */
    GAVE_UP(FailureKind.CRASH),
    /** Its JVM never came so far as to say hello: a bad flag, too little memory, a class path without Multijvm. */
    FAILED_START(FailureKind.POOL_BROKEN),
    /** What it left could not be read. */
    UNEXPLAINED(FailureKind.CRASH);

    private final FailureKind failureKind;

    DeathKind(FailureKind failureKind) {
        this.failureKind = failureKind;
    }

    /**
     * What the item that ran fails with, and what {@code retryOn} is asked about: CRASH, OUT_OF_MEMORY, or POOL_BROKEN for a JVM
     * that never ran one. TASK where a process ended by what its task threw.
     */
    public FailureKind failureKind() {
        return failureKind;
    }
}
