package dev.yagura.cli.connection;

import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import dev.yagura.common.grpc.TlsContexts;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that calls the gateway. The launcher fills them through variables. */
public final class Connection {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    @Option(
            names = "--gateway",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:YAGURA_GATEWAY:-localhost:7443}",
            description = "Gateway (YAGURA_GATEWAY; default ${DEFAULT-VALUE}).")
    private String gateway = "";

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            defaultValue = "${env:YAGURA_CA:-.yagura/tls/ca.pem}",
            description = "Certificate authority of the gateway, PEM (YAGURA_CA).")
    private Path authority = Path.of("");

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            defaultValue = "${env:YAGURA_TOKEN_FILE:-.yagura/tokens/admin}",
            description = "File with the bearer token (YAGURA_TOKEN_FILE).")
    private Path tokenFile = Path.of("");

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "PT20S",
            description = "Deadline of one call, ISO-8601 (default ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    /** Runs with an open channel and closes it. */
    public <T> T call(Function<Channel, T> work) throws UsageException {
        ManagedChannel channel = open();
        try {
            return work.apply(
                    ClientInterceptors.intercept(
                            channel, MetadataUtils.newAttachHeadersInterceptor(credentials())));
        } finally {
            channel.shutdownNow();
        }
    }

    private ManagedChannel open() {
        int colon = gateway.lastIndexOf(':');
        if (colon <= 0) {
            throw new UsageException("--gateway: expected HOST:PORT, got '" + gateway + "'");
        }
        try {
            InetSocketAddress address =
                    InetSocketAddress.createUnresolved(
                            gateway.substring(0, colon),
                            Integer.parseInt(gateway.substring(colon + 1)));
            return GrpcClients.channel(
                    new GrpcClientConfig(List.of(address), timeout),
                    TlsContexts.clientWithoutCertificate(authority));
        } catch (NumberFormatException e) {
            throw new UsageException("--gateway: expected HOST:PORT, got '" + gateway + "'");
        } catch (IOException e) {
            throw new UsageException(
                    "--ca: cannot read "
                            + authority
                            + "; start Yagura with `./yagura up` or give the gateway's CA file");
        }
    }

    private Metadata credentials() {
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + token());
        return headers;
    }

    private String token() {
        @Nullable String variable = System.getenv("YAGURA_TOKEN");
        if (variable != null && !variable.isBlank()) {
            return variable.strip();
        }
        try {
            return Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw new UsageException(
                    "--token-file: cannot read "
                            + tokenFile
                            + "; set YAGURA_TOKEN or give a file with a token");
        }
    }
}
