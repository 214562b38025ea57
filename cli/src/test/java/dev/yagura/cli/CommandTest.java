package dev.yagura.cli;

import dev.yagura.common.grpc.ErrorInterceptor;
import dev.yagura.common.grpc.GrpcServer;
import dev.yagura.common.grpc.GrpcServerConfig;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.tls.CertificateAuthority;
import dev.yagura.common.tls.Pem;
import dev.yagura.common.tls.TlsFiles;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.netty.handler.ssl.ClientAuth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The command line against a gateway of canned services, over TLS and with a token. */
abstract class CommandTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir Path folder;
    final List<String> authorizations = new ArrayList<>();
    String out = "";
    String err = "";
    private GrpcServer gateway;

    /** What the gateway serves. */
    abstract List<BindableService> services();

    @BeforeEach
    void startGateway() throws Exception {
        CertificateAuthority authority = CertificateAuthority.create("test", Instant.now(), DAY);
        KeyPair pair = CertificateAuthority.newKeyPair();
        Path certificate = folder.resolve("gateway.pem");
        Path key = folder.resolve("gateway.key");
        Path ca = folder.resolve("ca.pem");
        Files.writeString(ca, Pem.encode(List.of(authority.certificate())));
        Files.writeString(
                certificate,
                Pem.encode(
                        List.of(
                                authority.issueService(
                                        "gateway",
                                        List.of("localhost"),
                                        pair.getPublic(),
                                        Instant.now(),
                                        DAY))));
        Pem.writePrivate(key, Pem.encode(pair.getPrivate()));
        Files.writeString(folder.resolve("token"), "ygr_test\n");
        gateway =
                new GrpcServer(
                                new GrpcServerConfig(
                                        "localhost", 0, 1 << 20, Duration.ofSeconds(1), DAY),
                                TlsContexts.server(
                                        new TlsFiles(certificate, key, List.of(ca)),
                                        ClientAuth.NONE),
                                new GrpcServer.Parts(
                                        services(),
                                        List.of(new ErrorInterceptor(), new SeenTokens()),
                                        null))
                        .start();
    }

    @AfterEach
    void stopGateway() {
        gateway.close();
    }

    /** Runs a command; its output is in {@link #out} and {@link #err}. */
    int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(
                List.of(
                        "--gateway",
                        "localhost:" + gateway.port(),
                        "--ca",
                        folder.resolve("ca.pem").toString(),
                        "--token-file",
                        folder.resolve("token").toString()));
        Invocation run = Invocation.of(all.toArray(String[]::new));
        out = run.out();
        err = run.err();
        return run.code();
    }

    private final class SeenTokens implements ServerInterceptor {
        @Override
        public <Q, S> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
            @Nullable String value =
                    headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER));
            authorizations.add(String.valueOf(value));
            return next.startCall(call, headers);
        }
    }
}
