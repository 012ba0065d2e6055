// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels;

import io.elasticjupyter.kernels.accounting.Use;
import io.elasticjupyter.kernels.hibernation.SnapshotUsage;
import io.elasticjupyter.wire.message.Channel;
import java.time.Duration;

/** Is told what is worth counting. Called from hot paths by any thread: must be quick. */
public interface KernelMonitor {

  /** A kernel answered for the first time, so long after it was asked for. */
  void started(String spec, Duration after);

  /** A kernel became dead, or was restarted by itself. */
  void crashed(String spec, boolean restarted);

  /** An idle kernel was stopped. */
  void culled(String spec);

  /** An idle kernel was saved and its process ended, so long after that was begun. */
  void hibernated(String spec, Duration after, long bytes);

  /** A kernel that hibernated has its variables again, so long after it was wanted. */
  void woken(String spec, Duration after);

  /** What sleeping kernels take of the gateway's limits has changed. */
  void kept(SnapshotUsage.Totals totals);

  /** A kernel runs on since a limit left no room for its snapshot; the limit's stable name. */
  void snapshotRefused(String limit);

  /** The snapshot of a sleeping kernel was removed, which had become too old. */
  void snapshotRemoved();

  /** A kernel spent time with what it was given, or without it. */
  void held(Use use, Duration time);

  /** A message went to a kernel. */
  void toKernel(Channel channel);

  /** A message came from a kernel. */
  void fromKernel(Channel channel);

  /** A message was dropped, with the stable code of the reason. */
  void dropped(Channel channel, String code);

  /** A client missed output that a limit had taken away. */
  void missed(long messages);

  /** Counts nothing. */
  static KernelMonitor none() {
    return new KernelMonitor() {
      @Override
      public void started(String spec, Duration after) {}

      @Override
      public void crashed(String spec, boolean restarted) {}

      @Override
      public void culled(String spec) {}

      @Override
      public void hibernated(String spec, Duration after, long bytes) {}

      @Override
      public void woken(String spec, Duration after) {}

      @Override
      public void kept(SnapshotUsage.Totals totals) {}

      @Override
      public void snapshotRefused(String limit) {}

      @Override
      public void snapshotRemoved() {}

      @Override
      public void held(Use use, Duration time) {}

      @Override
      public void toKernel(Channel channel) {}

      @Override
      public void fromKernel(Channel channel) {}

      @Override
      public void dropped(Channel channel, String code) {}

      @Override
      public void missed(long messages) {}
    };
  }
}
