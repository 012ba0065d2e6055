// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway.sessions;

import java.io.IOException;
import java.util.List;

/** Where sessions are kept over a restart of the gateway. */
public interface SessionStore {

  /** What was kept; never fails: what cannot be read is set aside with a warning. */
  List<Session> load();

  /** Keeps these instead of what was kept. */
  void save(List<Session> sessions) throws IOException;

  /** Keeps nothing. */
  static SessionStore none() {
    return new SessionStore() {
      @Override
      public List<Session> load() {
        return List.of();
      }

      @Override
      public void save(List<Session> sessions) {
        // Nothing to keep them in.
      }
    };
  }
}
