// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http;

/** What a request is answered with. */
public sealed interface HttpAnswer permits HttpResponse, ProtocolSwitch {}
