package dev.yagura.sandbox.wire;

/**
 * Who signed a call, as far as operations need to know.
 *
 * @param arn of the user or of the assumed-role session
 * @param id AWS's unique id: {@code AIDA…} or {@code AROA…:session}
 * @param accessKeyId that it signed with
 */
public record Principal(String arn, String id, String accountId, String accessKeyId) {}
