// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.SharedHandle;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What can be called of an object of a user's class: the methods of its interface, numbered alike in every process. Never
 * changed; thread-safe.
 */
public final class FaceMethods {
    /** Done in the process that calls. */
    private static final Set<String> DONE_HERE = Set.of("equals(Object)", "hashCode()", "toString()", "writeReplace()");

    private static final ClassValue<FaceMethods> KNOWN = new ClassValue<>() {
        @Override
        protected FaceMethods computeValue(Class<?> face) {
            return new FaceMethods(face);
        }
    };

    private final Class<?> face;
    private final List<FaceMethod> inOrder = new ArrayList<>();
    private final Map<Method, FaceMethod> byMethod = new HashMap<>();

    private FaceMethods(Class<?> face) {
        this.face = face;
        SortedMap<String, List<Method>> bySignature = new TreeMap<>();
        for (Method method : face.getMethods()) {
            if (!Modifier.isStatic(method.getModifiers()) && !DONE_HERE.contains(shortName(method))) {
                bySignature
                        .computeIfAbsent(signature(method), signature -> new ArrayList<>())
                        .add(method);
            }
        }
        bySignature.forEach((signature, methods) -> {
            FaceMethod made = new FaceMethod(this, methods.get(0), number(signature, inOrder.size()));
            inOrder.add(made);
            methods.forEach(method -> byMethod.put(method, made)); // the same of several interfaces
        });
    }

    /**
     * One method.
     *
     * @param number in every process; part of it is told by its signature, so that another version of the interface is noticed
     */
    public record FaceMethod(FaceMethods of, Method method, long number) {
        /** Its name alone. */
        public String word() {
            return method.getName();
        }

        /** Whether it is {@link AutoCloseable#close}. */
        public boolean closes() {
            return method.getName().equals("close")
                    && method.getParameterCount() == 0
                    && AutoCloseable.class.isAssignableFrom(of.face);
        }

        /** For messages: {@code Store.put(String, Order)}. */
        @Override
        public String toString() {
            return of + "." + shortName(method);
        }
    }

    /**
     * The methods of an interface.
     *
     * @throws IllegalArgumentException if no proxy can be made for it; says what to do
     */
    public static FaceMethods of(Class<?> face) {
        String why = unfit(face);
        if (why != null) {
            throw new IllegalArgumentException(face.getTypeName() + " " + why);
        }
        return KNOWN.get(face);
    }

    private static @Nullable String unfit(Class<?> face) {
        if (!face.isInterface() || face.isAnnotation()) {
            return "is no interface: name one that has the methods which other processes shall call";
        }
        if (face.isSealed()) {
            return "is sealed, so no other class can implement it: take one that is not";
        }
        return face.isHidden() ? "is hidden, so other processes cannot find it: take a named one" : null;
    }

    /** What the methods take, give and throw. */
    public List<Class<?>> types() {
        return inOrder.stream()
                .map(FaceMethod::method)
                .flatMap(method -> Stream.of(
                                Arrays.stream(method.getParameterTypes()),
                                Arrays.stream(method.getExceptionTypes()),
                                Stream.of(method.getReturnType()))
                        .flatMap(types -> types))
                .distinct()
                .collect(Collectors.toUnmodifiableList());
    }

    /** The interface. */
    public Class<?> face() {
        return face;
    }

    Object proxy(OwnClient client) {
        ClassLoader theirs = face.getClassLoader();
        ClassLoader loader = theirs == null || theirs.equals(ClassLoader.getPlatformClassLoader())
                ? SharedHandle.class.getClassLoader()
                : theirs;
        return Proxy.newProxyInstance(loader, new Class<?>[] {face, SharedHandle.Faced.class}, client);
    }

    /** Null if it is none of the interface's. */
    @Nullable
    FaceMethod of(Method method) {
        return byMethod.get(method);
    }

    /**
     * The method of that number.
     *
     * @throws IllegalArgumentException if there is none, or it is another one in the process that has sent it
     */
    public FaceMethod of(long number) {
        int index = (int) number;
        if (index < 0 || index >= inOrder.size() || inOrder.get(index).number() != number) {
            throw new IllegalArgumentException("interface " + face.getTypeName()
                    + " is another in the process that calls than at the owner: both must run the same version of it");
        }
        return inOrder.get(index);
    }

    private static long number(String signature, int index) {
        return (long) signature.hashCode() << Integer.SIZE | index;
    }

    private static String signature(Method method) {
        return Arrays.stream(method.getParameterTypes())
                        .map(Class::getName)
                        .collect(Collectors.joining(",", method.getName() + "(", ")"))
                + method.getReturnType().getName();
    }

    private static String shortName(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", ", method.getName() + "(", ")"));
    }

    @Override
    public String toString() {
        String name = face.getTypeName();
        return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
    }
}
