package dev.yagura.cli.rule;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.DeleteRulePackRequest;
import dev.yagura.proto.detection.v1.ListRulePacksRequest;
import dev.yagura.proto.detection.v1.RulePack;
import dev.yagura.proto.detection.v1.RuleServiceGrpc;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** `yagura rules packs`. */
@Command(
        name = "packs",
        mixinStandardHelpOptions = true,
        description = "Packs of rules: list, delete.",
        footer = {
            "",
            "Examples:",
            "  yagura rules packs list",
            "  yagura rules packs delete rulePacks/sigma-core"
        })
final class PacksCommand {
    static final List<Column<RulePack>> COLUMNS =
            List.of(
                    new Column<>("KIND", pack -> Texts.constant(pack.getKind(), "RULE_PACK_KIND_")),
                    new Column<>("ACTIVE", pack -> Integer.toString(pack.getActiveCount())),
                    new Column<>(
                            "CANNOT FIRE", pack -> Integer.toString(pack.getCannotFireCount())),
                    new Column<>("INVALID", pack -> Integer.toString(pack.getInvalidCount())),
                    new Column<>(
                            "DEFAULT",
                            pack -> Texts.constant(pack.getDefaultState(), "DEPLOYMENT_STATE_")),
                    new Column<>("IMPORTED", pack -> Texts.time(pack.getImportTime())),
                    new Column<>("NAME", RulePack::getName),
                    new Column<>("PROBLEM", RulePack::getProblem));

    @Command(name = "list", mixinStandardHelpOptions = true, description = "All packs.")
    void list(@Mixin Connection connection, @Mixin Output output) {
        output.print(
                connection.call(channel ->
                        RuleServiceGrpc.newBlockingStub(channel)
                                .listRulePacks(ListRulePacksRequest.getDefaultInstance())
                                .getPacksList()),
                COLUMNS);
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Deletes an imported pack with exceptions and counts of its rules.")
    void delete(
            @Mixin Connection connection,
            @Parameters(paramLabel = "NAME", description = "rulePacks/{pack}") String name) {
        connection.call(channel ->
                RuleServiceGrpc.newBlockingStub(channel)
                        .deleteRulePack(
                                DeleteRulePackRequest.newBuilder()
                                        .setName(name)
                                        .setRequestId(UUID.randomUUID().toString())
                                        .build()));
    }
}
