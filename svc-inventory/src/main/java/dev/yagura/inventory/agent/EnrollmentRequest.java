package dev.yagura.inventory.agent;

import dev.yagura.inventory.enrollment.SigningRequest;

/**
 * What a host sends to enrol its agent.
 *
 * @param token secret of the enrolment token
 * @param nativeId instance id; outside EC2 the machine id, or the host name when there is none
 */
record EnrollmentRequest(
        String token,
        SigningRequest signingRequest,
        Agent.Machine machine,
        String nativeId,
        String version) {

    /** Never the token. */
    @Override
    public String toString() {
        return "EnrollmentRequest[" + nativeId + "]";
    }
}
