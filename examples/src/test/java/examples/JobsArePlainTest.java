// SPDX-License-Identifier: Apache-2.0
package examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** A job jar needs nothing of us: what it is run by is the business of who runs it. */
@AnalyzeClasses(packages = "examples", importOptions = DoNotIncludeTests.class)
class JobsArePlainTest {
    @ArchTest
    static final ArchRule jobsKnowOnlyJavaAndEachOther = classes()
            .that()
            .resideOutsideOfPackage("examples.api..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "examples..", "org.jspecify.annotations..")
            .because("a job is plain Java; the annotations are not needed when it runs");

    @ArchTest
    static final ArchRule jobsDoNotReachTheLibraryThroughThePrograms = noClasses()
            .that()
            .resideOutsideOfPackage("examples.api..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("examples.api..")
            .because("they would need Multijvm then");
}
