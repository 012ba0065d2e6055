// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elasticjupyter.kernels.KernelId;
import io.elasticjupyter.kernels.accounting.HeldTime;
import io.elasticjupyter.kernels.audience.RememberedSession;
import io.elasticjupyter.kernels.provisioner.ProcessRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelStoreTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path state;

  private static KernelRecord record(KernelId id, Instant startedAt) {
    return new KernelRecord(
        id.value(),
        "python3",
        "/specs/python3",
        JsonNodeFactory.instance.objectNode().put("display_name", "Python"),
        "ada",
        Map.of("KERNEL_USERNAME", "ada"),
        null,
        "gateway-1",
        startedAt,
        new ProcessRecord(4711, 1_000),
        true,
        null,
        false,
        SleepRecord.NEVER,
        new HeldTime(1, 2, 3));
  }

  private static KernelId id(int n) {
    return new KernelId("00000000-0000-4000-8000-%012d".formatted(n));
  }

  @Test
  void findsWhatWasWrittenOldestFirst() throws Exception {
    KernelStore store = new KernelStore(state);
    store.folder(id(1)).write(record(id(1), NOON.plusSeconds(9)));
    store.folder(id(2)).write(record(id(2), NOON));

    assertThat(new KernelStore(state).load())
        .extracting(KernelStore.Found::record)
        .containsExactly(record(id(2), NOON), record(id(1), NOON.plusSeconds(9)));
  }

  @Test
  void isForItsOwnerAlone() throws Exception {
    KernelStore store = new KernelStore(state);
    store.folder(id(1)).write(record(id(1), NOON));
    Path folder = state.resolve("kernels").resolve(id(1).value());

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("kernel.json"))))
        .isEqualTo("rw-------");
  }

  @Test
  void setsDamagedFoldersAsideAndGoesOn() throws Exception {
    KernelStore store = new KernelStore(state);
    store.folder(id(1)).write(record(id(1), NOON));
    for (int n = 2; n <= 5; n++) {
      store.folder(id(n)).write(record(id(n), NOON));
    }
    Path kernels = state.resolve("kernels");
    Files.writeString(kernels.resolve(id(2).value()).resolve("kernel.json"), "{\"id\": \"0000");
    Files.writeString(kernels.resolve(id(3).value()).resolve("kernel.json"), "");
    Files.delete(kernels.resolve(id(4).value()).resolve("kernel.json"));
    Files.move(kernels.resolve(id(5).value()), kernels.resolve("elsewhere"));

    assertThat(store.load())
        .extracting(found -> found.record().id())
        .containsExactly(id(1).value());
    assertThat(store.isSetAside(id(2))).as("what may be put back by hand is no rest").isTrue();
    assertThat(store.isSetAside(id(1))).isFalse();
    assertThat(state.resolve("damaged"))
        .isDirectoryContaining(path -> path.endsWith(id(2).value()))
        .isDirectoryContaining(path -> path.endsWith(id(3).value()))
        .isDirectoryContaining(path -> path.endsWith(id(4).value()))
        .isDirectoryContaining(path -> path.endsWith("elsewhere"));
    assertThat(store.load()).hasSize(1);
  }

  @Test
  void aFileThatLacksSomethingIsDamagedAsWell() throws Exception {
    KernelStore store = new KernelStore(state);
    Path file = state.resolve("kernels").resolve(id(1).value()).resolve("kernel.json");
    for (String field :
        List.of("spec", "specName", "specDirectory", "username", "env", "identity", "startedAt")) {
      store.folder(id(1)).write(record(id(1), NOON));
      ObjectNode json = (ObjectNode) new ObjectMapper().readTree(file.toFile());
      json.remove(field);
      Files.write(file, new ObjectMapper().writeValueAsBytes(json));

      assertThat(store.load()).as("without %s", field).isEmpty();
    }
  }

  @Test
  void clientsThatLackSomethingAreDamagedAsWell() throws Exception {
    KernelFolder folder = new KernelStore(state).folder(id(1));
    folder.write(record(id(1), NOON));
    for (String damaged :
        List.of(
            "{}",
            "{\"lastSequence\": 1, \"lastActivity\": \"2026-01-01T12:00:00Z\"}",
            "{\"lastSequence\": 9223372036854775807, \"lastActivity\": \"2026-01-01T12:00:00Z\","
                + " \"sessions\": []}",
            "{\"lastSequence\": 1, \"lastActivity\": \"2026-01-01T12:00:00Z\","
                + " \"sessions\": [{\"named\": true}]}")) {
      Files.writeString(folder.path().resolve("clients.json"), damaged);

      assertThatThrownBy(folder::readClients).as(damaged).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aHalfWrittenFileDoesNotTouchTheOldOne() throws Exception {
    KernelStore store = new KernelStore(state);
    store.folder(id(1)).write(record(id(1), NOON));
    Path folder = state.resolve("kernels").resolve(id(1).value());
    Files.writeString(folder.resolve(".kernel.json.tmp"), "{\"id");

    assertThat(store.load()).hasSize(1);
    store.folder(id(1)).write(record(id(1), NOON.plusSeconds(1)));
    assertThat(store.load().getFirst().record().startedAt()).isEqualTo(NOON.plusSeconds(1));
  }

  @Test
  void remembersClients() throws Exception {
    KernelFolder folder = new KernelStore(state).folder(id(1));
    ClientsRecord clients =
        new ClientsRecord(
            99, NOON, List.of(new RememberedSession("a", true, 42, Set.of("a", "b"))));
    assertThat(folder.readClients()).isEmpty();
    folder.write(clients);

    assertThat(folder.readClients()).contains(clients);
  }
}
