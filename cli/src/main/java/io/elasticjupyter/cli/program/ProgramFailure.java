// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.program;

/** Why a program could not do its work, in words that tell a person what to do about it. */
public final class ProgramFailure extends Exception {

  private static final long serialVersionUID = 1L;

  public ProgramFailure(String message) {
    super(message);
  }

  public ProgramFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
