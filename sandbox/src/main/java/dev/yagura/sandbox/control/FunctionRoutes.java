package dev.yagura.sandbox.control;

import dev.yagura.sandbox.cloud.Cloud;
import dev.yagura.sandbox.cloud.UnknownNameException;
import dev.yagura.sandbox.front.Sandbox;
import dev.yagura.sandbox.identity.Credential;
import dev.yagura.sandbox.lambda.LambdaFunction;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Lambda functions and roles, as somebody else would change them, and keys as code finds them in
 * its environment.
 */
final class FunctionRoutes {
    private final Sandbox sandbox;

    FunctionRoutes(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    List<Route> all() {
        return List.of(
                Route.of("GET", "functions/*", this::get),
                Route.of("PUT", "functions/*", this::change),
                Route.of("DELETE", "functions/*", this::delete),
                Route.of("POST", "functions/*/credentials", this::credentials),
                Route.of("POST", "roles/*/credentials", this::roleCredentials),
                Route.of("DELETE", "roles/*", this::deleteRole));
    }

    private Object get(ControlRequest request) {
        return sandbox.within(
                cloud -> Map.of("invocations", function(cloud, request).invocations()));
    }

    private Object change(ControlRequest request) {
        Requests.ChangeFunction wanted = request.as(Requests.ChangeFunction.class);
        return sandbox.within(cloud -> {
            LambdaFunction function = function(cloud, request);
            if (wanted.code() != null) {
                function.changeCode(wanted.code(), cloud.clock().instant());
            }
            if (wanted.role() != null) {
                String role = wanted.role();
                function.changeRole(
                        cloud.directory()
                                .role(role)
                                .orElseThrow(() -> new UnknownNameException("role", role))
                                .arn(),
                        cloud.clock().instant());
            }
            if (wanted.provisioned() != null) {
                function.provision(wanted.provisioned());
            }
            return Map.of();
        });
    }

    private Object delete(ControlRequest request) {
        return sandbox.within(cloud -> {
            cloud.functions().remove(function(cloud, request).name());
            return Map.of();
        });
    }

    private Object credentials(ControlRequest request) {
        return sandbox.within(cloud -> {
            LambdaFunction function = function(cloud, request);
            String role = function.roleArn().substring(function.roleArn().lastIndexOf('/') + 1);
            return keys(cloud, role, function.name());
        });
    }

    private Object roleCredentials(ControlRequest request) {
        return sandbox.within(cloud -> keys(cloud, role(cloud, request), "task"));
    }

    private Object deleteRole(ControlRequest request) {
        return sandbox.within(cloud -> {
            cloud.directory().removeRole(role(cloud, request));
            return Map.of();
        });
    }

    private static String role(Cloud cloud, ControlRequest request) {
        String role = request.part(0);
        if (cloud.directory().role(role).isEmpty()) {
            throw new UnknownNameException("role", role);
        }
        return role;
    }

    private static CredentialsView keys(Cloud cloud, String role, String session) {
        Credential keys = cloud.directory().openServiceSession(role, session);
        return new CredentialsView(
                role,
                keys.accessKeyId(),
                keys.secretKey(),
                Objects.requireNonNullElse(keys.sessionToken(), ""));
    }

    private static LambdaFunction function(Cloud cloud, ControlRequest request) {
        String name = request.part(0);
        return cloud.functions()
                .find(name)
                .orElseThrow(() -> new UnknownNameException("function", name));
    }
}
