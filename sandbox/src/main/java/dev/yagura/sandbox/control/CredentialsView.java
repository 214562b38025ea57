package dev.yagura.sandbox.control;

/** Keys of a role session from an instance's metadata service. */
public record CredentialsView(
        String roleName, String accessKeyId, String secretAccessKey, String sessionToken) {}
