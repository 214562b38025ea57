package dev.yagura.gateway.rest;

import dev.yagura.common.error.InvalidFieldException;
import io.helidon.common.uri.UriEncoding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path with fields of the request in it, as google.api.http writes it: {@code
 * /v1/{name=actions/*}:approve}. A star is one segment.
 *
 * @param text as written
 * @param fields paths of the fields, in their order
 */
record PathTemplate(String text, List<String> fields, Pattern pattern) {
    private static final Pattern VARIABLE = Pattern.compile("\\{([a-z_.]+)=([^}]+)}");

    static PathTemplate of(String text) {
        List<String> fields = new ArrayList<>();
        StringBuilder pattern = new StringBuilder();
        Matcher variable = VARIABLE.matcher(text);
        int end = 0;
        while (variable.find()) {
            pattern.append(Pattern.quote(text.substring(end, variable.start())))
                    .append('(')
                    .append(segments(variable.group(2)))
                    .append(')');
            fields.add(variable.group(1));
            end = variable.end();
        }
        pattern.append(Pattern.quote(text.substring(end)));
        return new PathTemplate(text, List.copyOf(fields), Pattern.compile(pattern.toString()));
    }

    private static String segments(String of) {
        return Pattern.quote(of).replace("*", "\\E[^/:]+\\Q");
    }

    /**
     * The fields of a path, by their paths; empty when it is another one.
     *
     * @param rawPath as it was sent
     * @throws InvalidFieldException the path is not encoded as paths are
     */
    Optional<Map<String, String>> match(String rawPath) {
        Matcher matcher = pattern.matcher(rawPath);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Map<String, String> found = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            found.put(fields.get(i), decoded(matcher.group(i + 1)));
        }
        return Optional.of(found);
    }

    private static String decoded(String raw) {
        try {
            return UriEncoding.decodeUri(raw);
        } catch (IllegalArgumentException e) {
            throw new InvalidFieldException(
                    "path", "is not percent-encoded", "send what is special in it as %XX");
        }
    }

    /** With a parameter for each star, as OpenAPI writes paths: {@code /v1/rules/{id}/{id2}}. */
    String expanded() {
        String flat = VARIABLE.matcher(text).replaceAll("$2");
        StringBuilder path = new StringBuilder();
        int stars = 0;
        for (int i = 0; i < flat.length(); i++) {
            if (flat.charAt(i) == '*') {
                stars++;
                path.append(stars == 1 ? "{id}" : "{id" + stars + "}");
            } else {
                path.append(flat.charAt(i));
            }
        }
        return path.toString();
    }
}
