package dev.yagura.agent.enrollment;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * EC2's instance metadata service, version 2. Where nothing answers this is no instance, or one
 * whose metadata is closed; the address and the switch are those that AWS's own tools read.
 */
public final class InstanceMetadata {
    private static final String DEFAULT_ENDPOINT = "http://169.254.169.254";
    private static final String TTL_HEADER = "X-aws-ec2-metadata-token-ttl-seconds";
    private static final String TOKEN_HEADER = "X-aws-ec2-metadata-token";
    private static final String TTL_SECONDS = "60";
    private static final int CONNECT_MILLIS = 1_000;
    private static final int READ_MILLIS = 2_000;
    private static final int ATTEMPTS = 3;
    private static final long MAX_PAUSE_MILLIS = 400;
    private static final int MAX_BYTES = 16 * 1024;

    private final Optional<URI> endpoint;

    private InstanceMetadata(Optional<URI> endpoint) {
        this.endpoint = endpoint;
    }

    /** Of this host. */
    public static InstanceMetadata here() {
        if (setting("aws.disableEc2Metadata", "AWS_EC2_METADATA_DISABLED").equals("true")) {
            return new InstanceMetadata(Optional.empty());
        }
        String given =
                setting("aws.ec2MetadataServiceEndpoint", "AWS_EC2_METADATA_SERVICE_ENDPOINT");
        return at(URI.create(given.isEmpty() ? DEFAULT_ENDPOINT : given));
    }

    static InstanceMetadata at(URI endpoint) {
        return new InstanceMetadata(Optional.of(endpoint));
    }

    /** Whoever switched it off says himself which host this is. */
    public boolean isOff() {
        return endpoint.isEmpty();
    }

    /** "i-…"; empty where the service does not answer. */
    public Optional<String> instanceId() {
        return read("/latest/meta-data/instance-id").filter(HostFacts::isInstanceId);
    }

    /**
     * The identity document with AWS's signature: PKCS #7 in DER; empty where the service does not
     * answer.
     */
    public Optional<byte[]> signedIdentity() {
        return read("/latest/dynamic/instance-identity/rsa2048")
                .map(InstanceMetadata::decoded)
                .filter(der -> der.length > 0);
    }

    private Optional<String> read(String path) {
        for (int attempt = 1; endpoint.isPresent(); attempt++) {
            try {
                return Optional.of(readOnce(endpoint.get(), path));
            } catch (BusyException e) {
                if (attempt == ATTEMPTS) {
                    return Optional.empty();
                }
                LockSupport.parkNanos(
                        TimeUnit.MILLISECONDS.toNanos(
                                ThreadLocalRandom.current().nextLong(MAX_PAUSE_MILLIS) * attempt));
            } catch (IOException e) {
                // No route, no listener, an answer of something else: this is no instance.
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static String readOnce(URI endpoint, String path) throws IOException {
        HttpURLConnection asked = open(endpoint.resolve("/latest/api/token"));
        asked.setRequestMethod("PUT");
        asked.setRequestProperty(TTL_HEADER, TTL_SECONDS);
        String token = body(asked);
        HttpURLConnection read = open(endpoint.resolve(path));
        read.setRequestProperty(TOKEN_HEADER, token);
        return body(read);
    }

    /** Never through a proxy: that would ask for the proxy's own instance. */
    private static HttpURLConnection open(URI address) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        connection.setInstanceFollowRedirects(false);
        return connection;
    }

    private static String body(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status == 429 || status >= HttpURLConnection.HTTP_INTERNAL_ERROR) {
            throw new BusyException(status);
        }
        if (status != HttpURLConnection.HTTP_OK) {
            throw new IOException("answered " + status);
        }
        try (InputStream body = connection.getInputStream()) {
            return new String(body.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII).strip();
        }
    }

    private static byte[] decoded(String text) {
        try {
            return Base64.getMimeDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static String setting(String property, String variable) {
        return Optional.ofNullable(System.getProperty(property, System.getenv(variable)))
                .orElse("");
    }

    /** It is there, and answers later. */
    private static final class BusyException extends IOException {
        private static final long serialVersionUID = 1L;

        BusyException(int status) {
            super("answered " + status);
        }
    }
}
