package dev.yagura.common.error;

import java.util.List;
import java.util.stream.Collectors;

/** The world does not allow it now. Names every reason, not only the first. */
public final class PreconditionFailedException extends YaguraException {
    private static final long serialVersionUID = 1L;

    /**
     * One reason.
     *
     * @param subject what stands in the way, for example "i-0abc…"
     * @param description why, and what would help
     */
    public record Violation(String subject, String description) implements java.io.Serializable {}

    private final List<Violation> violations;

    public PreconditionFailedException(List<Violation> violations) {
        super(
                violations.stream()
                        .map(violation -> violation.subject() + ": " + violation.description())
                        .collect(Collectors.joining("; ")));
        this.violations = List.copyOf(violations);
    }

    public PreconditionFailedException(String subject, String description) {
        this(List.of(new Violation(subject, description)));
    }

    public List<Violation> violations() {
        return violations;
    }
}
