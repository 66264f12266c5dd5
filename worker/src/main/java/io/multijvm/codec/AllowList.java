// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import io.multijvm.failure.MultijvmException;
import io.multijvm.shared.Shared;
import io.multijvm.task.Codec;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which classes may be decoded. In the coordinator: plain JDK values, everything from the jar or directory that the task's
 * class came from, Multijvm's own value types, and packages that the user named. Never proxies, never lambdas: what either
 * does when it is called is up to its sender. Thread-safe; remembers its answers without holding on to the classes.
 */
public final class AllowList implements Predicate<Class<?>> {
    private static final AllowList EVERYTHING = new AllowList(true, Set.of(), Set.of());
    private static final Set<String> OWN_PACKAGES = Set.of(
            Codec.class.getPackageName(), MultijvmException.class.getPackageName(), Shared.class.getPackageName());
    private static final String STANDS_FOR_SHARED = "io.multijvm.worker.shared";
    private static final int MAX_LAMBDA_NESTING = 8;

    private final boolean everything;
    private final Set<String> locations;
    private final Set<String> packages;

    private final ClassValue<Boolean> answers = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return decide(type);
        }
    };

    private AllowList(boolean everything, Set<String> locations, Set<String> packages) {
        this.everything = everything;
        this.locations = Set.copyOf(locations);
        this.packages = Set.copyOf(packages);
    }

    /** For a worker that decodes what its own coordinator sent, which could make it run anything anyway. */
    public static AllowList everything() {
        return EVERYTHING;
    }

    /**
     * For the results of a task of that class.
     *
     * @param extraPackages exact package names, without their sub-packages
     */
    public static AllowList forTask(Class<?> taskClass, Collection<String> extraPackages) {
        return new AllowList(false, locationsOf(List.of(taskClass)), Set.copyOf(extraPackages));
    }

    /**
     * For the results of this task: as {@link #forTask(Class, Collection)}, and where the task is one of Multijvm's own
     * lambdas around a user's ({@code Args.spread}), for what it captured.
     */
    public static AllowList forTask(Object task, Collection<String> extraPackages) {
        List<Class<?>> classes = new ArrayList<>();
        collect(task, classes, 0);
        return new AllowList(false, locationsOf(classes), Set.copyOf(extraPackages));
    }

    /** JDK values, Multijvm's own, and these packages; no task's yet. */
    public static AllowList of(Collection<String> packages) {
        return new AllowList(false, Set.of(), Set.copyOf(packages));
    }

    /** This list and what {@link #forTask(Object, Collection)} adds for the task; this list itself if that is nothing. */
    public AllowList plus(Object task) {
        List<Class<?>> classes = new ArrayList<>();
        collect(task, classes, 0);
        return plusTypes(classes);
    }

    /** This list and everything from where these classes came; this list itself if that is nothing new. */
    public AllowList plusTypes(Collection<Class<?>> classes) {
        Set<String> more = locationsOf(classes);
        if (locations.containsAll(more)) {
            return this;
        }
        more.addAll(locations);
        return new AllowList(everything, more, packages);
    }

    /** This list, what comes from where that class comes from, and these packages. */
    public AllowList plus(Class<?> user, Collection<String> morePackages) {
        Set<String> more = locationsOf(List.of(user));
        more.addAll(locations);
        Set<String> named = new HashSet<>(packages);
        named.addAll(morePackages);
        return new AllowList(everything, more, named);
    }

    private static void collect(Object task, List<Class<?>> classes, int nesting) {
        if (task instanceof AroundTask around && nesting < MAX_LAMBDA_NESTING) {
            collect(around.inner(), classes, nesting + 1);
            return;
        }
        classes.add(task.getClass());
        SerializedLambda lambda = GraphParts.serialized(task);
        if (lambda == null || nesting == MAX_LAMBDA_NESTING) {
            return;
        }
        for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
            Object captured = lambda.getCapturedArg(i);
            // a user's lambda speaks for itself; what it captured may come from anywhere
            if (captured != null && (isOwn(task.getClass()) || ClassNames.isLambda(captured.getClass()))) {
                collect(captured, classes, nesting + 1);
            }
        }
    }

    private static Set<String> locationsOf(Collection<Class<?>> classes) {
        Set<String> locations = new HashSet<>();
        for (Class<?> type : classes) {
            String location = isOwn(type) || standsForShared(type) ? null : locationOf(type);
            if (location != null) {
                locations.add(location);
            }
        }
        return locations;
    }

    @Override
    public boolean test(Class<?> type) {
        return everything || answers.get(type);
    }

    private boolean decide(Class<?> asked) {
        Class<?> type = ClassNames.elementOf(asked);
        if (type.isPrimitive()) {
            return true;
        }
        if (type == SerializedLambda.class || type == Proxy.class || Proxy.isProxyClass(type) || type.isHidden()) {
            return false;
        }
        if (JdkValues.isJdk(type)) {
            return JdkValues.contains(type) || packages.contains(type.getPackageName());
        }
        if (type == PackedList.class) {
            // a list of results that a task returns; what crosses is an ArrayList under this name
            return true;
        }
        if (isOwn(type)) {
            return isPublic(type);
        }
        if (standsForShared(type)) {
            return true;
        }
        String location = locationOf(type);
        return packages.contains(type.getPackageName()) || (location != null && locations.contains(location));
    }

    private static boolean isPublic(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return Modifier.isPublic(type.getModifiers()) && (outer == null || isPublic(outer));
    }

    /** One of the packages that tasks may use, from where this class came: not a user's class of the same package. */
    private static boolean isOwn(Class<?> type) {
        return OWN_PACKAGES.contains(type.getPackageName())
                && Objects.equals(locationOf(type), locationOf(Codec.class));
    }

    /** What a shared object is in a process: its class is named where it is written, and what crosses is its handle. */
    private static boolean standsForShared(Class<?> type) {
        return STANDS_FOR_SHARED.equals(type.getPackageName())
                && Serializable.class.isAssignableFrom(type)
                && Objects.equals(locationOf(type), locationOf(Codec.class));
    }

    /** As text: equality of URLs may ask the network. */
    private static @Nullable String locationOf(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        return location == null ? null : location.toExternalForm();
    }
}
