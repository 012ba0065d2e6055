// SPDX-License-Identifier: Apache-2.0
package io.elasticjupyter.cli;

import io.elasticjupyter.cli.cluster.AwaitGatewayProgram;
import io.elasticjupyter.cli.cluster.GatewayProgram;
import io.elasticjupyter.cli.demo.DemoProgram;
import io.elasticjupyter.cli.lab.LabProgram;
import io.elasticjupyter.cli.launch.LaunchProgram;
import io.elasticjupyter.cli.local.LocalProgram;
import io.elasticjupyter.cli.operator.OperatorProgram;
import io.elasticjupyter.cli.program.Program;
import io.elasticjupyter.cli.training.OperatorTrainingProgram;
import io.elasticjupyter.cli.training.TrainingProgram;
import java.util.ArrayList;
import java.util.List;

/** Every program there is. */
final class Programs {

  private Programs() {}

  /** Those for people, in the order in which they are best met. */
  static List<Program> listed() {
    return List.of(
        new DemoProgram(),
        new LabProgram(),
        new LocalProgram(),
        new GatewayProgram(),
        new OperatorProgram(),
        new LaunchProgram());
  }

  /** All, also those that only the build and the operator start. */
  static List<Program> all() {
    List<Program> all = new ArrayList<>(listed());
    all.add(new ReferenceProgram(listed()));
    all.add(new TrainingProgram());
    all.add(new OperatorTrainingProgram());
    all.add(new AwaitGatewayProgram());
    return List.copyOf(all);
  }
}
