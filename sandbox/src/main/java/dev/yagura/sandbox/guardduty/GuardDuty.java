package dev.yagura.sandbox.guardduty;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.sandbox.world.Account;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** The detector of the account and region: on from the start, as an account that uses it has it. */
public final class GuardDuty {
    /** Status as {@link #change} takes it, where there is no detector. */
    public static final String NONE = "NONE";

    static final String ENABLED = "ENABLED";
    static final String DISABLED = "DISABLED";

    private final Account account;
    private final Instant created;

    /**
     * Features, and what is configured beside one as "FEATURE/CONFIGURATION"; true where it is on.
     */
    private final TreeMap<String, Boolean> features =
            new TreeMap<>(
                    Map.of(
                            "CLOUD_TRAIL", true,
                            "DNS_LOGS", true,
                            "FLOW_LOGS", true,
                            "LAMBDA_NETWORK_LOGS", true,
                            "RUNTIME_MONITORING", false,
                            "RUNTIME_MONITORING/EC2_AGENT_MANAGEMENT", false,
                            "RUNTIME_MONITORING/ECS_FARGATE_AGENT_MANAGEMENT", false,
                            "S3_DATA_EVENTS", true));

    private String status = ENABLED;

    public GuardDuty(Account account, Instant created) {
        this.account = account;
        this.created = created;
    }

    /**
     * What somebody does in the console.
     *
     * @param wanted ENABLED, DISABLED or {@link #NONE}
     */
    public void change(String wanted) {
        if (!wanted.equals(ENABLED) && !wanted.equals(DISABLED) && !wanted.equals(NONE)) {
            throw new IllegalArgumentException("status is ENABLED, DISABLED or NONE");
        }
        status = wanted;
    }

    /** Turns a feature on or off; "RUNTIME_MONITORING/ECS_FARGATE_AGENT_MANAGEMENT" is one, too. */
    public void turn(String feature, boolean on) {
        if (!features.containsKey(feature)) {
            throw new IllegalArgumentException(
                    "no feature " + feature + "; there are " + features.keySet());
        }
        features.put(feature, on);
    }

    /** Empty where there is no detector. */
    Optional<String> detectorId() {
        return status.equals(NONE)
                ? Optional.empty()
                : Optional.of(
                        UUID.nameUUIDFromBytes(account.arn("guardduty", "detector").getBytes(UTF_8))
                                .toString()
                                .replace("-", ""));
    }

    String status() {
        return status;
    }

    Instant created() {
        return created;
    }

    Account account() {
        return account;
    }

    Map<String, Boolean> features() {
        return features;
    }
}
