// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ManagerSaid;
import io.multijvm.wire.objects.ObjectKind;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Stands for a manager itself: makes objects at its owner, gives them names, and finds them by those. Thread-safe. */
public final class ManagerClient extends ObjectClient {
    private static final long serialVersionUID = 1;

    /** Objects are numbered from 1. */
    public static final long ITSELF = 0;

    public static final int MOST_NAME_CHARS = 200;

    ManagerClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner);
    }

    /** Of the manager that this is a handle of an object of, or of itself. */
    public static ManagerClient of(OwnerLine line, SharedHandle any) {
        ObjectClient made = line.client(new SharedHandle(any.address(), any.manager(), any.key(), ITSELF, "MANAGER"));
        line.keep(made);
        return (ManagerClient) made;
    }

    /** The way to its owner, which others here may use too. */
    public OwnerLine line() {
        return owner();
    }

    private Heard answer(ManagerSaid said) {
        return await(ask(said));
    }

    /**
     * Another object at the owner. Waits for that.
     *
     * @param number what it begins with
     * @throws IllegalStateException if the owner cannot make it, or is gone
     */
    public ObjectClient make(ObjectKind kind, long number) {
        return client((Heard.Named) answer(new ManagerSaid.Make(kind.name(), number)), null);
    }

    private ObjectClient client(Heard.Named named, @Nullable Class<?> face) {
        SharedHandle mine = handle();
        return owner().client(new SharedHandle(
                mine.address(), mine.manager(), mine.key(), named.object(), named.kind(), face));
    }

    /**
     * Others shall find that object by this name. Waits for the owner.
     *
     * @throws IllegalArgumentException if the name is taken, or it is no object of this manager
     * @throws IllegalStateException if the object was closed, or the owner is gone
     */
    public void publish(String name, Object object) {
        checked(name);
        SharedHandle its = handleOf(object);
        if (its == null) {
            throw new IllegalArgumentException("what is published as '" + name + "' is a "
                    + object.getClass().getName()
                    + ", no object that a manager has made: put its value into a reference"
                    + " and publish that; of a pipe's end, or a lock's condition, publish the pipe, or the lock");
        }
        if (its.manager() != handle().manager()) {
            throw new IllegalArgumentException("what is published as '" + name + "' is " + its
                    + ", an object of another manager: publish it there");
        }
        if (!((Heard.IsSo) answer(new ManagerSaid.Publish(name, its.object(), its.kind(), faceOf(its)))).so()) {
            throw new IllegalArgumentException("the name '" + name + "' is taken: close what has it, or take another");
        }
    }

    /**
     * The object of that name. Waits for the owner's answer.
     *
     * @throws NoSuchElementException if there is none
     * @param type of an object of a user's class its interface
     * @throws ClassCastException if it is something else
     * @throws IllegalStateException if the owner is gone
     */
    public <T> T find(String name, Class<T> type) {
        Heard.Named named = (Heard.Named) answer(new ManagerSaid.Find(checked(name)));
        if (named.object() == ITSELF) {
            throw new NoSuchElementException(
                    "nothing has the name '" + name + "' at this manager: was it published, and not closed since?");
        }
        boolean own = named.kind().equals(ObjectKind.OWN.name());
        boolean other = own && !named.face().equals(type.getName());
        Object found = other ? null : client(named, own ? type : null).face();
        if (!type.isInstance(found)) {
            throw new ClassCastException("'" + name + "' is a shared "
                    + (own ? named.face() : ObjectKind.valueOf(named.kind()).word()) + ", no " + type.getSimpleName());
        }
        return type.cast(found);
    }

    /**
     * A pipe for calls that are waited for. Waits for the owner.
     *
     * @throws IllegalStateException if no memory is shared with it, or it is gone
     */
    CallPipe callPipe() throws InterruptedException {
        Heard.Named named = (Heard.Named) answer(new ManagerSaid.CallPipe());
        CallPipe made = new CallPipe((PipeClient) client(named, null));
        made.greeted();
        return made;
    }

    private static String faceOf(SharedHandle handle) {
        Class<?> face = handle.face();
        return face == null ? "" : face.getName();
    }

    private static String checked(String name) {
        if (name.isEmpty() || name.length() > MOST_NAME_CHARS) {
            throw new IllegalArgumentException(
                    "a name has 1 to " + MOST_NAME_CHARS + " characters, not " + name.length());
        }
        return name;
    }

    /** What crosses of it, if that is the handle of an object: null if not. Faces have nothing else in common. */
    public static @Nullable SharedHandle handleOf(Object object) {
        Crossing crossing;
        try {
            crossing = new Crossing();
            crossing.writeObject(object);
        } catch (NotSerializableException e) {
            return null;
        } catch (IOException e) {
            throw new IllegalArgumentException("it cannot cross: " + e.getMessage(), e);
        }
        return crossing.first instanceof SharedHandle handle ? handle : null;
    }

    /** Sees what crosses in an object's place, and writes nothing of it. */
    private static final class Crossing extends ObjectOutputStream {
        @Nullable
        Object first;

        Crossing() throws IOException {
            super(OutputStream.nullOutputStream());
            boolean unused = enableReplaceObject(true);
        }

        @Override
        protected @Nullable Object replaceObject(Object object) {
            if (first == null) {
                first = object;
            }
            return null;
        }
    }

    /** Nothing of it has to be opened, and so nothing let go. */
    @Override
    protected void letGo() {}
}
