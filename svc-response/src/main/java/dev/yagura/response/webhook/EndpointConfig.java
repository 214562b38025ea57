package dev.yagura.response.webhook;

import dev.yagura.response.action.ContentDigest;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * An endpoint as it is configured.
 *
 * @param url https; http to this host only
 * @param secretFile with one secret or two
 * @param eventTypes that it takes
 */
public record EndpointConfig(String name, URI url, Path secretFile, List<String> eventTypes) {
    private static final String LOCALHOST = "localhost";

    public EndpointConfig {
        eventTypes = List.copyOf(eventTypes);
    }

    /**
     * The URL of a text.
     *
     * @throws IllegalArgumentException it is none that may be sent to; the text is not in the
     *     message, since it may be a secret
     */
    static URI url(String text) {
        URI url = parse(text);
        if (url.getHost() == null || url.getUserInfo() != null || url.getFragment() != null) {
            throw new IllegalArgumentException(
                    "expected a URL with a host, and without user and fragment");
        }
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        if (!secure && !("http".equalsIgnoreCase(url.getScheme()) && isLocal(host(url)))) {
            throw new IllegalArgumentException(
                    "expected https; http is for localhost, 127.0.0.1 and [::1] only");
        }
        return url;
    }

    private static URI parse(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            // Its message has the text.
            throw new IllegalArgumentException("expected a URL");
        }
    }

    /** Without the brackets of an IPv6 address. */
    static String host(URI url) {
        return url.getHost().replace("[", "").replace("]", "");
    }

    /** Whether somebody wrote that this host itself is meant. */
    static boolean isLocal(String host) {
        return host.equalsIgnoreCase(LOCALHOST)
                || (isLiteral(host) && InetAddress.ofLiteral(host).isLoopbackAddress());
    }

    /** Whether it is an address, and no name. */
    static boolean isLiteral(String host) {
        try {
            return InetAddress.ofLiteral(host).getAddress().length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Scheme, host and port: the rest may be a secret. */
    public String origin() {
        return url.getScheme()
                + "://"
                + url.getHost()
                + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    public boolean takes(String eventType) {
        return eventTypes.contains(eventType);
    }

    /** Another one for each other configuration. */
    String fingerprint() {
        return ContentDigest.of(url + "\n" + secretFile + "\n" + String.join(",", eventTypes));
    }
}
