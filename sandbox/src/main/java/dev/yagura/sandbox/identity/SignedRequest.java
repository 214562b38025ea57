package dev.yagura.sandbox.identity;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An HTTP request as far as its signature covers it.
 *
 * @param query raw query string, empty if none
 * @param headers names in lower case
 */
public record SignedRequest(
        String method, String path, String query, Map<String, List<String>> headers, byte[] body) {

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(values -> String.join(",", values));
    }
}
