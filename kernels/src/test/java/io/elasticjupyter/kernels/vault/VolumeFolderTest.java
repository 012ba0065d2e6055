// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.kernels.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a kernel may have put into its folder of a volume, and what the gateway makes of it. */
final class VolumeFolderTest {

  private static final String MANIFEST = "gen-000001/manifest.json";
  private static final String BLOB = "blobs/" + "a".repeat(64) + "-5";

  @TempDir Path volume;
  private Path own;
  private Path others;
  private VolumeFolder folder;

  @BeforeEach
  void make() throws IOException {
    own = Files.createDirectories(volume.resolve("own"));
    others = Files.createDirectories(volume.resolve("others"));
    write(others.resolve(BLOB), "mine!");
    write(others.resolve(MANIFEST), "{}");
    folder = new VolumeFolder(own);
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void whatIsThereIsReadAndCounted() throws IOException {
    write(own.resolve(MANIFEST), "{}");
    write(own.resolve(BLOB), "bytes");
    write(own.resolve("blobs/.tmp-1"), "half");
    write(own.resolve("notes"), "of the user");

    assertThat(folder.read(MANIFEST, 10))
        .hasValueSatisfying(it -> assertThat(it).asString().isEqualTo("{}"));
    assertThat(folder.read("gen-000002/manifest.json", 10)).isEmpty();
    assertThat(folder.sizes()).isEqualTo(Map.of(MANIFEST, 2L, BLOB, 5L));
    assertThat(folder.bytes()).isEqualTo(2 + 5 + 4 + 11);
    assertThatThrownBy(() -> folder.read(MANIFEST, 1)).isInstanceOf(IOException.class);
  }

  @Test
  void aFolderThatIsNotThereHoldsNothing() throws IOException {
    VolumeFolder none = new VolumeFolder(volume.resolve("none"));

    assertThat(none.read(MANIFEST, 10)).isEmpty();
    assertThat(none.sizes()).isEmpty();
    assertThat(none.bytes()).isZero();
    none.keepOnly(name -> false);
    none.delete();
  }

  @Test
  void whatIsNotKeptGoesHoweverDeepItIs() throws IOException {
    write(own.resolve(MANIFEST), "{}");
    write(own.resolve(BLOB), "bytes");
    write(own.resolve("blobs/old"), "bytes");
    write(own.resolve("gen-000000/a/b/c"), "bytes");

    folder.keepOnly(name -> Set.of("gen-000001", MANIFEST, "blobs", BLOB).contains(name));

    assertThat(own.resolve(MANIFEST)).exists();
    assertThat(own.resolve("blobs"))
        .isDirectoryContaining(each -> BLOB.endsWith(each.getFileName().toString()));
    assertThat(own.resolve("blobs/old")).doesNotExist();
    assertThat(own.resolve("gen-000000")).doesNotExist();
    folder.delete();
    assertThat(own).doesNotExist();
  }

  @Test
  void aLinkInPlaceOfAFolderLeadsNowhere() throws IOException {
    Files.createSymbolicLink(own.resolve("blobs"), others.resolve("blobs"));
    Files.createSymbolicLink(own.resolve("gen-000001"), others.resolve("gen-000001"));

    assertThat(folder.read(MANIFEST, 10)).as("another kernel's").isEmpty();
    assertThat(folder.sizes()).isEmpty();
    assertThat(folder.bytes()).isZero();
    folder.keepOnly(name -> Set.of("gen-000001", "blobs").contains(name));
    assertThat(others.resolve(BLOB)).hasContent("mine!");
    folder.delete();
    assertThat(own).doesNotExist();
    assertThat(others.resolve(BLOB)).hasContent("mine!");
    assertThat(others.resolve(MANIFEST)).hasContent("{}");
  }

  @Test
  void aLinkInPlaceOfAFileIsNoFile() throws IOException {
    Files.createDirectories(own.resolve("gen-000001"));
    Files.createSymbolicLink(own.resolve(MANIFEST), others.resolve(MANIFEST));

    assertThat(folder.read(MANIFEST, 10)).isEmpty();
    assertThat(folder.sizes()).isEmpty();
    folder.delete();
    assertThat(others.resolve(MANIFEST)).exists();
  }

  @Test
  @Timeout(30)
  void aPipeInPlaceOfAFileIsNotWaitedFor() throws Exception {
    Files.createDirectories(own.resolve("gen-000001"));
    assertThat(
            new ProcessBuilder("mkfifo", own.resolve(MANIFEST).toString())
                .start()
                .waitFor(Duration.ofSeconds(20)))
        .isTrue();

    assertThat(folder.read(MANIFEST, 10)).isEmpty();
    folder.delete();
    assertThat(own).doesNotExist();
  }

  @Test
  void foldersWithoutEndAreLeftAndToldOf() throws IOException {
    write(own.resolve("x/".repeat(60) + "file"), "deep");

    assertThat(folder.bytes()).isZero();
    assertThatThrownBy(folder::delete).isInstanceOf(IOException.class).hasMessageContaining("deep");
  }
}
