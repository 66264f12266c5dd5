// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** Keeps why a stream ended. To the service gRPC only says that it was cancelled. */
final class StreamEnd extends ServerStreamTracer {
    static final Context.Key<StreamEnd> KEY = Context.key("multijvm-stream-end");

    private volatile @Nullable Status status;

    static Factory factory() {
        return new Factory() {
            @Override
            public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
                return new StreamEnd();
            }
        };
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(KEY, this);
    }

    @Override
    public void streamClosed(Status closed) {
        status = closed;
    }

    /** As a clause: what happened, in gRPC's words. */
    String why() {
        Status seen = status;
        if (seen == null || seen.isOk()) {
            return "it was closed";
        }
        StringBuilder why = new StringBuilder(seen.getCode().toString());
        if (seen.getDescription() != null) {
            why.append(": ").append(seen.getDescription());
        }
        if (seen.getCause() != null) {
            why.append(" (").append(seen.getCause()).append(')');
        }
        return why.toString();
    }
}
