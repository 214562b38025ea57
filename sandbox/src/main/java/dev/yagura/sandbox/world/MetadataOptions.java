package dev.yagura.sandbox.world;

/** Settings of the instance metadata service. */
public record MetadataOptions(boolean enabled, boolean tokensRequired, int hopLimit) {}
