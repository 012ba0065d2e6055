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

/** The Pod template that kernelspecs refer to. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind("JupyterKernelTemplate")
@Singular("jupyterkerneltemplate")
@Plural("jupyterkerneltemplates")
@ShortNames("jkt")
@Categories("jupyter")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public final class JupyterKernelTemplate
    extends CustomResource<JupyterKernelTemplateSpec, JupyterKernelTemplateStatus>
    implements Namespaced {

  private static final long serialVersionUID = 1;
}
