package dev.yagura.sandbox.control;

import dev.yagura.sandbox.flow.FlowView;
import dev.yagura.sandbox.flow.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a packet.
 *
 * @param reason the rule, route or state that decided
 * @param flow the connection; null if none is open
 */
public record Passage(boolean allowed, Stage stage, String reason, @Nullable FlowView flow) {}
