// SPDX-License-Identifier: Apache-2.0

/** As much of the S3 protocol as snapshots need: signed links, small requests of the gateway. */
@NullMarked
package io.elasticjupyter.kernels.objects;

import org.jspecify.annotations.NullMarked;
