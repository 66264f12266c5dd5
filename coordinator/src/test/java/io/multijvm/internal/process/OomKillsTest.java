// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.internal.process.OomKills.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kill that the kernel counts explains one death, and only one of that time. */
class OomKillsTest {
    @TempDir
    Path root;

    private final AtomicLong clock = new AtomicLong();

    @Test
    void aCountThatDidNotRiseIsSomebodyElsesKill() throws IOException {
        group(3);
        assertThat(kills().claim()).isEqualTo(Found.NONE);
    }

    @Test
    void aCountThatRoseExplainsAsManyDeathsAsItRoseBy() throws IOException {
        group(3);
        OomKills kills = kills();
        group(5);
        assertThat(kills.claim()).isEqualTo(Found.IN_GROUP);
        assertThat(kills.claim()).isEqualTo(Found.IN_GROUP);
        assertThat(kills.claim()).isEqualTo(Found.NONE);
    }

    @Test
    void aKillOfLongAgoExplainsNothing() throws IOException {
        group(3);
        OomKills kills = kills();
        group(4);
        kills.look();
        clock.addAndGet(Duration.ofSeconds(11).toNanos());
        assertThat(kills.claim()).isEqualTo(Found.NONE);
        group(5);
        assertThat(kills.claim()).isEqualTo(Found.IN_GROUP);
    }

    @Test
    void theFirstVersionsGroupCountsAsWell() throws IOException {
        write("proc/self/cgroup", "4:memory:/docker/1\n");
        write("cgroup/memory/docker/1/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 7\n");
        OomKills kills = kills();
        write("cgroup/memory/docker/1/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 8\n");
        assertThat(kills.claim()).isEqualTo(Found.IN_GROUP);
    }

    @Test
    void withoutAGroupTheMachinesCountIsTaken() throws IOException {
        write("proc/vmstat", "nr_free_pages 17\noom_kill 1\n");
        OomKills kills = kills();
        assertThat(kills.claim()).isEqualTo(Found.NONE);
        write("proc/vmstat", "nr_free_pages 17\noom_kill 2\n");
        assertThat(kills.claim()).isEqualTo(Found.ON_MACHINE);
    }

    @Test
    void aSystemThatDoesNotCountKnowsNothing() {
        assertThat(kills().claim()).isEqualTo(Found.UNKNOWN);
    }

    @Test
    void aCountThatAppearsLaterIsNotTakenForARise() throws IOException {
        OomKills kills = kills();
        group(900);
        assertThat(kills.claim()).isEqualTo(Found.NONE);
    }

    private OomKills kills() {
        return new OomKills(new MemoryReadings(root.resolve("proc"), root.resolve("cgroup")), clock::get);
    }

    private void group(int count) throws IOException {
        write("proc/self/cgroup", "0::/box\n");
        write("cgroup/box/memory.events", "low 0\nhigh 0\nmax 12\noom 4\noom_kill " + count + "\noom_group_kill 0\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
