package dev.yagura.sandbox.control;

import dev.yagura.sandbox.cloud.UnknownNameException;
import dev.yagura.sandbox.config.Channel;
import dev.yagura.sandbox.config.Recorder;
import dev.yagura.sandbox.front.Sandbox;
import dev.yagura.sandbox.messaging.Queue;
import dev.yagura.sandbox.storage.BucketAccess;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** AWS Config's recorder: whether it records, what, how late, and what only it knows. */
final class RecorderRoutes {
    private static final int MOST_PLANTED = 1_000_000;

    private final Sandbox sandbox;

    RecorderRoutes(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    List<Route> all() {
        return List.of(
                Route.of("PUT", "recorder", this::change),
                Route.of("POST", "recorder/planted", this::plant),
                Route.of("DELETE", "recorder/planted/*/*", this::delete),
                Route.of("PUT", "buckets/*/access", this::open),
                Route.of("PUT", "recorder/queues/*", this::tell));
    }

    private Object change(ControlRequest request) {
        Requests.ChangeRecorder wanted = request.as(Requests.ChangeRecorder.class);
        return sandbox.within(cloud -> {
            Recorder recorder = cloud.recorder();
            Instant now = cloud.clock().instant();
            if (wanted.lag() != null) {
                recorder.lagBy(wanted.lag());
            }
            if (wanted.batch() != null) {
                recorder.processAtMost(wanted.batch());
            }
            if (wanted.types() != null) {
                recorder.recordOnly(wanted.types(), now);
            }
            if (wanted.failing() != null) {
                recorder.fail(wanted.failing(), now);
            }
            if (wanted.recording() != null) {
                recorder.record(wanted.recording(), now);
            }
            return Map.of();
        });
    }

    private Object plant(ControlRequest request) {
        Requests.PlantResources wanted = request.as(Requests.PlantResources.class);
        if (wanted.type() == null) {
            throw new IllegalArgumentException("type is missing");
        }
        if (wanted.count() < 1 || wanted.count() > MOST_PLANTED) {
            throw new IllegalArgumentException("count must be from 1 to " + MOST_PLANTED);
        }
        return sandbox.within(cloud -> {
            cloud.recorder().plant(wanted.type(), wanted.count(), cloud.clock().instant());
            return Map.of();
        });
    }

    private Object open(ControlRequest request) {
        BucketAccess access = request.as(BucketAccess.class);
        String bucket = request.part(0);
        return sandbox.within(cloud -> {
            if (!cloud.buckets().open(bucket, access)) {
                throw new UnknownNameException("bucket", bucket);
            }
            return Map.of();
        });
    }

    private Object tell(ControlRequest request) {
        Requests.TellQueue wanted = request.as(Requests.TellQueue.class);
        Channel.Form form = Channel.Form.of(wanted.form());
        return sandbox.within(cloud -> {
            Queue queue =
                    cloud.queues()
                            .find(request.part(0))
                            .orElseThrow(() -> new UnknownNameException("queue", request.part(0)));
            int limit = wanted.limit() == null ? Channel.LARGEST : wanted.limit();
            cloud.recorder().tell(new Channel(queue, form, wanted.bucket(), limit));
            return Map.of();
        });
    }

    private Object delete(ControlRequest request) {
        String type = request.part(0);
        String id = request.part(1);
        return sandbox.within(cloud -> {
            if (!cloud.recorder().deletePlanted(type, id, cloud.clock().instant())) {
                throw new UnknownNameException("planted " + type, id);
            }
            return Map.of();
        });
    }
}
