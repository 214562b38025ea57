package dev.yagura.sandbox.cloud;

import dev.yagura.sandbox.config.Aggregator;
import dev.yagura.sandbox.identity.Directory;
import dev.yagura.sandbox.organization.Organization;
import dev.yagura.sandbox.world.SimulatedClock;
import java.time.Clock;

/**
 * What an account and region shares with others.
 *
 * @param wall real time, for signatures and as the pace of simulated time
 * @param clock one for everything
 * @param directory one for all regions of the account
 * @param aggregator one of everything
 */
public record Surroundings(
        Clock wall,
        SimulatedClock clock,
        Directory directory,
        Organization organization,
        Aggregator aggregator) {}
