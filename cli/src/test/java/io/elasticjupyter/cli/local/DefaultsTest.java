// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elasticjupyter.cli.program.Console;
import io.elasticjupyter.cli.settings.Values;
import io.elasticjupyter.gateway.config.ChannelsConfig;
import io.elasticjupyter.gateway.config.CorsConfig;
import io.elasticjupyter.gateway.config.HttpLimitsConfig;
import io.elasticjupyter.gateway.config.KernelAccessConfig;
import io.elasticjupyter.gateway.config.KernelEnvironmentConfig;
import io.elasticjupyter.gateway.config.ListenConfig;
import io.elasticjupyter.gateway.config.RedactionConfig;
import io.elasticjupyter.kernels.KernelSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What help says is the default must be what the rooms themselves take for it. */
final class DefaultsTest {

  @Test
  void theDefaultsOfTheOptionsAreThoseOfTheRooms() throws Values.Unusable {
    Values values = values(Map.of(), Map.of());

    assertThat(NetworkOptions.listen(values)).isEqualTo(ListenConfig.defaults());
    assertThat(NetworkOptions.tls(values)).isEmpty();
    assertThat(NetworkOptions.limits(values)).isEqualTo(HttpLimitsConfig.defaults());
    assertThat(AccessOptions.cors(values)).isEqualTo(CorsConfig.defaults());
    assertThat(AccessOptions.access(values)).isEqualTo(KernelAccessConfig.defaults());
    assertThat(KernelOptions.environment(values, false, false))
        .isEqualTo(KernelEnvironmentConfig.defaults());
    assertThat(KernelOptions.channels(values)).isEqualTo(ChannelsConfig.defaults());
    assertThat(KernelOptions.redaction(values)).isEqualTo(RedactionConfig.defaults());
    assertThat(LifeOptions.settings(values)).isEqualTo(KernelSettings.defaults());
  }

  @Test
  void limitsThatMeanNoneAreNone() throws Values.Unusable {
    Values values = values(Map.of("--max-kernels", "3", "--max-kernels-per-user", "0"), Map.of());

    assertThat(AccessOptions.access(values).maxKernels()).isEqualTo(OptionalInt.of(3));
    assertThat(AccessOptions.access(values).maxKernelsPerUser()).isEqualTo(OptionalInt.of(0));
  }

  @Test
  void tlsFilesBelongTogether() throws Values.Unusable {
    assertThat(problem(Map.of("--certfile", "/c"))).contains("--keyfile");
    assertThat(problem(Map.of("--client-ca", "/c"))).contains("--certfile");
    assertThat(problem(Map.of("--certfile", "/c", "--keyfile", "/k", "--authorized-origin", "a")))
        .contains("--client-ca");
  }

  @Test
  void processesAreKeptWhereThatIsAskedAndTheyHaveAPlace() throws Values.Unusable {
    assertThat(ProcessImageOptions.criu(values(Map.of("--criu", "/opt/criu"), Map.of()))).isEmpty();
    Map<String, String> asked = Map.of("--hibernate-process-image", "auto", "--criu", "/opt/criu");
    assertThat(ProcessImageOptions.criu(values(asked, Map.of()))).contains("/opt/criu");

    Values elsewhere =
        values(
            Map.of("--hibernate-process-image", "auto", "--snapshot-store", "http://s3.example"),
            Map.of());
    assertThatThrownBy(() -> ProcessImageOptions.criu(elsewhere))
        .isInstanceOf(Values.Unusable.class)
        .hasMessageContaining("--snapshot-store");
  }

  @Test
  void kernelsInheritAllOrWhatIsNamed() throws Values.Unusable {
    Map<String, String> own = Map.of("PATH", "/bin", "HOME", "/home/me");

    assertThat(plan(Map.of(), own).environment()).isEqualTo(own);
    assertThat(plan(Map.of("--inherited-envs", "PATH"), own).environment())
        .isEqualTo(Map.of("PATH", "/bin"));
  }

  @Test
  void namedKernelspecFoldersComeFirst() throws Values.Unusable {
    List<Path> folders =
        plan(Map.of("--kernel-path", "/a"), Map.of("JUPYTER_PATH", "/b")).folders();

    assertThat(folders).startsWith(Path.of("/a"), Path.of("/b/kernels"));
  }

  private static KernelsPlan plan(Map<String, String> options, Map<String, String> own)
      throws Values.Unusable {
    Console console = new Console(System.out, System.err, own);
    return KernelsPlan.of(values(options, own), console, Optional.empty(), false);
  }

  private static String problem(Map<String, String> options) throws Values.Unusable {
    Values values = values(options, Map.of());
    try {
      return "accepted: " + NetworkOptions.tls(values);
    } catch (Values.Unusable unusable) {
      return String.valueOf(unusable.getMessage());
    }
  }

  private static Values values(Map<String, String> options, Map<String, String> environment)
      throws Values.Unusable {
    return Values.read(new LocalProgram().groups(), options, environment);
  }
}
