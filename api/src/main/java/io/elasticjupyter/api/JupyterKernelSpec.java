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

/** A kind of kernel that users choose from. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind("JupyterKernelSpec")
@Singular("jupyterkernelspec")
@Plural("jupyterkernelspecs")
@ShortNames("jks")
@Categories("jupyter")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Language", jsonPath = ".spec.language")
@AdditionalPrinterColumn(name = "Image", jsonPath = ".spec.image", priority = 1)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public final class JupyterKernelSpec
    extends CustomResource<JupyterKernelSpecSpec, JupyterKernelSpecStatus> implements Namespaced {

  private static final long serialVersionUID = 1;
}
