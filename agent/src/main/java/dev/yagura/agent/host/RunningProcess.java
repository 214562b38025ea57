package dev.yagura.agent.host;

/**
 * A process.
 *
 * @param name as the kernel has it: 15 bytes at most
 * @param executable path of what it runs; empty where the agent may not see it
 */
record RunningProcess(String name, String executable) {

    /** Name of the file that it runs; empty where the agent may not see it. */
    String file() {
        return executable.substring(executable.lastIndexOf('/') + 1);
    }
}
