// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** How the contract is built. */
@AnalyzeClasses(packages = "io.multijvm", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("io.multijvm.(**)")
            .should()
            .beFreeOfCycles()
            .because("a cycle cannot be read, tested or replaced in parts");

    @ArchTest
    static final ArchRule theContractKnowsNeitherSide = noClasses()
            .that()
            .resideInAPackage("io.multijvm.wire..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.multijvm.worker..", "io.multijvm.internal..", "io.multijvm.task..", "io.multijvm.codec..")
            .because("both sides are built on it");

    @ArchTest
    static final ArchRule theMappedFileKnowsNoMessages = noClasses()
            .that()
            .resideInAPackage("io.multijvm.wire.mapped..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.multijvm.wire.v1..", "io.grpc..", "com.google.protobuf..")
            .because("what it holds must be readable after a death, without a connection");

    @ArchTest
    static final ArchRule handWrittenCodeKnowsNoGeneratedMessages = noClasses()
            .that()
            .resideInAPackage("io.multijvm.wire..")
            .and()
            .resideOutsideOfPackages("io.multijvm.wire.v1..", "io.multijvm.wire.messages..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.multijvm.wire.v1..")
            .because(
                    "the generated messages are spoken by the links of both sides and what translates for both, and by nobody"
                            + " in between");

    @ArchTest
    static final ArchRule nobodyPassesTheTimeSleeping = noClasses()
            .should()
            .callMethodWhere(target(name("sleep")).and(target(owner(equivalentTo(Thread.class)))))
            .because("a sleep is a guess at how long something takes; wait for the thing itself");
}
