package dev.yagura.response.command;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A document that may be run.
 *
 * @param version a number
 * @param sha256 of its content, lower-case hex
 * @param anyScript it runs whatever text it is given
 */
record AllowedDocument(String name, String version, String sha256, boolean anyScript) {
    /** Documents of AWS that run what their caller gives them, or what it names elsewhere. */
    private static final Set<String> RUN_ANYTHING =
            Set.of(
                    "AWS-ApplyAnsiblePlaybooks",
                    "AWS-ApplyChefRecipes",
                    "AWS-ApplyDSCMofs",
                    "AWS-InstallApplication",
                    "AWS-InstallPowerShellModule",
                    "AWS-RunAnsiblePlaybook",
                    "AWS-RunDockerAction",
                    "AWS-RunDocument",
                    "AWS-RunInspecChecks",
                    "AWS-RunPowerShellScript",
                    "AWS-RunRemoteScript",
                    "AWS-RunSaltState",
                    "AWS-RunShellScript");

    private static final Pattern FORM =
            Pattern.compile("([a-zA-Z0-9_.-]{3,128})@([1-9][0-9]{0,9})=([0-9a-f]{64})");

    /** NAME@VERSION=SHA256; empty when it is not of that form. */
    static Optional<AllowedDocument> parse(String text, boolean anyScript) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(
                        new AllowedDocument(
                                parts.group(1), parts.group(2), parts.group(3), anyScript))
                : Optional.empty();
    }

    /** By its name; what others wrote is told by {@link FreeText}. */
    boolean isKnownToRunAnything() {
        return RUN_ANYTHING.contains(name);
    }

    @Override
    public String toString() {
        return name + "@" + version;
    }
}
