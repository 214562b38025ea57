package dev.yagura.detection.engine;

import java.util.Map;
import java.util.Optional;

/**
 * Names of the system calls that rules ask for, by the numbers of the kernel's tables
 * (arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h).
 */
final class SystemCalls {
    private static final String X86_64 = "c000003e";
    private static final String AARCH64 = "c00000b7";

    private static final Map<String, String> OF_X86_64 =
            Map.ofEntries(
                    Map.entry("2", "open"),
                    Map.entry("41", "socket"),
                    Map.entry("42", "connect"),
                    Map.entry("43", "accept"),
                    Map.entry("49", "bind"),
                    Map.entry("59", "execve"),
                    Map.entry("62", "kill"),
                    Map.entry("82", "rename"),
                    Map.entry("83", "mkdir"),
                    Map.entry("86", "link"),
                    Map.entry("87", "unlink"),
                    Map.entry("88", "symlink"),
                    Map.entry("90", "chmod"),
                    Map.entry("91", "fchmod"),
                    Map.entry("92", "chown"),
                    Map.entry("99", "sysinfo"),
                    Map.entry("101", "ptrace"),
                    Map.entry("103", "syslog"),
                    Map.entry("105", "setuid"),
                    Map.entry("133", "mknod"),
                    Map.entry("135", "personality"),
                    Map.entry("165", "mount"),
                    Map.entry("175", "init_module"),
                    Map.entry("176", "delete_module"),
                    Map.entry("257", "openat"),
                    Map.entry("259", "mknodat"),
                    Map.entry("263", "unlinkat"),
                    Map.entry("264", "renameat"),
                    Map.entry("268", "fchmodat"),
                    Map.entry("288", "accept4"),
                    Map.entry("310", "process_vm_readv"),
                    Map.entry("311", "process_vm_writev"),
                    Map.entry("313", "finit_module"),
                    Map.entry("316", "renameat2"),
                    Map.entry("319", "memfd_create"),
                    Map.entry("321", "bpf"),
                    Map.entry("322", "execveat"));

    private static final Map<String, String> OF_AARCH64 =
            Map.ofEntries(
                    Map.entry("33", "mknodat"),
                    Map.entry("35", "unlinkat"),
                    Map.entry("38", "renameat"),
                    Map.entry("40", "mount"),
                    Map.entry("52", "fchmod"),
                    Map.entry("53", "fchmodat"),
                    Map.entry("56", "openat"),
                    Map.entry("92", "personality"),
                    Map.entry("105", "init_module"),
                    Map.entry("106", "delete_module"),
                    Map.entry("116", "syslog"),
                    Map.entry("117", "ptrace"),
                    Map.entry("129", "kill"),
                    Map.entry("146", "setuid"),
                    Map.entry("179", "sysinfo"),
                    Map.entry("198", "socket"),
                    Map.entry("200", "bind"),
                    Map.entry("202", "accept"),
                    Map.entry("203", "connect"),
                    Map.entry("221", "execve"),
                    Map.entry("242", "accept4"),
                    Map.entry("270", "process_vm_readv"),
                    Map.entry("271", "process_vm_writev"),
                    Map.entry("273", "finit_module"),
                    Map.entry("276", "renameat2"),
                    Map.entry("279", "memfd_create"),
                    Map.entry("280", "bpf"),
                    Map.entry("281", "execveat"));

    private SystemCalls() {}

    /**
     * The name of a call.
     *
     * @param machine the record's arch, for example "c000003e"
     * @param number the record's syscall, decimal
     */
    static Optional<String> name(String machine, String number) {
        return switch (machine) {
            case X86_64 -> Optional.ofNullable(OF_X86_64.get(number));
            case AARCH64 -> Optional.ofNullable(OF_AARCH64.get(number));
            default -> Optional.empty();
        };
    }
}
