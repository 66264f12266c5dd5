// SPDX-License-Identifier: Apache-2.0
package io.multijvm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.multijvm.cli.ProgramHere;
import io.multijvm.testkit.PromiseTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the program says of a death, and what it leaves of it. */
@PromiseTest
@Timeout(120)
class DeathsInTheProgramTest {
    @TempDir
    Path files;

    private static List<JsonObject> objects(List<String> lines) {
        return lines.stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    private static JsonObject failure(ProgramHere ran) {
        return objects(ran.err()).stream()
                .filter(each -> each.get("type").getAsString().equals("failure"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyDeathIsInTheFileAndTheCommandForTheItemAloneDiesTheSameDeath() throws Exception {
        Path deaths = files.resolve("deaths.jsonl");
        String jar = ExamplesJar.at(files.resolve("examples.jar")).path().toString();
        ProgramHere ran = ProgramHere.run(
                "run",
                jar,
                "--call",
                "examples.Faulty::square",
                "--range",
                "50..54",
                "-j",
                "1",
                "--heap",
                "64m",
                "--retries",
                "1",
                "--chunk",
                "4",
                "--deaths",
                deaths.toString(),
                "--json");
        assertThat(ran.exitCode()).as(String.join("\n", ran.err())).isEqualTo(1);
        assertThat(ran.out()).hasSize(4);
        List<JsonObject> written = objects(Files.readAllLines(deaths));
        assertThat(written).hasSize(2).allSatisfy(death -> {
            assertThat(death.get("index").getAsLong()).isEqualTo(1);
            assertThat(death.get("kind").getAsString()).isEqualTo("HALT");
            assertThat(death.get("exit_code").getAsInt()).isEqualTo(1);
        });
        assertThat(written).extracting(death -> death.get("attempt").getAsInt()).containsExactly(1, 2);

        JsonObject crash = failure(ran).getAsJsonObject("crash");
        assertThat(crash.get("kind").getAsString()).isEqualTo("HALT");
        assertThat(crash.get("attempt").getAsInt()).isEqualTo(2);
        assertThat(crash.get("effect").getAsString()).contains("nothing else lost");
        String[] again = (crash.get("repeat").getAsString() + " --json")
                .replaceFirst("^multijvm ", "")
                .split(" ");
        ProgramHere alone = ProgramHere.run(again);
        assertThat(alone.exitCode()).isEqualTo(1);
        assertThat(failure(alone).get("item").getAsString()).isEqualTo("number 51");
        assertThat(failure(alone).getAsJsonObject("crash").get("kind").getAsString())
                .isEqualTo("HALT");
    }
}
