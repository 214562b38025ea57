package dev.yagura.ingest.log;

import java.util.HashMap;
import java.util.Map;

/** The answer of INFO: "key:value" lines. */
final class InfoText {
    private InfoText() {}

    static Map<String, String> parse(String text) {
        Map<String, String> values = new HashMap<>();
        text.lines()
                .map(line -> line.split(":", 2))
                .filter(parts -> parts.length == 2)
                .forEach(parts -> values.put(parts[0], parts[1].strip()));
        return values;
    }
}
