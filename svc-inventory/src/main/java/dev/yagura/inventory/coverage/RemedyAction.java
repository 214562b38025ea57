package dev.yagura.inventory.coverage;

/**
 * A response action that closes a gap.
 *
 * @param kind as plans and playbooks write it, for example "install_agent"
 * @param command that plans it
 */
public record RemedyAction(String kind, String command) {}
