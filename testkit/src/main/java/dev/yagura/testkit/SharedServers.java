package dev.yagura.testkit;

import org.junit.jupiter.api.extension.ExtensionContext;

/** Where fixtures keep the one server of this JVM; closed when the last test has run. */
final class SharedServers {
    private SharedServers() {}

    static ExtensionContext.Store of(ExtensionContext context) {
        return context.getRoot().getStore(ExtensionContext.Namespace.create(SharedServers.class));
    }
}
