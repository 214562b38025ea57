package dev.yagura.detection.incident;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.graph.AssetGraphs;
import dev.yagura.common.identity.Principal;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.HostReach;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentReach;
import dev.yagura.proto.inventory.v1.GetAssetGraphRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks the inventory what could be reached from the hosts of an incident, when it is asked for. */
@ApplicationScoped
class IncidentReaches {
    private static final int MAX_HOSTS = 20;
    private static final int MAX_NODES = 500;

    private final AssetGraphs graphs;

    @Inject
    IncidentReaches(AssetGraphs graphs) {
        this.graphs = graphs;
    }

    /** Of each host that the caller may see, all asked at the same time. */
    IncidentReach of(Incident incident, Principal caller) {
        List<AssetSnapshot> hosts =
                Assessment.hosts(incident)
                        .filter(host -> caller.maySee(host.getScope().getAccountId()))
                        .toList();
        List<CompletableFuture<HostReach>> answers =
                hosts.stream()
                        .limit(MAX_HOSTS)
                        .map(host ->
                                CompletableFuture.supplyAsync(
                                        () -> around(host), Thread::startVirtualThread))
                        .toList();
        return IncidentReach.newBuilder()
                .setIncident(incident.getName())
                .addAllHosts(answers.stream().map(CompletableFuture::join).toList())
                .setOmittedHosts(Math.max(0, hosts.size() - MAX_HOSTS))
                .build();
    }

    private HostReach around(AssetSnapshot host) {
        try {
            return HostReach.newBuilder()
                    .setHost(host)
                    .addAllGroups(
                            ReachGroups.of(
                                    graphs.around(
                                            GetAssetGraphRequest.newBuilder()
                                                    .setName("assets/" + host.getHostId())
                                                    .setDepth(2)
                                                    .addAllResourceTypes(ReachGroups.TYPES)
                                                    .setMaxNodes(MAX_NODES)
                                                    .build())))
                    .build();
        } catch (NotFoundException e) {
            return unknown(host, "the inventory does not have this host");
        } catch (DependencyUnavailableException e) {
            return unknown(host, String.valueOf(e.getMessage()));
        }
    }

    private static HostReach unknown(AssetSnapshot host, String reason) {
        return HostReach.newBuilder().setHost(host).setUnknownReason(reason).build();
    }
}
