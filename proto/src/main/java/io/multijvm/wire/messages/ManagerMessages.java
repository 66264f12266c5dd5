// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.messages;

import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ManagerSaid;
import io.multijvm.wire.objects.Said;
import io.multijvm.wire.v1.MakeObject;
import io.multijvm.wire.v1.Named;
import io.multijvm.wire.v1.Nothing;
import io.multijvm.wire.v1.PublishObject;
import org.jspecify.annotations.Nullable;

/** What is said to a manager itself. */
final class ManagerMessages {
    private ManagerMessages() {}

    static io.multijvm.wire.v1.ManagerSaid message(ManagerSaid said) {
        io.multijvm.wire.v1.ManagerSaid.Builder message = io.multijvm.wire.v1.ManagerSaid.newBuilder();
        if (said instanceof ManagerSaid.Make make) {
            message.setMake(MakeObject.newBuilder().setKind(make.kind()).setNumber(make.number()));
        } else if (said instanceof ManagerSaid.Publish publish) {
            message.setPublish(PublishObject.newBuilder()
                    .setName(publish.name())
                    .setObject(publish.object())
                    .setKind(publish.kind())
                    .setFace(publish.face()));
        } else if (said instanceof ManagerSaid.Find find) {
            message.setFind(find.name());
        } else if (said instanceof ManagerSaid.CallPipe) {
            message.setCallPipe(Nothing.getDefaultInstance());
        }
        return message.build();
    }

    static @Nullable Said said(io.multijvm.wire.v1.ManagerSaid message) {
        return switch (message.getKindCase()) {
            case MAKE ->
                new ManagerSaid.Make(
                        message.getMake().getKind(), message.getMake().getNumber());
            case PUBLISH ->
                new ManagerSaid.Publish(
                        message.getPublish().getName(),
                        message.getPublish().getObject(),
                        message.getPublish().getKind(),
                        message.getPublish().getFace());
            case FIND -> new ManagerSaid.Find(message.getFind());
            case CALL_PIPE -> new ManagerSaid.CallPipe();
            case KIND_NOT_SET -> null;
        };
    }

    static Named message(Heard.Named named) {
        return Named.newBuilder()
                .setObject(named.object())
                .setKind(named.kind())
                .setFace(named.face())
                .build();
    }

    static Heard heard(Named named) {
        return new Heard.Named(named.getObject(), named.getKind(), named.getFace());
    }
}
