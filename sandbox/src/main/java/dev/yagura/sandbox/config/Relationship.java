package dev.yagura.sandbox.config;

/**
 * How a resource is related to another.
 *
 * @param name in AWS's words, for example {@code Is contained in Vpc}
 */
record Relationship(String name, ResourceKey to) {
    static Relationship of(String name, String type, String id) {
        return new Relationship(name, new ResourceKey(type, id));
    }
}
