// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Serializable;
import java.io.Writer;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.nio.channels.Channel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Lock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** What to change, for each usual reason why a value cannot cross. */
final class EncodeAdvice {
    static final String TOO_LARGE = "split it into several items, or hand over the path of a file";
    static final String NESTED_TOO_DEEPLY =
            "keep its nodes in a list or an array instead of a chain, or run with a larger stack (-Xss)";

    private static final Map<Class<?>, String> SERIALISABLE_FORMS = serialisableForms();

    /** By name: some are in modules that we do not need otherwise. */
    private static final List<String> RESOURCES = List.of(
            "java.lang.Thread",
            "java.lang.ThreadGroup",
            "java.lang.Process",
            "java.lang.ClassLoader",
            "java.lang.ThreadLocal",
            "java.io.RandomAccessFile",
            "java.io.FileDescriptor",
            "java.net.Socket",
            "java.net.ServerSocket",
            "java.net.DatagramSocket",
            "java.net.http.HttpClient",
            "java.nio.channels.Selector",
            "java.sql.Connection",
            "java.sql.Statement",
            "java.sql.ResultSet",
            "java.util.Timer",
            "java.util.Scanner");

    private EncodeAdvice() {}

    static String of(CulpritFinder.Culprit culprit) {
        if (Throwables.find(culprit.thrown(), StackOverflowError.class).isPresent()) {
            return NESTED_TOO_DEEPLY;
        }
        for (GraphParts.Part part : culprit.way()) {
            SerializedLambda lambda = part.lambda();
            if (lambda != null && isThisOf(part, lambda)) {
                return "the lambda captures `this` (class "
                        + part.value().getClass().getTypeName()
                        + ") because it uses a field or method of it: copy the field to a local variable first";
            }
            if (part.step().startsWith(".this$")) {
                return "class " + part.holder().getClass().getTypeName()
                        + " holds the object that it was made in (class "
                        + part.value().getClass().getTypeName() + "): make it static, or a record";
            }
        }
        return ofValue(culprit.value());
    }

    /** A lambda's body is an instance method of its class only if it uses `this`, which it then captures first. */
    private static boolean isThisOf(GraphParts.Part part, SerializedLambda lambda) {
        boolean instanceBody = lambda.getImplMethodKind() == MethodHandleInfo.REF_invokeSpecial
                || lambda.getImplMethodKind() == MethodHandleInfo.REF_invokeVirtual
                || lambda.getImplMethodKind() == MethodHandleInfo.REF_invokeInterface;
        return instanceBody
                && lambda.getImplMethodName().startsWith("lambda$")
                && part.step().equals(".captured[0]");
    }

    private static String ofValue(Object value) {
        Class<?> type = value.getClass();
        if (ClassNames.isLambda(type)) {
            return ofLambda(value);
        }
        if (value instanceof CompletableFuture<?> || value instanceof Future<?>) {
            return "wait for it and hand over its value; a copy in another JVM would never be completed";
        }
        if (value instanceof Executor) {
            return "make it inside the task: threads stay in their JVM";
        }
        if (value instanceof Lock) {
            return "a copied lock would lock nothing: make it inside the task";
        }
        if (isResource(value)) {
            return "it is bound to this JVM: open it inside the task, and hand over what is needed for that "
                    + "(a path, an address)";
        }
        if (JdkValues.isJdk(type)) {
            return "hand over a copy of its data (new ArrayList<>(...), new HashSet<>(...)), or make it inside the task";
        }
        String serialisable =
                value instanceof Serializable ? "" : " (with Java serialisation: implements Serializable)";
        return "mark the field transient, or hand over the data that the task needs instead" + serialisable;
    }

    private static String ofLambda(Object lambda) {
        for (Map.Entry<Class<?>, String> form : SERIALISABLE_FORMS.entrySet()) {
            if (form.getKey().isInstance(lambda)) {
                return "the lambda is not serialisable: use " + form.getValue() + " (io.multijvm.task) instead of "
                        + form.getKey().getSimpleName() + " as its type, or a named class";
            }
        }
        return "the lambda is not serialisable: let its interface extend Serializable, or use a named class";
    }

    private static boolean isResource(Object value) {
        if (value instanceof InputStream
                || value instanceof OutputStream
                || value instanceof Reader
                || value instanceof Writer
                || value instanceof Channel
                || value instanceof AutoCloseable) {
            return true;
        }
        for (Class<?> type = value.getClass(); type != null; type = type.getSuperclass()) {
            if (RESOURCES.contains(type.getName())) {
                return true;
            }
        }
        return false;
    }

    private static Map<Class<?>, String> serialisableForms() {
        Map<Class<?>, String> forms = new LinkedHashMap<>();
        forms.put(Function.class, "SerializableFunction");
        forms.put(BiFunction.class, "SerializableBiFunction");
        forms.put(Callable.class, "SerializableCallable");
        forms.put(Runnable.class, "SerializableRunnable");
        forms.put(Consumer.class, "SerializableConsumer");
        return forms;
    }
}
