// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

/** Labels and annotations by which programs find each other's objects. */
public final class Labels {

  /** Of every object that the operator makes. */
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  public static final String MANAGED_BY_OPERATOR = "elastic-jupyter";

  /** What an object is part of: {@code notebook}, {@code gateway} or {@code kernel}. */
  public static final String COMPONENT = "app.kubernetes.io/component";

  /** Name of the JupyterNotebook that an object belongs to. */
  public static final String NOTEBOOK = ApiGroup.NAME + "/notebook";

  /** Name of the JupyterGateway that an object belongs to. */
  public static final String GATEWAY = ApiGroup.NAME + "/gateway";

  /** Name of the JupyterKernel that a Pod runs. */
  public static final String KERNEL = ApiGroup.NAME + "/kernel";

  /** The kernel's id, as clients know it. */
  public static final String KERNEL_ID = ApiGroup.NAME + "/kernel-id";

  /** Name of the JupyterKernelSpec that a kernel was started from. */
  public static final String KERNEL_SPEC = ApiGroup.NAME + "/kernelspec";

  /** Which run of its kernel a Pod is; see {@link KernelSpec#run}. */
  public static final String RUN = ApiGroup.NAME + "/run";

  /**
   * How long a JupyterKernel lives. Without it, until somebody deletes it; as {@link #LIFE_OF_POD},
   * as long as its Pod, because its gateway knows only of that and deletes it.
   */
  public static final String LIFE = ApiGroup.NAME + "/life";

  public static final String LIFE_OF_POD = "pod";

  /** Of a kernel's Pod in callback mode, see {@link LaunchMode}. */
  public static final String LAUNCH_MODE = ApiGroup.NAME + "/launch-mode";

  /**
   * Annotation of a JupyterKernel: how its kernel in callback mode is reached, sealed by its
   * gateway for the next one.
   */
  public static final String ANSWER = ApiGroup.NAME + "/answer";

  /** Annotation of a JupyterKernel: which replica of its gateway has the kernel. */
  public static final String REPLICA = ApiGroup.NAME + "/replica";

  /** Annotation of a replica's Lease: where the other replicas reach it, {@code HOST:PORT}. */
  public static final String REPLICA_ADDRESS = ApiGroup.NAME + "/replica-address";

  /** Annotation of the Lease of a replica that gives its kernels away; whatever its value. */
  public static final String REPLICA_LEAVING = ApiGroup.NAME + "/replica-leaving";

  private static final int LONGEST_VALUE = 63;

  private Labels() {}

  /**
   * A name as a label's value, which has 63 characters at most: of a longer name the beginning. For
   * labels that people select by; programs find objects by their owners.
   */
  public static String value(String name) {
    return name.length() <= LONGEST_VALUE
        ? name
        : name.substring(0, LONGEST_VALUE).replaceAll("[^A-Za-z0-9]+$", "");
  }
}
