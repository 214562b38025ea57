package dev.yagura.sandbox.config;

import dev.yagura.sandbox.world.Account;

/**
 * What is known of a resource at one moment. Two that are equal are described alike, so that only
 * what has changed needs to be written.
 */
interface Subject {
    ResourceKey key();

    Description describe(Account account);
}
