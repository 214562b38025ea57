package dev.yagura.telemetry.auditd;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Names of system calls by architecture; Linux numbers them differently on each. */
final class SystemCalls {
    private static final Map<Integer, String> X86_64 = table("syscalls-x86_64.properties");
    private static final Map<Integer, String> AARCH64 = table("syscalls-aarch64.properties");

    private SystemCalls() {}

    /** Name of the call of a SYSCALL record, for example "execve"; its number when unknown. */
    static String name(AuditRecord syscall) {
        String enriched = syscall.text("SYSCALL");
        if (!enriched.isEmpty()) {
            return enriched;
        }
        String number = syscall.text("syscall");
        Map<Integer, String> names =
                switch (syscall.text("arch")) {
                    case "c000003e", "x86_64" -> X86_64;
                    case "c00000b7", "aarch64" -> AARCH64;
                    default -> Map.of();
                };
        return names.getOrDefault((int) syscall.number("syscall"), number);
    }

    private static Map<Integer, String> table(String resource) {
        Properties properties = new Properties();
        try (InputStream in = SystemCalls.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + resource);
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<Integer, String> names = new TreeMap<>();
        properties
                .stringPropertyNames()
                .forEach(number ->
                        names.put(Integer.valueOf(number), properties.getProperty(number)));
        return Map.copyOf(names);
    }
}
