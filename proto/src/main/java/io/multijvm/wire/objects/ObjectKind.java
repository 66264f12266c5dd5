// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

/** What a shared object is. The names cross; new ones go to the end. */
public enum ObjectKind {
    LOCK("lock"),
    REENTRANT_LOCK("reentrant lock"),
    SEMAPHORE("semaphore"),
    BOUNDED_SEMAPHORE("bounded semaphore"),
    EVENT("event"),
    BARRIER("barrier"),
    LATCH("latch"),
    LONG("long"),
    INT("int"),
    DOUBLE("double"),
    BYTE("byte"),
    BOOLEAN("boolean"),
    REFERENCE("reference"),
    LONG_ARRAY("array of longs"),
    INT_ARRAY("array of ints"),
    DOUBLE_ARRAY("array of doubles"),
    BYTE_ARRAY("array of bytes"),
    MEMORY("memory"),
    QUEUE("queue"),
    MAP("map"),
    SET("set"),
    LIST("list"),
    PIPE("pipe"),
    ONE_WAY_PIPE("one-way pipe"),
    OWN("own object");

    private final String word;

    ObjectKind(String word) {
        this.word = word;
    }

    /** As messages say it. */
    public String word() {
        return word;
    }
}
