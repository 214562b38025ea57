package dev.yagura.sandbox.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.net.IpAddresses;
import dev.yagura.sandbox.world.Account;
import dev.yagura.sandbox.world.Attachment;
import dev.yagura.sandbox.world.NetworkInterface;
import java.net.InetAddress;
import java.util.Map;

/** A network interface, alone or in its instance. */
final class InterfaceJson {
    private InterfaceJson() {}

    /**
     * @param groupNames of security groups by id
     */
    static void common(
            ObjectNode into,
            NetworkInterface eni,
            Map<String, String> groupNames,
            Account account) {
        into.put("networkInterfaceId", eni.id())
                .put("subnetId", eni.subnetId())
                .put("vpcId", eni.vpcId())
                .put("description", eni.description())
                .put("ownerId", account.id())
                .put(
                        "status",
                        eni.attachment() == null && !eni.isRequesterManaged()
                                ? "available"
                                : "in-use")
                .put("macAddress", eni.macAddress())
                .put("sourceDestCheck", eni.sourceDestCheck())
                .put("interfaceType", eni.interfaceType());
        address(into, eni.privateAddress(), account);
        groups(into.putArray("groups"), eni, groupNames);
        association(into, eni, account);
        ObjectNode address = into.putArray("privateIpAddresses").addObject();
        address(address.put("primary", true), eni.privateAddress(), account);
        association(address, eni, account);
        ArrayNode ipv6 = into.putArray("ipv6Addresses");
        eni.ipv6Addresses().forEach(each -> ipv6.addObject().put("ipv6Address", text(each)));
        Attachment attachment = eni.attachment();
        if (attachment != null) {
            into.putObject("attachment")
                    .put("attachmentId", attachment.id())
                    .put("instanceId", attachment.instanceId())
                    .put("instanceOwnerId", account.id())
                    .put("deviceIndex", attachment.deviceIndex())
                    .put("networkCardIndex", 0)
                    .put("status", "attached")
                    .put("attachTime", attachment.attachTime().toString())
                    .put("deleteOnTermination", attachment.deleteOnTermination());
        }
    }

    static void groups(ArrayNode into, NetworkInterface eni, Map<String, String> names) {
        eni.groupIds()
                .forEach(id ->
                        into.addObject()
                                .put("groupId", id)
                                .put("groupName", names.getOrDefault(id, "")));
    }

    static void address(ObjectNode into, InetAddress address, Account account) {
        into.put("privateIpAddress", text(address))
                .put("privateDnsName", account.privateName(address));
    }

    static String text(InetAddress address) {
        return IpAddresses.format(address);
    }

    private static void association(ObjectNode into, NetworkInterface eni, Account account) {
        InetAddress address = eni.publicAddress();
        if (address != null) {
            into.putObject("association")
                    .put("publicIp", text(address))
                    .put("publicDnsName", account.publicName(address))
                    .put("ipOwnerId", "amazon");
        }
    }
}
