package dev.yagura.sandbox.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What an operation answers, before its protocol's envelope. */
public sealed interface Body {
    /** Elements of a Query answer. */
    record Elements(Xml xml) implements Body {}

    /** Members of a JSON answer. */
    record Members(ObjectNode json) implements Body {}
}
