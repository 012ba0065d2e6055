// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

/** The images that are used where a resource names none. */
public final class Images {

  /** Every program of this project. */
  public static final String PROGRAMS = "localhost/elastic-jupyter:dev";

  /** A Python kernel. */
  public static final String KERNEL_PYTHON = "localhost/elastic-jupyter-kernel-python:dev";

  /** JupyterLab. */
  public static final String NOTEBOOK = "localhost/elastic-jupyter-notebook:dev";

  private Images() {}
}
