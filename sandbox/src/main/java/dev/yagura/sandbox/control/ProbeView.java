package dev.yagura.sandbox.control;

import dev.yagura.sandbox.flow.Stage;

/**
 * What would happen to a new connection.
 *
 * @param reason the rule, route or state that decides
 */
public record ProbeView(
        boolean allowed, Stage stage, String reason, String source, String destination) {}
