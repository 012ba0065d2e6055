// SPDX-License-Identifier: Apache-2.0

/** What tells about the gateway itself: version, status, probes, metrics. */
@NullMarked
package io.elasticjupyter.gateway.service;

import org.jspecify.annotations.NullMarked;
