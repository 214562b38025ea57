package dev.yagura.response.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.response.action.Guards;
import dev.yagura.response.identity.DenyPlacement.Seen;
import java.util.List;
import java.util.Optional;

/** The policy that all contained pods of a namespace share: the last one takes it away. */
final class QuarantinePolicy {
    private final Contained contained;

    QuarantinePolicy(Contained contained) {
        this.contained = contained;
    }

    void put() {
        Optional<JsonNode> seen = contained.reader().quarantine();
        if (seen.isEmpty()) {
            contained.change().createPolicy().make(contained.run(), contained.api());
        } else if (!Quarantine.isSame(seen.get())) {
            contained.change().mendPolicy(seen.get()).make(contained.run(), contained.api());
        }
    }

    Seen seen() {
        Optional<JsonNode> seen = contained.reader().quarantine();
        if (seen.isEmpty()) {
            return new Seen(false, Quarantine.POLICY + " is gone");
        }
        return Quarantine.isSame(seen.get())
                ? new Seen(true, Quarantine.POLICY + " denies it everything")
                : new Seen(false, Quarantine.POLICY + " was changed");
    }

    /** Whether another policy lets it through, by the labels that it is to have. */
    Seen others() {
        List<String> left = contained.reader().policies().left(contained.labels());
        if (left.isEmpty()) {
            return new Seen(true, "no other NetworkPolicy lets it through");
        }
        return new Seen(
                contained.overrides(Guards.POLICIES_REMAIN),
                "NOT cut off from what others allow: " + String.join("; ", left));
    }

    Seen removeIfLast() {
        Optional<JsonNode> seen = contained.reader().quarantine();
        List<String> others =
                contained.reader().contained().stream()
                        .filter(each -> !each.equals(contained.state().getName()))
                        .toList();
        if (seen.isEmpty()) {
            if (!others.isEmpty()) {
                contained.drift(
                        Quarantine.POLICY
                                + " was deleted meanwhile, with pods in quarantine left: "
                                + String.join(", ", others));
            }
            return new Seen(true, Quarantine.POLICY + " is gone");
        }
        if (!others.isEmpty()) {
            return new Seen(true, Quarantine.POLICY + " stays, for " + String.join(", ", others));
        }
        if (!Quarantine.isOurs(seen.get())) {
            return new Seen(true, Quarantine.POLICY + " is somebody else's, and stays");
        }
        if (!Quarantine.isSame(seen.get())) {
            contained.drift(
                    Quarantine.POLICY + " was changed meanwhile; deleted, since it is Yagura's");
        }
        contained
                .change()
                .deletePolicy(seen.get().path("metadata").path("uid").asText())
                .make(contained.run(), contained.api());
        boolean gone = contained.reader().quarantine().isEmpty();
        return new Seen(gone, Quarantine.POLICY + (gone ? " is gone" : " is still there"));
    }
}
