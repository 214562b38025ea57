package dev.yagura.gateway.guard;

import dev.yagura.gateway.admission.AgentCertificate;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A call before it is known whose it is.
 *
 * @param method full name
 * @param isStream true unless one request has one answer
 * @param peer where it comes from
 * @param certificate of the connection, when it is an agent's
 * @param bearer what follows "Bearer " in the call's authorization
 */
record Arrival(
        String method,
        boolean isStream,
        InetSocketAddress peer,
        Optional<AgentCertificate> certificate,
        Optional<String> bearer) {

    /** Address and port, for people. */
    String peerText() {
        return peer.getAddress().getHostAddress() + ":" + peer.getPort();
    }

    /** Never the token. */
    @Override
    public String toString() {
        return method + " from " + peerText();
    }
}
