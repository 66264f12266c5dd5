// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The shared lock's protocol in every order of its steps. The long form, {@code -Dmultijvm.model=long}, takes minutes and some
 * gigabytes.
 */
@Timeout(900)
class SharedLockModelTest {
    private static final Setting TWO_ROUNDS = Setting.of("LL", "LL");
    private static final Setting WITH_REMOTE = Setting.of("LL", "remote LL");
    private static final Setting WITH_CONDITION = Setting.of("A", "A", "SS").withoutLeaving();

    static Stream<Setting> settings() {
        return Stream.of(
                TWO_ROUNDS,
                Setting.of("L", "L", "L"),
                WITH_REMOTE,
                Setting.of("L", "remote L", "remote L"),
                WITH_CONDITION.withoutCrashes(),
                Setting.of("T", "A", "S").withoutLeaving(),
                Setting.of("A", "remote A", "S").withoutLeaving());
    }

    static Stream<Setting> longSettings() {
        return Stream.of(
                WITH_CONDITION,
                Setting.of("LL", "LL", "LL"),
                Setting.of("LLL", "LLL").handingOffAfter(2),
                Setting.of("LL", "LL", "remote L"),
                Setting.of("LL", "remote LL", "remote L"),
                Setting.of("TA", "SA", "SS").withoutCrashes().withoutLeaving(),
                Setting.of("T", "A", "SS"),
                Setting.of("remote T", "A", "SS").withoutLeaving());
    }

    static Stream<Setting> faults() {
        return Stream.of(
                TWO_ROUNDS.with(Fault.NO_SET_W),
                TWO_ROUNDS.with(Fault.NO_SECOND_LOOK),
                TWO_ROUNDS.with(Fault.NO_RECLAIM),
                TWO_ROUNDS.with(Fault.NO_GRANT_AFTER_GOT),
                TWO_ROUNDS.with(Fault.NO_GRANT_AFTER_LEAVE),
                TWO_ROUNDS.with(Fault.NO_TICKET),
                WITH_CONDITION.with(Fault.HAND_OFF_WITHOUT_ITS_BIT),
                TWO_ROUNDS.with(Fault.RECLAIM_BEFORE_REAP),
                WITH_REMOTE.with(Fault.GRANT_NOT_TAKEN_BACK),
                WITH_REMOTE.with(Fault.DEATH_FORGOTTEN_WITH_THE_GRANT),
                WITH_CONDITION.withoutCrashes().with(Fault.UNLOCK_BEFORE_REGISTRATION),
                WITH_CONDITION.with(Fault.NO_NOTIFYING_AT_DEATH),
                WITH_CONDITION.with(Fault.ONE_NOTIFIED_AT_DEATH));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void neverTwoHoldersNobodyStuckNoSignalLostWhoeverDies(Setting setting) {
        check(setting);
    }

    @ParameterizedTest
    @MethodSource("longSettings")
    @EnabledIfSystemProperty(named = "multijvm.model", matches = "long")
    void norInTheLongForm(Setting setting) {
        check(setting);
    }

    private static void check(Setting setting) {
        Explorer.Found found = Explorer.explore(new LockModel(setting));

        System.out.println(setting + ": " + found);
        assertThat(found.wrong()).as("%s", found).isNull();
    }

    /** Or the rule is not needed, or the model does not look. */
    @ParameterizedTest
    @MethodSource("faults")
    void aRuleLeftOutIsFound(Setting setting) {
        Explorer.Found found = Explorer.explore(new LockModel(setting));

        System.out.println(setting.fault() + ": " + found);
        assertThat(found.wrong()).isNotNull();
        assertThat(found.path()).hasSizeGreaterThan(2);
    }

    @Test
    void everyRuleHasItsTest() {
        assertThat(faults().map(Setting::fault))
                .containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(EnumSet.of(Fault.NONE)));
    }
}
