package dev.yagura.inventory.reconcile;

import dev.yagura.common.config.Settings;
import dev.yagura.common.log.LogKeys;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.organization.AccountSource;
import dev.yagura.inventory.organization.ListedAccount;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists the accounts of the organization: which are read follows from that. */
@ApplicationScoped
class AccountReader {
    private static final Logger LOG = LoggerFactory.getLogger(AccountReader.class);

    /** Accounts come and go by the week: as often as AWS Config is read is soon enough. */
    private static final int INTERVALS = 5;

    private final AccountSource source;
    private final Readings readings;
    private final Duration pause;

    @Inject
    AccountReader(AccountSource source, Readings readings, Settings settings) {
        this(source, readings, ReadingConfig.from(settings).interval());
    }

    AccountReader(AccountSource source, Readings readings, Duration interval) {
        this.source = source;
        this.readings = readings;
        this.pause = interval.multipliedBy(INTERVALS);
    }

    /** Lists them when it is due. A list that did not come whole changes nothing. */
    void read(AssetSet set) {
        Optional<Reading> begun = readings.begin(set);
        if (begun.isEmpty()) {
            return;
        }
        try {
            List<ListedAccount> accounts = source.accounts();
            readings.listed(begun.get(), accounts, pause);
            LOG.atDebug()
                    .addKeyValue(LogKeys.KEY, set.text())
                    .addKeyValue(LogKeys.COUNT, accounts.size())
                    .log("accounts listed");
        } catch (LeaseLostException e) {
            LOG.atInfo().addKeyValue(LogKeys.REASON, e.getMessage()).log("reading given up");
        } catch (RuntimeException e) {
            ScopeReader.fail(readings, begun.get(), pause, e);
        }
    }
}
