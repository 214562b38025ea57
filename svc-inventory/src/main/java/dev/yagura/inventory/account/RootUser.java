package dev.yagura.inventory.account;

/**
 * The root user of an account.
 *
 * @param password whether it can sign in at all; organizations may take that from their members
 * @param accessKey whether it has any
 */
public record RootUser(boolean password, boolean mfa, boolean accessKey) {}
