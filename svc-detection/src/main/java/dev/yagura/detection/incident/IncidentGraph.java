package dev.yagura.detection.incident;

import dev.yagura.detection.alert.Nanos;
import dev.yagura.detection.alert.Sighting;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Entity;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentEdge;
import dev.yagura.proto.detection.v1.IncidentMember;
import dev.yagura.proto.detection.v1.ProcessNode;
import dev.yagura.proto.detection.v1.Reach;
import dev.yagura.proto.detection.v1.TacticEvidence;
import dev.yagura.proto.detection.v1.VisibilityGap;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Members, processes, edges and reach of an incident while sightings are added to it. */
final class IncidentGraph {
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
        new SightingTraces(this, sighting).add(reason);
    }

    /** Adds the host that the sighting is from. */
    void reachHost(Sighting sighting) {
        new SightingTraces(this, sighting).host();
    }

    /** The newest that the read model knew. */
    void asset(AssetSnapshot asset) {
        if (assets.containsKey(asset.getHostId()) || assets.size() < config.maxProcesses()) {
            assets.merge(
                    asset.getHostId(),
                    asset,
                    (before, now) -> now.getKnown() || !before.getKnown() ? now : before);
        }
    }

    void member(IncidentMember member) {
        if (members.size() < config.maxMembers()) {
            members.putIfAbsent(member.getAlert(), member);
        }
    }

    /** Later knowledge fills what was not known before; alerts add up. */
    void process(ProcessNode node) {
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

    /** The process is the subject of an alert. */
    void raised(String uid, String alert) {
        ProcessNode.Builder subject = processes.get(uid);
        if (subject != null && !subject.getAlertsList().contains(alert)) {
            subject.addAlerts(alert);
        }
    }

    /** One of a kind between the same two; the first time stays, the surer one wins. */
    void edge(IncidentEdge edge) {
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

    void reach(Entity entity) {
        if (reached.size() < config.maxProcesses()) {
            reached.putIfAbsent(entity.getKind() + entity.getId(), entity);
        }
    }

    private void tactic(TacticEvidence evidence) {
        if (tactics.putIfAbsent(evidence.getTactic(), evidence) != null) {
            tactic(evidence.getTactic(), evidence.getTechniquesList(), evidence.getAlertsList());
        }
    }

    void tactic(String tactic, Collection<String> techniques, Collection<String> alerts) {
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

    void occurred(long timeNs) {
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
}
