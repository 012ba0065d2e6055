// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.sessions;

import io.elasticjupyter.kernels.KernelId;

/**
 * A document that has a kernel.
 *
 * @param id version 4 UUID
 * @param path the document, as its client names it
 * @param name for people, often empty
 * @param type {@code notebook}, {@code console} or what a client calls it
 * @param kernel its kernel
 */
public record Session(String id, String path, String name, String type, KernelId kernel) {}
