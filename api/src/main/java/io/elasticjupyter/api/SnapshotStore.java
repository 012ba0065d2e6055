// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** An S3-compatible object store for what kernels hold while they hibernate. */
public record SnapshotStore(
    @JsonPropertyDescription("Its http or https address, which the kernels' Pods reach as well.")
        @Required
        @Pattern("^https?://[^/?#@ ]+(/[^?# ]*)?$")
        String endpoint,
    @JsonPropertyDescription("The bucket, which has to be there.")
        @Required
        @Pattern("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
        String bucket,
    @JsonPropertyDescription(
            "Secret of this namespace with the keys AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; only the gateway gets it.")
        @Required
        String secretName,
    @JsonPropertyDescription("What the names of all objects begin with. Gateways may share one.")
        @Nullable String prefix,
    @JsonPropertyDescription("Its region, as signatures name it.") @Default("us-east-1")
        @Nullable String region,
    @JsonPropertyDescription(
            "Whether the bucket is a part of the path; false puts it before the host's name, as Amazon's own store wants it.")
        @Default("true")
        @Nullable Boolean pathStyle) {}
