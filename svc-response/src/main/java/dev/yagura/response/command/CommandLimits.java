package dev.yagura.response.command;

import dev.yagura.proto.response.v1.RunCommandTarget;

/**
 * How many hosts run a command at a time, and how many may fail, with Systems Manager's defaults.
 */
record CommandLimits(String maxConcurrency, String maxErrors) {
    static CommandLimits of(RunCommandTarget target) {
        return new CommandLimits(
                target.getMaxConcurrency().isEmpty() ? "50" : target.getMaxConcurrency(),
                target.getMaxErrors().isEmpty() ? "0" : target.getMaxErrors());
    }

    /** Whether so many errors are more than may be. */
    boolean isPassed(long errors, int hosts) {
        long allowed =
                maxErrors.endsWith("%")
                        ? hosts
                                * Long.parseLong(maxErrors.substring(0, maxErrors.length() - 1))
                                / 100
                        : Long.parseLong(maxErrors);
        return errors > allowed;
    }
}
