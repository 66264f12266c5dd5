// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import io.multijvm.failure.PayloadException;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What to tell of a value that could not be decoded. */
final class DecodeFailure {
    private DecodeFailure() {}

    static PayloadException of(String reason, @Nullable Throwable cause) {
        if (cause != null) {
            Optional<RefusedClassException> refused = Throwables.find(cause, RefusedClassException.class);
            if (refused.isPresent()) {
                return refused(refused.get().refused(), cause);
            }
            Optional<MissingClassException> missing = Throwables.find(cause, MissingClassException.class);
            if (missing.isPresent()) {
                return failure(
                        "class " + missing.get().missing() + " is not known to the class loader here",
                        "put its jar on the class path of both sides; classes made at run time do not cross",
                        cause);
            }
            Optional<ExcessiveHashingException> hashing = Throwables.find(cause, ExcessiveHashingException.class);
            if (hashing.isPresent()) {
                return failure(
                        String.valueOf(hashing.get().getMessage()),
                        "use ids as keys, or keys that do not share their parts",
                        cause);
            }
            if (Throwables.find(cause, StackOverflowError.class).isPresent()) {
                return failure("it is nested too deeply for the thread's stack", EncodeAdvice.NESTED_TOO_DEEPLY, cause);
            }
        }
        return failure(reason, "both sides must run the same versions of the classes and use the same codec", cause);
    }

    private static PayloadException refused(String name, Throwable cause) {
        if (name.equals(SerializedLambda.class.getName())) {
            return failure(
                    "it holds a lambda, which may not come back from a worker",
                    "return data, or a named class of the job",
                    cause);
        }
        if (name.equals(Proxy.class.getName())) {
            return failure("it holds a proxy", "return an ordinary object instead of the proxy", cause);
        }
        int dot = name.lastIndexOf('.');
        String packageName = dot < 0 ? "" : name.substring(0, dot);
        return failure(
                "class " + name + " is not allowed here: it is neither a plain JDK value nor from the task's jar",
                "if you trust it, allow its package: allow(\"" + packageName + "\")",
                cause);
    }

    private static PayloadException failure(String what, String advice, @Nullable Throwable cause) {
        return new PayloadException("the value cannot be decoded: " + what + ". Next: " + advice, "", advice, cause);
    }
}
