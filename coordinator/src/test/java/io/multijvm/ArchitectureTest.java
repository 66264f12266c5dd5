// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.multijvm.cli.MultijvmMain;
import io.multijvm.cli.TrialMain;
import io.multijvm.internal.call.NestedCallSettings;
import io.multijvm.internal.result.RawOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** How the coordinator is built: a task's way has one package a step. */
@AnalyzeClasses(
        packages = {"io.multijvm", "io.multijvm.internal", "io.multijvm.cli"},
        importOptions = {DoNotIncludeTests.class, ArchitectureTest.OwnModule.class})
class ArchitectureTest {
    private static final String[] STEPS = {
        "io.multijvm.internal.call..",
        "io.multijvm.internal.submit..",
        "io.multijvm.internal.chunk..",
        "io.multijvm.internal.dispatch..",
        "io.multijvm.internal.result.."
    };

    /** Not the modules below, which have rules of their own. */
    static final class OwnModule implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/worker/")
                    && !location.contains("/proto/")
                    && !location.contains("multijvm-worker")
                    && !location.contains("multijvm-proto");
        }
    }

    /** The root is left out: what it exports is implemented below it and put together by it, so it stands on both sides. */
    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("io.multijvm.internal.(**)")
            .should()
            .beFreeOfCycles()
            .because("a cycle cannot be read, tested or replaced in parts");

    @ArchTest
    static final ArchRule onlyTheTransportKnowsGrpc = noClasses()
            .that()
            .resideOutsideOfPackage("io.multijvm.internal.transport..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.grpc..")
            .because("everything else is tested without a network");

    @ArchTest
    static final ArchRule messagesStayWhereTheWireIsSpoken = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.multijvm.internal.transport..", "io.multijvm.internal.injvm..", "io.multijvm.internal.nested..")
            .and()
            .doNotBelongToAnyOf(RawOutcome.class, NestedCallSettings.class)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.multijvm.wire.v1..")
            .because(
                    "messages end at the transport; a failure alone stays a message until its caller's thread reads it, and "
                            + "pools without processes make the same failures in the same words; what a task says to its own pool is said "
                            + "in its worker, by the coordinator's classes");

    @ArchTest
    static final ArchRule stepsOfATaskKnowNoProcesses = noClasses()
            .that()
            .resideInAnyPackage(STEPS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.multijvm.internal.process..", "io.multijvm.internal.transport..", "io.multijvm.internal.pool..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Process.class)
            .because("what runs where is decided without knowing how a worker is started or reached");

    @ArchTest
    static final ArchRule stepsOfATaskDoNotCallBack = noClasses()
            .that()
            .resideInAnyPackage("io.multijvm.internal.chunk..", "io.multijvm.internal.result..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.multijvm.internal.dispatch..", "io.multijvm.internal.submit..")
            .because("facts come back as events, not as calls");

    @ArchTest
    static final ArchRule onlyProcessStartsProcesses = noClasses()
            .that()
            .resideOutsideOfPackage("io.multijvm.internal.process..")
            // asks stty and waits for its answer
            .and()
            .doNotHaveFullyQualifiedName("io.multijvm.cli.StderrTerminal")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ProcessBuilder.class)
            .orShould()
            .callMethod(Runtime.class, "exec", String[].class)
            .because("one place knows every process that was started, so that none is left");

    @ArchTest
    static final ArchRule theProgramIsOnlyOnTop = noClasses()
            .that()
            .resideOutsideOfPackage("io.multijvm.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.multijvm.cli..", "picocli..")
            .because("the library must work without the program");

    @ArchTest
    static final ArchRule measuringKnowsNothingOfFlags = noClasses()
            .that()
            .resideInAPackage("io.multijvm.cli.compare..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.multijvm.cli", "picocli..")
            .because("the program uses it, and a cycle cannot be read, tested or replaced in parts");

    @ArchTest
    static final ArchRule onlyTheProgramsMainEndsTheJvm = noClasses()
            .that()
            .areNotAssignableTo(MultijvmMain.class)
            .and()
            .areNotAssignableTo(TrialMain.class)
            .should()
            .callMethodWhere(target(nameMatching("exit|halt"))
                    .and(target(owner(equivalentTo(System.class).or(equivalentTo(Runtime.class))))))
            .because("this JVM is the user's");

    @ArchTest
    static final ArchRule nobodyPassesTheTimeSleeping = noClasses()
            .should()
            .callMethodWhere(target(name("sleep")).and(target(owner(equivalentTo(Thread.class)))))
            .because("a sleep is a guess at how long something takes; wait for the thing itself");

    @ArchTest
    static final ArchRule nobodyUsesTheCommonPool = noClasses()
            .should()
            .callMethodWhere(describe("the common pool, or a stage without an executor", ArchitectureTest::commonPool))
            .because("the common pool is the user's");

    private static boolean commonPool(JavaCall<?> call) {
        return call.getTarget().getName().equals("commonPool")
                || (call.getTargetOwner().isEquivalentTo(CompletableFuture.class)
                        && call.getTarget().getName().endsWith("Async")
                        && call.getTarget().getRawParameterTypes().stream()
                                .noneMatch(type -> type.isEquivalentTo(Executor.class)));
    }
}
