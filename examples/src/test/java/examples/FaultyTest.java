// SPDX-License-Identifier: Apache-2.0
package examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FaultyTest {
    @Test
    void peacefulNumbersAreSquared() throws ReflectiveOperationException {
        assertThat(Faulty.square(12)).isEqualTo(144);
    }

    @Test
    void oneNumberThrows() {
        assertThatThrownBy(() -> Faulty.square(Faulty.THROWS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("I do not like 90");
    }
}
