package dev.yagura.common.grpc;

import dev.yagura.common.tls.Pem;
import dev.yagura.common.tls.TlsFiles;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** TLS of servers and clients from files; a certificate that is replaced is used from then on. */
public final class TlsContexts {
    /** Daemon: looking at files must not hold the process. */
    private static final ScheduledExecutorService RELOADER =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("certificate-reload").factory());

    private TlsContexts() {}

    /** TLS 1.3 and 1.2, client certificates asked for as given. */
    public static SslContext server(TlsFiles files, ClientAuth clientAuth) throws IOException {
        return GrpcSslContexts.configure(
                        SslContextBuilder.forServer(keys(files))
                                .trustManager(authorities(files))
                                .clientAuth(clientAuth)
                                .protocols("TLSv1.3", "TLSv1.2"))
                .build();
    }

    /** For HTTPS, without client certificates. */
    public static SSLContext https(TlsFiles files) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys(files)}, new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot serve HTTPS with " + files.certificate(), e);
        }
    }

    /** Shows the own certificate, believes the given authorities only. */
    public static SslContext client(TlsFiles files) throws IOException {
        return GrpcSslContexts.configure(
                        SslContextBuilder.forClient()
                                .keyManager(keys(files))
                                .trustManager(authorities(files))
                                .protocols("TLSv1.3", "TLSv1.2"))
                .build();
    }

    /** For callers without a certificate: bearer tokens, enrolment. */
    public static SslContext clientWithoutCertificate(Path authority) throws IOException {
        return GrpcSslContexts.configure(
                        SslContextBuilder.forClient()
                                .trustManager(Pem.readCertificates(authority))
                                .protocols("TLSv1.3", "TLSv1.2"))
                .build();
    }

    private static AdvancedTlsX509KeyManager keys(TlsFiles files) throws IOException {
        AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
        try {
            keys.updateIdentityCredentials(
                    files.certificate().toFile(),
                    files.key().toFile(),
                    1,
                    TimeUnit.MINUTES,
                    RELOADER);
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "cannot use certificate " + files.certificate() + " with key " + files.key(),
                    e);
        }
        return keys;
    }

    private static List<X509Certificate> authorities(TlsFiles files) throws IOException {
        List<X509Certificate> all = new ArrayList<>();
        for (Path file : files.authorities()) {
            all.addAll(Pem.readCertificates(file));
        }
        if (all.isEmpty()) {
            throw new IOException("tls.authorities names no certificate: nobody could be believed");
        }
        return all;
    }
}
