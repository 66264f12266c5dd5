// SPDX-License-Identifier: Apache-2.0
package io.multijvm.forms;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Pool;
import io.multijvm.testkit.PromiseTest;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every form compiles, and means the same with every kind of pool. */
@PromiseTest
class FormsOfUseTest {
    static Stream<Arguments> kinds() {
        return Stream.of(
                kind("processes", () -> Pool.processes(2)),
                kind("threads", () -> Pool.threads(2)),
                kind("serial", Pool::serial));
    }

    private static Arguments kind(String name, Supplier<Pool> open) {
        return Arguments.of(name, open);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void eachFormGivesWhatItShould(String name, Supplier<Pool> open) throws Exception {
        List<Form> forms = Stream.of(PythonIdioms.forms(), OverloadsAndTypes.forms(), ExecutorForms.forms())
                .flatMap(each -> each)
                .filter(form -> !(form.waits() && name.equals("serial")))
                .toList();
        try (Pool pool = open.get()) {
            for (Form form : forms) {
                assertThat(form.program().run(pool)).as(form.name()).isEqualTo(form.expected());
            }
        }
        System.out.println(forms.size() + " forms of use, " + name);
    }
}
