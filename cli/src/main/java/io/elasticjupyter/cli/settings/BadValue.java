// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.settings;

/** A value that a setting cannot take; the message says what it must be, for a person. */
public final class BadValue extends Exception {

  private static final long serialVersionUID = 1L;

  public BadValue(String message) {
    super(message);
  }
}
