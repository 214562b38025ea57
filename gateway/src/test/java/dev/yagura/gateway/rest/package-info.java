@org.jspecify.annotations.NullMarked
package dev.yagura.gateway.rest;
