// SPDX-License-Identifier: Apache-2.0
package io.multijvm.forms;

import io.multijvm.Calls;
import io.multijvm.TaskFuture;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.task.Args;
import io.multijvm.task.SerializableBiFunction;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableConsumer;
import io.multijvm.task.SerializableFunction;
import io.multijvm.task.SerializableRunnable;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Java's types make of it: overloaded references, wildcards, inference, checked exceptions, and what is a lambda. */
final class OverloadsAndTypes {
    private OverloadsAndTypes() {}

    /** Something between Number and Integer in a hierarchy of the user's own. */
    sealed interface Shape permits Circle, Square {
        double area();
    }

    record Circle(double radius) implements Shape {
        @Override
        public double area() {
            return 3 * radius * radius;
        }
    }

    record Square(double side) implements Shape {
        @Override
        public double area() {
            return side * side;
        }
    }

    /** A task with a name of its own and something in it. */
    record Multiply(int factor) implements SerializableFunction<Integer, Integer> {
        @Override
        public Integer applyOrThrow(Integer item) {
            return item * factor;
        }
    }

    /** An object whose methods are tasks. */
    static final class Dictionary implements Serializable {
        private static final long serialVersionUID = 1;
        private final Map<String, String> words;

        Dictionary(Map<String, String> words) {
            this.words = Map.copyOf(words);
        }

        String translate(String word) {
            return words.getOrDefault(word, "?");
        }

        List<String> translateAll(Calls calls, List<String> text) {
            return calls.map(this::translate, text);
        }
    }

    static int length(Path file) throws IOException {
        return (int) Files.size(file);
    }

    static String overloaded(int x) {
        return "int " + x;
    }

    static String overloaded(String x) {
        return "String " + x;
    }

    static Stream<Form> forms() {
        return Stream.concat(types(), tasks());
    }

    @SuppressWarnings("StreamToIterable") // an input is read once
    private static Stream<Form> types() {
        return Stream.of(
                Form.of("an overloaded method, chosen by the items' type", List.of("int 1", "String a"), pool -> {
                    List<String> ofInts = pool.map(OverloadsAndTypes::overloaded, List.of(1));
                    List<String> ofTexts = pool.map(OverloadsAndTypes::overloaded, List.of("a"));
                    return Stream.of(ofInts, ofTexts).flatMap(List::stream).toList();
                }),
                Form.of(
                        "an overloaded method of the JDK",
                        List.of("1", "2"),
                        pool -> pool.map((Integer x) -> String.valueOf(x), List.of(1, 2))),
                Form.of("a function of a supertype", List.of(3.0, 4.0), pool -> {
                    SerializableFunction<Shape, Double> area = Shape::area;
                    List<Circle> circles = List.of(new Circle(1));
                    List<Square> squares = List.of(new Square(2));
                    return List.of(
                            pool.map(area, circles).get(0),
                            pool.map(area, squares).get(0));
                }),
                Form.of("results as a list of a supertype", List.of(1, 2), pool -> {
                    SerializableFunction<Integer, Integer> same = x -> x;
                    List<Number> numbers = pool.map(same, List.of(1, 2));
                    return numbers;
                }),
                Form.of("items of a wildcard type", List.of(1, 2), pool -> {
                    Collection<? extends Number> some = List.of(1.5, 2);
                    return pool.map(Number::intValue, some);
                }),
                Form.of(
                        "a set as the input",
                        Set.of("A", "B"),
                        pool -> Set.copyOf(pool.map(
                                (String text) -> text.toUpperCase(Locale.ROOT), new TreeSet<>(List.of("a", "b"))))),
                Form.of("the entries of a map, and a map again", Map.of("a", 2, "b", 4), pool -> {
                    Map<String, Integer> prices = Map.of("a", 1, "b", 2);
                    return pool.map(e -> Args.of(e.getKey(), 2 * e.getValue()), List.copyOf(prices.entrySet())).stream()
                            .collect(Collectors.toMap(Args.Two::first, Args.Two::second));
                }),
                Form.of("a stream as the input", List.of(2, 3), pool -> {
                    Stream<Integer> input = Stream.of(1, 2);
                    return pool.map(x -> x + 1, input::iterator);
                }),
                Form.of(
                        "Optional as a result",
                        List.of(Optional.of(1), Optional.empty()),
                        pool -> pool.map(
                                (Integer x) -> x > 0 ? Optional.of(x) : Optional.<Integer>empty(), List.of(1, -1))),
                Form.of("a generic method that takes any Calls", List.of("1", "2"), pool -> {
                    Calls quick = pool.with(o -> o.chunkSize(1));
                    return texts(quick, List.of(1, 2));
                }),
                Form.of("big values", new BigInteger("2").pow(500), pool -> pool.apply(() -> BigInteger.TWO.pow(500))),
                Form.of(
                        "arrays",
                        6,
                        pool -> pool.map((int[] row) -> row[0] + row[1] + row[2], List.of(new int[] {1, 2, 3}))
                                .get(0)));
    }

    private static <T> List<String> texts(Calls calls, Iterable<? extends T> items) {
        return calls.map((T item) -> String.valueOf(item), items);
    }

    private static Stream<Form> tasks() {
        return Stream.of(
                Form.of("a record as the task", List.of(3, 6), pool -> pool.map(new Multiply(3), List.of(1, 2))),
                Form.of("a bound method reference", List.of("Hund", "?"), pool -> {
                    Dictionary dictionary = new Dictionary(Map.of("dog", "Hund"));
                    return pool.map(dictionary::translate, List.of("dog", "cat"));
                }),
                Form.of(
                        "a method of this",
                        List.of("Hund"),
                        pool -> new Dictionary(Map.of("dog", "Hund")).translateAll(pool, List.of("dog"))),
                Form.of(
                        "a constructor",
                        List.of(new Circle(1), new Circle(2)),
                        pool -> pool.map(Circle::new, List.of(1.0, 2.0))),
                Form.of("a method of the item", List.of(1, 3), pool -> pool.map(String::length, List.of("a", "abc"))),
                Form.of("two functions, one behind the other", List.of("4", "9"), pool -> {
                    SerializableFunction<Integer, Integer> squared = x -> x * x;
                    return pool.map(squared.andThen(String::valueOf), List.of(2, 3));
                }),
                Form.of("a task in a variable", 5, pool -> {
                    SerializableCallable<Integer> five = () -> 5;
                    return pool.submit(five).get();
                }),
                Form.of("a task without a result", true, pool -> {
                    SerializableRunnable nothing = () -> {};
                    TaskFuture<?> future = pool.submit(nothing);
                    future.get();
                    return future.isDone();
                }),
                Form.of("a consumer in a variable", true, pool -> {
                    SerializableConsumer<Object> anything = x -> {};
                    pool.forEach(anything, List.of("a", 1));
                    return true;
                }),
                Form.of("a function of two in a variable", List.of("ab"), pool -> {
                    SerializableBiFunction<CharSequence, Object, String> joined = (a, b) -> a + "" + b;
                    return pool.<String, String, String>map(joined, List.of("a"), List.of("b"));
                }),
                Form.of("a Function of the JDK, made serialisable where it is written", List.of(2), pool -> {
                    Function<Integer, Integer> next = (Function<Integer, Integer> & Serializable) x -> x + 1;
                    return pool.map(next::apply, List.of(1));
                }),
                Form.of("a block that only throws", "IllegalStateException", pool -> {
                    try {
                        return pool.apply(() -> {
                            throw new IllegalStateException("always");
                        });
                    } catch (TaskFailedException e) {
                        return String.valueOf(e.getCause()).replaceAll("^.*\\.(\\w+):.*$", "$1");
                    }
                }),
                Form.of("a method with a checked exception", "NoSuchFileException", pool -> {
                    try {
                        return pool.map(OverloadsAndTypes::length, List.of(Path.of("no-such-file")));
                    } catch (TaskFailedException e) {
                        Throwable cause = e.getCause();
                        return cause == null ? "none" : cause.getClass().getSimpleName();
                    }
                }),
                Form.of("a lambda with a checked exception", "IOException", pool -> {
                    try {
                        return pool.apply(() -> {
                            if (System.nanoTime() != 0) {
                                throw new IOException("no disk");
                            }
                            return 1;
                        });
                    } catch (TaskFailedException e) {
                        return e.getCause() instanceof IOException ? "IOException" : "another";
                    }
                }));
    }
}
