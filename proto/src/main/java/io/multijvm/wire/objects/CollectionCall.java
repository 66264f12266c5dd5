// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What can be asked of a map, a set, a list or an object of a user's class, each one indivisible step. The codes cross. Keys, values
 * and elements are parts, as the codec encodes them. A version is of an entry, and 0 that of one that is not there, or of a
 * list as a whole; it rises with each change. What is answered is said with each.
 */
public enum CollectionCall {
    /** Map, key. Version, and the value if it is there. */
    GET(1, "get"),
    /** Map, key and value. Version before, and the value before. */
    PUT(2, "put"),
    /** Map, key and value. Version before, and the value before. */
    PUT_IF_ABSENT(3, "putIfAbsent"),
    /** Map, key. Version before, and the value before. */
    REMOVE(4, "remove"),
    /** Map, key and value. 1 if it was removed. */
    REMOVE_EQUAL(5, "remove"),
    /** Map, key and value. Version before, and the value before. */
    REPLACE(6, "replace"),
    /** Map, key, expected value and value. 1 if it was replaced. */
    REPLACE_EQUAL(7, "replace"),
    /** Map, number: expected version, key and value. 1 if it was the one. */
    PUT_IF_VERSION(8, "compute"),
    /** Map, number: expected version, key. 1 if it was the one. */
    REMOVE_IF_VERSION(9, "compute"),
    /** Map, one part: of each entry its place and version, or 0 for any. How many were still that version. */
    REMOVE_VERSIONS(10, "removeIf"),
    /** Map, all keys. 1 if they are all there. */
    CONTAINS_KEYS(11, "contains"),
    /** Map, value. 1 if it is there. */
    CONTAINS_VALUE(12, "containsValue"),
    /** Any. How many. */
    SIZE(13, "size"),
    /** Any. */
    CLEAR(14, "clear"),
    /** Map, keys and values in turn. */
    PUT_ALL(15, "putAll"),
    /** Set, keys. How many were not there. */
    ADD_KEYS(16, "add"),
    /** Map, keys. How many were there. */
    REMOVE_KEYS(17, "removeAll"),
    /**
     * Map, number: the place after which to begin, 0 for the first; one part: how many bytes are enough, or 0 for all. 1 if there
     * are more, and parts: of each entry its place and version; then for each its key and its value.
     */
    SCAN(18, "iteration"),
    /** As {@link #SCAN}, without values. */
    SCAN_KEYS(19, "iteration"),
    /** Map, number: what to add; key. The sum. */
    ADD(20, "addAndGet"),
    /** Map, number: the function; key, value, and the function itself if it is new. Version, and the value. */
    MERGE(21, "mergeAtOwner"),
    /** Map, number: the function; key, and the function itself if it is new. Version, and the value. */
    COMPUTE(22, "computeAtOwner"),
    /** List, number: index. The element. */
    LIST_GET(23, "get"),
    /** List, number: index; element. The element before. */
    LIST_SET(24, "set"),
    /** List, number: index, or -1 for the end; elements. */
    LIST_ADD(25, "add"),
    /** List, number: index. The element. */
    LIST_REMOVE(26, "remove"),
    /** List, element. 1 if the first such was removed. */
    LIST_REMOVE_EQUAL(27, "remove"),
    /** List, number: index of the first; one part: how many. */
    LIST_REMOVE_RANGE(28, "clear"),
    /** List, element. Index of the first, or -1. */
    LIST_INDEX(29, "indexOf"),
    /** List, element. Index of the last, or -1. */
    LIST_LAST_INDEX(30, "lastIndexOf"),
    /** List, elements. 1 if they are all there. */
    LIST_CONTAINS_ALL(31, "contains"),
    /** List, number: index of the first; one part: how many bytes are enough, or 0 for all. Version, and the elements. */
    LIST_SCAN(32, "iteration"),
    /** List, number: expected version; one part: which of its elements, in which order, shall stay. 1 if it was the one. */
    LIST_ARRANGE(33, "sort"),
    /** List, number: expected version; all elements. 1 if it was the one. */
    LIST_REPLACE(34, "replaceAll"),
    /** Own object, number: which method; its arguments. What it returned, or no part if it returns nothing. */
    INVOKE(35, "a method");

    private static final Map<Integer, CollectionCall> BY_CODE =
            Stream.of(values()).collect(Collectors.toMap(CollectionCall::code, call -> call));

    private final int code;
    private final String word;

    CollectionCall(int code, String word) {
        this.code = code;
        this.word = word;
    }

    /** On the wire. */
    public int code() {
        return code;
    }

    /** The method that users call, as messages say it. */
    public String word() {
        return word;
    }

    /**
     * The call of that code.
     *
     * @throws IllegalArgumentException if this version does not know it
     */
    public static CollectionCall of(int code) {
        CollectionCall found = BY_CODE.get(code);
        if (found == null) {
            throw new IllegalArgumentException("call " + code + " of a collection is not known here");
        }
        return found;
    }
}
