// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

/** The group and version of every custom resource. */
public final class ApiGroup {

  public static final String NAME = "kubeflow.tkestack.io";
  public static final String VERSION = "v1alpha1";

  private ApiGroup() {}
}
