// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** One kernel: what is wanted of it and where it is now. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind("JupyterKernel")
@Singular("jupyterkernel")
@Plural("jupyterkernels")
@ShortNames("jk")
@Categories("jupyter")
@AdditionalPrinterColumn(name = "User", jsonPath = ".spec.user")
@AdditionalPrinterColumn(name = "Kernelspec", jsonPath = ".spec.kernelSpec")
@AdditionalPrinterColumn(name = "Stage", jsonPath = ".status.stage")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.reason")
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.message", priority = 1)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public final class JupyterKernel extends CustomResource<KernelSpec, KernelStatus>
    implements Namespaced {

  private static final long serialVersionUID = 1;
}
