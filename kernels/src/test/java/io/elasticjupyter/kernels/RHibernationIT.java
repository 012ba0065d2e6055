// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.elasticjupyter.kernels.hibernation.HibernationOutcome;
import io.elasticjupyter.kernels.provisioner.Provisioner;
import io.elasticjupyter.testkit.KernelSpecFolder.Spec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kernel in R that falls asleep with its session, with the real IRkernel. */
class RHibernationIT {

  private static final long SECONDS = 120;

  @TempDir Path folder;

  @BeforeAll
  static void requireR() throws Exception {
    String missing = missing();
    if (!missing.isEmpty()) {
      System.out.println("RHibernationIT: skipped, since " + missing);
    }
    Assumptions.assumeTrue(missing.isEmpty(), missing);
  }

  private static String missing() throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder("Rscript", "-e", "library(IRkernel)")
              .redirectErrorStream(true)
              .start();
      process.getInputStream().transferTo(OutputStream.nullOutputStream());
      return process.waitFor() == 0
          ? ""
          : "R is here, but not its package IRkernel (Debian: r-cran-irkernel)";
    } catch (IOException e) {
      return "there is no R here (Debian: r-base-core r-cran-irkernel): " + e.getMessage();
    }
  }

  private KernelsUnderTest gateway(UnaryOperator<Provisioner> around) throws Exception {
    KernelsUnderTest gateway = new KernelsUnderTest(folder, KernelSettings.defaults(), around);
    gateway.specs.add(
        Spec.of(
                "ir",
                List.of("R", "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}"))
            .withLanguage("R"));
    return gateway;
  }

  private static void sleepAndWake(Kernel kernel) throws Exception {
    try (TestClient client = TestClient.attach(kernel, "one")) {
      client.runToEnd(
          """
          x <- 1:10; shared <- new.env(); shared$n <- 1; first <- list(e = shared)
          scaled <- function(v) v * factor; factor <- 3; connection <- file("/dev/null", "r")
          set.seed(7); library(splines); big <- as.numeric(1:500000)
          """);

      assertThat(kernel.hibernate().get(SECONDS, TimeUnit.SECONDS))
          .isInstanceOf(HibernationOutcome.Hibernated.class);
      String slept =
          client
              .await(m -> m.content().path("text").asText().contains("The kernel hibernates"))
              .content()
              .path("text")
              .asText();
      assertThat(slept).contains("kept", "lost: connection (a connection does not outlive");

      String answer =
          client.runToEnd(
              """
              first$e$n <- 9
              cat(sum(x), shared$n, scaled(2), "package:splines" %in% search(), sum(big), exists("connection"))
              """);
      assertThat(answer).isEqualTo("55 9 6 TRUE 125000250000 FALSE");
    }
  }

  @Test
  void aSessionInRSleepsAndWakes() throws Exception {
    try (KernelsUnderTest gateway = gateway(UnaryOperator.identity())) {
      sleepAndWake(gateway.start("ir"));
    }
  }

  @Test
  void aSessionInRIsHandedOverWhereTheGatewayIsElsewhere() throws Exception {
    try (VaultElsewhere vault = new VaultElsewhere(folder.resolve("of-the-pod"));
        KernelsUnderTest gateway = gateway(vault::with)) {
      sleepAndWake(gateway.start("ir"));
    }
  }

  @Test
  void whoeverHasAnotherCertificateIsSentNothingByR() throws Exception {
    try (VaultElsewhere vault = VaultElsewhere.withImpostor(folder.resolve("of-the-pod"));
        KernelsUnderTest gateway = gateway(vault::with)) {
      Kernel kernel = gateway.start("ir");
      try (TestClient client = TestClient.attach(kernel, "one")) {
        client.runToEnd("x <- 1");
        assertThat(kernel.hibernate().get(SECONDS, TimeUnit.SECONDS))
            .isInstanceOfSatisfying(
                HibernationOutcome.Failed.class,
                failed -> assertThat(failed.why()).contains("did not take it", "SSL"));
        assertThat(client.runToEnd("cat(x)")).isEqualTo("1");
      }
    }
  }
}
