/**
 * What IAM and S3 say of an account as a whole: its root user, its password policy, its users'
 * credentials, whether it blocks public buckets. Each comes by a call of its own, is kept with the
 * time of its observation, and stays when a later call tells nothing.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.inventory.account;
