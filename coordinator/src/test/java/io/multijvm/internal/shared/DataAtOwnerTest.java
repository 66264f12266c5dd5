// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.PayloadException;
import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.Frame;
import java.io.Serializable;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is done with the data of maps, sets and lists at their owner: by what they compare, and what of it they leave when that fails. */
class DataAtOwnerTest {
    /** What only a worker could decode. */
    private static final byte[] UNKNOWN = {9, 9};

    private final PlayedLoop loop = PlayedLoop.atOnce();
    private final OwnersCodec codec = new OwnersCodec(DataAtOwnerTest.class);
    private final ValueCodec values = codec.values();
    private final KeyedAtOwner map = new KeyedAtOwner(1, loop, Runnable::run, codec);
    private final ListAtOwner list = new ListAtOwner(2, loop, Runnable::run, codec);
    private final FunctionsOfCaller functions = new FunctionsOfCaller();

    /** Cannot be compared to another of the same hash. */
    private record Odd(String name) implements Serializable {
        @Override
        public boolean equals(Object other) {
            if (name.equals("odd")) {
                throw new IllegalStateException("compared to " + other);
            }
            return other instanceof Odd odd && odd.name.equals(name);
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    private final byte[] plain = values.encode("plain");
    private final byte[] there = values.encode(new Odd("there"));
    private final byte[] odd = values.encode(new Odd("odd"));
    private final byte[] one = values.encode(1);

    private Frame ofMap(CollectionCall what, byte[]... parts) {
        return map.done(what, Frame.of(what, 0, parts), functions);
    }

    private long ofList(CollectionCall what, byte[]... parts) {
        return list.done(what, Frame.of(what, what == CollectionCall.LIST_ADD ? -1 : 0, parts), functions)
                .number();
    }

    private boolean has(byte[] key) {
        return ofMap(CollectionCall.CONTAINS_KEYS, key).number() == 1;
    }

    @Test
    void whatAKeysEqualsThrowsWhenManyArePutItThrowsBeforeAnyIs() {
        assertThatThrownBy(() -> ofMap(CollectionCall.PUT_ALL, plain, one, there, one, odd, one))
                .as("of each other")
                .hasMessageContaining("compared to");
        assertThat(ofMap(CollectionCall.SIZE).number()).isZero();
        ofMap(CollectionCall.PUT, there, one);
        for (CollectionCall what : List.of(CollectionCall.PUT_ALL, CollectionCall.ADD_KEYS)) {
            byte[][] parts =
                    what == CollectionCall.PUT_ALL ? new byte[][] {plain, one, odd, one} : new byte[][] {plain, odd};
            assertThatThrownBy(() -> ofMap(what, parts))
                    .as("of one that is there")
                    .hasMessageContaining("compared to");
            assertThat(has(plain)).as("%s", what).isFalse();
        }
    }

    @Test
    void whatAKeysEqualsThrowsWhenManyAreRemovedItThrowsBeforeAnyIs() {
        ofMap(CollectionCall.PUT_ALL, plain, one, there, one);
        assertThatThrownBy(() -> ofMap(CollectionCall.REMOVE_KEYS, plain, odd)).hasMessageContaining("compared to");
        assertThat(has(plain)).isTrue();
        assertThat(ofMap(CollectionCall.REMOVE_KEYS, plain, plain, there).number())
                .as("one that is named twice counts once")
                .isEqualTo(2);
        assertThat(ofMap(CollectionCall.SIZE).number()).isZero();
    }

    @Test
    void whatTheOwnerCannotDecodeIsFoundByItsBytesWhereverItIs() {
        assertThat(ofMap(CollectionCall.CONTAINS_VALUE, UNKNOWN).number())
                .as("nothing is there that it could be compared to")
                .isZero();
        ofMap(CollectionCall.PUT, plain, one);
        assertThatThrownBy(() -> ofMap(CollectionCall.CONTAINS_VALUE, UNKNOWN))
                .as("it may be equal to what is there")
                .isInstanceOf(PayloadException.class);
        ofMap(CollectionCall.PUT, there, UNKNOWN);
        assertThat(ofMap(CollectionCall.CONTAINS_VALUE, UNKNOWN).number()).isEqualTo(1);

        ofList(CollectionCall.LIST_ADD, UNKNOWN);
        assertThat(ofList(CollectionCall.LIST_INDEX, UNKNOWN)).isZero();
        ofList(CollectionCall.LIST_ADD, one, UNKNOWN, one);
        assertThat(ofList(CollectionCall.LIST_INDEX, UNKNOWN)).isZero();
        assertThat(ofList(CollectionCall.LIST_CONTAINS_ALL, one, UNKNOWN)).isEqualTo(1);
        assertThatThrownBy(() -> ofList(CollectionCall.LIST_LAST_INDEX, UNKNOWN))
                .as("the last element may be equal")
                .isInstanceOf(PayloadException.class);
    }

    @Test
    void aClosedMapAndAClosedListKeepNothingWhoeverStillHasThem() {
        ofMap(CollectionCall.PUT, plain, one);
        ofList(CollectionCall.LIST_ADD, one, one);
        map.closed();
        list.closed();
        assertThat(ofMap(CollectionCall.SIZE).number()).isZero();
        assertThat(ofMap(CollectionCall.SCAN, Frame.part(0)).parts().length).isEqualTo(1);
        assertThat(ofList(CollectionCall.SIZE)).isZero();
    }
}
