// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.bench.contender;

/** The kernels that are started. */
public enum Spec {
  /** Answers at once and can flood: a Python process on libzmq. */
  INSTANT("bench-instant"),
  /** A real ipykernel. */
  IPYKERNEL("bench-ipykernel"),
  /** Played by a host process that plays many. */
  HOSTED("bench-hosted");

  private final String directory;

  Spec(String directory) {
    this.directory = directory;
  }

  /** Its name as a kernelspec. */
  public String directory() {
    return directory;
  }
}
