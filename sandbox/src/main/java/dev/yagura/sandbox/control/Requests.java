package dev.yagura.sandbox.control;

import dev.yagura.sandbox.identity.PasswordRules;
import dev.yagura.sandbox.ssm.Application;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies of the control API; what may be left out is nullable. */
final class Requests {
    private Requests() {}

    /**
     * @param direction {@code outbound} (standard) or {@code inbound}
     * @param protocol {@code tcp} (standard), {@code udp}, {@code icmp} or a number
     * @param remote address, instance, interface id or {@code endpoint:SERVICE}
     * @param port port of the side that is called
     * @param callerPort port of the side that calls; an ephemeral one if left out
     */
    record OpenFlow(
            @Nullable String direction,
            @Nullable String protocol,
            String remote,
            int port,
            @Nullable Integer callerPort,
            @Nullable String networkInterfaceId,
            @Nullable Duration keepalive,
            @Nullable String label,
            boolean persistent,
            @Nullable Duration reopenEvery) {}

    record Probe(String source, String destination, @Nullable String protocol, int port) {}

    record Advance(Duration by) {}

    record ClockMode(boolean running) {}

    record Agent(boolean running) {}

    /**
     * @param age how long ago the scan ended
     */
    record Patches(
            int missing,
            int failed,
            int pendingReboot,
            int critical,
            int security,
            @Nullable Duration age) {}

    /**
     * @param age how long ago the agent looked
     */
    record Installed(List<Application> packages, @Nullable Duration age) {}

    /**
     * @param directory absolute, on the machine of the sandbox
     * @param process whose network and mounts the scripts have; null for those of the sandbox
     */
    record Shell(String directory, @Nullable Long process) {
        Shell {
            if (directory == null) {
                throw new IllegalArgumentException("directory is missing");
            }
        }
    }

    /**
     * @param persistent whether its request outlives it
     */
    record Market(boolean spot, boolean persistent) {}

    record OfType(String type) {}

    /** What is left out stays as it is. */
    record ChangeAutoScalingGroup(
            @Nullable Integer min,
            @Nullable Integer max,
            @Nullable Integer desired,
            @Nullable List<String> suspended,
            @Nullable List<String> targetGroups,
            @Nullable Map<String, String> tags) {}

    record JoinAutoScalingGroup(
            String group,
            @Nullable String lifecycleState,
            @Nullable String healthStatus,
            boolean protectedFromScaleIn) {}

    record RegisterTarget(@Nullable Integer port, @Nullable String state) {}

    /**
     * What is left out stays as it is.
     *
     * @param endIn when it is complete, or has failed, from now on
     * @param failure why it fails
     * @param image AMI that needs it
     */
    record ChangeSnapshot(
            @Nullable Duration endIn,
            @Nullable String failure,
            @Nullable Boolean locked,
            @Nullable String image) {}

    /** A snapshot as a recovery point of AWS Backup. */
    record KeepSnapshot(String vault, String status, String storageClass) {}

    /**
     * What is left out stays as it is.
     *
     * @param code SHA-256 in base64
     * @param role name of an IAM role
     * @param provisioned concurrency
     */
    record ChangeFunction(
            @Nullable String code, @Nullable String role, @Nullable Integer provisioned) {}

    /**
     * What is left out stays as it is.
     *
     * @param workflow status that somebody gives every finding
     */
    record ChangeSecurityHub(@Nullable Boolean enabled, @Nullable String workflow) {}

    /**
     * What is left out stays as it is.
     *
     * @param status ENABLED, DISABLED, or NONE for no detector
     * @param features by name, true for on; "FEATURE/CONFIGURATION" is what is beside one
     */
    record ChangeGuardDuty(@Nullable String status, @Nullable Map<String, Boolean> features) {}

    /**
     * What is left out stays as it is.
     *
     * @param failing it notices nothing, and says so
     * @param types what is recorded; everything if there are none
     * @param lag until a change is told
     * @param batch how many resources BatchGetResourceConfig processes
     */
    record ChangeRecorder(
            @Nullable Boolean recording,
            @Nullable Boolean failing,
            @Nullable List<String> types,
            @Nullable Duration lag,
            @Nullable Integer batch) {}

    /**
     * It is made if it is not there.
     *
     * @param lag until it knows what an account knows; null leaves it
     */
    record ChangeAggregator(@Nullable Duration lag) {}

    record ChangeSource(String status) {}

    record PushImage(String tag) {}

    /**
     * How AWS Config tells changes to a queue.
     *
     * @param form {@code sns}, {@code sns-raw} or {@code event-bridge}
     * @param bucket for what is larger than the limit; null if there is none
     * @param limit bytes of a notification that is told whole; that of SNS if left out
     */
    record TellQueue(String form, @Nullable String bucket, @Nullable Integer limit) {}

    /**
     * What is left out stays as it is.
     *
     * @param visibility how long what is received is not received again
     * @param deadLetters queue of what was received too often
     * @param maxReceives how often that is
     * @param held nothing is received
     */
    record ChangeQueue(
            @Nullable Duration visibility,
            @Nullable String deadLetters,
            @Nullable Integer maxReceives,
            @Nullable Boolean held) {}

    record Send(String body, @Nullable Duration delay) {}

    /** Resources that AWS Config alone knows. */
    record PlantResources(String type, int count) {}

    /** What is left out is as for the first account. */
    record AddAccount(
            @Nullable String name, @Nullable List<String> regions, @Nullable Integer instances) {}

    /**
     * @param standing ACTIVE, DENYING, FAILING, SUSPENDED or LEFT
     */
    record ChangeAccount(String standing) {
        ChangeAccount {
            if (standing == null) {
                throw new IllegalArgumentException("standing is missing");
            }
        }
    }

    /**
     * @param address of its first interface, in the first subnet
     * @param second of its second interface, which outlives it; none if left out
     */
    record Launch(String address, @Nullable String second) {
        Launch {
            if (address == null) {
                throw new IllegalArgumentException("address is missing");
            }
        }
    }

    record Attach(String instance) {
        Attach {
            if (instance == null) {
                throw new IllegalArgumentException("instance is missing");
            }
        }
    }

    record PutProfile(@Nullable String role) {}

    record MakeRole(@Nullable Map<String, String> tags) {}

    /** What is left out was never set. */
    record AccountWide(@Nullable PasswordRules passwords, @Nullable Boolean publicAccessBlocked) {}

    /**
     * What is left out stays.
     *
     * @param keyAge of an access key that a new user has
     */
    record ChangeUser(
            @Nullable Boolean password, @Nullable Boolean mfa, @Nullable Duration keyAge) {}

    record ArrangeOutcome(
            @Nullable String instance,
            @Nullable String contains,
            int exitCode,
            @Nullable String standardOutput,
            @Nullable String standardError,
            @Nullable Duration duration) {}

    /**
     * @param kind {@code throttle}, {@code error}, {@code lost-reply} or {@code delay}
     * @param code error code; for {@code error}
     * @param status HTTP status; for {@code error}, 400 if left out
     * @param delay real time; for {@code delay}
     */
    record PlanFault(
            String operation,
            String kind,
            @Nullable Map<String, String> when,
            int skip,
            @Nullable Integer times,
            @Nullable String code,
            @Nullable Integer status,
            @Nullable String message,
            @Nullable Duration delay) {}
}
