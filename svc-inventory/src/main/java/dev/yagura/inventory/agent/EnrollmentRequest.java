package dev.yagura.inventory.agent;

import com.google.protobuf.ByteString;
import dev.yagura.inventory.enrollment.InstanceIdentity;
import dev.yagura.inventory.enrollment.SigningRequest;

/**
 * What a host sends to enrol its agent.
 *
 * @param token secret of the enrolment token
 * @param proven AWS signed the instance id
 * @param signedIdentity what should prove it, DER; empty when the host sent nothing
 * @param nativeId instance id; outside EC2 the machine id, or the host name when there is none
 */
record EnrollmentRequest(
        String token,
        SigningRequest signingRequest,
        Agent.Machine machine,
        boolean proven,
        ByteString signedIdentity,
        String nativeId,
        String version) {

    /** The same of the instance that AWS says the host is. */
    EnrollmentRequest provenBy(InstanceIdentity identity) {
        return new EnrollmentRequest(
                token,
                signingRequest,
                new Agent.Machine(
                        identity.instanceId(), machine.hostname(), machine.os(), machine.bootId()),
                true,
                signedIdentity,
                identity.instanceId(),
                version);
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "EnrollmentRequest[" + nativeId + "]";
    }
}
