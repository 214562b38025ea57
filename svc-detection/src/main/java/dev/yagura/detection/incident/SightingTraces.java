package dev.yagura.detection.incident;

import dev.yagura.common.ids.ResourceName;
import dev.yagura.detection.alert.Nanos;
import dev.yagura.detection.alert.Sighting;
import dev.yagura.detection.process.HostProcesses;
import dev.yagura.detection.process.Origin;
import dev.yagura.detection.process.ProcessFacts;
import dev.yagura.proto.detection.v1.EdgeKind;
import dev.yagura.proto.detection.v1.Entity;
import dev.yagura.proto.detection.v1.EntityKind;
import dev.yagura.proto.detection.v1.IncidentEdge;
import dev.yagura.proto.detection.v1.IncidentMember;
import dev.yagura.proto.detection.v1.ProcessNode;
import dev.yagura.proto.detection.v1.VisibilityGap;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.User;
import java.util.List;

/** What one sighting adds to the graph of an incident. */
final class SightingTraces {
    private static final int FILE_ACTIVITY = 1001;
    private static final int READ = 2;
    private static final int OBSERVED = 100;
    private static final int RUN_OF_A_WRITTEN_FILE = 90;
    private static final int INFERRED = 60;
    private static final long CLOCK_LIMIT_NS = 5 * 60 * 1_000_000_000L;

    private final IncidentGraph graph;
    private final Sighting sighting;
    private final String source;

    SightingTraces(IncidentGraph graph, Sighting sighting) {
        this.graph = graph;
        this.sighting = sighting;
        this.source = sighting.match().getEvent().getSource();
    }

    /** Adds all that it shows. */
    void add(String reason) {
        String alert = ResourceName.of("alerts", sighting.alertId());
        graph.member(
                IncidentMember.newBuilder()
                        .setAlert(alert)
                        .setTitle(sighting.rule().getTitle())
                        .setSeverity(sighting.severity())
                        .addAllTechniques(sighting.rule().getTechniquesList())
                        .setEntity(sighting.entity())
                        .setReason(reason)
                        .setOccurred(sighting.times().getOccurred())
                        .build());
        sighting.rule()
                .getTacticsList()
                .forEach(tactic ->
                        graph.tactic(
                                Tactics.normalized(tactic),
                                sighting.rule().getTechniquesList(),
                                List.of(alert)));
        graph.occurred(sighting.occurredNs());
        tree(alert);
        things();
        clock();
    }

    private void tree(String alert) {
        List<ProcessFacts> processes = sighting.lineage().chain();
        chain(processes);
        if (!processes.isEmpty()) {
            graph.raised(processes.getFirst().uid(), alert);
        }
        for (Origin origin : sighting.lineage().origins()) {
            chain(origin.writer());
            Entity file = file(origin.file());
            graph.reach(file);
            edge(
                    EdgeKind.EDGE_KIND_WROTE,
                    process(origin.writer().getFirst()),
                    file,
                    OBSERVED,
                    origin.writtenNs());
            edge(
                    EdgeKind.EDGE_KIND_SPAWNED,
                    file,
                    process(origin.runner()),
                    origin.inferred() ? INFERRED : RUN_OF_A_WRITTEN_FILE,
                    origin.runner().startNs());
        }
    }

    private void chain(List<ProcessFacts> chain) {
        for (int index = 0; index < chain.size(); index++) {
            ProcessFacts process = chain.get(index);
            boolean hasParent = index + 1 < chain.size();
            ProcessNode.Builder node =
                    ProcessNode.newBuilder()
                            .setProcess(process(process))
                            .setParentId(
                                    hasParent ? chain.get(index + 1).uid() : process.parentUid())
                            .setPid(process.pid())
                            .setPath(process.path())
                            .setCmdLine(process.commandLine())
                            .setUser(process.user());
            if (process.startNs() != 0) {
                node.setStartTime(Nanos.timestamp(process.startNs()));
            }
            graph.process(node.build());
            if (hasParent) {
                edge(
                        EdgeKind.EDGE_KIND_SPAWNED,
                        process(chain.get(index + 1)),
                        process(process),
                        OBSERVED,
                        process.startNs());
            }
        }
    }

    private void things() {
        Event event = sighting.match().getEvent();
        long time = sighting.occurredNs();
        host();
        user(HostProcesses.subject(event).getUser());
        user(event.getUser());
        RemoteAddresses.of(event).ifPresent(address -> address(address, OBSERVED));
        if (!sighting.lineage().chain().isEmpty()) {
            String commandLine = sighting.lineage().chain().getFirst().commandLine();
            RemoteAddresses.named(commandLine).forEach(address -> address(address, INFERRED));
        }
        if (!event.getFile().getPath().isEmpty()) {
            Entity file = file(event.getFile().getPath());
            graph.reach(file);
            if (event.getClassUid() == FILE_ACTIVITY && event.getActivityId() != READ) {
                edge(EdgeKind.EDGE_KIND_WROTE, sighting.entity(), file, OBSERVED, time);
            }
        }
        String roleSession = JoinKey.roleSession(sighting);
        if (!roleSession.isEmpty()) {
            Entity session = entity(EntityKind.ENTITY_KIND_ROLE_SESSION, roleSession, roleSession);
            graph.reach(session);
            edge(EdgeKind.EDGE_KIND_ASSUMED, sighting.entity(), session, OBSERVED, time);
        }
        if (!event.getApi().getOperation().isEmpty()) {
            String call = event.getApi().getService() + ":" + event.getApi().getOperation();
            Entity api = entity(EntityKind.ENTITY_KIND_CLOUD_API, call, call);
            edge(EdgeKind.EDGE_KIND_CALLED, sighting.entity(), api, OBSERVED, time);
        }
    }

    private void address(String ip, int confidence) {
        Entity address = entity(EntityKind.ENTITY_KIND_ADDRESS, ip, ip);
        graph.reach(address);
        edge(
                EdgeKind.EDGE_KIND_CONNECTED,
                sighting.entity(),
                address,
                confidence,
                sighting.occurredNs());
    }

    /** Adds the host that the sighting is from. */
    void host() {
        graph.reach(
                entity(
                        EntityKind.ENTITY_KIND_HOST,
                        sighting.hostId().toString(),
                        sighting.asset().getHostname()));
        graph.asset(sighting.asset());
    }

    private void user(User user) {
        String id = user.getName().isEmpty() ? user.getUid() : user.getName();
        if (!id.isEmpty()) {
            graph.reach(entity(EntityKind.ENTITY_KIND_USER, id, id));
        }
    }

    private void clock() {
        long offset = sighting.times().getClockOffsetNs();
        if (Math.abs(offset) > CLOCK_LIMIT_NS) {
            graph.gap(
                    VisibilityGap.newBuilder()
                            .setStart(sighting.times().getOccurred())
                            .setEnd(sighting.times().getOccurred())
                            .setReason(
                                    "the host's clock is %d s %s the server's; times are corrected"
                                            .formatted(
                                                    Math.abs(offset) / 1_000_000_000L,
                                                    offset > 0 ? "behind" : "ahead of"))
                            .build());
        }
    }

    private void edge(EdgeKind kind, Entity from, Entity to, int confidence, long timeNs) {
        IncidentEdge.Builder edge =
                IncidentEdge.newBuilder()
                        .setKind(kind)
                        .setFrom(from)
                        .setTo(to)
                        .setSource(source)
                        .setConfidence(confidence);
        if (timeNs != 0) {
            edge.setOccurred(Nanos.timestamp(timeNs));
        }
        graph.edge(edge.build());
    }

    private static Entity process(ProcessFacts process) {
        return entity(EntityKind.ENTITY_KIND_PROCESS, process.uid(), process.label());
    }

    private static Entity file(String path) {
        return entity(EntityKind.ENTITY_KIND_FILE, path, path);
    }

    private static Entity entity(EntityKind kind, String id, String label) {
        return Entity.newBuilder().setKind(kind).setId(id).setLabel(label).build();
    }
}
