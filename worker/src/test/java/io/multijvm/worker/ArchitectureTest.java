// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.multijvm.worker.job.Fault;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** How the child JVM's side is built. */
@AnalyzeClasses(
        packages = {"io.multijvm.worker", "io.multijvm.task", "io.multijvm.codec", "io.multijvm.failure"},
        importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("io.multijvm.(**)")
            .should()
            .beFreeOfCycles()
            .because("a cycle cannot be read, tested or replaced in parts");

    @ArchTest
    static final ArchRule onlyTheLinkKnowsGrpc = noClasses()
            .that()
            .resideOutsideOfPackage("io.multijvm.worker.link..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.grpc..")
            .because("running items must not depend on how they came");

    @ArchTest
    static final ArchRule messagesStayWhereTheWireIsSpoken = noClasses()
            .that()
            .resideOutsideOfPackages("io.multijvm.worker..", "io.multijvm.codec..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.multijvm.wire.v1..")
            .because("a failure crosses as a message, so the codec writes one; what users see is never a message");

    @ArchTest
    static final ArchRule whatTasksSeeStandsAlone = noClasses()
            .that()
            .resideInAnyPackage("io.multijvm.task..", "io.multijvm.failure..", "io.multijvm.shared..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.multijvm.worker..", "io.multijvm.codec..", "io.multijvm.wire..", "io.grpc..")
            .because("they are exported, and a job jar is compiled against them alone");

    @ArchTest
    static final ArchRule theWorkerIsNoCoordinator = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.multijvm.internal..", "io.multijvm.cli..", "io.multijvm")
            .because("the modules are a straight line: proto, worker, coordinator");

    @ArchTest
    static final ArchRule nobodyStartsProcessesHere = noClasses()
            .that()
            .areNotAssignableTo(Fault.class)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ProcessBuilder.class)
            .because(
                    "only the coordinator starts processes, and knows how to end them all; but a signal that was asked for");

    @ArchTest
    static final ArchRule onlyTheWorkersMainEndsTheJvm = noClasses()
            .that()
            .areNotAssignableTo(WorkerMain.class)
            .and()
            .areNotAssignableTo(Fault.class)
            .should()
            .callMethodWhere(target(nameMatching("exit|halt"))
                    .and(target(owner(equivalentTo(System.class).or(equivalentTo(Runtime.class))))))
            .because(
                    "an end must have one of the exit codes that the coordinator understands, unless a fault was asked for");

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
