// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A running installation in a namespace that admits only Pods of the restricted profile: nothing
 * that anybody may look at shows a token or a key, and nothing runs as root or writes to its image.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SecretsE2E {

  private static final Kubectl OPERATOR = Kubectl.in("elastic-jupyter");
  private static final String OPERATOR_POD = "app.kubernetes.io/name=elastic-jupyter-operator";

  /** All that Pods run and are told, of every process that the container's user may look at. */
  private static final String PROCESSES =
      """
      import glob
      for path in glob.glob('/proc/[0-9]*/cmdline'):
          with open(path, 'rb') as file:
              print(file.read().replace(b'\\0', b' ').decode())
      """;

  private Workspace workspace;
  private String kernel;
  private String environmentOfKernel;

  @BeforeAll
  void runACell() {
    workspace = Workspace.make("secrets", "pod-security.kubernetes.io/enforce=restricted");
    Rest lab = workspace.throughNotebook();
    kernel = "jovyan-" + lab.startKernel("python3");
    try (KernelSocket socket = KernelSocket.open(lab, kernel.substring("jovyan-".length()))) {
      environmentOfKernel = socket.run("import os; print(os.environ)");
    }
  }

  @AfterAll
  void remove() throws Exception {
    workspace.close();
  }

  @Test
  void noTokenOrKeyIsShownAnywhere() {
    Map<String, String> shown = new LinkedHashMap<>();
    String kinds =
        "pods,deployments,replicasets,services,roles,rolebindings,configmaps,jupyternotebooks,"
            + "jupytergateways,jupyterkernels,jupyterkernelspecs";
    shown.put("objects", workspace.kubectl().run("get", kinds, "-o", "yaml"));
    shown.put("events", workspace.kubectl().run("get", "events", "-o", "yaml"));
    shown.put("log of the gateway", log(workspace.kubectl(), "deploy/gw"));
    shown.put("log of the notebook", log(workspace.kubectl(), "deploy/lab"));
    shown.put("log of the kernel", log(workspace.kubectl(), "pod/" + kernel));
    shown.put("log of the operator", log(OPERATOR, "deploy/elastic-jupyter-operator"));
    shown.put("the operator's Pod", OPERATOR.run("get", "pods", "-o", "yaml"));
    for (String pod : List.of("deploy/lab", "pod/" + kernel)) {
      shown.put(
          "arguments in " + pod,
          workspace.kubectl().run("exec", pod, "--", "python3", "-c", PROCESSES));
    }
    shown.put("environment of the kernel", environmentOfKernel);
    assertThat(shown).allSatisfy((where, text) -> assertThat(text).isNotBlank());

    secrets()
        .forEach((name, secret) -> {
          assertThat(secret).as(name).hasSizeGreaterThan(20);
          assertThat(shown)
              .as(name)
              .allSatisfy((where, text) ->
                  assertThat(text.contains(secret)).as("%s shows it", where).isFalse());
        });
  }

  @Test
  void aKernelsConnectionIsInItsPodAlone() {
    assertThat(podsWithSecret(kernel + "-connection")).containsExactly(kernel);
    assertThat(podsWithSecret("gw-gateway"))
        .singleElement()
        .asString()
        .startsWith("gw-")
        .as("the gateway's own");
  }

  @Test
  void nothingRunsAsRootOrWritesToItsImage() {
    List<JsonNode> pods = new ArrayList<>();
    workspace.kubectl().list("pods").forEach(pods::add);
    assertThat(pods).as("gateway, notebook, kernel").hasSize(3);
    OPERATOR.list("pods", "-l", OPERATOR_POD).forEach(pods::add);

    assertThat(pods)
        .allSatisfy(pod -> {
          assertThat(pod.at("/spec/securityContext/runAsNonRoot").asBoolean()).isTrue();
          List<JsonNode> containers = new ArrayList<>();
          pod.at("/spec/initContainers").forEach(containers::add);
          pod.at("/spec/containers").forEach(containers::add);
          assertThat(containers)
              .allSatisfy(container ->
                  assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                      .as(pod.at("/metadata/name").asText())
                      .isTrue());
        });
    for (String pod : List.of("deploy/lab", "pod/" + kernel)) {
      Kubectl.Said said =
          workspace
              .kubectl()
              .attempt("", "exec", pod, "--", "sh", "-c", "touch /tmp/a ~/b && touch /opt/venv/c");
      assertThat(said.text()).contains("/opt/venv/c", "Read-only file system");
      assertThat(workspace.kubectl().run("exec", pod, "--", "id", "-u").strip()).isEqualTo("1000");
    }
  }

  /** Each in the forms in which it might be written. */
  private Map<String, String> secrets() {
    Map<String, String> secrets = new LinkedHashMap<>();
    String key = workspace.secret("gw-gateway", "kernel-key");
    byte[] bytes = key.getBytes(StandardCharsets.ISO_8859_1);
    secrets.put("key of the kernels' keys, hexadecimal", HexFormat.of().formatHex(bytes));
    secrets.put("key of the kernels' keys, base 64", base64(bytes));
    Map.of(
            "gateway's token",
            workspace.secret("gw-gateway", "token"),
            "notebook's token",
            workspace.secret("lab-notebook", "token"),
            "kernel's key",
            connection().path("key").asText())
        .forEach((name, secret) -> {
          secrets.put(name, secret);
          secrets.put(name + ", base 64", base64(secret.getBytes(StandardCharsets.UTF_8)));
        });
    return secrets;
  }

  private JsonNode connection() {
    String file = kernel + "-connection";
    try {
      return Rest.JSON.readTree(
          Base64.getDecoder()
              .decode(
                  workspace
                      .kubectl()
                      .get("secret/" + file)
                      .path("data")
                      .path("connection.json")
                      .asText()));
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String log(Kubectl kubectl, String of) {
    return kubectl.run("logs", of, "--tail=-1");
  }

  private List<String> podsWithSecret(String secret) {
    List<String> pods = new ArrayList<>();
    for (JsonNode pod : workspace.kubectl().list("pods")) {
      if (pod.path("spec").toString().contains("\"" + secret + "\"")) {
        pods.add(pod.at("/metadata/name").asText());
      }
    }
    return pods;
  }
}
