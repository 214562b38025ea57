package dev.yagura.response.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What the API answered to a change.
 *
 * @param object as it is then
 * @param auditId of the request in the cluster's audit log; empty where it is not told
 */
public record KubernetesAnswer(JsonNode object, String auditId) {}
