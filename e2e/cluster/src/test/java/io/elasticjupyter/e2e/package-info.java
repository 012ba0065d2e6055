// SPDX-License-Identifier: Apache-2.0

/** The product as it is installed, on a real Kubernetes, used with kubectl, REST and a browser. */
package io.elasticjupyter.e2e;
