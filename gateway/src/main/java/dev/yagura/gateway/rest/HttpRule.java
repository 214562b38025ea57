package dev.yagura.gateway.rest;

import com.google.protobuf.Descriptors.MethodDescriptor;
import io.helidon.http.Method;

/**
 * A method of the contract, over HTTP.
 *
 * @param hasBody the rest of the request is its body; else its query
 */
record HttpRule(Method verb, PathTemplate path, boolean hasBody, MethodDescriptor method) {

    boolean isStream() {
        return method.isServerStreaming();
    }
}
