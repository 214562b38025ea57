/**
 * The same methods as JSON over HTTPS: requests are made into the messages of the contract, and
 * called like any other.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.gateway.rest;
