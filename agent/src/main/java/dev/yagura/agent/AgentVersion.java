package dev.yagura.agent;

import picocli.CommandLine.IVersionProvider;

/** Version of the jar, as Maven has written it. */
final class AgentVersion implements IVersionProvider {
    static String text() {
        String version = AgentVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"yagura-agent " + text()};
    }
}
