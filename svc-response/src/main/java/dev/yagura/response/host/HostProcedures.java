package dev.yagura.response.host;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.response.action.Procedure;
import dev.yagura.response.aws.ScopedClients;
import dev.yagura.response.channel.AgentChannels;
import dev.yagura.response.identity.AccessKeyEradication;
import dev.yagura.response.identity.IdentityCloud;
import dev.yagura.response.isolation.IsolationConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The procedures of actions on a host; they share their clients. */
@ApplicationScoped
public class HostProcedures {
    private final ScopedClients<HostCloud> clients;
    private final HostAction.Ways ways;
    private final Clock clock;
    private final IsolationConfig isolation;
    private final TriageConfig triage;
    private final MemoryConfig memory;
    private final InstallConfig install;
    private final ScopedClients<AgentPackage> packages;
    private final ScopedClients<TriageBucket> triageBuckets;
    private final ScopedClients<IdentityCloud> identities;

    /**
     * @param clock by which a host that does not take its command is given up
     */
    @Inject
    public HostProcedures(AgentChannels channels, Settings settings, Clock clock) {
        AwsClients aws = new AwsClients(AwsConfig.from(settings));
        this.clients = new ScopedClients<>(scope -> HostCloud.open(aws, scope));
        this.ways = new HostAction.Ways(channels, clients, HostConfig.from(settings));
        this.clock = clock;
        this.isolation = IsolationConfig.from(settings);
        this.triage = TriageConfig.from(settings);
        this.memory = MemoryConfig.from(settings);
        this.install = InstallConfig.from(settings);
        this.packages = new ScopedClients<>(scope -> AgentPackage.open(aws, install, scope));
        this.triageBuckets = new ScopedClients<>(scope -> TriageBucket.open(aws, triage, scope));
        this.identities = new ScopedClients<>(scope -> IdentityCloud.open(aws, scope));
    }

    @PreDestroy
    void close() {
        clients.close();
        triageBuckets.close();
        packages.close();
        identities.close();
    }

    @Produces
    @Singleton
    Procedure killProcess() {
        return new ProcessKill(ActionKind.ACTION_KIND_KILL_PROCESS, ways, clock);
    }

    @Produces
    @Singleton
    Procedure killProcessTree() {
        return new ProcessKill(ActionKind.ACTION_KIND_KILL_PROCESS_TREE, ways, clock);
    }

    @Produces
    @Singleton
    public Procedure quarantineFile() {
        return new FileQuarantine(ways, clock);
    }

    @Produces
    @Singleton
    Procedure isolateHost() {
        return new HostIsolation(ways, isolation.gateways(), clock);
    }

    @Produces
    @Singleton
    Procedure eradicate() {
        return new Eradication(ways, new AccessKeyEradication(identities), clock);
    }

    @Produces
    @Singleton
    Procedure collectTriage() {
        return new TriageCollection(ways, triage, triageBuckets, clock);
    }

    @Produces
    @Singleton
    Procedure installAgent() {
        return new AgentInstallation(ways, install, packages, clock);
    }

    @Produces
    @Singleton
    Procedure captureMemory() {
        return new MemoryCapture(ways, triage, memory, triageBuckets, clock);
    }
}
