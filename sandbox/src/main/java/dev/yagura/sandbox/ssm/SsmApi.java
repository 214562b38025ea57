package dev.yagura.sandbox.ssm;

import dev.yagura.sandbox.document.Documents;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.Protocol;
import dev.yagura.sandbox.world.World;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/** SSM as one service. */
public final class SsmApi {
    /** Prefix of X-Amz-Target. */
    private static final String TARGET = "AmazonSSM";

    private SsmApi() {}

    public static Api of(
            World world,
            ManagedNodes nodes,
            Documents documents,
            RunCommand runCommand,
            Clock clock) {
        return Api.of(
                "ssm",
                Protocol.JSON,
                "",
                TARGET,
                false,
                Stream.of(
                                new NodeOperations(world, nodes, clock).all(),
                                new PatchOperations(nodes).all(),
                                new InventoryOperations(nodes).all(),
                                new DocumentOperations(documents, clock).all(),
                                new CommandOperations(world, nodes, documents, runCommand, clock)
                                        .all(),
                                new InvocationOperations(runCommand, clock).all())
                        .flatMap(List::stream)
                        .toList());
    }
}
