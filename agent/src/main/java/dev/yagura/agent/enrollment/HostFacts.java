package dev.yagura.agent.enrollment;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the host says about itself. */
public final class HostFacts {
    private static final Path MACHINE_ID = Path.of("/etc/machine-id");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path INSTANCE_ID = Path.of("/var/lib/cloud/data/instance-id");

    private HostFacts() {}

    /** EC2 instance id as cloud-init has left it; empty outside EC2. */
    public static String instanceId() {
        String id = firstLine(INSTANCE_ID);
        return isInstanceId(id) ? id : "";
    }

    /** Whether a text has the form of an EC2 instance id. */
    public static boolean isInstanceId(String text) {
        return text.matches("i-[0-9a-f]{8,17}");
    }

    /** Stable id of the installation; empty when the system has none. */
    public static String machineId() {
        return firstLine(MACHINE_ID);
    }

    /** Changes with each boot. */
    public static String bootId() {
        return firstLine(BOOT_ID);
    }

    public static String hostname() {
        String name = firstLine(Path.of("/proc/sys/kernel/hostname"));
        if (!name.isEmpty()) {
            return name;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }

    private static String firstLine(Path file) {
        try {
            return Files.readString(file).lines().findFirst().orElse("").strip();
        } catch (IOException e) {
            return ""; // systems without the file have no such fact
        }
    }
}
