// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.mapped.ElementType;
import io.multijvm.wire.objects.ElementSaid;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ObjectKind;
import java.util.function.Supplier;

/**
 * One value, which is the first word of its cell. What users see of it is a {@link Number}, as the JDK's are, and so cannot be
 * this itself.
 */
final class ValueClient extends ObjectClient {
    private static final long serialVersionUID = 1;

    private final transient Object face;
    /** As it was last seen as text. */
    private transient volatile String last = "?";

    ValueClient(SharedHandle handle, OwnerLine owner, ObjectKind kind) {
        super(handle, owner);
        this.face = switch (kind) {
            case LONG -> new LongValue(this);
            case INT -> new IntValue(this);
            case DOUBLE -> new DoubleValue(this);
            case BYTE -> new ByteValue(this);
            case BOOLEAN -> new BooleanValue(this);
            default -> throw new IllegalArgumentException(kind + " is no value");
        };
    }

    @Override
    public Object face() {
        return face;
    }

    // The type is an argument, and not a field, so that each face's is a constant where these are compiled into it.

    long get(ElementType type) {
        Opened it = opened();
        return it.memory() == null ? bits(new ElementSaid.Get(0)) : type.get(it.memory(), it.offset());
    }

    void set(ElementType type, long bits) {
        Opened it = opened();
        if (it.memory() == null) {
            await(ask(new ElementSaid.Set(0, bits)));
        } else {
            type.set(it.memory(), it.offset(), bits);
        }
    }

    long getAndSet(ElementType type, long bits) {
        Opened it = opened();
        return it.memory() == null
                ? bits(new ElementSaid.GetAndSet(0, bits))
                : type.getAndSet(it.memory(), it.offset(), bits);
    }

    boolean compareAndSet(ElementType type, long expected, long bits) {
        Opened it = opened();
        return it.memory() == null
                ? ((Heard.IsSo) await(ask(new ElementSaid.CompareAndSet(0, expected, bits)))).so()
                : type.compareAndSet(it.memory(), it.offset(), expected, bits);
    }

    long getAndAdd(ElementType type, long delta) {
        Opened it = opened();
        return it.memory() == null
                ? bits(new ElementSaid.GetAndAdd(0, delta))
                : type.getAndAdd(it.memory(), it.offset(), delta);
    }

    private long bits(ElementSaid said) {
        return ((Heard.Bits) await(ask(said))).bits();
    }

    /** As text; that must not fail, wherever it is asked for. */
    String text(Supplier<String> now) {
        try {
            last = now.get();
        } catch (IllegalStateException e) {
            // then as it was last seen
        }
        return last;
    }

    @Override
    protected void heard(long ticket, Heard heard) {
        // all that is asked is waited for
    }

    @Override
    protected void ended(String why) {
        // who waits has been told
    }
}
