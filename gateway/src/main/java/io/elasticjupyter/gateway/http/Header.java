// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.http;

/** One header field, of a request or an answer. */
public record Header(String name, String value) {}
