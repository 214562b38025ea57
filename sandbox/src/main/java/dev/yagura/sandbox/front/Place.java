package dev.yagura.sandbox.front;

/** An account and region. */
public record Place(String account, String region) {}
