package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.asset.AssetSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A source between whose pages something happens. */
record AfterPage(AssetSource source, Step after) implements AssetSource {

    /** What is done once a page has come, before anybody sees it. */
    interface Step {
        void take(AssetSet set, Optional<String> token, Page page);
    }

    @Override
    public Page page(AssetSet set, Optional<String> token) {
        Page page = source.page(set, token);
        after.take(set, token, page);
        return page;
    }

    @Override
    public Look look(AssetSet set, List<String> nativeIds) {
        return source.look(set, nativeIds);
    }

    @Override
    public int looksAtOnce() {
        return source.looksAtOnce();
    }

    @Override
    public Coverage coverage(AssetSet set) {
        return source.coverage(set);
    }

    @Override
    public Duration pause(Duration interval) {
        return source.pause(interval);
    }
}
