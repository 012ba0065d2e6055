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

/** A gateway that gives notebooks their kernels, each in a Pod of its own. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind("JupyterGateway")
@Singular("jupytergateway")
@Plural("jupytergateways")
@ShortNames("jgw")
@Categories("jupyter")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "Kernels",
    jsonPath = ".status.kernels",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public final class JupyterGateway extends CustomResource<JupyterGatewaySpec, JupyterGatewayStatus>
    implements Namespaced {

  private static final long serialVersionUID = 1;
}
