// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.objects;

import java.time.Instant;

/** An object as the store lists it. */
public record ListedObject(String key, long size, Instant modifiedAt) {}
