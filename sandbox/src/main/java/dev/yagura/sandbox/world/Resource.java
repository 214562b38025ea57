package dev.yagura.sandbox.world;

/** Something with an id of its own that can carry tags. */
public interface Resource {
    /** For example {@code i-0a3f9c1e5b7d24680}. */
    String id();
}
