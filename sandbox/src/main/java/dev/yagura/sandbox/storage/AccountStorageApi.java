package dev.yagura.sandbox.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.sandbox.identity.Directory;
import dev.yagura.sandbox.identity.SignedRequest;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Protocol;
import dev.yagura.sandbox.wire.Xml;
import java.util.List;
import java.util.Map;

/** S3 Control: GetPublicAccessBlock of the account, which IAM has a name of its own for. */
public final class AccountStorageApi {
    private static final String ACTION = "GetAccountPublicAccessBlock";
    private static final String VERSION = "/v20180820/";
    private static final String PATH = VERSION + "configuration/publicAccessBlock";
    private static final String ACCOUNT = "x-amz-account-id";
    private static final String NAMESPACE = "http://awss3control.amazonaws.com/doc/2018-08-20/";

    private final Directory directory;

    private AccountStorageApi(Directory directory) {
        this.directory = directory;
    }

    public static Api of(Directory directory) {
        AccountStorageApi control = new AccountStorageApi(directory);
        return Api.of(
                StorageApi.NAME,
                Protocol.REST_XML_WRAPPED,
                "",
                NAMESPACE,
                false,
                List.of(Operation.named(ACTION, control::get).needs(ACCOUNT)));
    }

    public static boolean isOne(SignedRequest request) {
        return request.path().startsWith(VERSION);
    }

    /** IAM's name of what is asked for, empty for what the sandbox does not have. */
    public static String operation(SignedRequest request) {
        return request.method().equals("GET") && request.path().equals(PATH) ? ACTION : "";
    }

    public static Parameters parameters(SignedRequest request) {
        return new Parameters(
                request.header(ACCOUNT).map(account -> Map.of(ACCOUNT, account)).orElse(Map.of()));
    }

    private Body get(Call call) {
        if (!call.parameters().required(ACCOUNT).equals(directory.account().id())) {
            throw new ApiFault("AccessDenied", 403, "Access Denied");
        }
        Boolean blocked = directory.settings().publicAccessBlocked();
        if (blocked == null) {
            throw new ApiFault(
                    "NoSuchPublicAccessBlockConfiguration",
                    404,
                    "The public access block configuration was not found");
        }
        Xml settings =
                Xml.ofMembers()
                        .text("BlockPublicAcls", blocked)
                        .text("IgnorePublicAcls", blocked)
                        .text("BlockPublicPolicy", blocked)
                        .text("RestrictPublicBuckets", blocked);
        String answer =
                "<PublicAccessBlockConfiguration xmlns=\"%s\">%s</PublicAccessBlockConfiguration>"
                        .formatted(NAMESPACE, settings);
        return new Body.Content(
                200, Map.of("Content-Type", "application/xml"), answer.getBytes(UTF_8));
    }
}
