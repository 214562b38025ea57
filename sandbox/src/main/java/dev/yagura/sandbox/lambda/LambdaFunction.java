package dev.yagura.sandbox.lambda;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A function, with its published versions. */
public final class LambdaFunction {
    static final String LATEST = "$LATEST";

    private final String name;
    private final Duration timeout;
    private final Behaviour behaviour;
    private final Map<String, String> versions;
    private final Map<String, String> aliases;
    private final List<String> eventSources;
    private final @Nullable String invoker;
    private final @Nullable String urlAuthentication;
    private final @Nullable Network network;
    private final Map<String, String> tags;

    private String roleArn;
    private String codeSha256;
    private String revisionId = UUID.randomUUID().toString();
    private Instant modified;
    private @Nullable Integer reserved;
    private int provisioned;
    private int invocations;

    /** What its code does with an event. */
    public enum Behaviour {
        /** Answers with the event. */
        ECHO,
        /** Raises an error that it does not handle. */
        RAISE,
        /** Answers with a text of 100,000 characters. */
        FILL
    }

    /**
     * What it has beside its code.
     *
     * @param versions SHA-256 of the code of each published version, in base64
     * @param aliases version that each names
     * @param eventSources ARNs
     * @param invoker service that its own policy lets invoke it; null for no policy
     * @param urlAuthentication "NONE" or "AWS_IAM"; null for no URL
     * @param network null outside of VPCs
     */
    public record Settings(
            Duration timeout,
            Behaviour behaviour,
            Map<String, String> versions,
            Map<String, String> aliases,
            List<String> eventSources,
            @Nullable String invoker,
            @Nullable String urlAuthentication,
            @Nullable Network network,
            Map<String, String> tags) {}

    /** Where in a VPC its interfaces are. */
    public record Network(String vpc, List<String> subnets, List<String> groups) {}

    /**
     * @param codeSha256 of what is not published, in base64
     * @param reserved concurrency; null for none
     */
    public LambdaFunction(
            String name,
            String roleArn,
            String codeSha256,
            @Nullable Integer reserved,
            Settings settings,
            Instant modified) {
        this.name = name;
        this.roleArn = roleArn;
        this.codeSha256 = codeSha256;
        this.reserved = reserved;
        this.timeout = settings.timeout();
        this.behaviour = settings.behaviour();
        this.versions = Map.copyOf(settings.versions());
        this.aliases = Map.copyOf(settings.aliases());
        this.eventSources = List.copyOf(settings.eventSources());
        this.invoker = settings.invoker();
        this.urlAuthentication = settings.urlAuthentication();
        this.network = settings.network();
        this.tags = Map.copyOf(settings.tags());
        this.modified = modified;
    }

    /** Number of a version, or {@link #LATEST}, that a qualifier names; empty for none. */
    Optional<String> version(String qualifier) {
        String named = aliases.getOrDefault(qualifier, qualifier);
        return named.equals(LATEST) || versions.containsKey(named)
                ? Optional.of(named)
                : Optional.empty();
    }

    String codeSha256(String version) {
        return versions.getOrDefault(version, codeSha256);
    }

    /** New code, as by UpdateFunctionCode. */
    public void changeCode(String sha256, Instant now) {
        codeSha256 = sha256;
        revise(now);
    }

    /** Another role, as by UpdateFunctionConfiguration. */
    public void changeRole(String arn, Instant now) {
        roleArn = arn;
        revise(now);
    }

    public void provision(int concurrency) {
        provisioned = concurrency;
    }

    private void revise(Instant now) {
        revisionId = UUID.randomUUID().toString();
        modified = now;
    }

    void reserve(@Nullable Integer concurrency) {
        reserved = concurrency;
    }

    void invoked() {
        invocations++;
    }

    /** How often it has run. */
    public int invocations() {
        return invocations;
    }

    public String name() {
        return name;
    }

    public String roleArn() {
        return roleArn;
    }

    String revisionId() {
        return revisionId;
    }

    Instant modified() {
        return modified;
    }

    Duration timeout() {
        return timeout;
    }

    Behaviour behaviour() {
        return behaviour;
    }

    List<String> eventSources() {
        return eventSources;
    }

    Optional<String> invoker() {
        return Optional.ofNullable(invoker);
    }

    Optional<Network> network() {
        return Optional.ofNullable(network);
    }

    Optional<String> urlAuthentication() {
        return Optional.ofNullable(urlAuthentication);
    }

    Map<String, String> tags() {
        return tags;
    }

    Optional<Integer> reserved() {
        return Optional.ofNullable(reserved);
    }

    int provisioned() {
        return provisioned;
    }
}
