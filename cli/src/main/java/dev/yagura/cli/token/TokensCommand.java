package dev.yagura.cli.token;

import com.google.protobuf.util.Durations;
import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.gateway.v1.CreateTokenRequest;
import dev.yagura.proto.gateway.v1.CreateTokenResponse;
import dev.yagura.proto.gateway.v1.ListTokensRequest;
import dev.yagura.proto.gateway.v1.ListTokensResponse;
import dev.yagura.proto.gateway.v1.RevokeTokenRequest;
import dev.yagura.proto.gateway.v1.Token;
import dev.yagura.proto.gateway.v1.TokenServiceGrpc;
import dev.yagura.proto.type.v1.Role;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura tokens`. */
@Command(
        name = "tokens",
        mixinStandardHelpOptions = true,
        description = "Bearer tokens: create, list, revoke.",
        footer = {
            "",
            "Example:",
            "  yagura tokens create night-shift --role analyst --ttl P30D > token",
            "  YAGURA_TOKEN_FILE=token yagura alerts list"
        })
public final class TokensCommand {
    private static final List<Column<Token>> COLUMNS =
            List.of(
                    new Column<>("FOR", Token::getDisplayName),
                    new Column<>("ROLE", token -> Texts.constant(token.getRole(), "ROLE_")),
                    new Column<>("USED BY", token -> token.getAutomation() ? "program" : "person"),
                    new Column<>("ACCOUNTS", token -> String.join(",", token.getAccountIdsList())),
                    new Column<>("EXPIRES", token -> Texts.time(token.getExpireTime())),
                    new Column<>("REVOKED", token -> Texts.time(token.getRevokeTime())),
                    new Column<>("NAME", Token::getName));

    @Command(
            name = "create",
            description = "Makes a token; the secret is shown once.",
            mixinStandardHelpOptions = true)
    void create(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "FOR", description = "Who or what will use it.")
                    String displayName,
            @Option(
                            names = "--role",
                            required = true,
                            description = "viewer, analyst, responder, admin.")
                    String role,
            @Option(
                            names = "--account",
                            split = ",",
                            description = "AWS accounts it may see (default: every account).")
                    List<String> accounts,
            @Option(
                            names = "--automation",
                            description = {
                                "A program uses it: it approves nothing, and waits for a person",
                                "beyond its limit of actions an hour."
                            })
                    boolean automation,
            @Option(
                            names = "--ttl",
                            defaultValue = "PT720H",
                            description = "How long it is valid (default ${DEFAULT-VALUE}).")
                    Duration ttl) {
        CreateTokenResponse created =
                connection.call(channel ->
                        TokenServiceGrpc.newBlockingStub(channel)
                                .createToken(
                                        CreateTokenRequest.newBuilder()
                                                .setDisplayName(displayName)
                                                .setRole(Texts.parse(Role.class, "ROLE_", role))
                                                .addAllAccountIds(
                                                        accounts == null ? List.of() : accounts)
                                                .setAutomation(automation)
                                                .setTtl(Durations.fromNanos(ttl.toNanos()))
                                                .build()));
        output.print(created, each -> List.of(each.getSecret()));
    }

    @Command(name = "list", description = "Tokens, newest first.", mixinStandardHelpOptions = true)
    void list(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--limit", defaultValue = "50", description = "At most so many.")
                    int limit) {
        List<Token> tokens =
                connection.call(channel -> {
                    var stub = TokenServiceGrpc.newBlockingStub(channel);
                    return Pages.collect(
                            limit,
                            (size, token) ->
                                    stub.listTokens(
                                            ListTokensRequest.newBuilder()
                                                    .setPageSize(size)
                                                    .setPageToken(token)
                                                    .build()),
                            ListTokensResponse::getTokensList,
                            ListTokensResponse::getNextPageToken);
                });
        output.print(tokens, COLUMNS);
    }

    @Command(
            name = "revoke",
            description = "Ends a token and its open streams.",
            mixinStandardHelpOptions = true)
    void revoke(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "tokens/{id}") String name) {
        output.print(
                List.of(
                        connection.<Token>call(channel ->
                                TokenServiceGrpc.newBlockingStub(channel)
                                        .revokeToken(
                                                RevokeTokenRequest.newBuilder()
                                                        .setName(name)
                                                        .build()))),
                COLUMNS);
    }
}
