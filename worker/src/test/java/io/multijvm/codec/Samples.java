// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import io.multijvm.task.SerializableFunction;
import io.multijvm.task.SerializableRunnable;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Values and lambdas of a user's job. */
final class Samples {
    private Samples() {}

    static ValueCodec fory() {
        return codec(new ForyCodec());
    }

    static ValueCodec codec(io.multijvm.task.Codec codec) {
        return new ValueCodec(codec, Samples.class.getClassLoader(), AllowList.everything());
    }

    static Object roundTrip(ValueCodec codec, Object value) {
        byte[] bytes = codec.encode(value);
        return Objects.requireNonNull(codec.decode(bytes, 0, bytes.length));
    }

    record Point(int x, double y, String name) implements Serializable {}

    record Empty() {}

    @SuppressWarnings("ArrayRecordComponent") // users write such records
    record NotSerialisable(String name, int[] numbers, List<Point> points) {
        @Override
        public boolean equals(Object other) {
            return other instanceof NotSerialisable that
                    && name.equals(that.name)
                    && java.util.Arrays.equals(numbers, that.numbers)
                    && points.equals(that.points);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    enum Operation {
        PLUS {
            @Override
            int apply(int a, int b) {
                return a + b;
            }
        },
        MINUS {
            @Override
            int apply(int a, int b) {
                return a - b;
            }
        };

        abstract int apply(int a, int b);
    }

    static final class Node implements Serializable {
        final String name;
        Node next = this;
        Object load = "";

        Node(String name) {
            this.name = name;
        }
    }

    static Node ring() {
        Node first = new Node("first");
        Node second = new Node("second");
        first.next = second;
        second.next = first;
        return first;
    }

    /** Its array is written by hand, and counted. */
    static final class WithWriteObject implements Serializable {
        transient int[] numbers;

        WithWriteObject(int... numbers) {
            this.numbers = numbers;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            out.writeInt(numbers.length);
            for (int number : numbers) {
                out.writeInt(number);
            }
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            numbers = new int[in.readInt()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = in.readInt();
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof WithWriteObject that && java.util.Arrays.equals(numbers, that.numbers);
        }

        @Override
        public int hashCode() {
            return java.util.Arrays.hashCode(numbers);
        }
    }

    /** What a user's class may hold by mistake. */
    static final class Owner implements Serializable {
        final String name;
        Object held;

        Owner(String name, Object held) {
            this.name = name;
            this.held = held;
        }
    }

    /** A user's class whose methods make tasks. */
    static final class Service implements Serializable {
        private final Thread thread = new Thread();
        private final int offset = 3;

        SerializableFunction<Integer, Integer> taskUsingAField() {
            return n -> n + offset + thread.getPriority();
        }

        SerializableRunnable taskOf(Object captured) {
            return () -> System.out.println(captured);
        }
    }

    /** Not static: holds the object that made it. */
    static final class Maker {
        private final Thread thread = new Thread();

        final class Inner {
            int n() {
                return thread.getPriority();
            }
        }

        Inner inner() {
            return new Inner();
        }
    }

    static final class TwoArgumentException extends Exception {
        final int code;

        TwoArgumentException(String message, int code) {
            super(message);
            this.code = code;
        }
    }

    static final class HoldsRecordException extends RuntimeException {
        final Empty empty = new Empty();

        HoldsRecordException(String message) {
            super(message);
        }
    }

    static final class TwoArgumentRecordException extends RuntimeException {
        final Empty empty;

        TwoArgumentRecordException(String message, Empty empty) {
            super(message);
            this.empty = empty;
        }
    }

    static final class HoldsThreadException extends RuntimeException {
        final Thread thread = new Thread();

        HoldsThreadException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static final class HostileException extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("no message for you");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("no frames either");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("nor a cause");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("nor a text");
        }
    }

    /** Half of what it needs is missing. */
    static final class TornException extends RuntimeException {
        @Override
        public String getMessage() {
            throw new NoClassDefFoundError("Message");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new ExceptionInInitializerError("frames");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new AssertionError("a cause is never asked for");
        }

        @Serial
        private void writeObject(ObjectOutputStream out) {
            throw new NoClassDefFoundError("Written");
        }
    }

    static Map<String, Object> mapHolding(Object value) {
        return Map.of("connection", value);
    }
}
