// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.codec.PackedList;
import io.multijvm.codec.PackedType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever results come, in whatever order and together with whichever others: each is found at its place. */
@Timeout(60)
class GatheredResultsTest {
    private static final List<List<Object>> KINDS = List.of(
            List.of(1, 2, -3, 70_000),
            List.of(1L, -5L),
            List.of(1.5, -0.0, Double.NaN),
            List.of('x', 'y'),
            List.of(true, false),
            List.of("a", "", "text of some length"));

    @Test
    void numbersOfOneTypeStayPackedWhateverTheirOrder() {
        GatheredResults gathered = new GatheredResults(5);
        gathered.put(run(2, List.of(12, 13, 14)));
        gathered.put(1, 11);
        gathered.put(run(0, List.of(10)));
        List<Integer> list = gathered.asList(5);
        assertThat(list).isInstanceOf(PackedList.class).containsExactly(10, 11, 12, 13, 14);
    }

    @Test
    void oneThatIsOfAnotherTypeMakesThemAllObjects() {
        GatheredResults gathered = new GatheredResults(0);
        gathered.put(run(3, List.of(3, 4, 5)));
        gathered.put(2, null);
        gathered.put(run(0, List.of("zero", "one")));
        assertThat(gathered.<@Nullable Object>asList(6)).containsExactly("zero", "one", null, 3, 4, 5);
    }

    @Test
    void noResultsAreAnEmptyList() {
        assertThat(new GatheredResults(0).<Object>asList(0)).isEmpty();
        assertThat(new GatheredResults(7).<Object>asList(0)).isEmpty();
    }

    @Test
    void randomMixturesInRandomOrderGiveTheListThatALoopWould() {
        Random random = new Random(4);
        for (int script = 0; script < 2_000; script++) {
            int size = random.nextInt(60);
            List<@Nullable Object> expected = new ArrayList<>();
            while (expected.size() < size) {
                List<Object> kind = KINDS.get(random.nextInt(script % 3 == 0 ? 1 : KINDS.size()));
                IntStream.range(0, 1 + random.nextInt(20)).forEach(i -> expected.add(kind.get(i % kind.size())));
                if (random.nextInt(40) == 0) {
                    expected.add(null);
                }
            }
            GatheredResults gathered = new GatheredResults(random.nextBoolean() ? expected.size() : random.nextInt(9));
            arrivals(expected, random).forEach(arrival -> arrival.accept(gathered));
            assertThat(gathered.<@Nullable Object>asList(expected.size()))
                    .as("script " + script)
                    .isEqualTo(expected);
        }
    }

    private interface Arrival {
        void accept(GatheredResults gathered);
    }

    /** All of them, cut at random into runs of one type and single ones. */
    private static List<Arrival> arrivals(List<@Nullable Object> all, Random random) {
        List<Arrival> arrivals = new ArrayList<>();
        int from = 0;
        while (from < all.size()) {
            int first = from;
            PackedType type = PackedType.of(all.get(first));
            int to = first + 1;
            while (type != null
                    && to < all.size()
                    && type.equals(PackedType.of(all.get(to)))
                    && random.nextInt(8) > 0) {
                to++;
            }
            List<@Nullable Object> values = all.subList(first, to);
            if (type == null || (values.size() == 1 && random.nextBoolean())) {
                Object value = values.get(0);
                arrivals.add(gathered -> gathered.put(first, value));
            } else {
                arrivals.add(gathered -> gathered.put(run(first, values)));
            }
            from = to;
        }
        Collections.shuffle(arrivals, random);
        return arrivals;
    }

    private static RawRun run(long index, List<? extends @Nullable Object> values) {
        PackedType type = Objects.requireNonNull(PackedType.of(values.get(0)));
        byte[] bytes = new byte[values.size() * PackedType.MOST_BYTES];
        int used = 0;
        for (Object value : values) {
            used = type.write(value, bytes, used);
        }
        return RawRun.of(index, values.size(), type, Arrays.copyOf(bytes, used), "worker 1");
    }
}
