// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elasticjupyter.cli.settings.BadValue;
import io.elasticjupyter.cli.settings.Setting;
import io.elasticjupyter.cli.settings.Setting.Shape;
import io.elasticjupyter.cli.settings.SettingGroup;
import io.elasticjupyter.cli.settings.ValueReaders;
import io.elasticjupyter.cli.settings.Values;
import io.elasticjupyter.kernels.objects.ObjectStoreSettings;
import io.elasticjupyter.kernels.objects.ObjectStoreSettings.Credentials;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the variables of hibernating kernels are kept, if not with the gateway's own state. */
public final class StoreOptions {

  static final String ACCESS_KEY_FILE = "AWS_ACCESS_KEY_ID";
  static final String SECRET_KEY_FILE = "AWS_SECRET_ACCESS_KEY";

  static final Setting<Optional<URI>> SNAPSHOT_STORE =
      Setting.of(
          "--snapshot-store",
          Shape.one("URL"),
          "",
          StoreOptions::storeUrl,
          "Keep the variables of hibernating kernels in the S3-compatible object store at this address,"
              + " which the kernels reach as well. They get signed links to their own objects and no"
              + " credentials. Without it variables are kept in the state directory.");

  static final Setting<Optional<String>> SNAPSHOT_BUCKET =
      Setting.of(
          "--snapshot-bucket",
          Shape.one("NAME"),
          "",
          ValueReaders::optionalText,
          "The bucket, which has to be there.");

  static final Setting<Optional<String>> SNAPSHOT_PREFIX =
      Setting.of(
          "--snapshot-prefix",
          Shape.one("PREFIX"),
          "",
          ValueReaders::optionalText,
          "What the names of all objects begin with. Gateways may share one: each has a folder below.");

  static final Setting<String> SNAPSHOT_REGION =
      Setting.of(
          "--snapshot-region",
          Shape.one("REGION"),
          "us-east-1",
          ValueReaders::word,
          "The store's region, as signatures name it.");

  static final Setting<Boolean> SNAPSHOT_PATH_STYLE =
      Setting.of(
          "--snapshot-path-style",
          Shape.flag(),
          "true",
          ValueReaders::flag,
          "Whether the bucket is a part of the path. With =false it is the first part of the host's name,"
              + " as Amazon's own store wants it.");

  static final Setting<Optional<Path>> SNAPSHOT_CREDENTIALS =
      Setting.of(
          "--snapshot-credentials",
          Shape.one("DIR"),
          "",
          ValueReaders::optionalPath,
          "Folder with the files AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: keys that may list the"
              + " bucket, and read, write and delete objects below the prefix.");

  /** All of them. */
  public static final SettingGroup GROUP =
      new SettingGroup(
          "An object store for hibernating kernels",
          List.of(
              SNAPSHOT_STORE,
              SNAPSHOT_BUCKET,
              SNAPSHOT_PREFIX,
              SNAPSHOT_REGION,
              SNAPSHOT_PATH_STYLE,
              SNAPSHOT_CREDENTIALS));

  private StoreOptions() {}

  /** The store; empty where none is named. */
  public static Optional<ObjectStoreSettings> settings(Values values) throws Values.Unusable {
    Optional<URI> endpoint = values.get(SNAPSHOT_STORE);
    if (endpoint.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> bucket = values.get(SNAPSHOT_BUCKET);
    Optional<Path> credentials = values.get(SNAPSHOT_CREDENTIALS);
    List<String> missing = new ArrayList<>();
    if (bucket.isEmpty()) {
      missing.add("--snapshot-store needs --snapshot-bucket: the bucket to use there");
    }
    if (credentials.isEmpty()) {
      missing.add("--snapshot-store needs --snapshot-credentials: the folder with its keys");
    }
    if (!missing.isEmpty()) {
      throw new Values.Unusable(missing);
    }
    Path folder = credentials.orElseThrow();
    return Optional.of(
        new ObjectStoreSettings(
            endpoint.get(),
            bucket.orElseThrow(),
            values.get(SNAPSHOT_PREFIX).orElse(""),
            values.get(SNAPSHOT_REGION),
            values.get(SNAPSHOT_PATH_STYLE),
            new Credentials(read(folder, ACCESS_KEY_FILE), read(folder, SECRET_KEY_FILE))));
  }

  private static String read(Path folder, String file) throws Values.Unusable {
    try {
      String text = new String(Files.readAllBytes(folder.resolve(file)), UTF_8).strip();
      if (text.isEmpty()) {
        throw new Values.Unusable(List.of("%s is empty".formatted(folder.resolve(file))));
      }
      return text;
    } catch (IOException e) {
      throw new Values.Unusable(
          List.of(
              "--snapshot-credentials: %s cannot be read (%s)"
                  .formatted(folder.resolve(file), e.getClass().getSimpleName())));
    }
  }

  private static Optional<URI> storeUrl(String text) throws BadValue {
    if (text.isBlank()) {
      return Optional.empty();
    }
    try {
      URI url = new URI(text.strip());
      boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (web && url.getHost() != null && url.getRawQuery() == null && url.getUserInfo() == null) {
        return Optional.of(url);
      }
    } catch (URISyntaxException notAnAddress) {
      throw new BadValue("which is no address: " + notAnAddress.getReason());
    }
    throw new BadValue("but must be like https://s3.eu-central-1.amazonaws.com");
  }
}
