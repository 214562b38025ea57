package dev.yagura.detection.incident;

import dev.yagura.common.ids.ResourceName;
import dev.yagura.detection.alert.Nanos;
import dev.yagura.detection.alert.Sighting;
import dev.yagura.detection.process.HostProcesses;
import dev.yagura.detection.process.Origin;
import dev.yagura.detection.process.ProcessFacts;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.EdgeKind;
import dev.yagura.proto.detection.v1.Entity;
import dev.yagura.proto.detection.v1.EntityKind;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentEdge;
import dev.yagura.proto.detection.v1.IncidentMember;
import dev.yagura.proto.detection.v1.ProcessNode;
import dev.yagura.proto.detection.v1.Reach;
import dev.yagura.proto.detection.v1.TacticEvidence;
import dev.yagura.proto.detection.v1.VisibilityGap;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.User;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Members, processes, edges and reach of an incident while sightings are added to it. */
final class IncidentGraph {
    private static final int FILE_ACTIVITY = 1001;
    private static final int READ = 2;
    private static final int OBSERVED = 100;
    private static final int RUN_OF_A_WRITTEN_FILE = 90;
    private static final int INFERRED = 60;
    private static final long CLOCK_LIMIT_NS = 5 * 60 * 1_000_000_000L;

    private final IncidentConfig config;
    private final Map<String, IncidentMember> members = new LinkedHashMap<>();
    private final Map<String, ProcessNode.Builder> processes = new LinkedHashMap<>();
    private final Map<String, IncidentEdge> edges = new LinkedHashMap<>();
    private final Map<String, Entity> reached = new LinkedHashMap<>();
    private final Map<String, AssetSnapshot> assets = new LinkedHashMap<>();
    private final Map<String, TacticEvidence> tactics = new TreeMap<>(Tactics.IN_ORDER);
    private final Map<String, VisibilityGap> gaps = new LinkedHashMap<>();
    private long firstNs = Long.MAX_VALUE;
    private long lastNs = Long.MIN_VALUE;

    IncidentGraph(IncidentConfig config) {
        this.config = config;
    }

    /** Takes over all of a stored incident; also how two are merged. */
    void addAll(Incident incident) {
        incident.getMembersList().forEach(this::member);
        incident.getProcessesList().forEach(this::process);
        incident.getEdgesList().forEach(this::edge);
        Reach reach = incident.getReach();
        reach.getHostsList().forEach(this::reach);
        reach.getUsersList().forEach(this::reach);
        reach.getAddressesList().forEach(this::reach);
        reach.getFilesList().forEach(this::reach);
        reach.getRoleSessionsList().forEach(this::reach);
        reach.getAssetsList().forEach(this::asset);
        incident.getTacticsList().forEach(this::tactic);
        incident.getVisibilityGapsList().forEach(this::gap);
        if (incident.hasFirstOccurred()) {
            occurred(Nanos.of(incident.getFirstOccurred()));
            occurred(Nanos.of(incident.getLastOccurred()));
        }
    }

    /** Adds what a sighting shows. */
    void add(Sighting sighting, String reason) {
        String alert = ResourceName.of("alerts", sighting.alertId());
        member(
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
                        tactic(
                                Tactics.normalized(tactic),
                                sighting.rule().getTechniquesList(),
                                List.of(alert)));
        occurred(sighting.occurredNs());
        tree(sighting, alert);
        things(sighting);
        clock(sighting);
    }

    private void tree(Sighting sighting, String alert) {
        String source = sighting.match().getEvent().getSource();
        chain(sighting.lineage().chain(), source);
        if (!sighting.lineage().chain().isEmpty()) {
            ProcessNode.Builder subject =
                    processes.get(sighting.lineage().chain().getFirst().uid());
            if (subject != null && !subject.getAlertsList().contains(alert)) {
                subject.addAlerts(alert);
            }
        }
        for (Origin origin : sighting.lineage().origins()) {
            chain(origin.writer(), source);
            Entity file = file(origin.file());
            reach(file);
            edge(
                    EdgeKind.EDGE_KIND_WROTE,
                    process(origin.writer().getFirst()),
                    file,
                    source,
                    OBSERVED,
                    origin.writtenNs());
            edge(
                    EdgeKind.EDGE_KIND_SPAWNED,
                    file,
                    process(origin.runner()),
                    source,
                    origin.inferred() ? INFERRED : RUN_OF_A_WRITTEN_FILE,
                    origin.runner().startNs());
        }
    }

    private void chain(List<ProcessFacts> chain, String source) {
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
            process(node.build());
            if (hasParent) {
                edge(
                        EdgeKind.EDGE_KIND_SPAWNED,
                        process(chain.get(index + 1)),
                        process(process),
                        source,
                        OBSERVED,
                        process.startNs());
            }
        }
    }

    private void things(Sighting sighting) {
        Event event = sighting.match().getEvent();
        String source = event.getSource();
        long time = sighting.occurredNs();
        reachHost(sighting);
        user(HostProcesses.subject(event).getUser());
        user(event.getUser());
        RemoteAddresses.of(event).ifPresent(address -> address(sighting, address, OBSERVED));
        if (!sighting.lineage().chain().isEmpty()) {
            String commandLine = sighting.lineage().chain().getFirst().commandLine();
            RemoteAddresses.named(commandLine)
                    .forEach(address -> address(sighting, address, INFERRED));
        }
        if (!event.getFile().getPath().isEmpty()) {
            Entity file = file(event.getFile().getPath());
            reach(file);
            if (event.getClassUid() == FILE_ACTIVITY && event.getActivityId() != READ) {
                edge(EdgeKind.EDGE_KIND_WROTE, sighting.entity(), file, source, OBSERVED, time);
            }
        }
        String roleSession = JoinKey.roleSession(sighting);
        if (!roleSession.isEmpty()) {
            Entity session = entity(EntityKind.ENTITY_KIND_ROLE_SESSION, roleSession, roleSession);
            reach(session);
            edge(EdgeKind.EDGE_KIND_ASSUMED, sighting.entity(), session, source, OBSERVED, time);
        }
        if (!event.getApi().getOperation().isEmpty()) {
            String call = event.getApi().getService() + ":" + event.getApi().getOperation();
            Entity api = entity(EntityKind.ENTITY_KIND_CLOUD_API, call, call);
            edge(EdgeKind.EDGE_KIND_CALLED, sighting.entity(), api, source, OBSERVED, time);
        }
    }

    private void address(Sighting sighting, String ip, int confidence) {
        Entity address = entity(EntityKind.ENTITY_KIND_ADDRESS, ip, ip);
        reach(address);
        edge(
                EdgeKind.EDGE_KIND_CONNECTED,
                sighting.entity(),
                address,
                sighting.match().getEvent().getSource(),
                confidence,
                sighting.occurredNs());
    }

    /** Adds the host that the sighting is from. */
    void reachHost(Sighting sighting) {
        reach(
                entity(
                        EntityKind.ENTITY_KIND_HOST,
                        sighting.hostId().toString(),
                        sighting.asset().getHostname()));
        asset(sighting.asset());
    }

    /** The newest that the read model knew. */
    private void asset(AssetSnapshot asset) {
        if (assets.containsKey(asset.getHostId()) || assets.size() < config.maxProcesses()) {
            assets.merge(
                    asset.getHostId(),
                    asset,
                    (before, now) -> now.getKnown() || !before.getKnown() ? now : before);
        }
    }

    private void user(User user) {
        String id = user.getName().isEmpty() ? user.getUid() : user.getName();
        if (!id.isEmpty()) {
            reach(entity(EntityKind.ENTITY_KIND_USER, id, id));
        }
    }

    private void clock(Sighting sighting) {
        long offset = sighting.times().getClockOffsetNs();
        if (Math.abs(offset) > CLOCK_LIMIT_NS) {
            gap(
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

    private void member(IncidentMember member) {
        if (members.size() < config.maxMembers()) {
            members.putIfAbsent(member.getAlert(), member);
        }
    }

    /** Later knowledge fills what was not known before; alerts add up. */
    private void process(ProcessNode node) {
        String uid = node.getProcess().getId();
        ProcessNode.Builder known = processes.get(uid);
        if (known == null) {
            if (processes.size() < config.maxProcesses()) {
                processes.put(uid, node.toBuilder());
            }
            return;
        }
        List<String> alerts = known.getAlertsList().stream().toList();
        if (!node.getPath().isEmpty()) {
            String parent = node.getParentId().isEmpty() ? known.getParentId() : node.getParentId();
            known.mergeFrom(node.toBuilder().clearAlerts().build()).setParentId(parent);
        }
        node.getAlertsList().stream()
                .filter(alert -> !alerts.contains(alert))
                .forEach(known::addAlerts);
    }

    private void edge(
            EdgeKind kind, Entity from, Entity to, String source, int confidence, long timeNs) {
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
        edge(edge.build());
    }

    /** One of a kind between the same two; the first time stays, the surer one wins. */
    private void edge(IncidentEdge edge) {
        String key =
                edge.getKind()
                        + "\n"
                        + edge.getFrom().getKind()
                        + edge.getFrom().getId()
                        + "\n"
                        + edge.getTo().getKind()
                        + edge.getTo().getId();
        IncidentEdge known = edges.get(key);
        boolean isNew = known == null && edges.size() < config.maxProcesses();
        if (isNew || (known != null && known.getConfidence() < edge.getConfidence())) {
            edges.put(key, edge);
        }
    }

    private void reach(Entity entity) {
        if (reached.size() < config.maxProcesses()) {
            reached.putIfAbsent(entity.getKind() + entity.getId(), entity);
        }
    }

    private void tactic(TacticEvidence evidence) {
        if (tactics.putIfAbsent(evidence.getTactic(), evidence) != null) {
            tactic(evidence.getTactic(), evidence.getTechniquesList(), evidence.getAlertsList());
        }
    }

    private void tactic(String tactic, Collection<String> techniques, Collection<String> alerts) {
        TacticEvidence.Builder evidence =
                tactics.getOrDefault(tactic, TacticEvidence.getDefaultInstance()).toBuilder();
        evidence.setTactic(tactic);
        techniques.stream()
                .filter(technique -> !evidence.getTechniquesList().contains(technique))
                .forEach(evidence::addTechniques);
        alerts.stream()
                .filter(alert -> !evidence.getAlertsList().contains(alert))
                .limit(Math.max(0, config.maxMembers() - evidence.getAlertsCount()))
                .forEach(evidence::addAlerts);
        tactics.put(tactic, evidence.build());
    }

    /** Gaps with the same reason are one, from the first to the last. */
    void gap(VisibilityGap gap) {
        gaps.merge(
                gap.getReason(),
                gap,
                (known, next) ->
                        known.toBuilder()
                                .setStart(
                                        Nanos.timestamp(
                                                Math.min(
                                                        Nanos.of(known.getStart()),
                                                        Nanos.of(next.getStart()))))
                                .setEnd(
                                        Nanos.timestamp(
                                                Math.max(
                                                        Nanos.of(known.getEnd()),
                                                        Nanos.of(next.getEnd()))))
                                .build());
    }

    private void occurred(long timeNs) {
        firstNs = Math.min(firstNs, timeNs);
        lastNs = Math.max(lastNs, timeNs);
    }

    long firstNs() {
        return firstNs;
    }

    long lastNs() {
        return lastNs;
    }

    /** Writes everything into the message. */
    void into(Incident.Builder incident) {
        incident.clearMembers()
                .addAllMembers(members.values())
                .clearProcesses()
                .clearEdges()
                .addAllEdges(edges.values())
                .clearTactics()
                .addAllTactics(tactics.values())
                .clearVisibilityGaps()
                .addAllVisibilityGaps(gaps.values())
                .setFirstOccurred(Nanos.timestamp(firstNs))
                .setLastOccurred(Nanos.timestamp(lastNs));
        processes.values().forEach(incident::addProcesses);
        Reach.Builder reach = Reach.newBuilder();
        for (Entity entity : reached.values()) {
            switch (entity.getKind()) {
                case ENTITY_KIND_HOST -> reach.addHosts(entity);
                case ENTITY_KIND_USER -> reach.addUsers(entity);
                case ENTITY_KIND_ADDRESS -> reach.addAddresses(entity);
                case ENTITY_KIND_FILE -> reach.addFiles(entity);
                case ENTITY_KIND_ROLE_SESSION -> reach.addRoleSessions(entity);
                default ->
                        throw new IllegalStateException(
                                "not a thing that is reached: " + entity.getKind());
            }
        }
        incident.setReach(reach.addAllAssets(assets.values()));
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
