// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elasticjupyter.cli.settings.Values;
import io.elasticjupyter.kernels.objects.ObjectStoreSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which object store the settings name. */
final class StoreOptionsTest {

  @TempDir Path folder;

  private Map<String, String> options() throws IOException {
    Files.writeString(folder.resolve("AWS_ACCESS_KEY_ID"), "access\n");
    Files.writeString(folder.resolve("AWS_SECRET_ACCESS_KEY"), "secret\n");
    return new HashMap<>(
        Map.of(
            "--snapshot-store",
            "https://s3.example:9000/base",
            "--snapshot-bucket",
            "bucket",
            "--snapshot-credentials",
            folder.toString()));
  }

  private static Values values(Map<String, String> options) throws Values.Unusable {
    return Values.read(List.of(StoreOptions.GROUP), options, Map.of());
  }

  @Test
  void aStoreWithItsKeys() throws Exception {
    ObjectStoreSettings store = StoreOptions.settings(values(options())).orElseThrow();

    assertThat(store.endpoint()).isEqualTo(URI.create("https://s3.example:9000/base"));
    assertThat(store.bucket()).isEqualTo("bucket");
    assertThat(store.prefix()).isEmpty();
    assertThat(store.region()).isEqualTo("us-east-1");
    assertThat(store.pathStyle()).isTrue();
    assertThat(store.credentials())
        .isEqualTo(new ObjectStoreSettings.Credentials("access", "secret"));
    assertThat(store.toString()).doesNotContain("=secret");
  }

  @Test
  void noneUnlessOneIsNamed() throws Exception {
    assertThat(StoreOptions.settings(values(Map.of()))).isEmpty();
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    Values values = values(Map.of("--snapshot-store", "http://s3.example"));

    assertThatThrownBy(() -> StoreOptions.settings(values))
        .isInstanceOf(Values.Unusable.class)
        .hasMessageContaining("--snapshot-bucket")
        .hasMessageContaining("--snapshot-credentials");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"})
  void aKeyThatCannotBeReadOrIsEmptyIsNamed(String file) throws Exception {
    Map<String, String> options = options();
    Files.writeString(folder.resolve(file), "\n");
    assertThatThrownBy(() -> StoreOptions.settings(values(options)))
        .hasMessageContaining(file + " is empty");

    Files.delete(folder.resolve(file));

    assertThatThrownBy(() -> StoreOptions.settings(values(options)))
        .hasMessageContaining(file + " cannot be read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3.example", "ftp://s3.example", "http://", "http://a b", "http://a?b"})
  void whatIsNoAddressIsRefused(String address) {
    assertThatThrownBy(
            () -> values(Map.of("--snapshot-store", address)).get(StoreOptions.SNAPSHOT_STORE))
        .isInstanceOf(Values.Unusable.class)
        .hasMessageContaining("--snapshot-store");
  }
}
