// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md and CONTRIBUTING.md that a build can check. */
final class ArchitectureTest {

  private static final String OURS = "io.elasticjupyter";
  private static final int LONGEST_FILE = 600;
  private static final List<String> ROOMS =
      List.of("api", "operator", "testkit", "wire", "kernels", "gateway", "cli", "bench", "e2e");

  private static JavaClasses main;

  @BeforeAll
  static void readClasses() {
    main =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(OURS);
    assertThat(main.stream().map(one -> room(one.getPackageName())))
        .as("rooms that were read")
        .contains("wire", "kernels", "gateway", "cli");
  }

  @Test
  void dependenciesPointDownwardsOnly() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("api")
        .definedBy(OURS + ".api..")
        .layer("operator")
        .definedBy(OURS + ".operator..")
        .layer("wire")
        .definedBy(OURS + ".wire..")
        .layer("kernels")
        .definedBy(OURS + ".kernels..")
        .layer("gateway")
        .definedBy(OURS + ".gateway..")
        .layer("cli")
        .definedBy(OURS + ".cli..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("gateway")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("kernels")
        .mayOnlyBeAccessedByLayers("gateway", "cli")
        .whereLayer("wire")
        .mayOnlyBeAccessedByLayers("kernels", "gateway", "cli")
        .whereLayer("operator")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("api")
        .mayOnlyBeAccessedByLayers("operator", "kernels", "cli")
        .check(main);
  }

  @Test
  void mainCodeKnowsNothingOfTests() {
    noClasses()
        .that()
        .resideInAnyPackage(
            OURS + ".wire..", OURS + ".kernels..", OURS + ".gateway..", OURS + ".cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(OURS + ".testkit..", "org.junit..", "org.assertj..", "org.zeromq..")
        .check(main);
  }

  /** A room's own package is left out: its contract is there, and where its parts are joined. */
  @Test
  void packagesOfARoomHaveNoCycles() {
    slices().matching(OURS + ".(*).(**)").should().beFreeOfCycles().check(main);
  }

  @Test
  void onlyTheCommandLinePrints() {
    noClasses()
        .that()
        .resideInAnyPackage(OURS + ".wire..", OURS + ".kernels..", OURS + ".gateway..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(main);
  }

  @Test
  void timeIsJavaTime() {
    noClasses()
        .that()
        // Until when a certificate is good the JDK tells as a Date alone.
        .doNotHaveFullyQualifiedName("io.elasticjupyter.api.certificate.ServerIdentity")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Date")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Calendar")
        .check(main);
  }

  @Test
  void mainCodeNeverSleeps() {
    noClasses()
        .that()
        .resideOutsideOfPackage(OURS + ".testkit..")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "Thread.sleep",
                call ->
                    call.getTargetOwner().isEquivalentTo(Thread.class)
                        && call.getName().equals("sleep")))
        .check(main);
  }

  @Test
  void locksAreExplicit() {
    methods().should().notHaveModifier(JavaModifier.SYNCHRONIZED).check(main);
  }

  @Test
  void nothingStaticChanges() {
    fields()
        .that()
        .areStatic()
        .and(
            DescribedPredicate.describe(
                "written by people", (JavaField field) -> !field.getName().startsWith("$")))
        .should()
        .beFinal()
        .check(main);
  }

  @Test
  void classesAreNamedAfterWhatTheyMean() {
    classes()
        .should()
        .haveNameNotMatching(".*(Util|Utils|Helper|Helpers|Impl)(\\$.*)?")
        .andShould()
        .resideOutsideOfPackages(
            "..util..", "..utils..", "..common..", "..impl..", "..helper..", "..internal..")
        .check(main);
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> marked =
        main.stream()
            .filter(one -> one.getSimpleName().equals("package-info"))
            .filter(one -> one.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
            .map(JavaClass::getPackageName)
            .collect(Collectors.toSet());
    classes()
        .should(
            new ArchCondition<>("be in a @NullMarked package") {
              @Override
              public void check(JavaClass one, ConditionEvents events) {
                if (!marked.contains(one.getPackageName())) {
                  events.add(
                      SimpleConditionEvent.violated(
                          one, one.getPackageName() + " has no @NullMarked package-info"));
                }
              }
            })
        .check(main);
  }

  @Test
  void filesAreShortEnoughToRead() throws IOException {
    Path root = Path.of(System.getProperty("elastic.root"));
    Set<String> tooLong = new TreeSet<>();
    int read = 0;
    for (String room : ROOMS) {
      Path sources = root.resolve(room).resolve("src");
      if (!Files.isDirectory(sources)) {
        continue;
      }
      List<Path> files;
      try (Stream<Path> tree = Files.walk(sources)) {
        files =
            tree.filter(file -> file.toString().matches(".*\\.(java|py|sh|js|mjs)"))
                // Taken over as they are from elsewhere.
                .filter(file -> !file.toString().contains("/_vendor/"))
                .toList();
      }
      for (Path file : files) {
        read++;
        int lines = Files.readAllLines(file).size();
        if (lines > LONGEST_FILE) {
          tooLong.add(root.relativize(file) + " has " + lines + " lines");
        }
      }
    }
    assertThat(read).as("files that were measured").isGreaterThan(20);
    assertThat(tooLong).as("files longer than %d lines", LONGEST_FILE).isEmpty();
  }

  private static String room(String packageName) {
    String inside = packageName.substring(OURS.length()).replaceFirst("^\\.", "");
    return inside.contains(".") ? inside.substring(0, inside.indexOf('.')) : inside;
  }
}
