/** Tests of the package. */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.credentials;
