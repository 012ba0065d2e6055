// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.elasticjupyter.gateway.config.KernelAccessConfig;
import io.elasticjupyter.kernels.ExecutionState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernels and kernelspecs over REST, below a base path. */
class KernelsOverRestIT {

  private static final String ID = "6b1a7c2e-0f6d-4c8e-9f3a-1d2c3b4a5f60";

  private final MemoryKernels kernels = new MemoryKernels();
  @TempDir private Path folder;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    Files.write(folder.resolve("logo-64x64.png"), new byte[] {1, 2, 3});
    Files.writeString(folder.resolve("kernel.js"), "define([])");
    gateway =
        GatewayUnderTest.start(
            Configs.config()
                .basePath("/gw")
                .access(
                    new KernelAccessConfig(
                        "python3",
                        Optional.empty(),
                        Set.of(),
                        true,
                        OptionalInt.of(3),
                        OptionalInt.of(1),
                        Set.of("root"),
                        Set.of(),
                        Set.of(0L),
                        Set.of(0L)))
                .build(),
            kernels,
            Specs.offering(
                Specs.python("python3"),
                Specs.of(
                    "own",
                    folder,
                    """
                    {"argv": ["own"], "display_name": "Own", "language": "own",
                     "metadata": {"process_proxy": {"config": {"image_name": "i",
                       "authorized_users": "bob, carol"}}}}
                    """)));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void aStartAnswersAtOnceWithModelAndLocation() {
    GatewayUnderTest.Answer answer =
        gateway.post("/gw/api/kernels", "{\"name\":\"python3\",\"env\":{\"KERNEL_X\":\"1\"}}");
    assertThat(answer.status()).isEqualTo(201);
    JsonNode model = answer.json();
    assertThat(answer.header("Location")).isEqualTo("/gw/api/kernels/" + model.path("id").asText());
    assertThat(model.path("name").asText()).isEqualTo("python3");
    assertThat(model.path("execution_state").asText()).isEqualTo("starting");
    assertThat(model.path("last_activity").asText()).isEqualTo("2026-11-24T10:00:05.000000Z");
    assertThat(model.path("connections").isInt()).isTrue();
    assertThat(model.has("reason")).isFalse();
    assertThat(kernels.requests().getFirst().env())
        .containsEntry("KERNEL_X", "1")
        .containsEntry("KERNEL_ID", model.path("id").asText());
    assertThat(gateway.get(answer.header("Location")).json()).isEqualTo(model);
    assertThat(gateway.get("/gw/api/kernels").json()).containsExactly(model);
  }

  @Test
  void anEmptyBodyStartsTheDefault() {
    assertThat(gateway.post("/gw/api/kernels", "").json().path("name").asText())
        .isEqualTo("python3");
  }

  @Test
  void theClientMayChooseTheIdOnce() {
    String body = "{\"env\":{\"KERNEL_ID\":\"" + ID + "\"}}";
    assertThat(gateway.post("/gw/api/kernels", body).json().path("id").asText()).isEqualTo(ID);
    assertThat(gateway.post("/gw/api/kernels", body).status()).isEqualTo(409);
  }

  @Test
  void unknownKernelspecsAreNotFound() {
    GatewayUnderTest.Answer answer = gateway.post("/gw/api/kernels", "{\"name\":\"nothing\"}");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.message()).isEqualTo("Kernel spec nothing not found");
  }

  @Test
  void limitsSayWhichOneIsReached() {
    String alice = "{\"env\":{\"KERNEL_USERNAME\":\"alice\"}}";
    assertThat(gateway.post("/gw/api/kernels", alice).status()).isEqualTo(201);
    GatewayUnderTest.Answer second = gateway.post("/gw/api/kernels", alice);
    assertThat(second.status()).isEqualTo(403);
    assertThat(second.json().path("reason").asText()).isEqualTo("Resource Limit");
    assertThat(second.message()).contains("per user (1)");
    gateway.post("/gw/api/kernels", "");
    gateway.post("/gw/api/kernels", "");
    assertThat(gateway.post("/gw/api/kernels", "").message()).contains("kernels (3)");
  }

  @Test
  void kernelsThatSleepDoNotCountForTheLimits() {
    String alice = "{\"env\":{\"KERNEL_USERNAME\":\"alice\"}}";
    String first = gateway.post("/gw/api/kernels", alice).json().path("id").asText();
    assertThat(gateway.post("/gw/api/kernels", alice).status()).isEqualTo(403);
    kernels.kernel(first).sleep();
    assertThat(gateway.post("/gw/api/kernels", alice).status()).isEqualTo(201);
  }

  @Test
  void theIdleRuleOfOneKernelGoesWithItsEnvironment() {
    String body =
        "{\"env\":{\"KERNEL_IDLE_ACTION\":\"hibernate\",\"KERNEL_X\":\"1\"},"
            + "\"idle\":{\"timeout\":90.5,\"action\":\"delete\",\"on_loss\":\"keep-running\"}}";
    assertThat(gateway.post("/gw/api/kernels", body).status()).isEqualTo(201);
    assertThat(kernels.requests().getFirst().env())
        .containsEntry("KERNEL_IDLE_TIMEOUT", "90.5")
        .containsEntry("KERNEL_IDLE_ACTION", "delete")
        .containsEntry("KERNEL_IDLE_ON_LOSS", "keep-running")
        .containsEntry("KERNEL_X", "1");
  }

  @Test
  void anIdleRuleThatCannotBeReadIsRefusedInWords() {
    assertThat(refusal("{\"idle\":1}")).isEqualTo("400 idle must be a JSON object");
    assertThat(refusal("{\"idle\":{\"after\":1}}"))
        .isEqualTo("400 idle may have timeout, action and on_loss, not after");
    assertThat(refusal("{\"idle\":{\"timeout\":[]}}"))
        .isEqualTo("400 idle.timeout must be a number or a string");
    assertThat(refusal("{\"idle\":{\"timeout\":\"soon\"}}"))
        .isEqualTo("400 KERNEL_IDLE_TIMEOUT must be a number of seconds, 0 or more");
    assertThat(refusal("{\"env\":{\"KERNEL_IDLE_ACTION\":\"sleep\"}}"))
        .isEqualTo("400 KERNEL_IDLE_ACTION must be hibernate or delete");
    assertThat(refusal("{\"env\":[],\"idle\":{\"timeout\":1}}"))
        .isEqualTo("400 env must be a JSON object");
    assertThat(kernels.requests()).isEmpty();
  }

  private String refusal(String body) {
    GatewayUnderTest.Answer answer = gateway.post("/gw/api/kernels", body);
    return answer.status() + " " + answer.message();
  }

  @Test
  void usersAreRefusedByName() {
    String root = "{\"env\":{\"KERNEL_USERNAME\":\"root\"}}";
    assertThat(gateway.post("/gw/api/kernels", root).status()).isEqualTo(403);
    String dave = "{\"name\":\"own\",\"env\":{\"KERNEL_USERNAME\":\"dave\"}}";
    assertThat(gateway.post("/gw/api/kernels", dave).message()).contains("'dave'", "'Own'");
    String bob = "{\"name\":\"own\",\"env\":{\"KERNEL_USERNAME\":\"bob\"}}";
    assertThat(gateway.post("/gw/api/kernels", bob).status()).isEqualTo(201);
  }

  @Test
  void launchesThatFailSayWhy() {
    kernels.failStarts();
    GatewayUnderTest.Answer answer = gateway.post("/gw/api/kernels", "");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.message()).isEqualTo("no such program: fail");
  }

  @Test
  void interruptRestartAndDelete() {
    MemoryKernel kernel = kernels.running(ID);
    String path = "/gw/api/kernels/" + ID;
    assertThat(gateway.post(path + "/interrupt", "").status()).isEqualTo(204);
    GatewayUnderTest.Answer restarted = gateway.post(path + "/restart", "{}");
    assertThat(restarted.status()).isEqualTo(200);
    assertThat(restarted.json().path("execution_state").asText()).isEqualTo("restarting");
    assertThat(kernel.asked()).containsExactly("interrupt", "restart");
    kernel.become(ExecutionState.BUSY);
    assertThat(gateway.post(path + "/restart", "").status()).isEqualTo(500);
    kernel.become(ExecutionState.DEAD);
    assertThat(gateway.post(path + "/interrupt", "").status()).isEqualTo(404);
    assertThat(gateway.send("DELETE", path, "").status()).isEqualTo(204);
    GatewayUnderTest.Answer again = gateway.send("DELETE", path, "");
    assertThat(again.status()).isEqualTo(404);
    assertThat(again.message()).isEqualTo("Kernel does not exist: " + ID);
  }

  @Test
  void kernelspecsHaveTheModelThatClientsRead() {
    JsonNode list = gateway.get("/gw/api/kernelspecs").json();
    assertThat(list.path("default").asText()).isEqualTo("python3");
    JsonNode own = list.at("/kernelspecs/own");
    assertThat(own.at("/spec/argv/0").asText()).isEqualTo("own");
    assertThat(own.at("/spec/interrupt_mode").asText()).isEqualTo("signal");
    assertThat(own.at("/spec/metadata/process_proxy/config/image_name").asText()).isEqualTo("i");
    assertThat(own.at("/resources/logo-64x64").asText())
        .isEqualTo("/gw/kernelspecs/own/logo-64x64.png");
    assertThat(gateway.get("/gw/api/kernelspecs/own").json()).isEqualTo(own);
    assertThat(gateway.get("/gw/api/kernelspecs/nothing").message())
        .isEqualTo("Kernel spec nothing not found");
  }

  @Test
  void kernelspecsAreFilteredByUser() {
    JsonNode list = gateway.get("/gw/api/kernelspecs?user=dave").json();
    assertThat(list.path("kernelspecs").has("own")).isFalse();
    assertThat(gateway.get("/gw/api/kernelspecs/own?user=dave").status()).isEqualTo(403);
    assertThat(gateway.get("/gw/api/kernelspecs/own?user=bob").status()).isEqualTo(200);
  }

  @Test
  void kernelspecResourcesHaveTheirTypes() {
    GatewayUnderTest.Answer logo = gateway.get("/gw/kernelspecs/own/logo-64x64.png");
    assertThat(logo.status()).isEqualTo(200);
    assertThat(logo.header("Content-Type")).isEqualTo("image/png");
    GatewayUnderTest.Answer head = gateway.send("HEAD", "/gw/kernelspecs/own/kernel.js", "");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Length")).isEqualTo("10");
    assertThat(head.body()).isEmpty();
  }

  @Test
  void nothingIsOutsideTheBasePath() {
    assertThat(gateway.get("/api").status()).isEqualTo(404);
    assertThat(gateway.get("/gw/api").json().path("version").asText()).isNotEmpty();
  }

  @Test
  void serviceRoutesAnswer() {
    kernels.running(ID);
    JsonNode status = gateway.get("/gw/api/status").json();
    assertThat(status.path("kernels").asInt()).isEqualTo(1);
    assertThat(status.path("started").asText()).isEqualTo("2026-11-24T10:00:00.000000Z");
    assertThat(gateway.get("/gw/api/me").json().at("/identity/username").asText())
        .isEqualTo("anonymous");
    assertThat(gateway.get("/gw/healthz").status()).isEqualTo(200);
    assertThat(gateway.get("/gw/readyz").status()).isEqualTo(200);
    assertThat(gateway.get("/gw/api/contents/a.ipynb").message()).contains("kernel gateway");
    assertThat(gateway.get("/gw/metrics").body())
        .contains("elastic_jupyter_kernels{state=\"starting\"} 1.0")
        .contains("elastic_jupyter_http_requests_seconds_count")
        .doesNotContain(ID);
  }

  @Test
  void swaggerComesInBothNotations() {
    JsonNode json = gateway.get("/gw/api/swagger.json").json();
    assertThat(json.path("basePath").asText()).isEqualTo("/gw/");
    String yaml = gateway.get("/gw/api/swagger.yaml").body();
    json.path("paths").fieldNames().forEachRemaining(path -> assertThat(yaml).contains(path));
  }
}
