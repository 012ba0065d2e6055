// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.provisioner.local;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * POSIX {@code kill} to a process group (IEEE Std 1003.1, kill). Java's own {@link ProcessHandle}
 * can neither interrupt nor reach a group, and a child process per signal would be slow and could
 * fail when the machine is out of processes, which is when signals are needed most.
 */
@SuppressWarnings("restricted") // Calling kill is what this class is for.
final class Signals {

  static final int SIGINT = 2;
  static final int SIGKILL = 9;
  static final int SIGTERM = 15;

  /** On Linux; elsewhere nobody is stopped here. */
  static final int SIGCONT = 18;

  /** ESRCH: no such process; the same number on Linux and macOS. */
  private static final int NO_SUCH_PROCESS = 3;

  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle KILL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
              Linker.Option.captureCallState("errno"));

  private Signals() {}

  /** What became of a signal. */
  enum Outcome {
    SENT,
    NOBODY_THERE,
    REFUSED
  }

  /** Sends to every process of the group. */
  static Outcome toGroup(long group, int signal) {
    if (group <= 1) {
      throw new IllegalArgumentException("no process group of a kernel: " + group);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      int result = (int) KILL.invokeExact(state, (int) -group, signal);
      if (result == 0) {
        return Outcome.SENT;
      }
      return (int) ERRNO.get(state, 0L) == NO_SUCH_PROCESS ? Outcome.NOBODY_THERE : Outcome.REFUSED;
    } catch (Throwable e) {
      throw new IllegalStateException("calling kill", e);
    }
  }
}
