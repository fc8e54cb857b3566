/** Who we are for registries: credentials from where Docker and podman keep them, and the tokens they are changed into. */
@NullMarked
package dev.slipway.oci.transport.auth;

import org.jspecify.annotations.NullMarked;
