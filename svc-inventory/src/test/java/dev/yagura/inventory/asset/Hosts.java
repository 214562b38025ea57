package dev.yagura.inventory.asset;

import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.proto.inventory.v1.EnrollAgentRequest;
import dev.yagura.proto.type.v1.Scope;

/** Hosts outside EC2: assets that enrolments make and change. */
record Hosts(InventoryService service, Scope scope) {

    /** Another agent of the machine, whose first one makes the asset; returns the asset's name. */
    String enroll(String machine) {
        EnrollAgentRequest.Builder request =
                Enrolling.request(
                        Enrolling.token(service.admin(), scope, 1), Enrolling.signingRequest(), "")
                        .toBuilder();
        request.getDeviceBuilder().setHostId(machine);
        return "assets/" + Enrolling.enroll(service.anonymous(), request.build()).getHostId();
    }
}
