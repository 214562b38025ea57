package dev.yagura.sandbox.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** What an operation answers, before its protocol's envelope. */
public sealed interface Body {
    /** Elements of a Query answer. */
    record Elements(Xml xml) implements Body {}

    /** Members of a JSON answer. */
    record Members(ObjectNode json) implements Body {}

    /** An answer of a REST service as it is: status, headers, bytes. */
    record Content(int status, Map<String, String> headers, byte[] bytes) implements Body {
        public Content {
            headers = Map.copyOf(headers);
        }
    }
}
