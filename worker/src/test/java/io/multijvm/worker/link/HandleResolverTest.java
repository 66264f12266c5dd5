// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.objects.ManagerKey;
import io.multijvm.worker.shared.ObjectClient;
import io.multijvm.worker.shared.OwnerLine;
import io.multijvm.worker.shared.Owners;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A manager's number is no secret: who knows that alone leads nobody astray, and is led nowhere. */
class HandleResolverTest {
    private static final long MANAGER = 0x5678;

    private final ManagerKey key = ManagerKey.random();
    private final SharedHandle genuine = handle("served:tcp:127.0.0.1:1", key);
    private final SharedHandle forged = handle("served:tcp:127.0.0.1:2", ManagerKey.random());
    private final OwnerLine line = Owners.of(genuine, ObjectLink::new);

    private static SharedHandle handle(String address, ManagerKey key) {
        return new SharedHandle(address, MANAGER, key.secret(), 1, "EVENT");
    }

    @AfterEach
    void forget() {
        Owners.forget(line);
        Owners.forget(Owners.of(forged, ObjectLink::new));
    }

    @Test
    void aHandleWithAKnownNumberAndAnotherKeyIsNotOfTheKnownManager() {
        assertThat(Owners.know(genuine)).isTrue();
        assertThat(Owners.know(forged)).isFalse();

        Object arrived = new HandleResolver().resolve(forged);

        assertThat(arrived).isNotSameAs(new HandleResolver().resolve(genuine));
        assertThat(((ObjectClient) arrived).handle())
                .as("what is handed on is as it came: nobody adds the key that it lacks")
                .usingRecursiveComparison()
                .isEqualTo(forged);
        assertThat(Owners.of(genuine, ObjectLink::new)).isSameAs(line);
        assertThat(Owners.of(forged, ObjectLink::new)).isNotSameAs(line);
    }

    @Test
    void whoComesByAForgedHandleFirstDoesNotLeadTheGenuineOnesAstray() {
        Owners.forget(line);
        OwnerLine elsewhere = Owners.of(forged, ObjectLink::new);

        Object arrived = new HandleResolver().resolve(genuine);

        assertThat(((ObjectClient) arrived).handle()).isEqualTo(genuine);
        OwnerLine found = Owners.of(genuine, ObjectLink::new);
        assertThat(found).isNotSameAs(elsewhere);
        assertThat(found.leadsTo(genuine.address())).isTrue();
        Owners.forget(found);
    }
}
