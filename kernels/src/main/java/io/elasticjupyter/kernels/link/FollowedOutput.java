// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.link;

import io.elasticjupyter.wire.connection.ConnectionInfo;
import io.elasticjupyter.wire.message.Channel;
import io.elasticjupyter.wire.message.JupyterMessage;
import io.elasticjupyter.wire.message.MessageException;
import io.elasticjupyter.wire.message.MessageHeader;
import io.elasticjupyter.wire.zmtp.SocketType;
import io.elasticjupyter.wire.zmtp.ZmtpOptions;
import io.elasticjupyter.wire.zmtp.ZmtpSocket;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A kernel's output beside the gateway that has the kernel, so that nothing of it is missed when
 * that one ends: what that gateway is not known to have is kept, within a bound, until somebody
 * takes the output over. A kernel's PUB socket gives every subscriber the same messages in the same
 * order. Overflow rule: the oldest goes, and whoever takes over is told as of a dropped message.
 *
 * <p>Safe for any thread.
 */
public final class FollowedOutput implements Closeable {

  private static final System.Logger LOG = System.getLogger(FollowedOutput.class.getName());
  private static final byte[] NO_IDENTITY = {};
  private static final byte[] EVERYTHING = {};

  private final ZmtpSocket socket;
  private final long maxBytes;
  private final long openedAt = System.nanoTime();
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Kept> kept = new ArrayDeque<>();
  private long keptBytes;
  private long overflowed;
  private boolean heard;
  private KernelLink.@Nullable Receiver receiver;
  private @Nullable Consumer<IOException> onEnd;
  private @Nullable IOException end;

  private record Kept(String id, JupyterMessage message) {}

  private FollowedOutput(ZmtpSocket socket, long maxBytes) {
    this.socket = socket;
    this.maxBytes = maxBytes;
  }

  /**
   * Connects, and begins to keep.
   *
   * @param maxBytes what is kept at most
   * @throws IOException if the kernel does not answer as ZeroMQ
   */
  public static FollowedOutput open(ConnectionInfo connection, ZmtpOptions options, long maxBytes)
      throws IOException, MessageException {
    ZmtpSocket socket =
        ZmtpSocket.connect(
            connection.addressOf(Channel.IOPUB), SocketType.SUB, NO_IDENTITY, options);
    FollowedOutput output = new FollowedOutput(socket, maxBytes);
    try {
      socket.subscribe(EVERYTHING);
      ChannelReader reader = new ChannelReader(Channel.IOPUB, socket, connection.signer());
      Thread.ofVirtual()
          .name("kernel-followed")
          .start(() -> reader.run(output.new Keeper(), output::ended));
    } catch (IOException | MessageException | RuntimeException e) {
      output.close();
      throw e;
    }
    return output;
  }

  /**
   * Forgets everything up to that message, which the kernel's gateway has.
   *
   * @return whether it was among what is kept
   */
  public boolean dropThrough(String messageId) {
    lock.lock();
    try {
      if (kept.stream().noneMatch(each -> each.id().equals(messageId))) {
        return false;
      }
      while (true) {
        Kept oldest = kept.removeFirst();
        keptBytes -= oldest.message().size();
        if (oldest.id().equals(messageId)) {
          overflowed = 0;
          return true;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Hands over what is kept, and then what comes. Once. */
  void into(KernelLink.Receiver next, Consumer<IOException> whenEnded) {
    lock.lock();
    try {
      for (long i = 0; i < overflowed; i++) {
        next.dropped(Channel.IOPUB, "followed-too-much");
      }
      kept.forEach(each -> next.received(each.message(), false));
      kept.clear();
      keptBytes = 0;
      receiver = next;
      onEnd = whenEnded;
      if (end != null) {
        whenEnded.accept(end);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether it ended by itself or was closed. */
  public boolean isOver() {
    lock.lock();
    try {
      return end != null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether the subscription has arrived at the kernel: something came, or it was made long enough
   * ago for a kernel that says nothing.
   */
  public boolean isSettled(long settlingNanos) {
    lock.lock();
    try {
      return end == null && (heard || System.nanoTime() - openedAt > settlingNanos);
    } finally {
      lock.unlock();
    }
  }

  private void ended(IOException cause) {
    KernelLink.close(socket);
    lock.lock();
    try {
      end = cause;
      if (onEnd != null) {
        onEnd.accept(cause);
      }
    } finally {
      lock.unlock();
    }
  }

  private final class Keeper implements KernelLink.Receiver {

    @Override
    public void received(JupyterMessage message, boolean more) {
      lock.lock();
      try {
        heard = true;
        if (receiver != null) {
          receiver.received(message, more);
          return;
        }
        kept.addLast(new Kept(MessageHeader.parse(message.header()).msgId(), message));
        keptBytes += message.size();
        while (keptBytes > maxBytes && kept.size() > 1) {
          keptBytes -= kept.removeFirst().message().size();
          overflowed++;
        }
      } catch (MessageException e) {
        LOG.log(Level.DEBUG, "event=followed-message-dropped code={0}", e.code());
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void dropped(Channel channel, String code) {
      KernelLink.Receiver next = taker();
      if (next != null) {
        next.dropped(channel, code);
      }
    }

    @Override
    public void tooLarge(Channel channel) {
      KernelLink.Receiver next = taker();
      if (next != null) {
        next.tooLarge(channel);
      }
    }

    @Override
    public void lost(IOException cause) {
      ended(cause);
    }
  }

  private KernelLink.@Nullable Receiver taker() {
    lock.lock();
    try {
      return receiver;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    KernelLink.close(socket);
  }
}
