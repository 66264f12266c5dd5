// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.worker.job.MethodTask;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code --call pkg.Class::method} names, checked before any worker is started. */
record CallTarget(String className, String methodName) implements Target {
    private static final Pattern CALL =
            Pattern.compile("([\\p{javaJavaIdentifierPart}.]+)::(\\p{javaJavaIdentifierPart}+)");

    static CallTarget parse(String text) {
        Matcher matcher = CALL.matcher(text);
        if (!matcher.matches()) {
            throw new UsageException(
                    "--call " + OneLine.quote(text) + " does not name a method; write it as pkg.Class::method");
        }
        return new CallTarget(matcher.group(1), matcher.group(2));
    }

    /** The task that calls the method; refuses what is not public, static and of one parameter that items can become. */
    @Override
    public MethodTask resolve(JobJar jar, Items items) {
        Class<?> owner = jar.load("--call", className);
        try {
            return MethodTask.of(choose(owner, items), items.form());
        } catch (LinkageError e) {
            throw new UsageException(jar.incomplete("--call", className, e));
        }
    }

    /** A method knows none. */
    @Override
    public Items ownItems(JobJar jar) {
        throw new UsageException("nothing says what the items are; give " + ItemOptions.CHOICES);
    }

    private Method choose(Class<?> owner, Items items) {
        List<Method> named = everyMethod(owner)
                .filter(each -> each.getName().equals(methodName))
                .toList();
        if (named.isEmpty()) {
            throw new UsageException("--call: class " + className + " has no method " + methodName + suggestion(owner));
        }
        List<Method> callable = named.stream().filter(CallTarget::isCallable).toList();
        if (callable.isEmpty()) {
            throw new UsageException("--call: " + shown(named.get(0)) + " " + flaw(named.get(0))
                    + "; it has to be public, static, and take one parameter");
        }
        List<Method> fitting = callable.stream()
                .filter(each -> items.fits().test(each.getParameterTypes()[0]))
                .toList();
        if (fitting.isEmpty()) {
            throw new UsageException("--call: a " + items.noun() + " cannot become the parameter of "
                    + shown(callable.get(0)) + "; " + items.advice());
        }
        return fitting.size() == 1 ? fitting.get(0) : preferred(fitting, items);
    }

    private Method preferred(List<Method> fitting, Items items) {
        return Arrays.stream(items.preferredTypes())
                .flatMap(type -> fitting.stream().filter(each -> each.getParameterTypes()[0] == type))
                .findFirst()
                .orElseThrow(() -> new UsageException("--call: " + className + "::" + methodName + " is ambiguous: "
                        + fitting.stream().map(CallTarget::shown).sorted().collect(Collectors.joining(", "))
                        + "; give the one that is meant a name of its own"));
    }

    /** Those that can be called through the class, and those that cannot, so that we can say why. */
    private static Stream<Method> everyMethod(Class<?> owner) {
        return Stream.concat(Arrays.stream(owner.getMethods()), Arrays.stream(owner.getDeclaredMethods()))
                .filter(each -> !each.isBridge() && !each.isSynthetic())
                .distinct();
    }

    private static boolean isCallable(Method method) {
        return Modifier.isPublic(method.getModifiers())
                && Modifier.isStatic(method.getModifiers())
                && method.getParameterCount() == 1;
    }

    private static String flaw(Method method) {
        if (!Modifier.isPublic(method.getModifiers())) {
            return "is not public";
        }
        if (!Modifier.isStatic(method.getModifiers())) {
            return "is not static";
        }
        int parameters = method.getParameterCount();
        return parameters == 0 ? "takes no parameter" : "takes " + parameters + " parameters";
    }

    private static String shown(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    private String suggestion(Class<?> owner) {
        List<String> names = everyMethod(owner)
                .filter(CallTarget::isCallable)
                .map(Method::getName)
                .distinct()
                .sorted()
                .toList();
        if (names.isEmpty()) {
            return "; it has no public static method of one parameter at all";
        }
        return Suggestions.nearest(methodName, names)
                .map(each -> "; did you mean " + each + "?")
                .orElse("; it has " + names.stream().limit(5).collect(Collectors.joining(", ")));
    }
}
