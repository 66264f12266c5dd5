// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.wire.objects.Heard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Which lock belongs to which value, array or the like: one is made when somebody asks. Owned by the event loop. */
final class LocksOfObjects {
    /** Of those that have one. */
    private final Map<Long, Long> locks = new HashMap<>();
    /** Who waits until it is made. */
    private final Map<Long, List<Waiter>> asking = new HashMap<>();

    private final Maker maker;
    private final LongConsumer unwanted;

    /** Makes a lock of the same manager; not on the loop, for a new one may need new memory. */
    interface Maker {
        /**
         * Calls one of the two on the loop, unless the manager is closed meanwhile.
         *
         * @param object whose lock it is, as {@code queue 7}
         */
        void make(String object, LongConsumer made, Consumer<String> failed);
    }

    /** @param unwanted told of a lock whose object was closed while it was made */
    LocksOfObjects(Maker maker, LongConsumer unwanted) {
        this.maker = maker;
        this.unwanted = unwanted;
    }

    /**
     * Somebody asks for the lock of an object that is there.
     *
     * @param what it is, in a word
     */
    void ask(long object, String what, Waiter who) {
        Long known = locks.get(object);
        if (known != null) {
            who.client().tell(object, who.ticket(), new Heard.ItsLock(known));
            return;
        }
        List<Waiter> all = asking.computeIfAbsent(object, first -> new ArrayList<>());
        all.add(who);
        if (all.size() == 1) {
            maker.make(what + " " + object, lock -> made(object, lock), why -> answer(object, new Heard.Refused(why)));
        }
    }

    private void made(long object, long lock) {
        if (!asking.containsKey(object)) {
            unwanted.accept(lock);
            return;
        }
        locks.put(object, lock);
        answer(object, new Heard.ItsLock(lock));
    }

    private void answer(long object, Heard answer) {
        List<Waiter> all = asking.remove(object);
        if (all != null) {
            all.forEach(who -> who.client().tell(object, who.ticket(), answer));
        }
    }

    /**
     * The object is no more, so who asks hears that.
     *
     * @return its lock, if it had one
     */
    OptionalLong closed(long object) {
        asking.remove(object);
        Long lock = locks.remove(object);
        return lock == null ? OptionalLong.empty() : OptionalLong.of(lock);
    }
}
