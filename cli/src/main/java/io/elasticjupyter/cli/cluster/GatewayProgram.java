// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.cluster;

import io.elasticjupyter.api.CallbackKeys;
import io.elasticjupyter.api.MountPaths;
import io.elasticjupyter.api.SnapshotVolume;
import io.elasticjupyter.api.SnapshotVolume.Loading;
import io.elasticjupyter.cli.local.GatewayOptions;
import io.elasticjupyter.cli.local.RunningGateway;
import io.elasticjupyter.cli.local.ServiceOptions;
import io.elasticjupyter.cli.local.StateDirectory;
import io.elasticjupyter.cli.local.StoreOptions;
import io.elasticjupyter.cli.logging.Logs;
import io.elasticjupyter.cli.program.Console;
import io.elasticjupyter.cli.program.OrderlyEnd;
import io.elasticjupyter.cli.program.Program;
import io.elasticjupyter.cli.program.ProgramFailure;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.Values;
import io.elasticjupyter.gateway.metrics.Meters;
import io.elasticjupyter.kernels.callback.CallbackListener;
import io.elasticjupyter.kernels.hibernation.SleepRoom;
import io.elasticjupyter.kernels.hibernation.SnapshotKeys;
import io.elasticjupyter.kernels.hibernation.SnapshotPlace;
import io.elasticjupyter.kernels.objects.ObjectStore;
import io.elasticjupyter.kernels.objects.ObjectStoreSettings;
import io.elasticjupyter.kernels.provisioner.kubernetes.KubernetesKernelSpecs;
import io.elasticjupyter.kernels.provisioner.kubernetes.KubernetesProvisioner;
import io.elasticjupyter.kernels.provisioner.kubernetes.KubernetesSettings;
import io.elasticjupyter.kernels.vault.Grants;
import io.elasticjupyter.kernels.vault.MountedVolume;
import io.elasticjupyter.kernels.vault.ObjectVault;
import io.elasticjupyter.kernels.vault.SnapshotServer;
import io.elasticjupyter.kernels.vault.SnapshotVault;
import io.elasticjupyter.kernels.vault.VaultDoor;
import io.elasticjupyter.kernels.vault.VaultTls;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** The gateway in its Pod, until it is told to end; its kernels live on. */
public final class GatewayProgram implements Program {

  /** A launcher sends what it has in one piece. */
  private static final Duration CALLER_PATIENCE = Duration.ofSeconds(5);

  @Override
  public String name() {
    return "gateway";
  }

  @Override
  public String summary() {
    return "The gateway in a Kubernetes cluster, with kernels in Pods.";
  }

  @Override
  public String description() {
    return "Started by the operator for a JupyterGateway. Asks for kernels by writing JupyterKernel"
        + " resources, learns about them by watching those, and offers the JupyterKernelSpecs of"
        + " its namespace. Kernels outlive it: the next one with the same name takes them up.";
  }

  @Override
  public List<SettingGroup> groups() {
    List<SettingGroup> groups = new ArrayList<>();
    groups.add(ClusterOptions.GROUP);
    groups.addAll(GatewayOptions.OF_LISTENING);
    groups.add(ServiceOptions.OF_SERVICES);
    groups.addAll(GatewayOptions.OF_REMOTE_KERNELS);
    groups.addAll(GatewayOptions.OF_ACCESS);
    return List.copyOf(groups);
  }

  @Override
  public int run(Values values, List<String> arguments, Console console)
      throws ProgramFailure, Values.Unusable, InterruptedException {
    Logs.show(values.get(ServiceOptions.LOG_LEVEL));
    Path secret = values.get(ClusterOptions.GATEWAY_SECRET);
    Optional<String> token = GatewayOptions.givenToken(values);
    if (token.isEmpty()) {
      token =
          Optional.of(
              new String(read(secret, MountPaths.GATEWAY_TOKEN), StandardCharsets.UTF_8).strip());
    }
    String incarnation = UUID.randomUUID().toString();
    KubernetesSettings settings =
        new KubernetesSettings(
            values.get(ClusterOptions.NAMESPACE),
            values.get(ClusterOptions.GATEWAY_NAME),
            read(secret, MountPaths.GATEWAY_KERNEL_KEY),
            GatewayOptions.kernels(values).launchTimeout(),
            ClusterKernels.replica(values, incarnation));
    CallbackListener.Settings callbacks =
        new CallbackListener.Settings(
            values.get(ClusterOptions.RESPONSE_PORT),
            CallbackKeys.privateKey(read(secret, MountPaths.GATEWAY_CALLBACK_KEY)),
            values.get(ClusterOptions.ACCEPT_OLD_LAUNCHERS),
            CALLER_PATIENCE);
    StateDirectory state = StateDirectory.ofProgram(values, console, name());
    OrderlyEnd end = new OrderlyEnd(console);
    KubernetesClient client = end.closing(ClusterClient.open());
    try {
      KubernetesKernelSpecs specs =
          end.closing(
              new KubernetesKernelSpecs(
                  client, settings.namespace(), state.path().resolve("no-logos")));
      SecureRandom random = new SecureRandom();
      Grants grants = new Grants(random);
      SnapshotKeys keys = new SnapshotKeys(settings.key());
      VaultTls tls =
          new VaultTls(secret.resolve(MountPaths.GATEWAY_CERTIFICATE), InstantSource.system());
      VaultDoor door = new VaultDoor(ClusterOptions.snapshotUrl(values), grants, Optional.of(tls));
      SnapshotPlace place = place(values, keys, door, end);
      end.closing(
          SnapshotServer.start(
              new InetSocketAddress(values.get(ClusterOptions.SNAPSHOT_PORT)), grants, tls));
      KubernetesProvisioner provisioner =
          end.closing(
              new KubernetesProvisioner(
                  client, settings, specs, new SleepRoom(place, keys), random));
      Meters meters = new Meters();
      ClusterKernels kernels =
          ClusterKernels.open(
              values,
              incarnation,
              client,
              provisioner,
              settings,
              GatewayOptions.kernels(values),
              meters.kernelMonitor(),
              state.path(),
              end);
      // Not before the kernels of an earlier gateway are known.
      end.closing(CallbackListener.start(callbacks, provisioner));
      RunningGateway gateway =
          end.closing(
              RunningGateway.join(
                  GatewayOptions.config(values, token, state),
                  kernels.kernels(),
                  specs::all,
                  meters,
                  state,
                  kernels.peers()));
      console.print("The gateway is ready: " + gateway.url());
    } catch (KubernetesClientException e) {
      throw new ProgramFailure(
          "the cluster at %s cannot be asked for kernels in namespace %s: %s"
              .formatted(client.getMasterUrl(), settings.namespace(), e.getMessage()),
          e);
    } catch (IOException e) {
      throw new ProgramFailure("the gateway cannot start: " + e.getMessage(), e);
    }
    new CountDownLatch(1).await();
    return 0;
  }

  /** The object store or the kernels' volume that is named; else the gateway's own volume. */
  private static SnapshotPlace place(
      Values values, SnapshotKeys keys, VaultDoor door, OrderlyEnd end) throws Values.Unusable {
    SnapshotVault own = new SnapshotVault(door, MountPaths.SNAPSHOT);
    Optional<ObjectStoreSettings> store = StoreOptions.settings(values);
    Optional<Path> volume = values.get(ClusterOptions.SNAPSHOT_VOLUME);
    if (store.isPresent() && volume.isPresent()) {
      throw new Values.Unusable(
          List.of("--snapshot-store and --snapshot-volume are two places for the same"));
    }
    if (store.isPresent()) {
      return new ObjectVault(
          end.closing(new ObjectStore(store.get(), InstantSource.system())),
          keys.owner(),
          door,
          Optional.of(MountPaths.SNAPSHOT),
          own,
          InstantSource.system());
    }
    return volume
        .<SnapshotPlace>map(mounted ->
            new MountedVolume(
                new MountedVolume.Settings(
                    mounted.resolve(values.get(ClusterOptions.GATEWAY_NAME)),
                    MountPaths.SNAPSHOT_FOLDER,
                    Math.toIntExact(SnapshotVolume.GROUP),
                    values.get(ClusterOptions.SNAPSHOT_LOADING) == Loading.MAP),
                own,
                InstantSource.system()))
        .orElse(own);
  }

  private static byte[] read(Path folder, String file) throws ProgramFailure {
    try {
      return Files.readAllBytes(folder.resolve(file));
    } catch (IOException e) {
      throw new ProgramFailure(
          "%s cannot be read (%s); the operator mounts it, --gateway-secret names another folder"
              .formatted(folder.resolve(file), e.getClass().getSimpleName()),
          e);
    }
  }
}
