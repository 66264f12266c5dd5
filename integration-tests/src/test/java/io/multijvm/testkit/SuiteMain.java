// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs test classes in this JVM and ends with 0 if there were some and all passed. */
public final class SuiteMain {
    private SuiteMain() {}

    public static void main(String[] classNames) {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        for (String name : classNames) {
            request.selectors(selectClass(name));
        }
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request.build(), summary);
        summary.getSummary().printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8), 20);
        long passed = summary.getSummary().getTestsSucceededCount();
        long failed = summary.getSummary().getTotalFailureCount();
        System.out.println("on Java " + Runtime.version() + ": " + passed + " passed, " + failed + " failed");
        System.exit(passed > 0 && failed == 0 ? 0 : 1);
    }
}
